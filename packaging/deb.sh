#!/usr/bin/env bash
# `make deb`: the two Debian packages, by dpkg-deb alone. Prints their paths.
#   deb.sh [--arch arm64] [--program FILE] [--site DIR] [--labels DIR] [--version V] [--out DIR] [--fast]
# Without options: the release build for this machine (with --arch arm64: what packaging/arm64/cargo.sh has built), the models that set-up has fetched, the version of Cargo.toml, target/deb. Without the models the
# package is made all the same, and says so. --fast packs without compressing, for tests.
set -euo pipefail
. "$(dirname "$0")/../scripts/env.sh"
cd "$root"
die() { printf 'deb: %s\n' "$*" >&2; exit 1; }

arch=$(dpkg --print-architecture)
program=
site=$CARGO_TARGET_DIR/release/site
labels=$WINECELLAR_LABEL_MODELS
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
out=$CARGO_TARGET_DIR/deb
pack=(-Zxz)
while [ $# -gt 0 ]; do
    case $1 in
        --arch) arch=$2; shift 2 ;;
        --program) program=$2; shift 2 ;;
        --site) site=$2; shift 2 ;;
        --labels) labels=$2; shift 2 ;;
        --version) version=$2; shift 2 ;;
        --out) out=$2; shift 2 ;;
        --fast) pack=(-Znone); shift ;;
        *) die "unknown option $1; there are --arch ARCHITECTURE, --program FILE, --site DIR, --labels DIR, --version V, --out DIR, --fast" ;;
    esac
done
for tool in dpkg-deb dpkg-shlibdeps; do
    command -v $tool >/dev/null || die "$tool is missing: apt-get install dpkg-dev"
done
# What another machine's programs are looked at with, and the libraries that they will find there.
tools= libraries=()
if [ "$arch" = "$(dpkg --print-architecture)" ]; then
    program=${program:-$CARGO_TARGET_DIR/release/winecellar} cure="make build"
elif [ "$arch" = arm64 ]; then
    program=${program:-$CARGO_TARGET_DIR/aarch64-unknown-linux-gnu/release/winecellar} cure="make deb ARCH=arm64"
    tools=aarch64-linux-gnu-
    command -v ${tools}strip >/dev/null || die "${tools}strip is missing: scripts/setup.sh arm64"
    folder=$(packaging/arm64/sysroot.sh)
    for library in "$folder"/packages/*; do libraries+=("-S$library"); done
else
    die "--arch $arch: packages are made here for $(dpkg --print-architecture) and arm64"
fi
[ -x "$program" ] || die "there is no program at $program: $cure"
# The two bytes of an ELF file that name the machine.
case $arch:$(od -An -tx1 -j18 -N2 "$program" | tr -d ' ') in
    amd64:3e00 | arm64:b700) ;;
    amd64:* | arm64:*) die "$program is not for $arch: --program and --arch belong together" ;;
esac
[ -d "$site/pkg" ] || die "there is no browser half at $site: make build"

# Everything that depends on the day of the build takes the commit's day, so that one commit makes one package.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH
day=$(date -u -R -d "@$SOURCE_DATE_EPOCH")
# Who answers for the package: Debian's own variables, else who made the commit.
maintainer="${DEBFULLNAME:-$(git log -1 --format=%an)} <${DEBEMAIL:-$(git log -1 --format=%ae)}>"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022

documents() { # PACKAGE: licences and changes, where Debian looks for them
    local to=$work/$1/usr/share/doc/$1
    mkdir -p "$to"
    {
        cat packaging/copyright
        sed '1,/^Copyright/d; s/^$/./; s/^/ /' LICENSE-MIT
        printf '\nFiles: server/fonts/DejaVuSansCondensed.ttf\n'
        sed -n '/^Files: \*/,/^Files: debian/{/^Files:/d;p}' server/fonts/LICENSE-DejaVu
        [ ! -d "$work/$1/usr/share/winecellar/labels" ] || cat packaging/copyright-labels
    } >"$to/copyright"
    {
        printf '%s (%s) unstable; urgency=medium\n\n' "$1" "$version"
        printf '  * See the file CHANGELOG.md of the sources.\n\n -- %s  %s\n' "$maintainer" "$day"
    } | gzip -9n >"$to/changelog.gz"
}
units() { # PACKAGE UNIT...
    local to=$work/$1/lib/systemd/system
    shift
    install -D -m 644 -t "$to" "${@/#/systemd/}"
}
finish() { # PACKAGE ARCHITECTURE SHLIBS: control files, then the package itself
    local tree=$work/$1 from=packaging/$1 size file=$out/$1_${version}_$2.deb
    mkdir -p "$tree/DEBIAN"
    size=$(du -sk --apparent-size "$tree" | cut -f1)
    sed -e "s/@VERSION@/$version/; s/@ARCH@/$2/; s/@SIZE@/$size/; s/@SHLIBS@/$3/; s/@MAINTAINER@/$maintainer/" "$from/control" >"$tree/DEBIAN/control"
    for script in preinst postinst prerm postrm; do
        [ ! -f "$from/$script" ] || { sed "s/@VERSION@/$version/" "$from/$script" >"$tree/DEBIAN/$script"; chmod 755 "$tree/DEBIAN/$script"; }
    done
    (cd "$tree" && find etc -type f -printf '/%p\n') >"$tree/DEBIAN/conffiles"
    (cd "$tree" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
    mkdir -p "$out"
    # Whole or not at all, like everything here.
    dpkg-deb --root-owner-group "${pack[@]}" --build "$tree" "$work/made.deb" >/dev/null
    mv "$work/made.deb" "$file.tmp" && mv "$file.tmp" "$file"
    printf '%s\n' "$file"
}

# --- winecellar -----------------------------------------------------------------------------------------------------
tree=$work/winecellar
install -D -m 755 "$program" "$tree/usr/bin/winecellar"
${tools}strip --strip-unneeded "$tree/usr/bin/winecellar"
install -D -m 755 packaging/cellar "$tree/usr/bin/cellar"
mkdir -p "$tree/usr/share/winecellar"
cp -r --no-preserve=mode "$site" "$tree/usr/share/winecellar/site"
if (cd "$labels" 2>/dev/null && sha256sum --status -c "$root/labels/models.sha256" 2>/dev/null); then
    # What they are, whose and under which licence goes with them, as that licence wants.
    install -D -m 644 -t "$tree/usr/share/winecellar/labels" "$labels"/*.onnx "$labels/MODEL_LICENSES.md"
    install -m 644 labels/MODELS.md "$tree/usr/share/winecellar/labels/README.md"
elif [ -e "$labels" ]; then
    die "the models that read labels in $labels are not those of labels/models.sha256: make setup fetches them; --labels none leaves them out"
else
    printf 'deb: without the models that read labels: --labels names no folder (make setup fetches them to %s)\n' "$WINECELLAR_TOOLS/labels" >&2
fi
units winecellar winecellar-api.service winecellar-failure@.service wine-inventory-stock.service wine-inventory-stock.timer wine-inventory-backup.service \
    wine-inventory-backup.timer wine-inventory-nas.service wine-inventory-nas.timer wine-inventory-retention.service wine-inventory-retention.timer
install -D -m 644 systemd/winecellar.sysusers "$tree/usr/lib/sysusers.d/winecellar.conf"
install -D -m 644 systemd/winecellar.tmpfiles "$tree/usr/lib/tmpfiles.d/winecellar.conf"
# It may come to hold the password of a database or a camera.
install -D -m 640 systemd/shared.env "$tree/etc/winecellar/shared.env"
documents winecellar
install -D -m 644 packaging/winecellar.1 "$tree/usr/share/man/man1/winecellar.1"
gzip -9n "$tree/usr/share/man/man1/winecellar.1"
ln -s winecellar.1.gz "$tree/usr/share/man/man1/cellar.1.gz"
install -m 644 -t "$tree/usr/share/doc/winecellar" docs/OPERATIONS.md docs/ACCESS.md docs/CAPTURE.md docs/GEOMETRY.md docs/VISION.md docs/DATABASE.md docs/TRUTH.md docs/INTEGRATIONS.md docs/LABELS.md docs/home-assistant/winecellar_question.yaml
mkdir -p "$work/shlibs/debian"
printf 'Source: winecellar\n\nPackage: winecellar\nArchitecture: any\n' >"$work/shlibs/debian/control"
shlibs=$(cd "$work/shlibs" && DEB_HOST_ARCH=$arch dpkg-shlibdeps -O "${libraries[@]}" -e"$tree/usr/bin/winecellar" | sed -n 's/^shlibs:Depends=//p')
[ -n "$shlibs" ] || die "dpkg-shlibdeps found no libraries in $program"
finish winecellar "$arch" "$shlibs"

# --- winecellar-kiosk -----------------------------------------------------------------------------------------------
units winecellar-kiosk winecellar-kiosk.service
install -D -m 644 systemd/winecellar-kiosk.sysusers "$work/winecellar-kiosk/usr/lib/sysusers.d/winecellar-kiosk.conf"
install -D -m 644 systemd/kiosk.env "$work/winecellar-kiosk/etc/winecellar/kiosk.env"
install -D -m 755 packaging/kiosk "$work/winecellar-kiosk/usr/libexec/winecellar-kiosk"
install -D -m 755 packaging/screen "$work/winecellar-kiosk/usr/libexec/winecellar-screen"
install -D -m 644 systemd/winecellar-backlight.rules "$work/winecellar-kiosk/usr/lib/udev/rules.d/70-winecellar-backlight.rules"
install -D -m 644 systemd/kiosk-x11.conf "$work/winecellar-kiosk/usr/share/winecellar/kiosk-x11.conf"
documents winecellar-kiosk
finish winecellar-kiosk all ""
