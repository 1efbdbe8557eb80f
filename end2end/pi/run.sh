#!/usr/bin/env bash
# `make pi-test`: packaging/pi.sh, the one command for a fresh Raspberry Pi OS Lite, in a freshly booted Debian of its age. Root only; the
# packages that ours need come over the network (150 MB), as they do on a Pi. The log stays in $CARGO_TARGET_DIR/pi-test.
#   run.sh [--suite bookworm|trixie] [--program FILE] [--site DIR]     default: bookworm, the release build
set -euo pipefail
. "$(dirname "$0")/../../scripts/env.sh"
here=$root/end2end/pi test=pi suite=bookworm
. "$here/../booting.sh"
take "$@"
[ "$(id -u)" = 0 ] || die "a container with its own systemd needs root: sudo make pi-test"
# The guest has this machine's network, and so its ports.
! (: </dev/tcp/127.0.0.1/8000) 2>/dev/null || die "port 8000 is taken: stop what listens there"
# What a Lite has and a bare Debian lacks; nothing of what the packages have to name themselves.
lower=$("$here/../debian.sh" pi "$suite" systemd-sysv,dbus,udev,sudo,ca-certificates,procps,libpam-systemd)
layer pi-test 25 "$here/guest"
"$root/packaging/deb.sh" --fast --program "$program" --site "$site" --out "$work/upper/probe" >/dev/null
cp "$root/packaging/pi.sh" "$work/upper/probe/"
cp -L /etc/resolv.conf "$work/upper/etc/resolv.conf"
live 1800 --resolv-conf=off
