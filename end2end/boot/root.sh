#!/usr/bin/env bash
# The Debian of the boot test; prints its folder.
#   root.sh [ARCHITECTURE]     another than this machine's: where its programs start (end2end/arm64/emulated.sh)
set -euo pipefail
packages=systemd,systemd-sysv,dbus,init-system-helpers,libmariadb3,ca-certificates,curl,procps,sqlite3,bindfs,fuse3
exec "$(dirname "$0")/../debian.sh" boot bookworm "$packages" "$@"
