"""feedwatch match. The language itself is tested by tests/rulecases."""

import json
import unittest

from cli import Case

RULES = """\
rules:
  - {id: troops, match: 'troop*', unless: 'category:sport'}
  - {id: korea, match: '@korea', status: test}
"""
ENTITIES = "entities:\n  - {id: korea, kind: country, names: [Korea]}\n"


class Match(Case):
    def setUp(self):
        super().setUp()
        self.write("r.yaml", RULES)
        self.write("e.yaml", ENTITIES)

    def match(self, *documents, status=0, more=("--entities", "e.yaml"), rules=("r.yaml",)):
        lines = "".join((document if isinstance(document, str) else json.dumps(document)) + "\n" for document in documents)
        done = self.run_feedwatch("match", "--rules", *rules, *more, stdin=lines, status=status)
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def test_one_line_for_each_match(self):
        rows, _ = self.match({"id": "1", "title": "Troops in Korea"}, {"id": "2", "title": "Nothing"}, {"id": "3", "title": "troop"})
        self.assertEqual([(row["id"], row["rule"]) for row in rows], [("1", "troops"), ("1", "korea"), ("3", "troops")])
        self.assertEqual(rows[0]["matches"], [{"field": "title", "start": 0, "end": 6, "text": "Troops", "term": "troop*"}])

    def test_ranges_are_bytes_of_the_markup(self):
        body = "<p>Süd <b>tro</b>ops &amp; more</p>"
        rows, _ = self.match({"id": 7, "body": body})
        hit = rows[0]["matches"][0]
        self.assertEqual(rows[0]["id"], 7)
        self.assertEqual(body.encode()[hit["start"]:hit["end"]].decode(), "tro</b>ops")
        self.assertEqual(hit["text"], "troops")

    def test_lists_and_unless(self):
        rows, _ = self.match({"id": "1", "title": "Troops", "category": ["news", "sport"]},
                             {"id": "2", "title": "Troops", "category": "news"})
        self.assertEqual([row["id"] for row in rows], ["2"])

    def test_a_document_without_id_is_called_by_its_line(self):
        rows, _ = self.match("", {"title": "Troops"})
        self.assertEqual(rows[0]["id"], 2)

    def test_a_bad_line_costs_only_itself(self):
        rows, words = self.match("{nonsense", "[1]", {"id": "3", "title": "Troops"}, status=1)
        self.assertEqual([row["id"] for row in rows], ["3"])
        self.assertIn("line 1 of the input is no document", words)
        self.assertIn("line 2 of the input is no document", words)

    def test_several_files_after_one_option(self):
        self.write("s.yaml", "rules:\n  - {id: second, match: troops}\n")
        rows, _ = self.match({"id": "1", "title": "Troops"}, rules=("r.yaml", "s.yaml"))
        self.assertEqual([row["rule"] for row in rows], ["troops", "second"])
        rows, _ = self.match({"id": "1", "title": "Troops"}, rules=("r.yaml", "--rules=s.yaml"))
        self.assertEqual(len(rows), 2)

    def test_a_broken_rule_file_prints_nothing_on_stdout(self):
        self.write("r.yaml", "rules:\n  - {id: a, match: '(x'}\n")
        rows, words = self.match({"id": "1", "title": "x"}, status=1)
        self.assertEqual(rows, [])
        self.assertIn("r.yaml:2:", words)
        self.assertIn("^", words)

    def test_no_builtin_gazetteer_unless_asked_for(self):
        self.write("r.yaml", "rules:\n  - {id: a, match: '@france'}\n")
        _, words = self.match({"id": "1", "title": "Paris"}, status=1, more=())
        self.assertIn("@france", words)
        rows, _ = self.match({"id": "1", "title": "Paris decides"}, more=("--entities", "builtin:countries"))
        self.assertEqual(len(rows), 1)

    def test_a_file_in_the_place_of_stdin(self):
        self.run_feedwatch("match", "--rules", "r.yaml", "--entities", "e.yaml", "-", stdin="")
        done = self.run_feedwatch("match", "docs.jsonl", "--rules", "r.yaml", status=2)
        self.assertIn("< 'docs.jsonl'", done.stderr)
        self.assertIn("--rules is missing", self.run_feedwatch("match", status=2).stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
