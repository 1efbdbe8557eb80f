#!/usr/bin/env bash
# Boots Debian's kernel in qemu with its test camera (the driver `vivid`) and lets the debug `winecellar` take pictures of it
# under each fault that the driver can inject. Called by scripts/test.sh; the log is kept in end2end/artifacts/vivid.log.
# Needs what `scripts/setup.sh test` installs: qemu-system-x86, busybox-static, v4l-utils, and a kernel in $WINECELLAR_TOOLS/kernel.
set -euo pipefail
. "$(dirname "$0")/../../scripts/env.sh"
here=$root/end2end/vivid
program=$CARGO_TARGET_DIR/debug/winecellar
kernel=$WINECELLAR_TOOLS/kernel
log=$root/end2end/artifacts/vivid.log
limit=${VIVID_LIMIT:-300}

image=$(ls "$kernel"/boot/vmlinuz-* 2>/dev/null | tail -n 1) || true
[ -n "$image" ] || { echo "vivid: no kernel in $kernel: scripts/setup.sh test fetches one"; exit 1; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
guest=$work/guest
mkdir -p "$guest"/{bin,lib,lib64,modules,proc,sys,dev,tmp,cellar} "$(dirname "$log")"

# The programs with their libraries.
cp "$(command -v busybox)" "$guest/bin/busybox"
strip -o "$guest/bin/winecellar" "$program"
cp "$(command -v v4l2-ctl)" "$guest/bin/"
for binary in "$program" "$(command -v v4l2-ctl)"; do
    ldd "$binary" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p'
done | sort -u | xargs -I{} cp -L {} "$guest/lib/"
cp -L /lib64/ld-linux-x86-64.so.2 "$guest/lib64/"

# The driver, after those it needs.
modules="rc-core cec mc videodev videobuf2-common videobuf2-v4l2 videobuf2-memops videobuf2-vmalloc videobuf2-dma-contig v4l2-dv-timings v4l2-tpg"
for module in $modules vivid; do
    file=$(find "$kernel/modules" -name "$module.ko*" | tail -n 1)
    case $file in
        *.ko) cp "$file" "$guest/modules/" ;;
        *.ko.xz) xz -dc "$file" >"$guest/modules/$module.ko" ;;
        *) echo "vivid: the kernel in $kernel has no module $module"; exit 1 ;;
    esac
done
tr ' ' '\n' <<<"$modules" >"$guest/modules/order"

# A cellar to scan into: its rack is the demo's; what that looked like is nothing that this camera will ever see.
export DATABASE_URL=sqlite:$guest/cellar/cellar.db WINECELLAR_DATA_DIR=$guest/cellar/data
"$program" migrate >/dev/null
"$program" demo >/dev/null
rm -r "$guest/cellar/data/cells_runtime_res/"last_good-*.json "$guest/cellar/data/references"
cp "$here/init.sh" "$guest/init"; chmod +x "$guest/init"
(cd "$guest" && find . | busybox cpio -o -H newc 2>/dev/null) >"$work/initrd"

echo "vivid: booting $(basename "$image") in qemu (log: $log)"
timeout "$limit" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -m 1536 -smp 2 -display none -monitor none -serial stdio -no-reboot -nic none \
    -kernel "$image" -initrd "$work/initrd" -append "console=ttyS0 panic=-1 quiet" </dev/null >"$log" 2>&1 || true
grep -a '^vivid: ' "$log" | tr -d '\r' || true
if ! grep -aq '^vivid: end' "$log"; then
    echo "vivid: the guest did not come to its end within $limit s; the end of its log:"; tail -n 30 "$log"; exit 1
fi
! grep -aq '^vivid: FAIL' "$log" || { echo "vivid: failed; see $log"; exit 1; }
