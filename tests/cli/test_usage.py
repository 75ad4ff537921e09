"""Arguments, --help, --version, and wrong usage."""

import os
import pty
import subprocess
import unittest

from cli import DEADLINE_SECONDS, FEEDWATCH, Case, commands


class Usage(Case):
    def wrong(self, *arguments, says):
        done = self.run_feedwatch(*arguments, status=2)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.splitlines()[0], says)
        self.assertIn("--help'", done.stderr.splitlines()[1])

    def test_help_of_everything(self):
        self.assertIn("feeds import", commands())
        for command in commands():
            text = self.run_feedwatch(*command.split(), "--help").stdout
            self.assertTrue(text.startswith(f"Usage: feedwatch {command} [OPTION…]"), text)
            for line in text.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_help_of_a_group_names_its_commands(self):
        text = self.run_feedwatch("entities", "--help").stdout
        self.assertIn("  entities find", text)
        self.assertNotIn("  feeds list", text)

    def test_version(self):
        self.assertRegex(self.run_feedwatch("--version").stdout, r"^feedwatch \d+\.\d+\.\d+\n$")
        self.assertRegex(self.run_feedwatch("match", "--version").stdout, r"^feedwatch ")

    def test_no_command(self):
        self.wrong(says="feedwatch: a command is missing")
        self.wrong("feeds", says="feedwatch feeds: a command is missing")

    def test_unknown_command_is_told_the_nearest(self):
        self.wrong("chekc", says="feedwatch: unknown command 'chekc'; did you mean 'check'?")
        self.wrong("entites", "list", says="feedwatch: unknown command 'entites'; did you mean 'entities'?")
        self.wrong("feeds", "imprt", says="feedwatch: unknown command 'feeds imprt'; did you mean 'feeds import'?")
        self.wrong("frobnicate", says="feedwatch: unknown command 'frobnicate'")

    def test_unknown_option_is_told_the_nearest(self):
        self.wrong("rules", "lint", "--stict", says="feedwatch rules lint: unknown option '--stict'; did you mean '--strict'?")
        self.wrong("rules", "lint", "-x", says="feedwatch rules lint: unknown option '-x'")

    def test_values_of_options(self):
        self.wrong("match", "--rules", says="feedwatch match: --rules needs a value: FILE…")
        self.wrong("rules", "lint", "--strict=1", says="feedwatch rules lint: --strict takes no value")
        self.wrong("entities", "list", "--kind", "planet",
                   says="feedwatch entities list: --kind: 'planet' is none of country|person|organization|place|product|topic")

    def test_arguments(self):
        self.wrong("parse", says="feedwatch parse: an argument is missing: FILE…|-")
        self.wrong("init", "here", says="feedwatch init: unexpected argument 'here'")
        self.wrong("feeds", "export", "--json", says="feedwatch feeds export: unknown option '--json'")

    def test_options_stand_anywhere_and_may_be_shortened(self):
        self.write("f/feedwatch.yaml", "")
        for arguments in (["--config", "f/feedwatch.yaml", "feeds", "export"], ["feeds", "-cf/feedwatch.yaml", "export"],
                          ["feeds", "export", "--conf=f/feedwatch.yaml"], ["feeds", "export", "-c", "f/feedwatch.yaml", "--"]):
            self.assertIn("<opml", self.run_feedwatch(*arguments).stdout)
        self.assertIn("missing", self.run_feedwatch("parse", "--", status=2).stderr)
        self.run_feedwatch("parse", "--", "--json", status=1)

    def test_no_configuration_says_what_to_do(self):
        done = self.run_feedwatch("feeds", "export", "--config", "gone.yaml", status=1)
        self.assertEqual(done.stderr, "error: there is no configuration 'gone.yaml'; 'feedwatch init' writes one to start from\n")

    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([FEEDWATCH, "--help"], stdout=full, stderr=subprocess.PIPE, env=self.environment(),
                                  timeout=DEADLINE_SECONDS)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot write", done.stderr)

    def on_terminal(self, *arguments, **environment):
        """What it prints on a terminal."""
        leader, follower = pty.openpty()
        process = subprocess.Popen([FEEDWATCH, *arguments], stdout=follower, stderr=subprocess.PIPE, cwd=self.dir,
                                   env=self.environment(**environment))
        os.close(follower)
        chunks = []
        while True:
            try:
                chunk = os.read(leader, 65536)
            except OSError:
                break
            if not chunk:
                break
            chunks.append(chunk)
        os.close(leader)
        process.communicate(timeout=DEADLINE_SECONDS)
        return b"".join(chunks).decode()

    def test_colour_is_for_terminals_and_can_be_refused(self):
        self.write("e.yaml", "entities:\n  - {id: korea, kind: country, names: [Korea]}\n")
        command = ("entities", "find", "Troops in Korea", "--entities", "e.yaml")
        self.assertIn("\033[1;33mKorea\033[0m", self.on_terminal(*command))
        self.assertNotIn("\033", self.on_terminal(*command, NO_COLOR="1"))
        self.assertNotIn("\033", self.on_terminal(*command, TERM="dumb"))
        self.assertNotIn("\033", self.on_terminal(*command, "--no-color"))
        self.assertIn("»Korea«", self.run_feedwatch(*command).stdout)

    def test_text_from_outside_does_not_act_on_a_terminal(self):
        self.write("e.yaml", "entities:\n  - {id: korea, kind: country, names: [Korea]}\n")
        shown = self.run_feedwatch("entities", "find", "Korea \033[2J\u202e x", "--entities", "e.yaml").stdout
        self.assertNotIn("\033", shown)
        self.assertNotIn("\u202e", shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
