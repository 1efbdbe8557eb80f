#!/usr/bin/env bash
# Turns a fresh Raspberry Pi OS Lite (64 bit, bookworm or newer) into a wine cellar with a touch screen. Tried in a booted Debian
# (`make pi-test`), not on a Pi yet.
#   sudo ./pi.sh [--camera SPEC] [--zone ZONE] [--no-kiosk] winecellar_*.deb [winecellar-kiosk_*.deb]
# May be run again: it changes only what is not so yet. A camera in the settings is replaced only by one that is named.
set -euo pipefail
die() { printf 'pi: %s\n' "$*" >&2; exit 1; }
say() { printf '\n==> %s\n' "$*"; }

pi_camera='cmd:rpicam-still -n -t 2000 -e jpg -o -'
camera= zone= kiosk=yes packages=()
while [ $# -gt 0 ]; do
    case $1 in
        --camera) camera=${2:?--camera needs a SPEC, such as v4l2:/dev/video0}; shift 2 ;;
        --zone) zone=${2:?--zone needs a name, such as Europe/Berlin}; shift 2 ;;
        --no-kiosk) kiosk=no; shift ;;
        -*) die "unknown option $1; there are --camera SPEC, --zone ZONE, --no-kiosk" ;;
        *) packages+=("$1"); shift ;;
    esac
done
[ "$(id -u)" = 0 ] || die "it installs packages and needs root: sudo $0 ..."
[ ${#packages[@]} -gt 0 ] || die "name the packages that \`make deb\` built: sudo $0 winecellar_0.1.0_arm64.deb winecellar-kiosk_0.1.0_all.deb"
. /etc/os-release
case ${VERSION_ID:-0} in
    [0-9]*) [ "${VERSION_ID%%.*}" -ge 12 ] || die "this is $PRETTY_NAME; it takes bookworm (12) or newer" ;;
    *) die "this is ${PRETTY_NAME:-no Debian}; it takes Raspberry Pi OS or Debian, bookworm or newer" ;;
esac
arch=$(dpkg --print-architecture)
files=()
for package in "${packages[@]}"; do
    [ -f "$package" ] || die "there is no file $package"
    of=$(dpkg-deb --field "$package" Architecture) || die "$package is no Debian package"
    case $of in
        "$arch" | all) ;;
        *) die "$package is for $of, this machine is $arch (a 32-bit Raspberry Pi OS? take the 64-bit one)" ;;
    esac
    case $(dpkg-deb --field "$package" Package) in
        winecellar-kiosk) [ "$kiosk" = yes ] || continue ;;
        winecellar) ;;
        *) die "$package is none of ours" ;;
    esac
    files+=("$(realpath "$package")")
done

[ -z "$zone" ] || timedatectl list-timezones | grep -xF -- "$zone" >/dev/null || die "there is no time zone $zone: timedatectl list-timezones"
settings=/etc/winecellar/shared.env
named=$(sed -n 's/^WINECELLAR_SOURCE=//p' $settings 2>/dev/null || true)
effective=${camera:-${named:-$pi_camera}}
say "packages"
apt-get update -qq
needs=(curl tzdata)
case $effective in
    cmd:rpicam-still*)
        if ! command -v rpicam-still >/dev/null; then
            # Asked before anything is installed. Debian itself does not have it.
            apt-cache show rpicam-apps-lite >/dev/null 2>&1 \
                || die "the Pi's camera wants rpicam-apps-lite, which only Raspberry Pi OS has: name another with --camera, such as --camera v4l2:/dev/video0"
            needs+=(rpicam-apps-lite)
        fi ;;
    rtsp:*) needs+=(ffmpeg) ;;
esac
if [ -n "$zone" ]; then
    say "time zone $zone: the scan is at three o'clock there"
    timedatectl set-timezone "$zone"
fi
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${files[@]}" "${needs[@]}"

# The program says what it takes before the settings are touched: what is in the environment counts for more than they do.
config() { WINECELLAR_SETTINGS=${settings%/*} WINECELLAR_SOURCE=$effective winecellar config; }
if ! config >/dev/null; then
    config | grep WRONG || true
    die "that cannot be used; name another camera, or set $settings right, and run this again (the settings are as they were)"
fi
if [ "$named" != "$effective" ]; then
    say "camera: $effective"
    sed -i '/^# Set by pi\.sh\.$/d; /^WINECELLAR_SOURCE=/d' $settings
    printf '# Set by pi.sh.\nWINECELLAR_SOURCE=%s\n' "$effective" >>$settings
fi
systemctl restart winecellar-api.service
if [ "$kiosk" = yes ] && systemctl cat winecellar-kiosk.service >/dev/null 2>&1; then
    say "the screen: the page instead of a login"
    systemctl set-default graphical.target
    systemctl enable --now winecellar-kiosk.service
fi

say "done; what the cellar says of itself"
cellar doctor --no-camera || true
echo
journalctl --no-pager -u winecellar-api.service | grep -F '/setup?' | tail -n 1 || true
echo "next: that link makes the first admin; then /calibrate in a browser draws the rack and its bins"
