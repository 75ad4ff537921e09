#!/usr/bin/env python3
"""The JSON Schemas that editors use accept every rule and entity file that we ship or show, and refuse broken ones.

    check.py SCHEMA_DIR ROOT

Python 3.9+, python3-jsonschema, python3-yaml.
"""
import glob
import json
import os
import re
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2's core schema: NO is a string, 1e3 a number."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
        ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
        ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
        ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
        ("null", r"^(?:~|null|Null|NULL|)$", "~nN\0")):
    Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), list(first) + ([""] if tag == "null" else []))

BROKEN_RULES = """
rules: troops
rules: [{match: troops}]
rules: [{id: r}]
rules: [{id: r, match: [a, b]}]
rules: [{id: r, match: a, severty: critical}]
rules: [{id: r, match: a, severity: urgent}]
rules: [{id: r, match: a, status: off}]
rules: [{id: r, match: a, feeds: {tag: world}}]
rules: [{id: r, match: a, feeds: {}}]
rules: [{id: r, match: a, except: {except: {ids: [x]}}}]
rules: [{id: r, match: a, stories: {alert_again_at: [1]}}]
rules: [{id: r, match: a, realert: soon}]
rules: [{id: r, match: a, when: {count: 10}}]
rules: [{id: r, match: a, when: {count: 10, within: 1h, spike: 2}}]
rules: [{id: r, match: a, when: {new: person, baseline: 1d}}]
define: {a b: x}
define: {a: {}}
define: {a: {path: x}}
rule: []
"""
BROKEN_ENTITIES = """
entities: korea
entities: [{names: [x]}]
entities: [{id: x}]
entities: [{id: x y, names: [x]}]
entities: [{id: x, kind: contry, names: [x]}]
entities: [{id: x, country: korea}]
entities: [{id: x, nmes: [x], names: [x]}]
entities: [{id: x, names: {a: b}}]
entity: []
"""


def read(text):
    return yaml.load(text, Loader)


def shipped(root, folder):
    found = glob.glob(os.path.join(root, "config", "*", folder, "*.yaml"))
    return found + (glob.glob(os.path.join(root, "config", "builtin", "*.yaml")) if folder == "entities.d" else [])


def examples(root, key):
    """The files of the rule-language cases that are right."""
    with open(os.path.join(root, "tests", "rulecases", "cases.jsonl"), encoding="utf-8") as file:
        for case in map(json.loads, file):
            if key in case and case["expect"] != "error":
                yield case["id"], case[key]


def shown(root, key):
    """The files in the user's guide: blocks that begin with `rules:`, `define:` or `entities:`."""
    path = os.path.join(root, "docs", "rule-language.md")
    text = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
    starts = ("entities:",) if key == "entities" else ("rules:", "define:")
    for block in re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S):
        if block.startswith(starts):
            yield "docs/rule-language.md", block


def check(schema_dir, root, key, folder, broken):
    with open(os.path.join(schema_dir, key + ".schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    wrong, seen = [], 0
    good = [(path, open(path, encoding="utf-8").read()) for path in shipped(root, folder)]
    for name, text in good + list(examples(root, key)) + list(shown(root, key)):
        seen += 1
        wrong += [f"{name}: {e.message} at {'/'.join(map(str, e.path))}" for e in validator.iter_errors(read(text))]
    for line in broken.strip().splitlines():
        seen += 1
        if validator.is_valid(read(line)):
            wrong.append(f"accepted: {line}")
    print(f"{key}: {seen} files, {len(wrong)} wrong")
    return wrong


def main():
    schema_dir, root = sys.argv[1:]
    wrong = check(schema_dir, root, "rules", "rules.d", BROKEN_RULES)
    wrong += check(schema_dir, root, "entities", "entities.d", BROKEN_ENTITIES)
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
