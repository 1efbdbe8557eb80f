#!/usr/bin/env bash
# `make arm64-test`: the program for arm64 beside the one for this machine, under qemu as a Raspberry Pi 4's processor, and its package in an
# arm64 Debian. What is the same (counts, labels, pages) must be the same to the letter; how long it takes says nothing about a Pi.
#   run.sh [--program FILE] [--beside FILE] [--site DIR] [--photos DIR]
# Default: the release builds for arm64 and for this machine, the release site, ../shared/photos (or its own rendered rack, where that is missing).
set -euo pipefail
. "$(dirname "$0")/../../scripts/env.sh"
here=$root/end2end/arm64
cd "$root"
die() { printf 'arm64: %s\n' "$*" >&2; exit 1; }
program=$CARGO_TARGET_DIR/aarch64-unknown-linux-gnu/release/winecellar
beside=$CARGO_TARGET_DIR/release/winecellar site=$CARGO_TARGET_DIR/release/site photos=$root/../shared/photos
while [ $# -gt 0 ]; do
    case $1 in
        --program) program=$2; shift 2 ;;
        --beside) beside=$2; shift 2 ;;
        --site) site=$2; shift 2 ;;
        --photos) photos=$2; shift 2 ;;
        *) die "unknown option $1; there are --program FILE, --beside FILE, --site DIR and --photos DIR" ;;
    esac
done
[ -x "$program" ] || die "there is no program for arm64 at $program: make build-arm64"
[ -x "$beside" ] || die "there is no program at $beside to compare with: make build"
for tool in qemu-aarch64-static aarch64-linux-gnu-readelf mmdebstrap; do
    command -v $tool >/dev/null || die "$tool is missing: scripts/setup.sh arm64-test"
done
libraries=$(packaging/arm64/sysroot.sh)/root
logs=$CARGO_TARGET_DIR/arm64-test
rm -rf "$logs"
mkdir -p "$logs"
exec > >(tee "$logs/checks.log") 2>&1
work=$(mktemp -d "${TMPDIR:-/var/tmp}/winecellar-arm64.XXXXXX")
trap 'rm -rf "$work"' EXIT
# Exactly this processor: an instruction that a Pi 4 has not would end the program.
export QEMU_CPU=cortex-a72
arm() { qemu-aarch64-static -L "$libraries" "$program" "$@"; }
. "$root/end2end/boot/guest/check.sh"
started=$SECONDS

echo "# the program itself"
elf() { aarch64-linux-gnu-readelf "$@" "$program"; }
newest() { elf --wide --version-info | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1; }
old_enough() { [ "$(printf '%s\nGLIBC_2.36\n' "$(newest)" | sort -V | tail -n 1)" = GLIBC_2.36 ] || { echo "wants $(newest)"; return 1; }; }
by_hand() { elf --wide --dyn-syms | grep -E ' UND fmaf?(@|$)'; }
check "it is for arm64" has "$(elf --file-header)" AArch64
check "it wants no newer C library than bookworm's" old_enough
check "it multiplies and adds by instruction, not by the library's function" not by_hand
check "it tells the same version" is "$(arm --version)" "$("$beside" --version)"
check "it writes the same API document" cmp <(arm openapi) <("$beside" openapi)

echo "# counting and reading"
[ -d "$photos" ] || { echo "# $photos is missing: the rack that the program renders is counted alone (in the Debian below)"; photos=; }
same() { # NAME ARGUMENTS...: both programs say the same
    arm "${@:2}" >"$logs/$1.arm64" || { echo "ended with $?"; return 1; }
    "$beside" "${@:2}" >"$logs/$1.here" || return 1
    diff -u "$logs/$1.here" "$logs/$1.arm64"
}
[ -z "$photos" ] || check "the photographs are counted the same" same counts vision eval "$photos"
[ ! -d "$WINECELLAR_LABEL_MODELS" ] || check "what is written on a picture is read the same" same labels labels read docs/screenshots/home.png
with_log() { # NAME COMMAND...: its words go into a file
    "${@:2}" >"$logs/$1.log" 2>&1 || { tail -n 20 "$logs/$1.log"; return 1; }
}
# The unit tests bring the network's kernel for this processor, compared with plain sums.
check "the tests of counting and geometry pass" with_log tests packaging/arm64/cargo.sh test --release --locked -p vision -p plan --lib

echo "# MariaDB"
# The book that arm64 has written is taken out by both programs.
export -f arm
export libraries program
in_mariadb() {
    node "$here/mariadb.mjs" "$work" bash -euc '
        export WINECELLAR_DATA_DIR='"$work"'/data
        arm migrate
        arm demo
        cmp <(arm export json | sed "s/\"exported[^,]*,//") <('"$beside"' export json | sed "s/\"exported[^,]*,//")'
}
check "a demo cellar in MariaDB is made, scanned, and taken out the same" with_log mariadb in_mariadb

echo "# the package"
check "it is made" packaging/deb.sh --fast --arch arm64 --program "$program" --site "$site" --out "$work/packages"
check "it says what it needs" has "$(dpkg-deb --field "$work"/packages/winecellar_*_arm64.deb Depends)" "libmariadb3 (>="
if [ "$(id -u)" = 0 ]; then
    echo "# an arm64 Debian"
    lower=$("$here/emulated.sh" "$root/end2end/boot/root.sh" arm64)
    mkdir -p "$work"/{upper/probe,work,root}
    cp -r "$work/packages" "$root/end2end/boot/guest/check.sh" "$here/guest.sh" "$work/upper/probe/"
    cp docs/screenshots/home.png "$work/upper/probe/picture.png"
    export work lower here
    lives() {
        set -eu
        mount -t overlay overlay -o "lowerdir=$lower,upperdir=$work/upper,workdir=$work/work" "$work/root"
        mount -t proc proc /proc
        mount -t proc proc "$work/root/proc"
        mount --rbind /dev "$work/root/dev"
        ip link set lo up
        exec "$here/emulated.sh" chroot "$work/root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 QEMU_CPU="$QEMU_CPU" bash /probe/guest.sh
    }
    export -f lives
    # Mounts, processes and a network of its own, so that all is gone afterwards and nothing is in its way.
    timeout --kill-after=10 3600 unshare --mount --propagation private --pid --fork --kill-child --net bash -c lives </dev/null 2>&1 | tee "$logs/guest.log" || true
    cp "$work/upper/probe/serve.log" "$logs/" 2>/dev/null || true
    grep -q '^probe: done' "$logs/guest.log" || echo "not ok the guest came to its end"
else
    echo "# left out: an arm64 Debian with the package installed needs root; sudo make arm64-test"
fi
failed=$(grep -c '^not ok ' "$logs/checks.log") || true
passed=$(grep -c '^ok ' "$logs/checks.log") || true
printf '%s passed, %s failed, in %s s; logs in %s\n' "$passed" "$failed" "$((SECONDS - started))" "$logs"
[ "$failed" = 0 ]
