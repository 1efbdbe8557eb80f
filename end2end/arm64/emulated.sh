#!/usr/bin/env bash
# Runs a command as root where programs for arm64 start by themselves, under qemu: emulated.sh COMMAND...
# Where this machine's kernel knows how (Debian: qemu-user-static with binfmt-support), that is taken. Else it is told in a user namespace of
# the command's own (Linux 6.7 or newer), so that nothing changes for anybody else.
set -euo pipefail
die() { printf 'arm64: %s\n' "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || die "a Debian of its own needs root"
known=/proc/sys/fs/binfmt_misc
[ ! -e "$known/qemu-aarch64" ] || exec "$@"
qemu=$(command -v qemu-aarch64-static) || die "qemu-aarch64-static is missing: apt-get install qemu-user-static"
go=$(mktemp -d)
trap 'rm -rf "$go"' EXIT
mkfifo "$go/go"

enter() {
    set -eu
    read -r <"$1"
    # Started anew: as root of the new namespace, which it is only now.
    exec bash -euc 'register "$@"' bash "${@:2}"
}
register() { # where, with what, the command
    mount -t binfmt_misc binfmt_misc "$1" || { echo "arm64: this kernel has one list of binary formats for all (older than Linux 6.7): apt-get install binfmt-support" >&2; exit 1; }
    # An ELF file of 64 bits for machine 0xb7, whether it is a program or can lie anywhere. F: qemu is opened now, so that it is found in any root.
    printf '%s' ':qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'":$2:FP" >"$1/register"
    shift 2
    exec "$@"
}
export -f enter register
unshare --user --mount --propagation private bash -c 'enter "$@"' bash "$go/go" "$known" "$qemu" "$@" &
child=$!
until [ "$(readlink "/proc/$child/ns/user")" != "$(readlink /proc/self/ns/user)" ]; do
    kill -0 "$child" 2>/dev/null || die "this machine lets nobody make a user namespace"
    sleep 0.02
done
# Everybody keeps the number.
printf '0 0 65536\n' >"/proc/$child/uid_map"
printf '0 0 65536\n' >"/proc/$child/gid_map"
echo >"$go/go"
wait "$child"
