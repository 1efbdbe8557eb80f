#!/usr/bin/env bash
# `make boot-test`: boots Debian in a container, installs the package, and tries what guest/ lists. Root only.
#   run.sh [--program FILE] [--site DIR]     default: the release build
set -euo pipefail
. "$(dirname "$0")/../../scripts/env.sh"
here=$root/end2end/boot
die() { printf 'boot: %s\n' "$*" >&2; exit 1; }
program=$CARGO_TARGET_DIR/release/winecellar site=$CARGO_TARGET_DIR/release/site
while [ $# -gt 0 ]; do
    case $1 in
        --program) program=$2; shift 2 ;;
        --site) site=$2; shift 2 ;;
        *) die "unknown option $1; there are --program FILE and --site DIR" ;;
    esac
done
[ "$(id -u)" = 0 ] || die "a container with its own systemd needs root: sudo make boot-test"
command -v systemd-nspawn >/dev/null || die "systemd-nspawn is missing: apt-get install systemd-container"
lower=$("$here/root.sh")
logs=$CARGO_TARGET_DIR/boot-test
rm -rf "$logs"
mkdir -p "$logs"
work=$(mktemp -d "${TMPDIR:-/var/tmp}/winecellar-boot.XXXXXX")
trap 'rm -rf "$work"' EXIT

mkdir -p "$work"/{upper,work,root} "$work/upper/probe/packages" "$work/upper/etc/systemd/system/multi-user.target.wants"
for version in 0.0.9 ""; do
    "$root/packaging/deb.sh" --fast --program "$program" --site "$site" --out "$work/upper/probe/packages" ${version:+--version $version} >/dev/null
done
cp "$here"/guest/*.sh "$work/upper/probe/"
cp "$here/guest/probe.service" "$work/upper/etc/systemd/system/"
ln -s ../probe.service "$work/upper/etc/systemd/system/multi-user.target.wants/"
# A login prompt would take the console away from the checks.
ln -s /dev/null "$work/upper/etc/systemd/system/console-getty.service"
# A journal that outlives the reboots, the zone whose nights are tried, a machine that is not being set up.
mkdir -p "$work/upper/var/log/journal"
install -D -t "$work/upper/usr/share/zoneinfo/Europe" /usr/share/zoneinfo/Europe/Berlin
ln -sf /usr/share/zoneinfo/Europe/Berlin "$work/upper/etc/localtime"
tr -d - </proc/sys/kernel/random/uuid >"$work/upper/etc/machine-id"

started=$SECONDS
timeout --kill-after=10 900 "$here/../container.sh" "$lower" "$work" --private-network --timezone=off --bind=/dev/fuse >"$logs/console.log" 2>&1 || true
took=$((SECONDS - started))
journalctl --no-pager --output=short-precise --directory="$work/upper/var/log/journal" >"$logs/journal.log" 2>/dev/null || true
grep -aE '^ *(ok|not ok|#) ' "$logs/console.log" | tr -d '\r' || true
failed=$(grep -acE '^ *not ok ' "$logs/console.log") || true
passed=$(grep -acE '^ *ok ' "$logs/console.log") || true
grep -aq '^probe: done' "$logs/console.log" || die "the guest did not come to its end; its last words are in $logs/console.log"
printf '%s passed, %s failed, in %s s; logs in %s\n' "$passed" "$failed" "$took" "$logs"
[ "$failed" = 0 ]
