#!/bin/bash
#
# From a fresh Debian 12 to a first alert: installs what the build needs, builds, serves the bundled feeds on this machine, watches them,
# and shows what it found. Ends with Ctrl-C; with --once, when the alerts were shown.
#
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

usage() {
        echo "Usage: scripts/quickstart.sh [--once]"
        echo
        echo "Installs the packages that the build needs, builds feedwatch, and runs it on four bundled feeds."
        echo "  --once   ends after the alerts were shown, instead of going on until Ctrl-C"
        echo
        echo "FEEDWATCH_QUICKSTART_BUILD  the folder to build in (build/quickstart)"
}

once=false
case "${1-}" in
        "") ;;
        --once) once=true ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
esac

build=${FEEDWATCH_QUICKSTART_BUILD:-build/quickstart}
mkdir -p "$build"
build_path=$(realpath "$build")
home=$build_path/demo
export PATH="$build_path/bin:$PATH" FEEDWATCH_CONFIG="$home/feedwatch.yaml"

say "1. Packages"
# shellcheck disable=SC2086
install_missing $build_packages $run_packages

say "2. Build"
launcher=()
! command -v ccache >/dev/null || launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache)
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_INSTALL_PREFIX=/usr -DBUILD_TESTING=OFF --log-level=WARNING \
        "${launcher[@]}"
quiet=()
[ -t 1 ] || quiet=(-- --quiet)
cmake --build "$build" "${quiet[@]}"

say "3. The bundled feeds, on a web server of this machine"
server= daemon=
finish() {
        trap - EXIT
        [ -z "$daemon" ] || { kill "$daemon" 2>/dev/null && wait "$daemon" || true; }
        [ -z "$server" ] || { exec 8>&-; wait "$server" || true; }
}
trap finish EXIT
trap 'exit 130' INT TERM
rm -rf "$home"
mkdir -p "$home"
cp -r config/quickstart/. "$home"
mkfifo "$home/server.in" "$home/server.out" "$home/ready"
scripts/demo_server.py feeds/demo 8642 <"$home/server.in" >"$home/server.out" &
server=$!
exec 8>"$home/server.in"
read -r port <"$home/server.out"
sed -i "s/127\.0\.0\.1:8642/127.0.0.1:$port/" "$home/feeds.d/demo.yaml"
echo "http://127.0.0.1:$port/"

say "4. feedwatchd watches them (configuration: config/quickstart)"
# Not the server's leash: a daemon that outlived this script would hold it.
feedwatchd --ready-fd 9 9>"$home/ready" 8>&- </dev/null &
daemon=$!
if ! read -r _ <"$home/ready"; then
        wait "$daemon" || true
        daemon=
        echo "feedwatchd did not start; the lines above say why." >&2
        exit 1
fi
feedwatch check --force >"$home/check"
tail -n 1 "$home/check"

say "5. What it alerted on ('feedwatch alerts list --long')"
feedwatch alerts list --long

say "6. The same in the log channel's file, one JSON object a line ($build/demo/state/alerts.jsonl)"
exec 7< <(exec tail --lines=+1 --follow=name --retry "$home/state/alerts.jsonl" 2>/dev/null) # delivery may still be under way
follower=$!
read -r line <&7
kill "$follower"
exec 7<&-
printf '%.400s…\n' "$line"

say "How to go on"
cat <<TEXT
  export PATH="$build_path/bin:\$PATH"
  feedwatch init                                   a configuration of your own, in ~/.config/feedwatch
  feedwatch feeds import feeds/world.opml          the world's news (feeds/ has more lists)
  \$EDITOR ~/.config/feedwatch/rules.d/*.yaml       your first rule; 'feedwatch rules lint' checks it
  feedwatch check                                  asks all feeds now
  feedwatchd                                       watches them from now on

  sudo cmake --install $build                      installs it; then 'systemctl --user enable --now feedwatchd'
  README.md, man feedwatch (docs/man/), docs/      more
TEXT

if ! $once; then
        say "Watching on. Change a file in feeds/demo and see; Ctrl-C ends it"
        feedwatch alerts follow
fi
