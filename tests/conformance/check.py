#!/usr/bin/env python3
"""Runs the feed conformance cases on a program and fails if fewer hold than did before.

    check.py --program PATH --cases DIR --floor FILE [--batch N]

DIR holds run.py with its cases; without it the exit status is 77 (skipped). FILE holds the number of assertions that must hold at
least: raise it when the score rises. $FEEDWATCH_CONFORMANCE names another DIR.
"""
import argparse
import os
import re
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser(description="feed conformance against a floor")
    parser.add_argument("--program", required=True)
    parser.add_argument("--cases", required=True)
    parser.add_argument("--floor", required=True)
    parser.add_argument("--batch", default="40")
    options = parser.parse_args()
    runner = os.path.join(os.environ.get("FEEDWATCH_CONFORMANCE", options.cases), "run.py")
    if not os.path.exists(runner):
        print("skipped: no", runner)
        return 77
    with open(options.floor, encoding="utf-8") as file:
        floor = int(file.read())
    answer = subprocess.run([sys.executable, runner, "--feedwatch", options.program, "--batch", options.batch],
                            stdout=subprocess.PIPE, text=True, check=False)
    print(answer.stdout)
    score = re.search(r"^(\d+) passed, (\d+) failed$", answer.stdout, re.MULTILINE)
    if not score:
        print("the runner gave no score")
        return 1
    passed = int(score[1])
    print("%d hold, at least %d must" % (passed, floor))
    return 0 if passed >= floor else 1


if __name__ == "__main__":
    sys.exit(main())
