"""feedwatch parse."""

import json
import unittest

from cli import Case

RSS = """<?xml version='1.0'?><rss version='2.0'><channel><title>T</title><link>https://x.example/</link>
<item><title>Ü 1</title><link>/a</link><guid isPermaLink='false'>1</guid></item></channel></rss>"""
JSON_FEED = '{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"9","content_text":"x"}]}'


class Parse(Case):
    def test_files_and_stdin_one_document_a_line(self):
        self.write("a.xml", RSS)
        done = self.run_feedwatch("parse", "a.xml", "-", stdin=JSON_FEED)
        documents = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([document["title"] for document in documents], ["T", "J"])
        self.assertEqual(documents[0]["version"], "https://jsonfeed.org/version/1.1")
        self.assertEqual(documents[0]["items"][0]["title"], "Ü 1")
        self.assertIn("Ü", done.stdout)

    def test_a_file_may_be_a_pipe(self):
        self.assertEqual(self.json_of("parse", "/dev/stdin", stdin=RSS)["title"], "T")

    def test_json_is_the_same(self):
        self.write("a.xml", RSS)
        self.assertEqual(self.run_feedwatch("parse", "a.xml").stdout, self.run_feedwatch("parse", "--json", "a.xml").stdout)

    def test_url_is_the_base_of_links(self):
        item = self.json_of("parse", "-", "--url", "https://base.example/f/", stdin=RSS.replace("<link>https://x.example/</link>", ""))
        self.assertEqual(item["items"][0]["url"], "https://base.example/a")

    def test_content_type_decides_on_the_charset(self):
        body = RSS.replace("<?xml version='1.0'?>", "").encode("latin-1")
        document = self.json_of("parse", "-", "--content-type", "text/xml; charset=iso-8859-1", stdin=body)
        self.assertEqual(document["items"][0]["title"], "Ü 1")

    def test_what_is_no_feed_is_named_and_the_rest_is_done(self):
        self.write("page.html", "<!doctype html><title>Sign in</title>")
        self.write("a.xml", RSS)
        done = self.run_feedwatch("parse", "page.html", "gone.xml", "a.xml", status=1)
        self.assertEqual(len(done.stdout.splitlines()), 1)
        self.assertIn("page.html: ", done.stderr)
        self.assertIn("HTML", done.stderr)
        self.assertIn("cannot read 'gone.xml': No such file or directory", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
