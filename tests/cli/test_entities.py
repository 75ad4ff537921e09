"""feedwatch entities list, show, find."""

import unittest

from cli import Case

ENTITIES = """\
entities:
  - {id: north-korea, kind: country, names: [North Korea, Democratic People's Republic of Korea], adjectives: [North Korean],
     not: [North Korea Street], groups: [asia]}
  - {id: south-korea, kind: country, names: [South Korea, Republic of Korea], exact: [ROK]}
  - {id: kim, kind: person, names: [Kim], needs: [Pyongyang]}
"""


class Entities(Case):
    def setUp(self):
        super().setUp()
        self.write("e.yaml", ENTITIES)

    def entities(self, command, *arguments, **more):
        return self.run_feedwatch("entities", command, *arguments, "--entities", "e.yaml", **more).stdout

    def test_list(self):
        lines = self.entities("list").splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["ENTITY", "north-korea", "south-korea", "kim"])
        self.assertEqual(lines[0].index("KIND"), lines[1].index("country"))
        self.assertEqual([line.split()[0] for line in self.entities("list", "--kind", "person").splitlines()], ["ENTITY", "kim"])

    def test_list_of_the_configuration(self):
        self.write("feedwatch.yaml", "entities: e.yaml\n")
        self.assertIn("north-korea", self.run_feedwatch("entities", "list", "--config", "feedwatch.yaml").stdout)

    def test_list_as_json(self):
        entities = self.json_of("entities", "list", "--entities", "e.yaml")
        self.assertEqual([entity["id"] for entity in entities], ["north-korea", "south-korea", "kim"])
        self.assertIn({"text": "ROK", "class": "name", "exact": True}, entities[1]["names"])
        self.assertEqual(entities[0]["groups"], ["asia"])

    def test_show(self):
        shown = self.entities("show", "@north-korea", "kim")
        for words in ("names:      North Korea, Democratic People's Republic of Korea", "adjectives: North Korean",
                      "not:        North Korea Street", "groups:     asia", "needs:      Pyongyang", "e.yaml:2"):
            self.assertIn(words, shown)
        self.assertIn("ROK (in this case only)", self.entities("show", "south-korea"))

    def test_show_of_an_unknown_one(self):
        done = self.run_feedwatch("entities", "show", "nort-korea", "--entities", "e.yaml", status=1)
        self.assertIn("there is no entity 'nort-korea'; did you mean 'north-korea'?", done.stderr)

    def test_find_shows_who_won(self):
        found = self.entities("find", "The Democratic People's Republic of Korea")
        self.assertIn("»Democratic People's Republic of Korea«", found)
        self.assertRegex(found, r"north-korea +name +Democratic People's Republic of Korea +yes")
        self.assertRegex(found, r"south-korea +name +Republic of Korea +no: .*north-korea")

    def test_find_as_json(self):
        mentions = self.json_of("entities", "find", "ein Süd: Kim, ROK", "--entities", "e.yaml")
        self.assertEqual([(m["entity"], m["counts"]) for m in mentions], [("kim", False), ("south-korea", True)])
        self.assertEqual(mentions[0]["lost_to"], "needs not met")
        text = "ein Süd: Kim, ROK".encode()
        self.assertEqual(text[mentions[1]["start"]:mentions[1]["end"]], b"ROK")

    def test_find_nothing(self):
        self.assertEqual(self.entities("find", "Nothing here"), "no entity is mentioned\n")

    def test_builtin(self):
        found = self.run_feedwatch("entities", "find", "Troops from Pyongyang", "--entities", "builtin:countries").stdout
        self.assertRegex(found, r"north-korea +metonym")


if __name__ == "__main__":
    unittest.main(verbosity=2)
