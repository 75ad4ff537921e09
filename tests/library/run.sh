#!/bin/sh
# run.sh CMAKE BUILD-FOLDER SOURCE-FOLDER: installs libfeedwatch, looks at what it exports, builds and runs the example.
set -eu
cmake=$1 build=$2 source=$3
here=$source/tests/library
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$cmake" --install "$build" --prefix "$work/usr" --component library >"$work/install.log"
pc=$(find "$work/usr" -name feedwatch.pc)
library=$(find "$work/usr" -name libfeedwatch.so.0)
[ -n "$pc" ] && [ -n "$library" ] || { echo "not installed:"; cat "$work/install.log"; exit 1; }
export PKG_CONFIG_PATH="${pc%/*}"
export LD_LIBRARY_PATH="${library%/*}"

foreign=$(nm -D --defined-only "$library" | awk '{ print $3 }' | grep -v '^feedwatch_' || true)
[ -z "$foreign" ] || { echo "exported, but not part of the interface:"; echo "$foreign"; exit 1; }
missing=$(grep -o 'feedwatch_[a-z_]*(' "$source/include/feedwatch/feedwatch.h" | tr -d '(' | sort -u |
        while read -r name; do nm -D --defined-only "$library" | grep -q " $name\$" || echo "$name"; done)
[ -z "$missing" ] || { echo "declared, but not exported:"; echo "$missing"; exit 1; }

run() {
        "$1" "$here/rules.yaml" "$here/entities.yaml" <"$here/feed.xml" >"$work/out" 2>"$work/err" ||
                { echo "$1 failed:"; cat "$work/err"; exit 1; }
        diff -u "$here/expected" "$work/out"
}

# shellcheck disable=SC2046,SC2086
$CC -std=c11 -Wall -Wextra -Werror ${CFLAGS:-} "$source/examples/match.c" -o "$work/match" $(pkg-config --cflags --libs feedwatch)
run "$work/match"

rm "${library%/*}"/libfeedwatch.so*
# shellcheck disable=SC2046,SC2086
$CC -std=c11 ${CFLAGS:-} "$source/examples/match.c" -o "$work/match-static" $(pkg-config --static --cflags --libs feedwatch)
run "$work/match-static"

if command -v c++ >/dev/null; then
        echo '#include <feedwatch/feedwatch.h>
        int main() { return feedwatch_version()[0] == 0; }' >"$work/header.cc"
        # shellcheck disable=SC2046
        c++ -fsyntax-only -Wall -Wextra -Werror $(pkg-config --cflags feedwatch) "$work/header.cc"
fi
