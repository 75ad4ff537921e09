#!/usr/bin/env python3
"""Prints line coverage by folder from the .gcda files of a build folder: coverage.py BUILD [--files]. Needs only gcov."""

import collections
import json
import os
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[1]


def read_counts(data_file):
    """[(source file, line, count)] of one object file; only sources in src/."""
    run = subprocess.run(["gcov", "--json-format", "--stdout", data_file.name], cwd=data_file.parent, capture_output=True, check=True)
    counts = []
    for document in run.stdout.splitlines():
        report = json.loads(document)
        for file in report["files"]:
            path = pathlib.Path(os.path.normpath(pathlib.Path(report["current_working_directory"], file["file"])))
            if path.is_relative_to(ROOT / "src"):
                counts += [(path.relative_to(ROOT), line["line_number"], line["count"]) for line in file["lines"]]
    return counts


def merge(all_counts):
    """source file → line → count; a header's lines are in many object files."""
    files = collections.defaultdict(lambda: collections.defaultdict(int))
    for counts in all_counts:
        for path, line, count in counts:
            files[path][line] += count
    return files


def print_row(name, lines):
    covered = sum(count > 0 for count in lines)
    print(f"{name:<36} {covered:>7} of {len(lines):>6} lines  {100 * covered / max(len(lines), 1):5.1f} %")


def main(build, by_file):
    data_files = sorted(pathlib.Path(build).rglob("*.gcda"))
    if not data_files:
        sys.exit(f"no .gcda files in '{build}': build with the preset 'coverage' and run the tests first")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        files = merge(pool.map(read_counts, data_files))
    folders = collections.defaultdict(list)
    for path, lines in files.items():
        folders[path.parent] += lines.values()
    for folder in sorted(folders):
        print_row(folder.as_posix(), folders[folder])
        for path in sorted(path for path in files if by_file and path.parent == folder):
            print_row("    " + path.name, list(files[path].values()))
    print_row("all", [count for lines in folders.values() for count in lines])


if __name__ == "__main__":
    main(sys.argv[1], "--files" in sys.argv[2:])
