"""Reload: all or nothing, by signal, by command, and by itself."""

import signal
import unittest

from harness import RULES, Case, rss

BROKEN = "rules:\n  - {id: troops, name: Troops, match: '(troop*'}\n"
MORE = RULES + "  - {id: ships, name: Ships, match: ship*}\n"


class Reload(Case):
    def setUp(self):
        super().setUp()
        self.home.write_feeds({"a": self.serve("a", rss(("1", "Quiet", "nothing")))})
        self.home.start()
        self.home.run("check", "--force")

    def rules(self):
        return sorted(rule["id"] for rule in self.home.call("GET", "/v1/rules")[1]["rules"])

    def wait_reloaded(self):
        self.home.notify.wait("RELOADING=1", self.home.process)
        self.home.notify.wait("READY=1", self.home.process)

    def assert_still_alerting(self):
        self.serve("a", rss(("2", "Troops move", "at dawn")))
        self.home.run("check", "--force")
        self.assertEqual(self.home.alerts(at_least=1)[0]["item"]["title"], "Troops move")

    def test_a_changed_file_is_loaded_by_itself(self):
        self.home.write("rules.d/rules.yaml", MORE)
        self.wait_reloaded()
        self.assertEqual(self.rules(), ["ships", "troops"])

    def test_a_new_file_is_found_by_itself(self):
        self.home.write("rules.d/more.yaml", "rules:\n  - {id: ships, name: Ships, match: ship*}\n")
        self.wait_reloaded()
        self.assertEqual(self.rules(), ["ships", "troops"])

    def test_a_broken_file_keeps_the_rules_and_says_where(self):
        self.home.write("rules.d/rules.yaml", BROKEN)
        self.wait_reloaded()
        self.assertEqual(self.rules(), ["troops"])
        status = self.home.run("status", check=False)
        self.assertIn("rules.yaml:2:", status.stdout)
        self.assert_still_alerting()

    def test_sighup(self):
        self.home.write("rules.d/.keep", "")
        self.home.process.send_signal(signal.SIGHUP)
        self.wait_reloaded()
        self.assertEqual(self.rules(), ["troops"])

    def test_the_reload_command_reports_errors_and_its_status_tells(self):
        self.home.write("rules.d/rules.yaml", BROKEN)
        self.wait_reloaded()
        done = self.home.run("reload", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("rules.yaml:2:", done.stdout + done.stderr)
        self.home.write("rules.d/rules.yaml", MORE)
        self.wait_reloaded()
        self.assertEqual(self.home.run("reload").returncode, 0)
        self.assertEqual(self.rules(), ["ships", "troops"])

    def test_an_edited_rule_does_not_alert_on_old_items(self):
        self.home.write("rules.d/rules.yaml", RULES + "  - {id: quiet, name: Quiet, match: quiet}\n")
        self.wait_reloaded()
        self.home.run("check", "--force")
        self.assert_still_alerting()
        self.assertEqual([alert["rule"] for alert in self.home.alerts(at_least=1)], ["troops"])

    def test_feeds_are_added_and_dropped(self):
        self.home.write_feeds({"b": self.serve("b", rss(("7", "Troops elsewhere", "at noon")))})
        self.wait_reloaded()
        self.assertEqual(self.home.alerts(at_least=1)[0]["item"]["feed"]["id"], "b")
        before = self.site.asked("/a.xml")
        self.home.run("check", "--force")
        self.assertEqual(self.site.asked("/a.xml"), before)

    def test_without_a_daemon_reload_and_status_say_so(self):
        self.assertEqual(self.home.stop(), 0)
        for command in ("reload", "status"):
            done = self.home.run(command, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("c.sock", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
