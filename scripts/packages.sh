# What Debian 12 has to have, and the installing of what is missing. Sourced by quickstart.sh and test.sh.

build_packages="cmake gcc ninja-build pkg-config
        libcurl4-openssl-dev libfyaml-dev libicu-dev libjansson-dev libmicrohttpd-dev libnotify-dev libpcre2-dev
        libseccomp-dev libsqlite3-dev libstemmer-dev libsystemd-dev libxml2-dev libxxhash-dev"

# The demonstration's web server, and the web's certificates.
run_packages="ca-certificates python3"

test_packages="bash-completion check clang clang-format clang-tidy dbus dbus-x11 dunst fish imagemagick libclang-rt-14-dev libsubunit-dev mandoc
        procps python3 python3-jsonschema python3-yaml sqlite3 systemd x11-utils xauth xdotool xvfb zsh"

say() {
        printf '\n\033[1m== %s\033[0m\n' "$*"
}

as_root() {
        if [ "$(id -u)" = 0 ]; then
                "$@"
        elif command -v sudo >/dev/null; then
                sudo "$@"
        else
                echo "These packages are missing and neither root nor sudo is at hand; as root, run:" >&2
                echo "    $*" >&2
                return 1
        fi
}

# install_missing PACKAGE…
install_missing() {
        local package missing=()
        for package in "$@"; do
                [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
        done
        if [ ${#missing[@]} = 0 ]; then
                echo "All packages are there."
                return 0
        fi
        echo "Installing: ${missing[*]}"
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}
