"""The manual pages: clean, and in step with --help and with the settings."""

import json
import re
import shutil
import subprocess
import unittest

from cli import BIN, SOURCE, Case, commands

MAN = SOURCE / "docs/man"
COMMON = {"--config", "--json", "--no-color", "--help", "--version"}


def source(page):
    return (MAN / page).read_text()


def documented_options(text):
    """The long options that a piece of mdoc lists with .It."""
    return {f"--{name}" for line in text.splitlines() if line.startswith(".It ") for name in re.findall(r"Fl -([a-z-]+)", line)}


def help_options(text):
    return set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", text, re.MULTILINE))


class Manual(Case):
    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_pages_are_clean(self):
        for page in MAN.glob("*.[1-8]"):
            done = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], capture_output=True, text=True)
            self.assertEqual(done.stdout + done.stderr, "", page)

    def test_every_command_has_a_section_and_every_section_a_command(self):
        sections = re.findall(r"^\.Ss (.*)$", source("feedwatch.1"), re.MULTILINE)
        self.assertEqual(sections, commands())

    def test_options_of_commands(self):
        text = source("feedwatch.1")
        for command in commands():
            section = text.split(f".Ss {command}\n")[1]
            section = re.split(r"^\.S[sh] ", section, flags=re.MULTILINE)[0]
            shown = help_options(self.run_feedwatch(*command.split(), "--help").stdout) - COMMON
            self.assertEqual(documented_options(section), shown, command)

    def test_common_options(self):
        section = source("feedwatch.1").split(".Sh OPTIONS\n")[1].split("\n.Sh ")[0]
        self.assertEqual(documented_options(section), COMMON)
        self.assertEqual(help_options(self.run_feedwatch("--help").stdout), COMMON)

    def test_options_of_the_other_programs(self):
        for program, page in (("feedwatchd", "feedwatchd.8"), ("feedwatch-desktop", "feedwatch-desktop.1")):
            if not (BIN / program).exists():
                continue
            shown = help_options(subprocess.run([BIN / program, "--help"], capture_output=True, text=True, check=True).stdout)
            self.assertEqual(documented_options(source(page)), shown, program)

    def test_settings(self):
        """Through the schema, which a unit test holds in step with the table of settings."""
        schema = json.loads((SOURCE / "config/schema/feedwatch.schema.json").read_text())
        page = source("feedwatch.yaml.5")
        listed = set(re.findall(r"\w+", " ".join(re.findall(r"^\.It Cm (.*)$", page, re.MULTILINE))))
        names = set()

        def collect(properties, sections):
            for name, value in properties.items():
                nested = value.get("properties") or value.get("additionalProperties", {}) and value["additionalProperties"].get("properties")
                if value.get("properties") is None:
                    names.add(name)
                if nested:
                    collect(nested, sections)

        collect(schema["properties"], [])
        feed = {"url", "id", "title", "tags", "interval", "language", "auth", "headers"}
        refused = {"quiet_hours", "health", "heartbeat"}
        self.assertEqual(names | feed | refused, listed)

    def test_defaults(self):
        schema = json.loads((SOURCE / "config/schema/feedwatch.schema.json").read_text())
        page = source("feedwatch.yaml.5")
        for section in ("poll", "store"):
            text = re.split(r"^\.S[sh] ", page.split(f".Ss {section}\n")[1], flags=re.MULTILINE)[0]
            for name, value in schema["properties"][section]["properties"].items():
                item = text.split(f".It Cm {name}\n")[1].split("\n.It ")[0]
                if "default" in value and name != "user_agent":
                    self.assertIn(value["default"], item, name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
