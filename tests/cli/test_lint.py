"""feedwatch rules lint."""

import json
import os
import unittest

from cli import Case


class Lint(Case):
    def test_a_good_configuration(self):
        self.write("feedwatch.yaml", "rules: [r.yaml]\n")
        self.write("r.yaml", "rules:\n  - {id: a, match: troop*}\n")
        done = self.run_feedwatch("rules", "lint", "--config", "feedwatch.yaml")
        self.assertEqual(done.stdout, "1 rule, 0 entities: no problems\n")
        self.assertEqual(done.stderr, "")

    def test_every_error_of_every_file_at_once_with_carets(self):
        self.write("r.yaml", "rules:\n  - id: a\n    match: 'titel:(CVE OR exploit)'\n  - id: b\n    match: '(x'\n")
        self.write("e.yaml", "entities:\n  - {id: x, kind: planet, names: [X]}\n")
        done = self.run_feedwatch("rules", "lint", "r.yaml", "e.yaml", "--config", "none.yaml", status=1)
        self.assertIn("r.yaml:3:13: error:", done.stderr)
        self.assertIn("    3 |     match: 'titel:(CVE OR exploit)'\n      |             ^~~~~", done.stderr)
        self.assertIn("r.yaml:5:", done.stderr)
        self.assertIn("e.yaml:2:", done.stderr)
        self.assertIn("3 errors", done.stdout)

    def test_errors_of_the_configuration_and_its_lists(self):
        self.write("feedwatch.yaml", "backfil: 1d\n")
        self.write("feeds.d/l.yaml", "feeds:\n  - {url: 'gopher://x'}\n")
        done = self.run_feedwatch("rules", "lint", "--config", "feedwatch.yaml", status=1)
        self.assertIn("feedwatch.yaml:1:1: error: unknown key 'backfil'", done.stderr)
        self.assertIn("did you mean 'backfill'?", done.stderr)
        self.assertIn("feeds.d/l.yaml:2:11: error:", done.stderr)

    def test_warnings_fail_only_when_strict(self):
        self.write("r.yaml", "rules:\n  - {id: a, match: 'troops and tanks'}\n")
        done = self.run_feedwatch("rules", "lint", "r.yaml", "--config", "none.yaml")
        self.assertIn("r.yaml:2:", done.stderr)
        self.assertIn("warning:", done.stderr)
        self.run_feedwatch("rules", "lint", "--strict", "r.yaml", "--config", "none.yaml", status=1)

    def test_files_are_known_by_their_content(self):
        self.write("1.yaml", "rules:\n  - {id: a, match: '@korea'}\n")
        self.write("2.yaml", "entities:\n  - {id: korea, kind: country, names: [Korea]}\n")
        self.assertIn("1 rule, 1 entity", self.run_feedwatch("rules", "lint", "2.yaml", "1.yaml", "--config", "none.yaml").stdout)

    def test_files_may_use_what_the_configuration_has(self):
        self.write("feedwatch.yaml", "channels: {desk: {type: desktop}}\n")
        self.write("entities.d/e.yaml", "entities:\n  - {id: korea, kind: country, names: [Korea]}\n")
        self.write("new.yaml", "rules:\n  - {id: a, match: '@korea', notify: [desk]}\n")
        self.run_feedwatch("rules", "lint", "new.yaml", "--config", "feedwatch.yaml")
        self.write("new.yaml", "rules:\n  - {id: a, match: '@korea', notify: [desc]}\n")
        done = self.run_feedwatch("rules", "lint", "new.yaml", "--config", "feedwatch.yaml", status=1)
        self.assertIn("desk", done.stderr)

    def test_a_pipe_is_read_where_it_is_named_and_refused_where_it_is_found(self):
        text = "rules:\n  - {id: a, match: troop*}\n"
        done = self.run_feedwatch("rules", "lint", "/dev/stdin", "--config", "none.yaml", stdin=text)
        self.assertEqual(done.stdout, "1 rule, 0 entities: no problems\n")
        self.write("feedwatch.yaml", "rules: [rules.d/*.yaml]\n")
        (self.dir / "rules.d").mkdir()
        os.mkfifo(self.dir / "rules.d/r.yaml")
        done = self.run_feedwatch("rules", "lint", "--config", "feedwatch.yaml", status=1)
        self.assertIn("'rules.d/r.yaml' is a pipe, not a file", done.stderr)

    def test_json(self):
        self.write("r.yaml", "rules:\n  - {id: a, match: '(x'}\n")
        findings = json.loads(self.run_feedwatch("rules", "lint", "r.yaml", "--json", "--config", "none.yaml", status=1).stdout)
        self.assertEqual(findings[0]["level"], "error")
        self.assertEqual(findings[0]["file"], "r.yaml")
        self.assertEqual(findings[0]["line"], 2)
        self.assertTrue(findings[0]["message"])

    def test_files_need_no_configuration(self):
        self.write("r.yaml", "rules:\n  - {id: a, match: troop*}\n")
        done = self.run_feedwatch("rules", "lint", "r.yaml", HOME="")
        self.assertEqual(done.stderr, "")

    def test_a_file_that_is_not_there(self):
        done = self.run_feedwatch("rules", "lint", "gone.yaml", "--config", "none.yaml", status=1)
        self.assertIn("cannot read the rule file 'gone.yaml': No such file or directory", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
