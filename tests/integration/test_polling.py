"""Polling: validators, due times, compression, redirects, files, and what one feed's trouble means for another."""

import base64
import gzip
import json
import threading
import unittest

from harness import CONFIG, Case, Page, UnixConnection, rss

FEED = rss(("1", "Troops move", "at dawn"))

# FEED as `brotli -q 11` and `zstd -19` compress it: Python has neither.
FEED_BROTLI = base64.b64decode(
    "oRgHACHm2lK1rf1883GPoRkMZeAHwfmyCfq2eR33iYJSYKvGcXYCx2rWuK/0hjl+EyHlkJKF9vtV1C9SyyyNiEwYl0HYderXdW6xLRdAdCf6RD"
    "5z6+H2mljJyhRWqFj10x5jPDnyMCOctYv3oHIsXsqtKIn8RFQftHc67LuheIe60tRfYiIyCQ==")
FEED_ZSTD = base64.b64decode(
    "KLUv/STkxQQAYgkdGIDNAwBappBS59jEEbm8BqSwaEO1tAk6CP1Pd5eXo8SaqqyjdHU6urw3Xn8TssmBlzzuEj9rdfp5JKH6KSVVloVe/o8xq3"
    "iiQxiknrxTzUENN/TqeLm5M+pof9VV7ucxMmfhHv4pt7ECQFhFlO6pR+rByeAMADArYmEGDCc3UC3wAj0V3CKKA4HCfoZXzGEAILptjgE1JVuR")


class Polling(Case):
    def test_validators_come_back_byte_for_byte_and_304_is_a_success(self):
        tag = 'W/"a \\"strange-tag"'
        self.home.write_feeds({"a": self.serve("a", FEED, headers={"ETag": tag, "Last-Modified": "Thu, 24 Oct 2024 19:22:10 GMT"})})
        self.home.start()
        self.site.wait_asked("/a.xml", 1)
        self.home.alerts(at_least=1)
        self.home.run("check", "--force")
        self.site.requests.clear()
        self.assertEqual(self.home.stop(), 0)
        self.home.run("check")
        asked = [headers for path, headers in self.site.requests if path == "/a.xml"]
        for headers in asked:
            self.assertEqual(headers.get("If-None-Match"), tag)
            self.assertEqual(headers.get("If-Modified-Since"), "Thu, 24 Oct 2024 19:22:10 GMT")
            self.assertIn("feedwatch", headers["User-Agent"])
            self.assertNotIn("Cookie", headers)
            self.assertNotIn("Referer", headers)

    def test_a_restart_does_not_poll_what_is_not_due(self):
        self.home.write_feeds({"a": self.serve("a", FEED), "b": self.serve("b", FEED)})
        self.home.start()
        self.site.wait_asked("/a.xml", 1)
        self.site.wait_asked("/b.xml", 1)
        self.home.run("check", "--force")
        self.assertEqual(self.home.stop(), 0)
        before = len(self.site.requests)
        due = {}
        self.home.start()
        for name in ("a", "b"):
            due[name] = self.feed(name)["next_due"]
        self.assertEqual(self.home.call("GET", "/v1/status")[0], 200)
        self.assertEqual(len(self.site.requests), before)
        self.assertEqual(self.home.stop(), 0)
        self.home.start()
        self.assertEqual({name: self.feed(name)["next_due"] for name in due}, due)

    def start_check(self, body):
        """A check that has begun; the answer's read() waits for its end."""
        connection = UnixConnection(self.home.socket)
        self.addCleanup(connection.close)
        connection.request("POST", "/v1/check", body=json.dumps(body), headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        self.assertIn(b'"start"', answer.readline())
        return answer

    def assert_read(self, body, coding):
        self.home.write_feeds({"a": self.serve("a", body, headers={"Content-Encoding": coding})})
        self.assertIn("»Troops« move", self.home.run("check").stdout)
        accepted = dict(self.site.requests[0][1])["Accept-Encoding"]
        self.assertIn(coding, [name.strip() for name in accepted.split(",")])

    def test_gzip_is_read(self):
        self.assert_read(gzip.compress(FEED.encode()), "gzip")

    def test_brotli_is_read(self):
        self.assert_read(FEED_BROTLI, "br")

    def test_zstd_is_read(self):
        self.assert_read(FEED_ZSTD, "zstd")

    def test_a_redirect_is_followed(self):
        self.serve("new", FEED)
        url = self.serve("old", "", status=301, headers={"Location": "/new.xml"})
        self.home.write_feeds({"a": url})
        self.assertIn("»Troops« move", self.home.run("check").stdout)

    def test_file_urls_are_read_where_they_are_configured(self):
        path = self.home.dir / "local.xml"
        path.write_text(FEED)
        self.home.write_feeds({"a": f"file://{path}"})
        self.assertIn("»Troops« move", self.home.run("check").stdout)

    def test_a_slow_feed_delays_no_other(self):
        gate = threading.Event()
        self.addCleanup(gate.set)
        self.home.write_feeds({"slow": self.serve("slow", rss(("9", "Slow troops", "late")), hold=gate),
                               "fast": self.serve("fast", rss(("1", "Fast troops", "early")))})
        self.home.start()
        self.site.wait_asked("/slow.xml", 1)
        self.assertEqual(self.home.alerts(at_least=1)[0]["item"]["title"], "Fast troops")
        gate.set()
        self.home.run("check", "--force", "slow")
        self.assertEqual([alert["item"]["title"] for alert in self.home.alerts(at_least=2)], ["Fast troops", "Slow troops"])

    def test_a_check_that_meets_a_dry_run_stores_and_alerts_after_it(self):
        gate = threading.Event()
        self.addCleanup(gate.set)
        self.home.write_feeds({"a": self.serve("a", rss(("0", "Quiet", "nothing")))})
        self.home.start()
        self.home.run("check", "--force")
        asked = self.site.asked("/a.xml")
        self.serve("a", FEED, hold=gate)
        dry = self.home.begin("check", "--force", "--dry-run")
        self.site.wait_asked("/a.xml", asked + 1)
        real = self.start_check({"force": True})
        gate.set()
        self.assertIn("»Troops« move", dry.communicate()[0])
        self.assertIn("Troops move", real.read().decode())
        self.assertEqual(len(self.home.alerts(at_least=1)), 1)
        self.assertEqual(self.site.asked("/a.xml"), asked + 2)

    def test_a_dry_run_that_meets_a_poll_waits_for_its_own(self):
        gate = threading.Event()
        self.addCleanup(gate.set)
        self.home.write_feeds({"a": self.serve("a", rss(("0", "Quiet", "nothing")), hold=gate)})
        self.home.start()
        self.site.wait_asked("/a.xml", 1)
        dry = self.start_check({"dry_run": True})
        gate.set()
        self.assertIn('"ok":true', dry.read().decode().replace(" ", ""))
        self.assertEqual(self.site.asked("/a.xml"), 2)

    def test_a_new_address_is_asked_itself_though_the_old_one_still_answers(self):
        gate = threading.Event()
        self.addCleanup(gate.set)
        self.home.write_feeds({"a": self.serve("old", FEED, hold=gate)})
        self.home.start()
        self.site.wait_asked("/old.xml", 1)
        self.home.write_feeds({"a": self.serve("new", rss(("7", "Troops elsewhere", "now")))})
        self.site.wait_asked("/new.xml", 1)
        gate.set()
        self.assertEqual([alert["item"]["title"] for alert in self.home.alerts(at_least=1)], ["Troops elsewhere"])

    def test_a_shorter_interval_counts_from_the_last_poll(self):
        self.home.write_feeds({"a": self.serve("a", FEED)})
        self.home.start()
        self.home.run("check", "--force")
        before = self.site.asked("/a.xml")
        self.home.write_config(text=CONFIG.replace("interval: 1h", "interval: 1s"))
        self.site.wait_asked("/a.xml", before + 1)

    def test_the_same_article_in_two_feeds_alerts_once(self):
        self.home.write_feeds({"a": self.serve("a", FEED), "b": self.serve("b", FEED)})
        self.home.start()
        self.home.run("check", "--force")
        self.assertEqual(len(self.home.alerts(at_least=1)), 1)

    def test_an_update_alerts_only_if_it_newly_matches(self):
        url = self.serve("a", rss(("1", "Troops move", "first"), ("2", "Quiet day", "nothing")))
        self.home.write_feeds({"a": url})
        self.home.start()
        self.home.alerts(at_least=1)
        self.serve("a", rss(("1", "Troops move", "first, corrected"), ("2", "Quiet day", "until troops came")))
        self.home.run("check", "--force")
        alerts = self.home.alerts(at_least=2)
        self.assertEqual([(alert["item"]["title"], alert["reason"]) for alert in alerts],
                         [("Troops move", "first"), ("Quiet day", "updated")])

    def test_paused_feeds_are_left_alone_by_410(self):
        self.home.write_feeds({"a": self.serve("a", "gone", status=410)})
        self.home.run("check", check=False)
        feed = self.feed("a")
        self.assertEqual(feed["condition"], "gone")
        self.assertIn("410", feed["reason"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
