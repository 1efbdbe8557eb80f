#!/usr/bin/env bash
# Makes the Debian that the screen test boots, once; prints its folder. A kernel, what the kiosk's package depends on and
# nothing that it does not name: a dependency that is missing there is missing here. Its name says what is in it.
#   root.sh [SUITE]     bookworm (Debian 12), trixie (13)
set -euo pipefail
. "$(dirname "$0")/../../scripts/env.sh"
suite=${1:-bookworm}
# The first of alternatives, without versions. What follows them any box has; libmariadb3 is the other package's.
depends=$(sed -n 's/^Depends: //p' "$root/packaging/winecellar-kiosk/control" | tr ',' '\n' | sed 's/|.*//; s/(.*//; s/ //g; /^$/d' | paste -sd,)
# python3 plays the finger (guest/finger.py), nothing of the kiosk needs it.
packages=$depends,systemd-sysv,udev,dbus,libmariadb3,ca-certificates,procps,libpam-systemd,fonts-dejavu-core,linux-image-amd64,python3
cache=${XDG_CACHE_HOME:-$HOME/.cache}/winecellar/screen
folder=$cache/root-$(printf '%s' "$suite $packages" | sha256sum | cut -c1-12)
if [ ! -d "$folder" ]; then
    command -v mmdebstrap >/dev/null || { echo "screen: mmdebstrap is missing: scripts/setup.sh screen" >&2; exit 1; }
    mkdir -p "$cache"
    # Whole or not at all.
    partial=$(mktemp -d "$cache/.root.XXXXXX")
    trap 'rm -rf "$partial"' EXIT
    chmod 755 "$partial"
    # The security archive too: Debian's browser comes from there.
    mmdebstrap --quiet --mode=root --variant=minbase --include="$packages" "$suite" "$partial" - >&2 <<SOURCES
deb http://deb.debian.org/debian $suite main
deb http://deb.debian.org/debian $suite-updates main
deb http://deb.debian.org/debian-security $suite-security main
SOURCES
    rm -rf "$partial"/var/cache/apt/*.bin "$partial"/var/cache/apt/archives/*.deb "$partial"/var/lib/apt/lists/*
    mv "$partial" "$folder"
fi
printf '%s\n' "$folder"
