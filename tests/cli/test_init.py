"""feedwatch init."""

import unittest

from cli import Case

FILES = ["feedwatch.yaml", "feeds.d/example.yaml", "rules.d/example.yaml", "entities.d/example.yaml"]


class Init(Case):
    def test_writes_a_configuration_that_is_valid(self):
        done = self.run_feedwatch("init", "--config", "here/feedwatch.yaml")
        for name in FILES:
            self.assertTrue((self.dir / "here" / name).is_file(), name)
            self.assertIn(f"wrote here/{name}\n", done.stdout)
        self.assertIn("feedwatch rules lint --config here/feedwatch.yaml", done.stdout)
        lint = self.run_feedwatch("rules", "lint", "--config", "here/feedwatch.yaml")
        self.assertIn("2 rules", lint.stdout)
        self.assertNotIn("here/", lint.stderr)

    def test_never_overwrites(self):
        self.write("here/feedwatch.yaml", "mine")
        self.write("here/rules.d/example.yaml", "mine too")
        done = self.run_feedwatch("init", "--config", "here/feedwatch.yaml")
        self.assertEqual((self.dir / "here/feedwatch.yaml").read_text(), "mine")
        self.assertEqual((self.dir / "here/rules.d/example.yaml").read_text(), "mine too")
        self.assertIn("kept  here/feedwatch.yaml", done.stdout)
        self.assertIn("wrote here/entities.d/example.yaml", done.stdout)
        again = self.run_feedwatch("init", "--config", "here/feedwatch.yaml")
        self.assertIn("nothing was changed", again.stdout)

    def test_the_configuration_may_have_another_name(self):
        self.run_feedwatch("init", "--config", "here/other.yaml")
        self.assertTrue((self.dir / "here/other.yaml").is_file())
        self.assertFalse((self.dir / "here/feedwatch.yaml").exists())

    def test_json(self):
        self.write("here/feedwatch.yaml", "mine")
        told = self.json_of("init", "--config", "here/feedwatch.yaml")
        self.assertEqual(told["kept"], ["here/feedwatch.yaml"])
        self.assertEqual(len(told["wrote"]), 3)

    def test_what_cannot_be_written_is_said(self):
        self.write("here", "a file, not a folder")
        done = self.run_feedwatch("init", "--config", "here/feedwatch.yaml", status=1)
        self.assertIn("cannot write 'here/feedwatch.yaml'", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
