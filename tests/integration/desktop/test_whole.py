"""From a feed over HTTP to a notification on the screen: the real daemon, which runs the agent as its child, in a desktop session."""

import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from harness import CONFIG, SOURCE, Case, Page  # noqa: E402
from session import NEEDED, Session  # noqa: E402

DESKTOP = CONFIG.replace("notify: [log]", "notify: [log, desktop]").replace("channels:\n", "channels:\n  desktop: {{type: desktop}}\n")


class Whole(Case):
    def setUp(self):
        super().setUp()
        self.session = Session()
        self.addCleanup(self.session.close)
        session_environment, home_environment = self.session.environment, self.home.environment
        self.home.environment = lambda: {**home_environment(), **{name: session_environment[name] for name in
                                         ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_STATE_HOME", "PATH")}}
        self.home.write_config(text=DESKTOP + "entities: [entities.d/*.yaml]\n")
        for folder in ("rules.d", "entities.d"):
            shutil.rmtree(self.home.dir / folder, ignore_errors=True)
            shutil.copytree(SOURCE / "config/quickstart" / folder, self.home.dir / folder)
        self.site.pages["/wire"] = Page((SOURCE / "feeds/demo/harbour-wire.rss.xml").read_bytes())
        self.home.write_feeds({"wire": self.site.url("/wire")})

    def stream_until_sent(self, alert_id):
        """The agent acknowledges what it showed."""
        while not all(row["state"] == "sent" for row in self.home.call("GET", f"/v1/alerts/{alert_id}")[1]["outbox"]):
            pass

    def test_alerts_come_up_on_the_screen(self):
        self.session.start_dunst()
        self.home.start()
        self.home.run("check", "--force")
        alerts = self.home.alerts(at_least=2)
        for alert in alerts:
            self.stream_until_sent(alert["id"])
        self.session.screenshot("alerts.png")
        outbox = self.home.call("GET", f"/v1/alerts/{alerts[0]['id']}")[1]["outbox"]
        self.assertIn("shown by dunst", next(row["answer"] for row in outbox if row["channel"] == "desktop"))
        status = self.home.call("GET", "/v1/status")[1]
        self.assertEqual(next(channel["agents"] for channel in status["channels"] if channel["name"] == "desktop"), 1)
        shown = {entry["summary"].split(": ")[0]: entry for entry in self.session.history()}
        self.assertEqual(sorted(shown), ["North Korean troops", "South Korean visits to Ukraine"])
        self.assertEqual(shown["North Korean troops"]["urgency"], "critical")
        self.assertIn("<b>North Korean", shown["North Korean troops"]["body"])
        self.assertIn("&amp;", shown["South Korean visits to Ukraine"]["body"])
        self.assertEqual(self.home.stop(), 0)


if __name__ == "__main__":
    if not all(shutil.which(program) for program in NEEDED):
        sys.exit(77)
    unittest.main(verbosity=2)
