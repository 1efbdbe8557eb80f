#!/usr/bin/env bash
# The Debian of the screen test: a kernel, what the kiosk's package depends on and nothing that it does not name, so that a
# dependency that is missing there is missing here. Prints its folder.
#   root.sh [SUITE]     bookworm (Debian 12), trixie (13)
set -euo pipefail
control=$(dirname "$0")/../../packaging/winecellar-kiosk/control
# The first of alternatives, without versions. What follows them any box has; libmariadb3 is the other package's.
depends=$(sed -n 's/^Depends: //p' "$control" | tr ',' '\n' | sed 's/|.*//; s/(.*//; s/ //g; /^$/d' | paste -sd,)
# python3 plays the finger (guest/finger.py), nothing of the kiosk needs it.
packages=$depends,systemd-sysv,udev,dbus,libmariadb3,ca-certificates,procps,libpam-systemd,fonts-dejavu-core,linux-image-amd64,python3
exec "$(dirname "$0")/../debian.sh" screen "${1:-bookworm}" "$packages"
