#!/usr/bin/env python3
"""Countries found in labelled news: the builtin gazetteer must not get worse.

    check.py --program build/bin/feedwatch --data ../shared/data

The labelled texts stand beside the repository and stay there; without them the test is skipped (exit status 77). The floors are
a little under what was reached, so that one country more or less in a document is no failure.
"""
import argparse
import json
import os
import subprocess
import sys

FLOORS = {"en": 0.975, "multi": 0.970}  # F1, micro


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--program", required=True)
    p.add_argument("--data", required=True)
    args = p.parse_args()
    script = os.path.join(args.data, "entities_eval.py")
    if not os.path.exists(script):
        print(f"skipped: there is no '{script}'")
        return 77
    failed = False
    for name, floor in FLOORS.items():
        run = subprocess.run([sys.executable, script, "--set", name, "--feedwatch", args.program, "--json"],
                             stdout=subprocess.PIPE, text=True, check=True)
        result = json.loads(run.stdout)
        precision, recall, f1 = result["micro"]
        print(f"{name}: precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}, at least {floor:.3f}; "
              f"traps {result['trapped']} of {result['traps']}")
        failed |= f1 < floor
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
