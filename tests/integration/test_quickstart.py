"""scripts/quickstart.sh, as a newcomer runs it: from the source tree, twice, and where its port is taken."""

import pathlib
import re
import socket
import subprocess
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/quickstart.sh"
PORT = 8642


class Quickstart(unittest.TestCase):
    def run_once(self):
        """The port at which it served the feeds, after the checks that hold for each run."""
        done = subprocess.run([SCRIPT, "--once"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        section = done.stdout.split("== 5. ")[1].split("== 6. ")[0]
        self.assertRegex(section, r"CRITICAL North Korean troops\n  Kyiv says first »North Korean troops« have reached")
        self.assertIn('"rule_name":"North Korean troops"', done.stdout.split("== 6. ")[1])
        return int(re.search(r"^http://127\.0\.0\.1:(\d+)/$", done.stdout, re.MULTILINE)[1])

    def test_it_alerts_and_can_be_run_again_while_its_port_is_taken(self):
        self.run_once()
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                other.bind(("127.0.0.1", PORT))
                other.listen()
            except OSError:
                pass  # taken already
            self.assertNotEqual(self.run_once(), PORT)


if __name__ == "__main__":
    unittest.main(verbosity=2)
