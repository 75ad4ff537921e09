"""feedwatch feeds import and export."""

import unittest
import xml.etree.ElementTree

from cli import Case

OPML = """\
<?xml version="1.0"?>
<opml version="2.0"><head><title>mine</title></head><body>
  <outline text="World"><outline type="rss" text="One &amp; only" xmlUrl="https://one.example/feed"/></outline>
  <outline type="rss" text="Two" xmlUrl="https://two.example/feed"/>
  <outline type="rss" text="Two again" xmlUrl="https://TWO.example/feed"/>
  <outline type="rss" text="Old" xmlUrl="gopher://old.example/"/>
</body></opml>
"""


class Feeds(Case):
    def setUp(self):
        super().setUp()
        self.write("feedwatch.yaml", "")
        self.write("feeds.d/here.yaml", "feeds:\n  - {url: 'https://one.example/feed', id: one, title: One, tags: [a, b]}\n")
        self.write("My feeds.opml", OPML)

    def feeds(self, command, *arguments, **more):
        return self.run_feedwatch("feeds", command, *arguments, "--config", "feedwatch.yaml", **more)

    def test_import_adds_what_is_new_and_names_what_is_not(self):
        done = self.feeds("import", "My feeds.opml")
        self.assertIn("added   https://two.example/feed  Two\n", done.stdout)
        self.assertIn("already https://one.example/feed  as 'one' in feeds.d/here.yaml:2\n", done.stdout)
        self.assertIn("already https://TWO.example/feed  twice in this list\n", done.stdout)
        self.assertIn("1 added, 2 there already; wrote ./feeds.d/My-feeds.opml", done.stdout)
        self.assertIn("gopher://old.example/", done.stderr)
        self.assertIn("My feeds.opml:6:", done.stderr)
        exported = self.feeds("export").stdout
        self.assertIn("https://two.example/feed", exported)

    def test_import_again_changes_nothing(self):
        self.feeds("import", "My feeds.opml")
        done = self.feeds("import", "My feeds.opml")
        self.assertIn("0 added, 3 there already\n", done.stdout)
        self.assertEqual(len(list((self.dir / "feeds.d").iterdir())), 2)

    def test_import_never_overwrites(self):
        self.write("feeds.d/My-feeds.opml", "<opml version='2.0'><body><outline xmlUrl='https://x.example/'/></body></opml>")
        self.assertIn("My-feeds-2.opml", self.feeds("import", "My feeds.opml").stdout)
        self.assertIn("x.example", (self.dir / "feeds.d/My-feeds.opml").read_text())

    def test_dry_run_writes_nothing(self):
        self.assertIn("1 added", self.feeds("import", "--dry-run", "My feeds.opml").stdout)
        self.assertEqual(len(list((self.dir / "feeds.d").iterdir())), 1)

    def test_import_from_stdin_as_json(self):
        told = self.json_of("feeds", "import", "-", "--config", "feedwatch.yaml", stdin=OPML)
        self.assertEqual([feed["url"] for feed in told["added"]], ["https://two.example/feed"])
        self.assertEqual(told["duplicates"][0]["id"], "one")
        self.assertTrue(told["file"].endswith("feeds.d/imported.opml"))

    def test_import_tells_when_the_list_is_not_read(self):
        self.write("feedwatch.yaml", "feeds: [feeds.d/here.yaml]\n")
        self.assertIn("does not read that file yet", self.feeds("import", "My feeds.opml").stderr)

    def test_import_of_what_is_no_opml(self):
        self.write("x.opml", "hello")
        done = self.feeds("import", "x.opml", status=1)
        self.assertIn("x.opml", done.stderr)
        self.assertIn("cannot read 'gone.opml'", self.feeds("import", "gone.opml", status=1).stderr)

    def test_export_is_opml_with_tags(self):
        root = xml.etree.ElementTree.fromstring(self.feeds("export").stdout.encode())
        self.assertEqual(root.attrib["version"], "2.0")
        feed = root.find(".//outline[@xmlUrl]")
        self.assertEqual(feed.attrib["xmlUrl"], "https://one.example/feed")
        self.assertEqual(feed.attrib["text"], "One")
        self.assertIsNotNone(root.find(".//outline[@text='a']"))

    def test_export_and_import_give_the_same_feeds(self):
        self.write("other/feedwatch.yaml", "")
        self.write("all.opml", self.feeds("export").stdout)
        self.run_feedwatch("feeds", "import", "all.opml", "--config", "other/feedwatch.yaml")
        again = self.run_feedwatch("feeds", "export", "--config", "other/feedwatch.yaml").stdout
        self.assertEqual(again, self.feeds("export").stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
