"""What the tests of the command line share: a folder with a configuration, and the program run in it."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ.get("FEEDWATCH_BIN_DIR", "build/release/bin")).resolve()
SOURCE = pathlib.Path(__file__).resolve().parents[2]
FEEDWATCH = BIN / "feedwatch"
DEADLINE_SECONDS = 60


class Case(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="fw-cli-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def write(self, name, text):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def environment(self, **more):
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FEEDWATCH_", "XDG_"))}
        return {**inherited, "HOME": str(self.dir), "LC_ALL": "C.UTF-8", "TERM": "xterm", **more}

    def run_feedwatch(self, *arguments, stdin="", status=0, **environment):
        """Runs it in the folder; its exit status must be `status`."""
        done = subprocess.run([FEEDWATCH, *arguments], input=stdin.encode() if isinstance(stdin, str) else stdin, capture_output=True,
                              cwd=self.dir, env=self.environment(**environment), timeout=DEADLINE_SECONDS)
        done.stdout = done.stdout.decode()
        done.stderr = done.stderr.decode()
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def json_of(self, *arguments, **more):
        return json.loads(self.run_feedwatch(*arguments, "--json", **more).stdout)


def commands():
    """Every command, as --help lists them."""
    text = subprocess.run([FEEDWATCH, "--help"], capture_output=True, text=True, check=True).stdout
    lines = text.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    return [line[2:].split("  ")[0].strip() for line in lines if line[:2] == "  " and line[2] != " "]
