"""What feedwatchd is to those who start it: --ready-fd, the service manager's status, the desktop agent as its child."""

import os
import pathlib
import select
import shutil
import subprocess
import unittest

from harness import BIN, CONFIG, DEADLINE_SECONDS, Case, rss

DESKTOP = CONFIG.replace("channels:\n", "channels:\n  desktop: {{type: desktop}}\n")


class Service(Case):
    def setUp(self):
        super().setUp()
        self.home.write_feeds({"a": self.serve("a", rss(("1", "Troops move", "at dawn")))})

    def daemon(self, *arguments, **more):
        return subprocess.Popen([BIN / "feedwatchd", "--config", self.home.config, *arguments], stdin=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=self.home.environment(), **more)

    def test_a_ready_descriptor_that_is_not_open_is_refused(self):
        process = self.daemon("--ready-fd", "99")
        error = process.communicate(timeout=DEADLINE_SECONDS)[1].decode()
        self.assertEqual(process.returncode, 2)
        self.assertEqual(error.splitlines()[0], "feedwatchd: --ready-fd: descriptor 99 is not open")

    def test_ready_is_written_with_oneshot_and_without(self):
        for mode in ([], ["--oneshot"]):
            with self.subTest(mode=mode):
                reader, writer = os.pipe()
                process = self.daemon("--ready-fd", str(writer), *mode, pass_fds=[writer])
                os.close(writer)
                with os.fdopen(reader) as ready:
                    self.assertEqual(ready.read(), "READY\n")
                self.assertEqual(self.home.call("GET", "/v1/status")[0], 200)
                process.terminate()
                process.communicate(timeout=DEADLINE_SECONDS)
                self.assertEqual(process.returncode, 0)

    def test_the_last_status_is_always_told(self):
        self.home.start()
        for _ in range(3):
            self.home.run("check", "--force")
        polls = self.home.call("GET", "/v1/status")[1]["since_start"]["polls"]  # the daemon's own first one may be among them
        self.home.notify.wait(f"STATUS=feeds: 1 (failing: 0), rules: 1; since the start: polls {polls}, new items 1, alerts 1",
                              self.home.process)

    def test_one_is_said_in_the_singular(self):
        self.home.write_config(text=CONFIG.replace("min_interval: 1s", "min_interval: 1h"))  # one poll, whoever asks for it
        self.home.start()
        self.home.run("check")
        status = self.home.run("status").stdout
        for words in ("1 rule, 0 entities", "1 poll, 1 new item, 1 alert; 0 transfers under way", "1 alive, 1 job,", "1 item, 1 alert,"):
            self.assertIn(words, status)
        self.assertIn("watching 1 feed with 1 rule", self.home.daemon_log())


class Agent(Case):
    """The daemon beside a feedwatch-desktop of the test's own."""

    def setUp(self):
        super().setUp()
        self.bin = self.home.dir / "bin"
        self.bin.mkdir()
        for program in ("feedwatchd", "feedwatch-worker"):
            shutil.copy2(BIN / program, self.bin)
        self.started = self.home.dir / "started"
        os.mkfifo(self.started)
        agent = self.bin / "feedwatch-desktop"
        agent.write_text(f"#!/bin/sh\necho $$ >'{self.started}'\nexec tail -f /dev/null\n")
        agent.chmod(0o755)
        environment = self.home.environment
        self.home.environment = lambda: {**environment(), "DISPLAY": ":0", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
        self.home.bin = self.bin
        self.home.write_feeds({"a": self.serve("a", rss(("1", "Quiet", "nothing")))})
        self.home.write_config(text=DESKTOP)

    def wait_reaped(self, pid, descriptor):
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        self.assertTrue(poll.poll(DEADLINE_SECONDS * 1000), "it was not ended")
        for _ in range(1000):
            if not pathlib.Path(f"/proc/{pid}").exists():
                return
            self.home.call("GET", "/v1/status")  # a round of the daemon's loop
        self.fail("it is a zombie")

    def test_an_agent_that_is_not_wanted_any_more_is_ended_and_reaped(self):
        self.home.start()
        pid = int(self.started.read_text())
        descriptor = os.pidfd_open(pid)
        self.addCleanup(os.close, descriptor)
        self.home.write_config()
        self.wait_reaped(pid, descriptor)
        self.assertEqual(self.home.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
