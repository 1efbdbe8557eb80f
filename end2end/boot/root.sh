#!/usr/bin/env bash
# Makes the root file system of the boot test, once; prints its folder. Its name says what is in it, so that a change here makes a new one.
#   root.sh [ARCHITECTURE]     another than this machine's: where its programs start (end2end/arm64/emulated.sh)
set -euo pipefail
packages=systemd,systemd-sysv,dbus,init-system-helpers,libmariadb3,ca-certificates,curl,procps,sqlite3,bindfs,fuse3
cache=${XDG_CACHE_HOME:-$HOME/.cache}/winecellar/boot
root=$cache/root-$(printf '%s' "bookworm $packages${1:+ $1}" | sha256sum | cut -c1-12)
if [ ! -d "$root" ]; then
    command -v mmdebstrap >/dev/null || { echo "boot: mmdebstrap is missing: apt-get install mmdebstrap systemd-container" >&2; exit 1; }
    mkdir -p "$cache"
    # Whole or not at all.
    partial=$(mktemp -d "$cache/.root.XXXXXX")
    trap 'rm -rf "$partial"' EXIT
    chmod 755 "$partial"
    mmdebstrap --quiet --mode=root ${1:+"--architectures=$1"} --variant=minbase --include="$packages" bookworm "$partial" >&2
    rm -rf "$partial"/var/cache/apt/archives/*.deb "$partial"/var/lib/apt/lists/*
    mv "$partial" "$root"
fi
printf '%s\n' "$root"
