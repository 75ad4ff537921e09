#!/bin/bash
#
# Everything that has to hold before a change is taken, on a fresh Debian 12: installs the packages that are missing, checks the formatting,
# builds with gcc, with the sanitizers and with clang, runs the tests of each, and clang-tidy. Goes on after a step that failed, to show all.
#
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/packages.sh

all_steps="format release asan clang tidy"

usage() {
        cat <<TEXT
Usage: scripts/test.sh [STEP…]

Installs what the build and the tests need (only what is missing, with sudo if need be), then runs these steps, or only those named:
  format    clang-format finds nothing to change
  release   gcc, optimised: build, all tests
  asan      gcc with AddressSanitizer and UndefinedBehaviorSanitizer: build, all tests
  clang     clang with -Werror: build, unit tests and replay of the fuzz corpora
  tidy      clang-tidy on all sources
Exit status 0 if all of them passed. The output of each step is in build/test-logs/.
TEXT
}

steps=${*:-$all_steps}
for step in $steps; do
        case " $all_steps " in
                *" $step "*) ;;
                *)
                        [ "$step" = -h ] || [ "$step" = --help ] && { usage; exit 0; }
                        echo "unknown step '$step'; there are: $all_steps" >&2
                        usage >&2
                        exit 2
                        ;;
        esac
done

logs=build/test-logs
mkdir -p "$logs"
jobs=$(nproc)
launcher=()
command -v ccache >/dev/null && launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache)

c_files() {
        find . -path ./build -prune -o -name '*.[ch]' -print | sort
}

build() {
        cmake --preset "$1" --log-level=WARNING "${launcher[@]}" && cmake --build --preset "$1"
}

run_tests() {
        local preset=$1
        shift
        ctest --preset "$preset" -j "$jobs" "$@"
}

step_format() {
        c_files | xargs -n 20 -P "$jobs" clang-format --dry-run --Werror
}

step_release() {
        build release && run_tests release
}

step_asan() {
        build asan && run_tests asan
}

step_clang() {
        build clang && run_tests clang -L 'unit|fuzz'
}

# The analyser is run on one file at a time: with several it takes one file's va_list for another's.
step_tidy() {
        cmake --preset clang --log-level=WARNING "${launcher[@]}" &&
                find src -name '*.c' -print0 | sort -z | xargs -0 -n 1 -P "$jobs" clang-tidy -p build/clang --quiet
}

say "Packages"
# shellcheck disable=SC2086
install_missing $build_packages $run_packages $test_packages || exit 1

failed=()
summary=()
for step in $steps; do
        say "$step"
        started=$SECONDS
        if "step_$step" 2>&1 | tee "$logs/$step.log"; then
                result=passed
        else
                result=FAILED
                failed+=("$step")
        fi
        closing=$(grep -a 'tests passed, .* failed out of' "$logs/$step.log" | tail -1)
        summary+=("$(printf '%-8s %s in %d s%s' "$step" "$result" $((SECONDS - started)) "${closing:+: $closing}")")
done

say "Summary"
printf '%s\n' "${summary[@]}"
if [ ${#failed[@]} -gt 0 ]; then
        echo "Not everything passed: ${failed[*]} failed; their output is in $logs/."
        exit 1
fi
echo "Everything passed: ${steps[*]}."
