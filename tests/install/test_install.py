#!/usr/bin/env python3
"""Installs into an empty folder and compares the files with manifest.txt; then uses what was installed."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
LIBDIR = os.environ["LIBDIR"]


def read_manifest():
    """Lines "MODE PATH", where @LIBDIR@ is the folder of libraries; " -> TARGET" behind a symbolic link."""
    entries = {}
    for line in (HERE / "manifest.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            mode, path = line.replace("@LIBDIR@", LIBDIR).split(" ", 1)
            entries[path] = mode
    return entries


def list_files(root):
    entries = {}
    for path in root.rglob("*"):
        name = "/" + path.relative_to(root).as_posix()
        if path.is_symlink():
            entries[f"{name} -> {os.readlink(path)}"] = "link"
        elif path.is_file():
            entries[name] = f"{path.stat().st_mode & 0o7777:o}"
    return entries


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="feedwatch-install-")
        cls.root = pathlib.Path(cls.folder.name)
        cls.install()

    @classmethod
    def install(cls):
        subprocess.run([os.environ["CMAKE"], "--install", os.environ["BUILD"]], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "DESTDIR": str(cls.root)})

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_what_is_installed_is_in_the_manifest(self):
        expected, actual = read_manifest(), list_files(self.root)
        findings = [f"{expected[path]} {path}: is not installed" for path in sorted(expected.keys() - actual.keys())]
        findings += [f"{actual[path]} {path}: is not in tests/install/manifest.txt" for path in sorted(actual.keys() - expected.keys())]
        findings += [f"{path}: mode {actual[path]}, expected {expected[path]}" for path in sorted(expected.keys() & actual.keys())
                     if expected[path] != actual[path]]
        self.assertFalse(findings, "\n" + "\n".join(findings))

    def test_nothing_installed_knows_the_folder_of_the_build(self):
        source = str(HERE.parents[1])
        for path in self.root.rglob("*"):
            if path.is_file() and not path.is_symlink() and path.suffix in (".pc", ".service", ".conf", ".h", ".yaml", ".desktop"):
                self.assertNotIn(source, path.read_text(errors="replace"), path)

    def test_a_configuration_that_is_there_stays(self):
        mine, removed = self.root / "etc/feedwatch/feedwatch.yaml", self.root / "etc/feedwatch/rules.d/example.yaml"
        starter = mine.read_text()
        mine.write_text("# mine\n")
        removed.unlink()
        self.install()
        self.assertEqual(mine.read_text(), "# mine\n")
        self.assertFalse(removed.exists())
        mine.unlink()
        removed.write_text("rules: []\n")
        self.install()
        self.assertEqual(mine.read_text(), starter)
        self.assertEqual(removed.read_text(), "rules: []\n")
        removed.unlink()
        mine.unlink()
        self.install()

    def test_the_installed_configuration_is_good(self):
        run = subprocess.run([self.root / "usr/bin/feedwatch", "rules", "lint", "--config", self.root / "etc/feedwatch/feedwatch.yaml"],
                             capture_output=True, text=True, timeout=60,
                             env={**os.environ, "FEEDWATCH_DATA_DIR": str(self.root / "usr/share/feedwatch")})
        self.assertEqual((run.returncode, run.stderr), (0, ""))

    def test_the_installed_programs_start(self):
        for program in ("feedwatch", "feedwatchd"):
            run = subprocess.run([self.root / "usr/bin" / program, "--version"], capture_output=True, text=True, timeout=60)
            self.assertEqual((run.returncode, run.stderr), (0, ""), program)
            self.assertIn("0.1.0", run.stdout)


if __name__ == "__main__":
    sys.exit(unittest.main())
