#!/usr/bin/env bash
# `make screen-test`: boots a Debian with both packages on an emulated PC with a screen of 800x480 and a touch panel, and looks at what
# the screen shows. Root only; needs what `scripts/setup.sh screen` installs. Log and pictures stay in var/screen.
#   run.sh [--suite bookworm|trixie] [--program FILE] [--site DIR]     default: bookworm, the release build
set -euo pipefail
. "$(dirname "$0")/../../scripts/env.sh"
here=$root/end2end/screen test=screen suite=bookworm width=800 height=480
. "$here/../booting.sh"
take "$@"
[ "$(id -u)" = 0 ] || die "it makes the disk of a Debian and needs root: sudo make screen-test"
[ "$(dpkg --print-architecture)" = amd64 ] || die "the guest is made for amd64, this is $(dpkg --print-architecture)"
for tool in qemu-system-x86_64 mkfs.ext4 python3 mmdebstrap; do
    command -v $tool >/dev/null || die "$tool is missing: scripts/setup.sh screen"
done
lower=$("$here/root.sh" "$suite")
results=$root/var/screen
rm -rf "$results"
mkdir -p "$results"
work=$(mktemp -d "${TMPDIR:-/var/tmp}/winecellar-screen.XXXXXX")
machine=
clear_up() {
    [ -z "$machine" ] || kill -KILL "$machine" 2>/dev/null || true
    rm -rf "$work"
}
trap clear_up EXIT
trap 'exit 130' INT TERM

mkdir -p "$work"/{upper,work,disk,packages}
"$root/packaging/deb.sh" --fast --labels none --program "$program" --site "$site" --out "$work/packages" >/dev/null
install -D -t "$work/upper/screen-test" "$here"/guest/*.sh "$here"/guest/*.py "$work"/packages/*.deb
install -D -m 644 -t "$work/upper/etc/systemd/system" "$here"/guest/*.service
install -D -m 644 -t "$work/upper/etc/systemd/system/winecellar-kiosk.service.d" "$here/guest/emulated.conf"
tr -d - </proc/sys/kernel/random/uuid >"$work/upper/etc/machine-id"
printf 'screen\n' >"$work/upper/etc/hostname"

export work lower
disk() {
    set -eu
    mount -t overlay overlay -o "lowerdir=$lower,upperdir=$work/upper,workdir=$work/work" "$work/disk"
    mount -t proc proc "$work/disk/proc"
    # As an image for a box is made: without a systemd that runs, so that its first boot starts everything.
    chroot "$work/disk" sh -c 'dpkg -i /screen-test/*.deb'
    chroot "$work/disk" cellar demo --if-empty
    rm "$work"/disk/screen-test/*.deb
    chroot "$work/disk" systemctl --quiet enable agent.service finger.service
    chroot "$work/disk" systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer
    umount "$work/disk/proc"
    mkfs.ext4 -q -d "$work/disk" -E lazy_itable_init=1 -O ^has_journal "$work/disk.img" 6G
    cp -L "$work/disk/vmlinuz" "$work/disk/initrd.img" "$work/"
    umount "$work/disk"
}
export -f disk
echo "screen: installing the packages and making the disk"
unshare --mount --propagation private bash -c disk >"$results/install.log" 2>&1 || { tail -n 20 "$results/install.log"; die "the packages could not be installed; see $results/install.log"; }
rm -rf "$work/upper"

# No mouse and no PS/2: a box with a touch panel has none, and a mouse brings a cursor.
nice -n 5 qemu-system-x86_64 -accel tcg,thread=multi -machine pc,i8042=off -cpu Nehalem -smp 2 -m 2048 -display none -vga none -no-reboot -nic none \
    -device virtio-vga,xres=$width,yres=$height -device virtio-keyboard-pci -device qemu-xhci,id=usb -device virtio-rng-pci \
    -drive "file=$work/disk.img,if=virtio,format=raw,cache=unsafe" \
    -kernel "$work/vmlinuz" -initrd "$work/initrd.img" -append "root=/dev/vda rw console=tty0 console=ttyS0 panic=-1 quiet systemd.show_status=yes" \
    -qmp "unix:$work/qmp,server=on,wait=off" -serial "file:$results/console.log" -serial "unix:$work/agent,server=on,wait=off" </dev/null >"$results/qemu.log" 2>&1 &
machine=$!
code=0
python3 "$here/drive.py" "$work/qmp" "$work/agent" "$results" $width $height || code=$?
wait_end=$((SECONDS + 60))
while kill -0 "$machine" 2>/dev/null && [ $SECONDS -lt $wait_end ]; do sleep 1; done
exit $code
