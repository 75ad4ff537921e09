#!/bin/bash
#
# Builds for gcov, runs all tests, and prints which share of the lines of each folder they ran; with --files, of each file.
#
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1-}" in
        "" | --files) ;;
        *) echo "Usage: scripts/coverage.sh [--files]" >&2; exit 2 ;;
esac
cmake --preset coverage --log-level=WARNING
cmake --build --preset coverage
find build/coverage -name '*.gcda' -delete
ctest --preset coverage -j "$(nproc)" || echo "Some tests failed: the figures are too low."
scripts/coverage.py build/coverage "$@"
