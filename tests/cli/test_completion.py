"""The completions, in the shells themselves. A shell that is not installed is skipped."""

import os
import pty
import select
import shutil
import subprocess
import unittest

from cli import BIN, DEADLINE_SECONDS, SOURCE, Case

CONFIG = "entities: [e.yaml]\nrules: [r.yaml]\n"


class Completion(Case):
    def setUp(self):
        super().setUp()
        self.write("feedwatch.yaml", CONFIG)
        self.write("feeds.d/l.yaml", "feeds:\n  - {url: 'https://x.example/', id: bbc-world, title: World}\n"
                                     "  - {url: 'https://y.example/', id: bbc-asia, title: Asia}\n")
        self.write("e.yaml", "entities:\n  - {id: north-korea, kind: country, names: [North Korea]}\n")
        self.write("r.yaml", "rules:\n  - {id: nk-troops, match: '@north-korea'}\n")

    def shell_environment(self):
        return self.environment(PATH=f"{BIN}:{os.environ['PATH']}", FEEDWATCH_CONFIG=str(self.dir / "feedwatch.yaml"))

    def shell(self, *command, stdin=None):
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, cwd=self.dir, env=self.shell_environment(),
                              timeout=DEADLINE_SECONDS)
        return done.stdout


class Program(Completion):
    def offers(self, *words):
        return [line.split("\t")[0] for line in self.shell(str(BIN / "feedwatch"), "__complete", *words).splitlines()]

    def test_commands(self):
        self.assertEqual(self.offers("fe"), ["feeds"])
        self.assertEqual(self.offers("feeds", "i"), ["import"])
        self.assertIn("match", self.offers(""))

    def test_options_of_the_command(self):
        self.assertIn("--strict", self.offers("rules", "lint", "--"))
        self.assertNotIn("--strict", self.offers("rules", "list", "--"))
        self.assertNotIn("--json", self.offers("feeds", "export", "--"))

    def test_values(self):
        self.assertEqual(self.offers("entities", "list", "--kind", "p"), ["person", "place", "product"])
        self.assertEqual(self.offers("entities", "list", "--kind=pe"), ["--kind=person"])
        self.assertEqual(self.offers("match", "--rules", "a.yaml", ""), [":files"])
        self.assertEqual(self.offers("rules", "lint", ""), [":files"])

    def test_ids(self):
        self.assertEqual(self.offers("check", "bbc-w"), ["bbc-world"])
        self.assertEqual(self.offers("entities", "show", ""), ["north-korea"])
        self.assertEqual(self.offers("alerts", "list", "--rule", "n"), ["nk-troops"])
        self.assertEqual(self.offers("check", "--config", "gone.yaml", ""), [])


@unittest.skipUnless(shutil.which("bash"), "bash is not installed")
class Bash(Completion):
    def offers(self, *words):
        quoted = " ".join(f"'{word}'" for word in ("feedwatch", *words))
        script = (f"source '{SOURCE}/completions/feedwatch.bash'\nCOMP_WORDS=({quoted})\nCOMP_CWORD={len(words)}\n"
                  "_feedwatch\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n")
        return self.shell("bash", "--norc", "-c", script).split()

    def test_it_is_registered(self):
        self.assertIn("_feedwatch", self.shell("bash", "-c", f"source '{SOURCE}/completions/feedwatch.bash'; complete -p feedwatch"))

    def test_words(self):
        self.assertEqual(self.offers("fe"), ["feeds"])
        self.assertEqual(self.offers("rules", "lint", "--st"), ["--strict"])
        self.assertEqual(self.offers("check", "bbc-"), ["bbc-world", "bbc-asia"])

    def test_value_after_an_equals_sign(self):
        self.assertEqual(self.offers("entities", "list", "--kind", "=", "pe"), ["person"])
        self.assertEqual(self.offers("entities", "list", "--kind", "="), ["country", "person", "organization", "place", "product", "topic"])

    def test_files(self):
        self.assertEqual(self.offers("rules", "lint", "r."), ["r.yaml"])


@unittest.skipUnless(shutil.which("fish"), "fish is not installed")
class Fish(Completion):
    def offers(self, line):
        script = f"source '{SOURCE}/completions/feedwatch.fish'; complete -C '{line}'"
        return [offer.split("\t")[0] for offer in self.shell("fish", "--no-config", "-c", script).splitlines()]

    def test_words(self):
        self.assertEqual(self.offers("feedwatch fe"), ["feeds"])
        self.assertEqual(self.offers("feedwatch rules lint --st"), ["--strict"])
        self.assertEqual(sorted(self.offers("feedwatch check bbc-")), ["bbc-asia", "bbc-world"])

    def test_value_after_an_equals_sign(self):
        self.assertEqual(self.offers("feedwatch entities list --kind=pe"), ["--kind=person"])

    def test_files(self):
        self.assertEqual(self.offers("feedwatch rules lint r."), ["r.yaml"])


@unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
class Zsh(Completion):
    """On a terminal of its own, since that is the only place where zsh completes."""

    def setUp(self):
        super().setUp()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(self.dir)
            os.execvpe("zsh", ["zsh", "-f", "-i"], {**self.shell_environment(), "PS1": "", "TERM": "dumb"})
        self.addCleanup(self.end)
        self.type(f"fpath=({SOURCE}/completions $fpath); autoload -Uz compinit; compinit -u -D; print rea''dy\n")
        self.read_until("ready")

    def end(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)

    def type(self, text):
        os.write(self.terminal, text.encode())

    def read_until(self, wanted):
        seen = ""
        while wanted not in seen:
            if not select.select([self.terminal], [], [], DEADLINE_SECONDS)[0]:
                self.fail(f"zsh did not show {wanted!r} but {seen!r}")
            seen += os.read(self.terminal, 65536).decode(errors="replace")
        return seen

    def test_a_command(self):
        self.type("feedwatch fe\t")
        self.read_until("feedwatch feeds")

    def test_an_option(self):
        self.type("feedwatch rules lint --st\t")
        self.read_until("--strict")

    def test_ids_with_their_descriptions(self):
        self.type("feedwatch check bbc-\t\t")
        seen = self.read_until("World")
        self.assertIn("bbc-asia", seen)

    def test_files(self):
        self.type("feedwatch rules lint r.\t")
        self.read_until("r.yaml")


if __name__ == "__main__":
    unittest.main(verbosity=2)
