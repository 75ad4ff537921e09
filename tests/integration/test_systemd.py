"""The service under a real systemd: users, folders, journal, reload, watchdog, stop.

Needs root and a bootable Debian 12 root folder with feedwatch's libraries in $FEEDWATCH_SYSTEMD_ROOT (docs: CONTRIBUTING.md says how
one is made with debootstrap); skipped without. The folder is used as an ephemeral overlay is: what the test installs stays in it.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

from harness import SOURCE

BUILD = pathlib.Path(os.environ.get("FEEDWATCH_BUILD_DIR", "build/release")).resolve()
ROOT = pathlib.Path(os.environ.get("FEEDWATCH_SYSTEMD_ROOT", "/nonexistent"))

CONFIG = """\
feeds: [feeds.d/*.yaml]
rules: [rules.d/*.yaml]
backfill: all
poll: {interval: 1h, min_interval: 1s}
defaults: {severity: warning, notify: [log]}
channels:
  log: {type: log, target: journal}
"""

UNIT = """\
[Unit]
After=multi-user.target
[Service]
Type=oneshot
StandardOutput=file:/feedwatch-test.out
StandardError=file:/feedwatch-test.out
ExecStart=/bin/bash /feedwatch-test.sh
ExecStopPost=/bin/systemctl poweroff --force
[Install]
WantedBy=multi-user.target
"""

# Each line of the outcome is "name: value". What waits, waits for systemd's own jobs or for the journal.
SCRIPT = r"""
tell() { echo "$1: $2"; }
mkdir -p /etc/systemd/system/feedwatchd.service.d
printf '[Service]\nWatchdogSec=3\nRestartSec=0\n' > /etc/systemd/system/feedwatchd.service.d/test.conf
systemctl daemon-reload
systemctl start feedwatchd; tell start $?
tell user "$(stat -c %U /proc/$(systemctl show -P MainPID feedwatchd))"
tell status "$(systemctl show -P StatusText feedwatchd)"
tell socket "$(stat -c '%a %G' /run/feedwatch/control.sock)"
tell state "$(stat -c '%a %U' /var/lib/feedwatch)"
feedwatch check --force; tell check $?
journalctl --sync
tell journal "$(journalctl -o json --output-fields=MESSAGE,PRIORITY,FEEDWATCH_RULE,FEEDWATCH_FEED,MESSAGE_ID -n 1 FEEDWATCH_RULE=troops)"
systemctl reload feedwatchd; tell reload $?
echo 'rules: [{id: x, match: "(" }]' > /etc/feedwatch/rules.d/broken.yaml
systemctl reload feedwatchd; tell reload-broken $?
tell after-broken "$(systemctl is-active feedwatchd)"
rm /etc/feedwatch/rules.d/broken.yaml
before=$(systemctl show -P NRestarts feedwatchd)
pid=$(systemctl show -P MainPID feedwatchd)
kill -STOP $pid
timeout 60 journalctl -f -n 0 -u feedwatchd --grep 'Watchdog timeout' | head -1 >/dev/null &
waiter=$!
timeout 60 tail --pid=$pid -f /dev/null; tell watchdog $?
kill $waiter 2>/dev/null
systemctl start feedwatchd; tell restart $?
tell restarts "$(( $(systemctl show -P NRestarts feedwatchd) - before ))"
systemctl stop feedwatchd; tell stop $?
tell result "$(systemctl show -P Result feedwatchd)"
tell socket-left "$(test -e /run/feedwatch/control.sock && echo yes || echo no)"
"""


class Systemd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run(["cmake", "--install", BUILD, "--prefix", "/usr"], env={**os.environ, "DESTDIR": str(ROOT)}, check=True,
                       stdout=subprocess.DEVNULL)
        etc = ROOT / "etc/feedwatch"
        shutil.rmtree(etc)  # the starter configuration
        for folder in ("feeds.d", "rules.d", "entities.d"):
            (etc / folder).mkdir(parents=True, exist_ok=True)
        (etc / "feedwatch.yaml").write_text(CONFIG)
        (etc / "rules.d/rules.yaml").write_text("rules:\n  - {id: troops, name: Troops, match: troop*, severity: critical}\n")
        (etc / "feeds.d/feeds.yaml").write_text("feeds:\n  - {id: demo, url: 'file:///srv/demo.xml'}\n")
        shutil.copy(SOURCE / "feeds/demo/harbour-wire.rss.xml", ROOT / "srv/demo.xml")
        shutil.rmtree(ROOT / "var/lib/feedwatch", ignore_errors=True)
        (ROOT / "feedwatch-test.sh").write_text(SCRIPT)
        (ROOT / "feedwatch-test.out").write_text("")
        units = ROOT / "etc/systemd/system"
        (units / "feedwatch-test.service").write_text(UNIT)
        wants = units / "multi-user.target.wants"
        wants.mkdir(exist_ok=True)
        link = wants / "feedwatch-test.service"
        if not link.is_symlink():
            link.symlink_to("../feedwatch-test.service")
        subprocess.run(["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot", "-D", ROOT], stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, timeout=280, check=False)
        cls.output = (ROOT / "feedwatch-test.out").read_text()
        cls.said = dict(line.split(": ", 1) for line in cls.output.splitlines() if ": " in line)

    def expect(self, **values):
        for name, value in values.items():
            self.assertEqual(self.said.get(name.replace("_", "-")), value, f"{name}\n{self.output}")

    def test_starts_as_its_own_user_with_its_folders(self):
        self.expect(start="0", user="feedwatch", socket="660 feedwatch", state="750 feedwatch")
        self.assertIn("feeds: 1 (failing: 0), rules: 1", self.said["status"])

    def test_the_alert_is_in_the_journal_with_its_fields(self):
        self.expect(check="0")
        self.assertIn('"PRIORITY":"2"', self.said["journal"].replace(" ", ""), self.output)
        self.assertIn('"FEEDWATCH_FEED":"demo"', self.said["journal"].replace(" ", ""))

    def test_reload_tells_a_broken_file_and_keeps_running(self):
        self.expect(reload="0", reload_broken="1", after_broken="active")

    def test_a_hanging_daemon_is_restarted(self):
        self.expect(watchdog="0", restart="0", restarts="1")

    def test_stop_is_clean(self):
        self.expect(stop="0", result="success", socket_left="no")


if __name__ == "__main__":
    if os.geteuid() != 0 or not (ROOT / "usr/lib/systemd/systemd").exists() or not shutil.which("systemd-nspawn"):
        print("no root folder to boot in $FEEDWATCH_SYSTEMD_ROOT")
        sys.exit(77)
    unittest.main(verbosity=2)
