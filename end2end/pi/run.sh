#!/usr/bin/env bash
# `make pi-test`: packaging/pi.sh, the one command for a fresh Raspberry Pi OS Lite, in a freshly booted Debian of its age. Root only; the
# packages that ours need come over the network (150 MB), as they do on a Pi. The log stays in $CARGO_TARGET_DIR/pi-test.
#   run.sh [--suite bookworm|trixie] [--program FILE] [--site DIR]     default: bookworm, the release build
set -euo pipefail
. "$(dirname "$0")/../../scripts/env.sh"
here=$root/end2end/pi
die() { printf 'pi-test: %s\n' "$*" >&2; exit 1; }
program=$CARGO_TARGET_DIR/release/winecellar site=$CARGO_TARGET_DIR/release/site suite=bookworm
while [ $# -gt 0 ]; do
    case $1 in
        --suite) suite=$2; shift 2 ;;
        --program) program=$2; shift 2 ;;
        --site) site=$2; shift 2 ;;
        *) die "unknown option $1; there are --suite bookworm|trixie, --program FILE and --site DIR" ;;
    esac
done
[ "$(id -u)" = 0 ] || die "a container with its own systemd needs root: sudo make pi-test"
# The guest has this machine's network, and so its ports.
! (: </dev/tcp/127.0.0.1/8000) 2>/dev/null || die "port 8000 is taken: stop what listens there"
# What a Lite has and a bare Debian lacks; nothing of what the packages have to name themselves.
lower=$("$here/../debian.sh" pi "$suite" systemd-sysv,dbus,udev,sudo,ca-certificates,procps,libpam-systemd)
logs=$CARGO_TARGET_DIR/pi-test
rm -rf "$logs"
mkdir -p "$logs"
work=$(mktemp -d "${TMPDIR:-/var/tmp}/winecellar-pi.XXXXXX")
trap 'rm -rf "$work"' EXIT

mkdir -p "$work"/{upper,work,root} "$work/upper/etc/systemd/system/multi-user.target.wants" "$work/upper/var/log/journal"
"$root/packaging/deb.sh" --fast --program "$program" --site "$site" --out "$work/upper/probe" >/dev/null
cp "$root/packaging/pi.sh" "$root/end2end/boot/guest/check.sh" "$here"/guest/*.sh "$work/upper/probe/"
cp "$root/end2end/boot/guest"/probe.{sh,service} "$work/upper/probe/"
sed 's/^RuntimeMaxSec=.*/RuntimeMaxSec=25min/' "$work/upper/probe/probe.service" >"$work/upper/etc/systemd/system/probe.service"
ln -s ../probe.service "$work/upper/etc/systemd/system/multi-user.target.wants/"
ln -s /dev/null "$work/upper/etc/systemd/system/console-getty.service"
cp -L /etc/resolv.conf "$work/upper/etc/resolv.conf"
tr -d - </proc/sys/kernel/random/uuid >"$work/upper/etc/machine-id"
started=$SECONDS
timeout --kill-after=10 1800 "$here/../container.sh" "$lower" "$work" --resolv-conf=off --timezone=off >"$logs/console.log" 2>&1 || true
took=$((SECONDS - started))
cp "$work/upper/probe"/*.log "$logs/" 2>/dev/null || true
journalctl --no-pager --output=short-precise --directory="$work/upper/var/log/journal" >"$logs/journal.log" 2>/dev/null || true
grep -aE '^ *(ok|not ok|#) ' "$logs/console.log" | tr -d '\r' || true
failed=$(grep -acE '^ *not ok ' "$logs/console.log") || true
passed=$(grep -acE '^ *ok ' "$logs/console.log") || true
grep -aq '^probe: done' "$logs/console.log" || die "the guest did not come to its end; its last words are in $logs/console.log"
printf '%s passed, %s failed, in %s s; logs in %s\n' "$passed" "$failed" "$took" "$logs"
[ "$failed" = 0 ]
