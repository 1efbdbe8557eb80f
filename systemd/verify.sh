#!/usr/bin/env bash
# Checks the units with `systemd-analyze verify`. The programs they start are not installed on a build machine, so a copy
# with stand-ins for them is checked; everything else is checked as it is. Also how exposed they are (systemd-analyze security).
set -euo pipefail
cd "$(dirname "$0")"
command -v systemd-analyze >/dev/null || { echo "systemd-analyze is missing: apt-get install systemd"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for unit in winecellar-api.service winecellar-kiosk.service wine-inventory-stock.service wine-inventory-stock.timer \
    wine-inventory-backup.service wine-inventory-backup.timer wine-inventory-nas.service wine-inventory-nas.timer \
    wine-inventory-retention.service wine-inventory-retention.timer winecellar-failure@.service; do
    [ -f "$unit" ] || { echo "$unit is missing"; exit 1; }
    sed -E 's#^(Exec[A-Za-z]*=)/usr/bin/[a-z]+#\1/bin/true#' "$unit" >"$work/$unit"
done
said=$(SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no --recursive-errors=no "$work"/*.service "$work"/*.timer 2>&1) || { echo "$said"; exit 1; }
[ -z "$said" ] || { echo "$said"; exit 1; }
systemd-analyze calendar '*-*-* 03:00:00' '*-*-* 04:00:00' >/dev/null

# How exposed each is, in tenths; the kiosk is a browser, and is left out.
most() { systemd-analyze security --offline=yes --threshold="$2" --no-pager "$work/$1" >"$work/said" 2>&1 || { tail -n 1 "$work/said"; echo "$1 is more exposed than $2 tenths"; exit 1; }; }
most winecellar-api.service 20
most wine-inventory-stock.service 30
for unit in backup nas retention; do most wine-inventory-$unit.service 30; done
echo "the units are sound"
