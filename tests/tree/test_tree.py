#!/usr/bin/env python3
"""Checks what the compiler does not: which room includes which, how long files and functions are, and that no source, test or
fuzz target was forgotten, and that links lead somewhere."""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SRC = ROOT / "src"

LONGEST_FILE = 700
LONGEST_FUNCTION = 70
LONGEST_LINE = 160  # the formatter's 120, and what it cannot break: texts and comments

# room: the rooms that it may include, besides itself and base. Arrows point down; docs/architecture.md has the map.
ALLOWED = {
    "base": set(),
    "text": set(),
    "feed": {"text"},
    "rule": {"text", "feed"},
    "config": {"text", "feed", "rule"},
    "engine": {"text", "feed", "rule", "config"},
    "fetch": {"text", "feed", "config"},
    "store": {"text", "feed", "rule", "config"},
    "alert": {"text", "feed", "rule", "config", "store"},
    "control": {"text", "feed", "rule", "config", "engine", "fetch", "store", "alert"},
    "desktop": {"text", "feed", "rule", "config", "store", "alert", "control"},
    "cli": {"text", "feed", "rule", "config", "engine", "store", "alert", "control"},
    "daemon": {"text", "feed", "rule", "config", "engine", "fetch", "store", "alert", "control"},
    "api": {"text", "feed", "rule"},
}

# header of a foreign library: the rooms that are its home.
HOMES = {
    r"sqlite3\.h": {"store"},
    r"libxml/": {"feed"},
    r"curl/": {"fetch", "control", "feed", "config", "alert", "cli", "desktop"},
    r"microhttpd\.h": {"control"},
    r"seccomp\.h": {"engine"},
    r"libfyaml\.h": {"base"},
    r"libnotify/": {"desktop"},
    r"pcre2\.h": {"rule"},
    r"libstemmer\.h": {"text"},
    r"xxhash\.h": {"base"},
    r"unicode/": {"text", "feed", "rule"},
}

# text, feed and rule are pure: bytes in, values out.
PURE = ("text", "feed", "rule")
IMPURE = re.compile(r"\b(fopen|freopen|open|openat|creat|read|write|recv|send|socket|connect|clock_gettime|time|gettimeofday|getenv"
                    r"|system|popen|fork|execve|printf|fprintf|perror|fw_log|fw_file_\w+|fw_clock_system)\s*\(")


def sources(*folders, suffixes=(".c", ".h")):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                yield path


def name(path):
    return path.relative_to(ROOT).as_posix()


def without_comments(text):
    """The code, line for line, with comments and the contents of strings taken out."""
    pattern = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)
    return pattern.sub(lambda m: "\n" * m.group().count("\n") + ('""' if m.group()[0] == '"' else " "), text)


def without_code(text):
    """A page in Markdown, with what stands in code blanked out, at the same places."""
    return re.sub(r"^```.*?^```|`[^`\n]+`", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S | re.M)


def anchors(text):
    """The anchors that GitHub gives a page's headings."""
    headings = re.findall(r"^#+ +(.+?) *#*$", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


class Tree(unittest.TestCase):
    def check(self, findings):
        self.assertFalse(findings, "\n" + "\n".join(findings))

    def test_includes_point_down(self):
        findings = []
        for path in sources("src"):
            room = path.relative_to(SRC).parts[0]
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = re.match(r'#include "([^"]+)"', line)
                if not match:
                    continue
                included = match.group(1)
                other = included.split("/")[0]
                if "/" not in included:
                    findings.append(f'{name(path)}:{number}: "{included}" must be written from src/: "room/{included}"')
                elif other == "feedwatch":
                    if room not in ("api", "cli") or not (ROOT / "include" / included).is_file():
                        findings.append(f"{name(path)}:{number}: a public header is for the library's own room")
                elif other not in ALLOWED:
                    findings.append(f"{name(path)}:{number}: unknown room '{other}'")
                elif other not in ALLOWED[room] | {room, "base"}:
                    findings.append(f"{name(path)}:{number}: {room} must not include {other}")
        self.check(findings)

    def test_foreign_libraries_stay_at_home(self):
        findings = []
        for path in sources("src"):
            room = path.relative_to(SRC).parts[0]
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = re.match(r"#include <([^>]+)>", line)
                for header, homes in HOMES.items():
                    if match and re.match(header, match.group(1)) and room not in homes:
                        findings.append(f"{name(path)}:{number}: <{match.group(1)}> belongs to {', '.join(sorted(homes))}")
        self.check(findings)

    def test_pure_rooms_do_no_io(self):
        findings = []
        for path in sources(*(f"src/{room}" for room in PURE)):
            for number, line in enumerate(without_comments(path.read_text()).splitlines(), 1):
                match = IMPURE.search(line)
                if match:
                    findings.append(f"{name(path)}:{number}: {match.group(1)}() in a room that does no input or output")
        self.check(findings)

    def test_a_source_includes_its_own_header_first(self):
        findings = []
        for path in sources("src", suffixes=(".c",)):
            own = [header for header in (path.with_suffix(".h"), path.with_name(path.stem + "_internal.h")) if header.exists()]
            includes = re.findall(r'^#include [<"]([^>"]+)[>"]', path.read_text(), re.M)
            if own and includes[:1] not in [[header.relative_to(SRC).as_posix()] for header in own]:
                findings.append(f"{name(path)}: must include its own header first")
        self.check(findings)

    def test_headers_say_what_they_are(self):
        findings = []
        for path in sources("src", "include", suffixes=(".h",)):
            text = path.read_text()
            if "#pragma once" not in text and "#ifndef" not in text:
                findings.append(f"{name(path)}: can be included twice")
            if not text.startswith("/*"):
                findings.append(f"{name(path)}: begins without saying what it is")
        self.check(findings)

    def test_files_and_lines_are_short_enough(self):
        findings = []
        for path in sources("src", "include", "tests", suffixes=(".c", ".h", ".py")):
            lines = path.read_text().splitlines()
            if len(lines) > LONGEST_FILE:
                findings.append(f"{name(path)}: {len(lines)} lines; split it by what it does")
            for number, line in enumerate(lines, 1):
                if path.suffix != ".py" and len(line) > LONGEST_LINE:
                    findings.append(f"{name(path)}:{number}: {len(line)} characters in a line")
                if line != line.rstrip():
                    findings.append(f"{name(path)}:{number}: white space at the end of the line")
        self.check(findings)

    def test_functions_fit_on_a_screen(self):
        findings = []
        for path in sources("src", "tests", suffixes=(".c",)):
            start = None
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if line == "{":
                    start = number
                elif line.startswith("}") and start is not None:
                    if number - start - 1 > LONGEST_FUNCTION:
                        findings.append(f"{name(path)}:{start}: a function of {number - start - 1} lines")
                    start = None
        self.check(findings)

    def test_nothing_is_left_to_do(self):
        findings = []
        marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
        for path in sources("src", "include", "tests", "cmake", "scripts", suffixes=(".c", ".h", ".py", ".sh", ".cmake", ".txt")):
            if path == pathlib.Path(__file__).resolve():
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if marks.search(line):
                    findings.append(f"{name(path)}:{number}: {marks.search(line).group()}")
        self.check(findings)

    def test_every_source_is_built(self):
        findings = []
        for folder in [*SRC.iterdir(), *(ROOT / "tests" / "unit").iterdir(), ROOT / "tests" / "fuzz"]:
            if not (folder / "CMakeLists.txt").is_file():
                continue
            lists = "".join(path.read_text() for path in folder.rglob("CMakeLists.txt"))
            for path in sorted(folder.rglob("*.c")):
                if path.name not in lists and "GLOB" not in lists and "foreach" not in lists:
                    findings.append(f"{name(path)}: is in no CMakeLists.txt")
        self.check(findings)

    def test_every_fuzz_target_has_a_corpus(self):
        fuzz = ROOT / "tests" / "fuzz"
        targets = set()
        for path in ROOT.joinpath("tests").rglob("CMakeLists.txt"):
            targets |= set(re.findall(r"^\s*fw_fuzz_target\((\w+)", path.read_text(), re.M))
        corpora = {path.name for path in (fuzz / "corpus").iterdir() if path.is_dir() and any(path.iterdir())}
        self.check([f"tests/fuzz/corpus/{target}: is missing or empty" for target in sorted(targets - corpora)] +
                   [f"tests/fuzz/corpus/{corpus}: no such fuzz target" for corpus in sorted(corpora - targets)])

    def test_relative_links_lead_to_a_file(self):
        findings = []
        for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md")]:
            text = page.read_text()
            for match in re.finditer(r"""\]\(\s*<?([^)\s>]+)|\b(?:src|href)=["']([^"']+)""", without_code(text)):
                link = match.group(1) or match.group(2)
                if re.match(r"[a-z][a-z0-9+.-]*:", link):
                    continue
                path, _, anchor = link.partition("#")
                target = (page.parent / path).resolve() if path else page
                number = text[: match.start()].count("\n") + 1
                if not target.exists():
                    findings.append(f"{name(page)}:{number}: {link}: there is no such file")
                elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text()):
                    findings.append(f"{name(page)}:{number}: {link}: there is no such heading")
        self.check(findings)

    def test_every_kind_of_test_is_listed(self):
        listed = set(re.findall(r"^\| `([a-z]+)/", (ROOT / "tests/README.md").read_text(), re.M))
        folders = {path.name for path in (ROOT / "tests").iterdir() if (path / "CMakeLists.txt").is_file()} | {"unit"}
        self.check([f"tests/README.md: says nothing of {folder}/" for folder in sorted(folders - listed)] +
                   [f"tests/README.md: there is no {folder}/" for folder in sorted(listed - folders)])


if __name__ == "__main__":
    sys.exit(unittest.main())
