"""The commands that ask the daemon, with one and without."""

import os
import pathlib
import select
import signal
import threading
import unittest

from harness import Case, Page, rss


class Online(Case):
    def setUp(self):
        super().setUp()
        self.urls = {name: self.serve(name, rss((name + "1", f"Troops of {name}", "at dawn"), title=f"Feed {name}")) for name in ("a", "b")}
        self.home.write_feeds(self.urls)

    def failed(self, *arguments):
        done = self.home.run(*arguments, check=False)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        return done


class Check(Online):
    def test_each_feed_is_told_and_a_failed_one_fails_the_command(self):
        self.site.pages["/b.xml"] = Page("gone", 404)
        done = self.failed("check")
        self.assertRegex(done.stdout, r"(?m)^a: ok  1 new item, 1 match  next due in ")
        self.assertRegex(done.stdout, r"(?m)^b: HTTP error: HTTP 404")
        self.assertRegex(done.stdout, r"(?m)^2 feeds checked, 1 failed; 1 new item, 1 alert$")
        self.assertIn("»Troops« of a", done.stdout)

    def test_named_feeds_only_by_id_or_url(self):
        self.home.run("check", "a", self.urls["a"])
        self.assertEqual((self.site.asked("/a.xml"), self.site.asked("/b.xml")), (1, 0))
        done = self.failed("check", "aa")
        self.assertIn("no feed has the id or URL 'aa'; did you mean 'a'?", done.stderr)

    def test_json_is_one_object_a_line(self):
        for line in self.home.json("check", "--dry-run"):
            self.assertIn(line["type"], ("start", "feed", "end"))
        self.assertEqual(self.home.json("alerts", "list"), {"alerts": []})

    def test_what_a_daemon_reports_goes_through_it(self):
        self.home.start()
        self.home.run("check", "--force")
        self.assertEqual(len(self.home.alerts(at_least=2)), 2)
        self.assertEqual(self.home.call("GET", "/v1/status")[1]["since_start"]["alerts"], 2)


class Alone(Online):
    def test_lists_work_without_a_daemon(self):
        self.home.run("check")
        self.assertRegex(self.home.run("feeds", "list").stdout, r"(?m)^a +ok +.* Feed a$")
        self.assertIn("Feed b", self.home.run("feeds", "show", "b").stdout)
        self.assertRegex(self.home.run("rules", "list").stdout, r"(?m)^troops +critical +live +2 +2 ")
        alerts = self.home.json("alerts", "list")["alerts"]
        self.assertEqual(len(alerts), 2)
        shown = self.home.run("alerts", "show", alerts[0]["id"][-8:].lower()).stdout
        self.assertIn("troop*", shown)
        self.assertRegex(shown, r"(?m)^log +sent +1 ")
        self.assertFalse(self.home.socket.exists())

    def test_what_needs_a_daemon_says_so(self):
        for command in (["status"], ["reload"], ["alerts", "follow"]):
            done = self.failed(*command)
            self.assertIn("feedwatchd is not running", done.stderr)
            self.assertIn("systemctl start feedwatchd", done.stderr)
            self.assertEqual(done.stdout, "")

    def test_a_broken_configuration_is_told_with_its_place(self):
        self.home.write("rules.d/rules.yaml", "rules:\n  - {id: x, match: 'a AND', severty: high}\n")
        done = self.failed("check")
        self.assertIn("rules.yaml:2", done.stderr)
        self.assertIn("did you mean 'severity'?", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_an_interrupted_check_leaves_nothing_running(self):
        hold = threading.Event()
        self.site.pages["/a.xml"].hold = hold
        command = self.home.spawn_cli("check", "a")
        self.site.wait_asked("/a.xml", 1)
        children = pathlib.Path(f"/proc/{command.pid}/task/{command.pid}/children").read_text().split()
        self.assertEqual(len(children), 1)
        child = os.pidfd_open(int(children[0]))
        command.send_signal(signal.SIGINT)
        command.wait(60)
        hold.set()
        self.assertTrue(select.select([child], [], [], 60)[0], "feedwatchd --oneshot outlives its feedwatch")
        os.close(child)
        command.stdout.close()
        command.stderr.close()


class Lists(Online):
    def test_alerts_are_filtered(self):
        self.home.start()
        self.home.run("check", "--force")
        self.home.alerts(at_least=2)
        for arguments, wanted in ((["--feed", "a"], 1), (["--rule", "troops"], 2), (["--rule", "x"], 0), (["--severity", "critical"], 2),
                                  (["--since", "1h"], 2), (["--limit", "1"], 1), (["--failed"], 0)):
            with self.subTest(arguments):
                self.assertEqual(len(self.home.json("alerts", "list", *arguments)["alerts"]), wanted)
        self.assertEqual(self.home.run("alerts", "list", "--limit", "0", check=False).returncode, 2)
        self.assertEqual(self.home.run("alerts", "list", "--since", "1x", check=False).returncode, 2)

    def test_status_and_reload_of_a_running_daemon(self):
        self.home.start()
        self.assertEqual(self.home.json("status")["feeds"]["configured"], 2)
        self.home.write_feeds({"a": self.urls["a"]})
        self.assertEqual(self.home.run("reload").stdout, "reloaded\n")
        self.assertRegex(self.home.run("status").stdout, r"(?m)^  Feeds: +1")

    def test_several_feeds_are_shown_and_a_missing_one_fails(self):
        self.home.start()
        done = self.failed("feeds", "show", "a", "nope", "b")
        self.assertIn(self.urls["a"], done.stdout)
        self.assertIn(self.urls["b"], done.stdout)
        self.assertIn("no feed has the id or URL 'nope'", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
