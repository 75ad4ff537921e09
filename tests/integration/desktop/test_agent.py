"""feedwatch-desktop in a real session: D-Bus, X, dunst. The daemon is a stand-in, so that its every move is the test's."""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

from session import DEADLINE_SECONDS, NEEDED, Api, Session

BIN = pathlib.Path(os.environ.get("FEEDWATCH_BIN_DIR", "build/release/bin")).resolve()


def alert(number, title="Troops move", severity="warning", **item):
    return {"id": f"01JC0000000000000000000{number:03}", "time": "2024-10-24T19:22:10Z", "kind": "match", "reason": "first", "rule": "nk-troops",
            "rule_name": "North Korean troops", "severity": severity,
            "item": {"id": str(number), "title": title, "url": f"https://news.example/{number}", "excerpt": "the troops move at dawn",
                     "marks": [{"start": 4, "end": 10}], "feed": {"id": "a", "title": "Harbour Wire"}, **item}}


class Agent(unittest.TestCase):
    def setUp(self):
        self.session = Session()
        self.addCleanup(self.session.close)
        self.api = Api(self.session.dir / "control.sock")
        self.addCleanup(lambda: None if self.api.stopping else self.api.stop())
        self.agent = None

    def start(self, dunst=True):
        if dunst:
            self.session.start_dunst()
        self.agent = self.session.spawn(BIN / "feedwatch-desktop", "--socket", self.api.path)

    def stop(self):
        self.agent.terminate()
        return self.agent.wait(DEADLINE_SECONDS)

    def run_agent(self, **environment):
        return subprocess.run([BIN / "feedwatch-desktop", "--socket", self.api.path], env={**self.session.environment, **environment},
                              capture_output=True, text=True, timeout=DEADLINE_SECONDS)

    def test_an_alert_is_shown_and_acknowledged(self):
        self.api.add(alert(1, severity="critical"))
        self.start()
        self.api.wait_delivered(1)
        self.assertEqual(self.session.displayed(), 1)
        self.assertGreater(self.session.screenshot("notification.png").stat().st_size, 0)
        self.assertEqual(self.api.delivered[0][0], alert(1)["id"])
        self.assertEqual(self.api.delivered[0][1]["channel"], "screen")
        self.assertIn("dunst", self.api.delivered[0][1]["answer"])
        shown = self.session.history()[0]
        self.assertEqual(shown["appname"], "feedwatch")
        self.assertEqual(shown["summary"], "North Korean troops: Troops move")
        self.assertEqual(shown["body"], "the <b>troops</b> move at dawn\nHarbour Wire")
        self.assertEqual(shown["urgency"], "critical")
        self.assertEqual(shown["category"], "x-feedwatch.alert")
        self.assertEqual(self.stop(), 0)
        self.assertTrue(list((self.session.dir / "state/feedwatch").glob("desktop-*")), "its place is not where XDG_STATE_HOME says")

    def test_severity_gives_urgency(self):
        self.start()
        for number, severity in enumerate(("info", "notice", "warning", "critical"), 1):
            self.api.add(alert(number, title=severity, severity=severity))
            self.api.wait_delivered(number)
        self.assertEqual([(shown["summary"].split(": ")[1], shown["urgency"]) for shown in self.session.history()],
                         [("info", "low"), ("notice", "normal"), ("warning", "normal"), ("critical", "critical")])

    def test_markup_of_a_feed_is_shown_as_text(self):
        title = "<b>bold</b> <a href='https://evil.example'>click</a> & <img src='file:///etc/passwd'/>\u202e"
        self.api.add(alert(1, title=title, excerpt=title, marks=[], feed={"id": "a", "title": "<i>feed</i>"}))
        self.start()
        self.api.wait_delivered(1)
        shown = self.session.history()[0]
        self.assertEqual(shown["summary"], "North Korean troops: " + title[:-1])
        escaped = title[:-1].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        self.assertEqual(shown["body"], escaped + "\n&lt;i&gt;feed&lt;/i&gt;")

    def test_the_default_action_opens_the_link(self):
        url = "https://news.example/a?b=1&c=%20;$(id)'\""
        self.api.add(alert(1, url=url))
        self.start()
        self.api.wait_delivered(1)
        self.session.dunstctl("action", "0")
        self.assertEqual(self.session.wait_opened(), [url])

    def test_after_an_absence_there_is_one_summary(self):
        self.api.add(*(alert(number, title=f"number {number}", severity="critical" if number == 7 else "info") for number in range(1, 9)))
        self.start()
        self.api.wait_delivered(8)
        self.assertEqual([number for number, _ in self.api.delivered], [alert(number)["id"] for number in range(1, 9)])
        shown = self.session.history()
        self.assertEqual([entry["summary"] for entry in shown], ["8 new alerts"])
        self.assertTrue(shown[0]["body"].startswith("North Korean troops: number 7\n"), shown[0]["body"])
        self.assertEqual(shown[0]["urgency"], "critical")

    def test_the_place_survives_restarts_of_agent_and_daemon(self):
        self.api.add(alert(1))
        self.start()
        self.api.wait_delivered(1)
        self.assertIn("since=", self.api.queries[0])
        self.assertEqual(self.stop(), 0)

        self.api.add(alert(2, title="while away"))
        self.start(dunst=False)
        self.api.wait_delivered(2)
        self.assertEqual(self.api.places[-1], "1")

        streams = len(self.api.places)
        self.api.stop()
        self.api.start()
        self.api.wait(lambda: len(self.api.places) > streams, "the agent to come back")
        self.assertEqual(self.api.places[-1], "2")
        self.api.add(alert(3, title="after the restart"))
        self.api.wait_delivered(3)
        self.assertEqual([shown["summary"].split(": ")[1] for shown in self.session.history()],
                         ["Troops move", "while away", "after the restart"])

    def test_what_could_not_be_acknowledged_is_acknowledged_later(self):
        self.api.deaf = True
        self.api.add(alert(1))
        self.start()
        self.api.wait(lambda: self.api.unheard >= 1, "an acknowledgement")
        self.api.deaf = False
        self.api.wait_delivered(1)
        self.assertEqual(len(self.session.history()), 1)

    def test_a_kill_before_the_acknowledgement_shows_an_alert_once_more(self):
        self.api.deaf = True
        self.api.add(alert(1))
        self.start()
        self.api.wait(lambda: self.api.unheard >= 1, "an acknowledgement")
        self.agent.kill()
        self.agent.wait(DEADLINE_SECONDS)
        self.api.deaf = False
        self.start(dunst=False)
        self.api.wait_delivered(1)
        self.assertEqual(len(self.session.history()), 2)
        self.assertEqual(len(self.api.delivered), 1)

    def test_nothing_is_lost_while_no_notification_server_runs(self):
        self.start(dunst=False)
        self.api.wait(lambda: len(self.api.places) == 1, "the agent to follow")
        self.api.add(alert(1))
        self.api.wait(lambda: len(self.api.places) == 2, "the agent to try again")
        self.assertEqual(self.api.delivered, [])
        self.session.start_dunst()
        self.api.wait_delivered(1)
        self.session.stop_dunst()
        self.api.add(alert(2))
        self.session.start_dunst()
        self.api.wait_delivered(2)
        self.assertEqual(len(self.session.history()), 1)

    def test_without_a_session_bus_it_says_so(self):
        done = self.run_agent(DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no session bus", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_a_second_agent_ends(self):
        self.start()
        self.api.wait(lambda: len(self.api.places) == 1, "the agent to follow")
        done = self.run_agent()
        self.assertEqual(done.returncode, 1)
        self.assertIn("another feedwatch-desktop", done.stderr)


if __name__ == "__main__":
    if not all(shutil.which(program) for program in NEEDED):
        sys.exit(77)
    unittest.main(verbosity=2)
