"""The main job: from a feed over HTTP to an alert, once."""

import json
import shutil
import unittest

from harness import CONFIG, SOURCE, Case, Page, rss

DEMO = {"harbour-wire.rss.xml": "application/rss+xml", "lantern-review.atom.xml": "application/atom+xml",
        "open-stage.rdf": "application/rdf+xml", "field-notes.json": "application/feed+json"}


class Demo(Case):
    def setUp(self):
        super().setUp()
        for name, content_type in DEMO.items():
            self.site.pages["/" + name] = Page((SOURCE / "feeds/demo" / name).read_bytes(), content_type=content_type)
        shutil.rmtree(self.home.dir)
        shutil.copytree(SOURCE / "config/quickstart", self.home.dir)
        (self.home.dir / "state").mkdir()
        self.home.socket_name = "state/control.sock"
        feed_list = self.home.dir / "feeds.d/demo.yaml"
        feed_list.write_text(feed_list.read_text().replace("127.0.0.1:8642", f"127.0.0.1:{self.site.port}"))

    def test_demo_feeds_give_their_two_alerts_and_no_other(self):
        self.home.start()
        self.home.run("check", "--force")
        alerts = self.home.alerts(at_least=2)
        self.assertEqual(sorted(alert["rule"] for alert in alerts), ["nk-troops", "seoul-kyiv"])
        alert = next(alert for alert in alerts if alert["rule"] == "nk-troops")
        self.assertEqual(alert["kind"], "match")
        self.assertEqual(alert["reason"], "first")
        self.assertEqual(alert["severity"], "critical")
        self.assertEqual(alert["rule_name"], "North Korean troops")
        self.assertIn("North Korean troops", alert["item"]["title"])
        self.assertEqual(alert["item"]["published"], "2024-10-24T19:22:10Z")
        self.assertEqual(alert["item"]["feed"]["title"], "Harbour Wire: World")
        title = alert["item"]["title"].encode()
        found = {title[match["start"]:match["end"]].decode() for match in alert["matches"] if match["field"] == "title"}
        self.assertIn("North Korean", found)
        self.assertIn("troops", found)
        self.assertEqual(self.home.stop(), 0)
        logged = [json.loads(line) for line in (self.home.dir / "state/alerts.jsonl").read_text().splitlines()]
        self.assertEqual(sorted(alert["id"] for alert in logged), sorted(alert["id"] for alert in alerts))

    def test_check_works_alone_without_a_daemon(self):
        done = self.home.run("check")
        self.assertIn("North Korean", done.stdout)
        self.assertIn("Kursk", done.stdout)
        self.assertEqual(len((self.home.dir / "state/alerts.jsonl").read_text().splitlines()), 2)
        again = self.home.run("check", "--force")
        self.assertNotIn("Kursk", again.stdout)


class Once(Case):
    def test_an_item_alerts_once_over_polls_and_restarts(self):
        url = self.serve("a", rss(("1", "Troops move", "at dawn")))
        self.home.write_feeds({"a": url})
        self.home.start()
        self.home.run("check", "--force")
        self.home.run("check", "--force")
        self.assertEqual(self.home.stop(), 0)
        self.home.start()
        self.home.run("check", "--force")
        self.assertEqual(len(self.home.alerts(at_least=1)), 1)
        self.assertEqual(self.home.stop(), 0)
        self.assertEqual(len(self.home.logged()), 1)

    def test_dry_run_shows_what_would_be_and_stores_nothing(self):
        url = self.serve("a", rss(("1", "Troops move", "at dawn")))
        self.home.write_feeds({"a": url})
        dry = self.home.run("check", "--dry-run")
        self.assertIn("»Troops« move", dry.stdout)
        self.assertEqual(self.home.logged(), [])
        real = self.home.run("check", "--force")
        self.assertIn("»Troops« move", real.stdout)
        self.assertEqual(len(self.home.logged()), 1)

    def test_backfill_bounds_the_first_poll_and_news_still_alerts(self):
        old = "Mon, 01 Jan 2024 08:00:00 GMT"
        self.home.write_config(text=CONFIG.replace("backfill: all", "backfill: 24h"))
        url = self.serve("a", rss(("1", "Troops of old", "in the past", old), ("2", "Troops without a date", "today")))
        self.home.write_feeds({"a": url})
        self.home.start()
        self.home.run("check", "--force")
        self.assertEqual([alert["item"]["title"] for alert in self.home.alerts(at_least=1)], ["Troops without a date"])

        self.serve("a", rss(("3", "Troops again", "just now"), ("4", "Troops from the archive", "re-announced", old)))
        self.home.run("check", "--force")
        titles = [alert["item"]["title"] for alert in self.home.alerts(at_least=2)]
        self.assertEqual(titles, ["Troops without a date", "Troops again"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
