#!/usr/bin/env python3
"""Alerts as they are composed are what config/schema/alert.schema.json promises, and nothing more; the schema refuses what is none."""

import copy
import json
import re
import subprocess
import sys
import unittest

import jsonschema

PROGRAM, SCHEMA, MANUAL = sys.argv[1:4]


class AlertSchema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(SCHEMA, encoding="utf-8") as file:
            cls.schema = json.load(file)
        cls.validator = jsonschema.Draft202012Validator(cls.schema)
        output = subprocess.run([PROGRAM], check=True, capture_output=True).stdout.decode()
        cls.alerts = [json.loads(line) for line in output.splitlines()]

    def test_the_schema_is_one(self):
        jsonschema.Draft202012Validator.check_schema(self.schema)

    def test_composed_alerts_are_valid(self):
        self.assertEqual(len(self.alerts), 3)
        for alert in self.alerts:
            self.validator.validate(alert)

    def test_the_schema_knows_every_member(self):
        def known(value, schema, path):
            if "$ref" in schema:
                schema = self.schema["$defs"][schema["$ref"].rsplit("/", 1)[1]] | schema
            if isinstance(value, dict):
                for key, member in value.items():
                    self.assertIn(key, schema.get("properties", {}), f"{path}.{key}")
                    known(member, schema["properties"][key], f"{path}.{key}")
            if isinstance(value, list):
                for member in value:
                    known(member, schema["items"], f"{path}[]")

        for alert in self.alerts:
            known(alert, self.schema, "alert")

    def test_the_manuals_example_is_one_of_them(self):
        with open(MANUAL, encoding="utf-8") as file:
            example = re.search(r"```json\n(.*?)```", file.read(), re.S).group(1)
        self.assertEqual(json.loads(example), self.alerts[0])

    def test_what_is_no_alert_is_refused(self):
        def refused(change):
            alert = copy.deepcopy(self.alerts[0])
            change(alert)
            self.assertFalse(self.validator.is_valid(alert), alert)

        for key in ("id", "time", "kind", "reason", "severity", "rule", "rule_name", "item", "matches", "story"):
            refused(lambda alert: alert.pop(key))
        for key in ("id", "title", "url", "published", "language", "excerpt", "marks", "feed"):
            refused(lambda alert: alert["item"].pop(key))
        refused(lambda alert: alert.update(id="01jayq"))
        refused(lambda alert: alert.update(kind="other"))
        refused(lambda alert: alert.update(severity="fatal"))
        refused(lambda alert: alert.update(time="2024-10-24T10:31:02+02:00"))
        refused(lambda alert: alert["matches"][0].update(field="headline"))
        refused(lambda alert: alert["matches"][0].update(start=-1))
        refused(lambda alert: alert["item"].update(id="42"))
        refused(lambda alert: alert["story"].update(feeds=0))

    def test_kinds_without_an_item_are_alerts(self):
        self.validator.validate({"id": self.alerts[0]["id"], "time": "2024-10-24T08:31:02Z", "kind": "health", "severity": "warning",
                                 "reason": "feed bbc-world fails for 6 h"})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
