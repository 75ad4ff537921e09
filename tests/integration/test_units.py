"""The unit files: systemd finds nothing wrong with them, and little exposed."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(os.environ.get("FEEDWATCH_BUILD_DIR", "build/release")).resolve()
MOST_EXPOSURE = 1.5


class Units(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="fw-units-")
        self.addCleanup(shutil.rmtree, folder)
        self.folder = pathlib.Path(folder)

    def unit(self, name):
        """The unit with the programs of the build folder, which are there."""
        text = (BUILD / "systemd" / name).read_text()
        path = self.folder / pathlib.Path(name).name
        path.write_text(re.sub(r"^(Exec\w+=)\S+/(feedwatch\S*)", rf"\1{BUILD}/bin/\2", text, flags=re.M))
        return str(path)

    def verify(self, *arguments):
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", *arguments], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "XDG_RUNTIME_DIR": str(self.folder)})
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_system_unit_verifies(self):
        self.verify(self.unit("system/feedwatchd.service"))

    def test_user_units_verify(self):
        self.verify("--user", self.unit("user/feedwatchd.service"))
        self.verify("--user", self.unit("user/feedwatch-desktop.service"))

    def test_exposure(self):
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", self.unit("system/feedwatchd.service")],
                              capture_output=True, text=True, timeout=60)
        level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
        self.assertLessEqual(float(level.group(1)), MOST_EXPOSURE, done.stdout)


if __name__ == "__main__":
    if not shutil.which("systemd-analyze"):
        print("systemd-analyze is not installed")
        sys.exit(77)
    unittest.main(verbosity=2)
