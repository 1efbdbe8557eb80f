#!/usr/bin/env bash
# Boots a Debian in a container with its own systemd, again as often as it wants, until it powers off. Root only.
#   container.sh LOWER WORK [OPTION of systemd-nspawn]...
# LOWER is left as it is: what changes lands in WORK/upper; WORK/work and WORK/root are there for it.
set -euo pipefail
command -v systemd-nspawn >/dev/null || { echo "systemd-nspawn is missing: apt-get install systemd-container" >&2; exit 1; }
boots() {
    set -eu
    mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
    mount -t tmpfs tmpfs /run
    umount -lR /sys/fs/cgroup
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    local machine=${2##*/}
    machine=${machine%%.*}
    # 133 says that the guest wants to boot again.
    local code=133
    while [ $code = 133 ]; do
        code=0
        systemd-nspawn --quiet --directory="$2/root" --machine="$machine" --register=no --keep-unit --console=read-only "${@:3}" --boot </dev/null || code=$?
    done
}
export -f boots
# A mount and cgroup view of its own: nspawn then works also where process 1 is no systemd.
exec unshare --mount --propagation private bash -c 'boots "$@"' bash "$@"
