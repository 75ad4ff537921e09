"""Bad input: each gets one clear sentence with what and where, costs only itself, and loses nothing that was good."""

import socket
import subprocess
import threading
import unittest

from harness import BIN, CONFIG, Case, rss

GOOD = rss(("1", "Troops move", "at dawn"))


class BadFiles(Case):
    def refuse(self, *words):
        """The daemon does not start, and says so."""
        done = subprocess.run([BIN / "feedwatchd", "--config", self.home.config], capture_output=True, text=True,
                              env=self.home.environment(), stdin=subprocess.DEVNULL, timeout=60)
        self.assertEqual(done.returncode, 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        return done.stderr

    def test_no_configuration(self):
        (self.home.dir / "feedwatch.yaml").unlink()
        self.refuse("feedwatch.yaml", "feedwatch init")

    def test_broken_configuration_names_place_and_nearest_key(self):
        self.home.write("feedwatch.yaml", CONFIG.format(target="x").replace("backfill:", "backfil:"))
        self.refuse("feedwatch.yaml:3:1", "backfil", "backfill")

    def test_all_errors_of_all_files_at_once(self):
        self.home.write("rules.d/rules.yaml", "rules:\n  - {id: a, match: 'troop* AND ('}\n  - {id: b, match: 'titel:x'}\n")
        words = self.refuse("rules.yaml:2:", "rules.yaml:3:", "title")
        self.assertIn("^", words)

    def test_broken_feed_list(self):
        self.home.write("feeds.d/feeds.yaml", "feeds:\n  - {url: 'gopher://x.example/'}\n")
        self.refuse("feeds.yaml:2:", "gopher")

    def test_broken_entity_file(self):
        self.home.write("e.yaml", "entities:\n  - {id: x, kind: planet, names: [X]}\n")
        self.home.write_config(extra="entities: [e.yaml]\n")
        self.refuse("e.yaml:2:", "planet")

    def test_broken_opml(self):
        self.home.write("feeds.d/list.opml", "<opml version='2.0'><body><outline xmlUrl='http://x.example/'")
        self.home.write_config(text=CONFIG.replace("feeds.d/*.yaml", "feeds.d/*"))
        self.refuse("list.opml")

    def test_a_second_daemon_is_told_about_the_first(self):
        self.home.write_feeds({"a": self.serve("a", GOOD)})
        self.home.start()
        self.refuse("feedwatchd")
        self.assertEqual(self.home.call("GET", "/v1/status")[0], 200)

    def test_a_socket_left_behind_is_taken_over(self):
        self.home.write_feeds({"a": self.serve("a", GOOD)})
        left = socket.socket(socket.AF_UNIX)
        left.bind(str(self.home.socket))
        left.close()
        self.home.start()
        self.assertEqual(self.home.call("GET", "/v1/status")[0], 200)

    def test_a_file_in_the_place_of_the_socket_stays(self):
        self.home.write_feeds({"a": self.serve("a", GOOD)})
        self.home.socket.write_text("precious")
        self.refuse("c.sock")
        self.assertEqual(self.home.socket.read_text(), "precious")


class BadFeeds(Case):
    """One bad feed beside a good one."""

    def check(self, url, *words, condition="failing"):
        self.home.write_feeds({"bad": url, "good": self.serve("good", GOOD)})
        done = self.home.run("check", check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("»Troops« move", done.stdout)
        bad = self.feed("bad")
        self.assertEqual(bad["condition"], condition)
        for word in words:
            self.assertIn(word, bad["reason"])
        self.assertEqual(self.feed("good")["condition"], "ok")

    def test_html(self):
        self.check(self.serve("bad", "<!doctype html><html><title>Sign in</title><body>Hello", content_type="text/html"), "HTML")

    def test_empty(self):
        self.check(self.serve("bad", ""), "empty")

    def test_not_found(self):
        self.check(self.site.url("/nowhere.xml"), "404")

    def test_refused(self):
        taken = socket.socket()
        taken.bind(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        port = taken.getsockname()[1]
        self.check(f"http://127.0.0.1:{port}/feed", str(port), "refused")

    def test_enormous(self):
        self.home.write_config(text=CONFIG.replace("timeout: 5s", "timeout: 30s, max_body: 64KiB"))
        self.check(self.serve("bad", "<rss><channel>" + " " * 200000), "max_body")

    def test_slow(self):
        gate = threading.Event()
        self.addCleanup(gate.set)
        self.home.write_config(text=CONFIG.replace("timeout: 5s", "timeout: 1s").replace("connect_timeout: 2s", "connect_timeout: 1s"))
        self.check(self.serve("bad", GOOD, hold=gate), "time")

    def test_broken_off(self):
        self.check(self.serve("bad", GOOD, headers={"Content-Length": "100000"}))

    def test_truncated_but_complete_for_http_is_read_as_far_as_it_goes(self):
        body = rss(("1", "Troops move", "at dawn"), ("2", "Second", "cut off"))
        self.home.write_feeds({"a": self.serve("a", body[: body.index("cut off")])})
        self.assertIn("»Troops« move", self.home.run("check").stdout)
        self.assertEqual(self.feed("a")["condition"], "ok")
        self.assertTrue(self.feed("a")["malformed"])

    def test_an_endless_title_makes_an_ordinary_alert(self):
        self.home.write_feeds({"a": self.serve("a", rss(("1", "Troops " + "höher " * 150000 + "troops", "at dawn")))})
        self.home.start()
        self.home.run("check", "--force")
        alert = self.home.alerts(at_least=1)[0]
        title = alert["item"]["title"]
        self.assertLessEqual(len(title.encode()), 1000)
        self.assertTrue(title.startswith("Troops höher") and title.endswith("…"))
        self.assertEqual([(match["start"], match["end"]) for match in alert["matches"]], [(0, 6)])
        self.assertLess(len(self.home.run("alerts", "list").stdout), 1000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
