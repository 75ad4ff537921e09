"""Reload: all or nothing, by signal, by command, and by itself."""

import shutil
import signal
import unittest

from harness import CONFIG, RULES, Case, rss

BROKEN = "rules:\n  - {id: troops, name: Troops, match: '(troop*'}\n"
MORE = RULES + "  - {id: ships, name: Ships, match: ship*}\n"
SHIPS = "rules:\n  - {id: ships, name: Ships, match: ship*}\n"


class ReloadCase(Case):
    def rules(self):
        return sorted(rule["id"] for rule in self.home.call("GET", "/v1/rules")[1]["rules"])

    def wait_reloaded(self):
        self.home.notify.wait("RELOADING=1", self.home.process)
        self.home.notify.wait("READY=1", self.home.process)

    def wait_rules(self, *expected):
        """Files made one after another may be read in more than one reload."""
        self.wait_reloaded()
        while self.rules() != list(expected):
            self.wait_reloaded()


class Folders(ReloadCase):
    """Folders that come, go, and give way to others."""

    def setUp(self):
        super().setUp()
        self.home.write_feeds({"a": self.serve("a", rss(("1", "Quiet", "nothing")))})

    def make(self, folder, rules):
        (self.home.dir / folder).mkdir(parents=True)
        self.home.write(f"{folder}/rules.yaml", rules)

    def test_a_folder_that_was_missing_at_the_start(self):
        shutil.rmtree(self.home.dir / "rules.d")
        self.home.start()
        self.make("rules.d", RULES)
        self.wait_rules("troops")
        self.home.write("rules.d/more.yaml", SHIPS)
        self.wait_rules("ships", "troops")

    def test_a_missing_folder_in_a_missing_folder(self):
        self.home.write_config(text=CONFIG.replace("rules.d/*.yaml", "a/b/c/*.yaml"))
        self.home.start()
        self.make("a/b/c", SHIPS)
        self.wait_rules("ships")

    def test_a_folder_that_is_removed_and_made_again(self):
        self.home.start()
        shutil.rmtree(self.home.dir / "rules.d")
        self.wait_rules()
        self.make("rules.d", SHIPS)
        self.wait_rules("ships")
        self.home.write("rules.d/more.yaml", RULES)
        self.wait_rules("ships", "troops")

    def test_a_folder_that_is_exchanged(self):
        self.make("release-1", RULES)
        self.make("release-2", SHIPS)
        (self.home.dir / "current").symlink_to("release-1")
        self.home.write_config(text=CONFIG.replace("rules.d/*.yaml", "current/*.yaml"))
        self.home.start()
        (self.home.dir / "next").symlink_to("release-2")
        (self.home.dir / "next").rename(self.home.dir / "current")
        self.wait_rules("ships")

    def test_a_file_for_which_a_reload_was_refused(self):
        self.home.start()
        self.home.write_config(text=CONFIG.replace("rules.d/*.yaml", "rules.d/*.yaml, more/ships.yaml"))
        self.wait_reloaded()
        self.assertFalse(self.home.call("GET", "/v1/status")[1]["reload"]["ok"])
        self.assertEqual(self.rules(), ["troops"])
        (self.home.dir / "more").mkdir()
        self.home.write("more/ships.yaml", SHIPS)
        self.wait_rules("ships", "troops")

    def test_a_word_list_for_which_a_reload_was_refused(self):
        self.home.start()
        self.home.write("rules.d/more.yaml", "rules:\n  - {id: ships, name: Ships, match: $ships}\ndefine:\n  ships: {file: lists/ships.txt}\n")
        self.wait_reloaded()
        self.assertEqual(self.rules(), ["troops"])
        (self.home.dir / "rules.d/lists").mkdir()
        self.home.write("rules.d/lists/ships.txt", "frigate\n")
        self.wait_rules("ships", "troops")


class Reload(ReloadCase):
    def setUp(self):
        super().setUp()
        self.home.write_feeds({"a": self.serve("a", rss(("1", "Quiet", "nothing")))})
        self.home.start()
        self.home.run("check", "--force")

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
