#!/usr/bin/env bash
# Makes a Debian for a test to boot, once; prints its folder. The folder's name says what is in it, so that a change makes a new one.
#   debian.sh TEST SUITE PACKAGES [ARCHITECTURE]     packages with commas between; another architecture: where its programs start
set -euo pipefail
test=$1 suite=$2 packages=$3 architecture=${4:-}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/winecellar/$test
folder=$cache/root-$(printf '%s' "$suite $packages${architecture:+ $architecture}" | sha256sum | cut -c1-12)
if [ ! -d "$folder" ]; then
    command -v mmdebstrap >/dev/null || { echo "$test: mmdebstrap is missing: apt-get install mmdebstrap" >&2; exit 1; }
    mkdir -p "$cache"
    # Whole or not at all.
    partial=$(mktemp -d "$cache/.root.XXXXXX")
    trap 'rm -rf "$partial"' EXIT
    chmod 755 "$partial"
    # The security archive too: Debian's browser comes from there.
    mmdebstrap --quiet --mode=root ${architecture:+"--architectures=$architecture"} --variant=minbase --include="$packages" "$suite" "$partial" - >&2 <<SOURCES
deb http://deb.debian.org/debian $suite main
deb http://deb.debian.org/debian $suite-updates main
deb http://deb.debian.org/debian-security $suite-security main
SOURCES
    rm -rf "$partial"/var/cache/apt/*.bin "$partial"/var/cache/apt/archives/*.deb "$partial"/var/lib/apt/lists/*
    mv "$partial" "$folder"
fi
printf '%s\n' "$folder"
