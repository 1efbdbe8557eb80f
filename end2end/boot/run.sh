#!/usr/bin/env bash
# `make boot-test`: boots Debian in a container, installs the package, and tries what guest/ lists. Root only.
#   run.sh [--program FILE] [--site DIR]     default: the release build
set -euo pipefail
. "$(dirname "$0")/../../scripts/env.sh"
here=$root/end2end/boot test=boot
. "$here/../booting.sh"
take "$@"
[ "$(id -u)" = 0 ] || die "a container with its own systemd needs root: sudo make boot-test"
lower=$("$here/root.sh")
layer boot-test 7 "$here/guest"
for version in 0.0.9 ""; do
    "$root/packaging/deb.sh" --fast --program "$program" --site "$site" --out "$work/upper/probe/packages" ${version:+--version $version} >/dev/null
done
# The zone whose nights are tried.
install -D -t "$work/upper/usr/share/zoneinfo/Europe" /usr/share/zoneinfo/Europe/Berlin
ln -sf /usr/share/zoneinfo/Europe/Berlin "$work/upper/etc/localtime"
live 900 --private-network --bind=/dev/fuse
