#!/usr/bin/env bash
# The libraries of a Raspberry Pi OS bookworm (64 bit) to link against: Debian bookworm for arm64, unpacked and never run, so that neither root
# nor an emulator is needed and this machine's own packages stay as they are. Made once, below $WINECELLAR_TOOLS; prints its folder, whose name
# says which packages are in it, so that others make a new one.
#   FOLDER/root      what the compiler, the linker and qemu take for /
#   FOLDER/cc        compiles and links for it
#   FOLDER/packages  each library's package with its DEBIAN folder, which is where dpkg-shlibdeps looks for who is needed
set -euo pipefail
. "$(dirname "$0")/../../scripts/env.sh"
die() { printf 'arm64: %s\n' "$*" >&2; exit 1; }
# libgcc's number is that of bookworm's gcc.
packages=(libc6-dev libgcc-12-dev libmariadb-dev)
suite=bookworm mirror=http://deb.debian.org/debian keys=/usr/share/keyrings/debian-archive-keyring.gpg
folder=$WINECELLAR_TOOLS/arm64/sysroot-$(printf '%s' "$suite ${packages[*]}" | sha256sum | cut -c1-12)
if [ ! -d "$folder" ]; then
    for tool in apt-get dpkg-deb; do
        command -v $tool >/dev/null || die "$tool is missing: the libraries of arm64 are taken from Debian's packages"
    done
    [ -f "$keys" ] || die "$keys is missing: apt-get install debian-archive-keyring"
    mkdir -p "$WINECELLAR_TOOLS/arm64"
    # Whole or not at all.
    partial=$(mktemp -d "$WINECELLAR_TOOLS/arm64/.sysroot.XXXXXX")
    trap 'rm -rf "$partial"' EXIT
    chmod 755 "$partial"
    # An apt of its own, for a machine on which nothing is installed yet.
    apt=$partial/apt
    mkdir -p "$apt"/{etc/apt,var/lib/apt/lists/partial,var/lib/dpkg,var/cache/apt/archives/partial} "$partial"/{root,packages}
    : >"$apt/var/lib/dpkg/status"
    printf 'deb [signed-by=%s] %s %s main\n' "$keys" "$mirror" "$suite" "$keys" "$mirror" "$suite-updates" \
        "$keys" "${mirror%/debian}/debian-security" "$suite-security" >"$apt/etc/apt/sources.list"
    options=(-qq -o "Dir=$apt" -o "Dir::State::status=$apt/var/lib/dpkg/status" -o "Dir::Etc::sourcelist=$apt/etc/apt/sources.list"
        -o "Dir::Etc::sourceparts=/dev/null" -o "Dir::Etc::preferencesparts=/dev/null" -o APT::Architecture=arm64 -o APT::Architectures=arm64
        -o APT::Sandbox::User=root -o Acquire::Languages=none)
    apt-get "${options[@]}" update >&2 || die "apt-get update for arm64 failed: is the network up?"
    apt-get "${options[@]}" install --download-only -y --no-install-recommends "${packages[@]}" >&2 || die "fetching ${packages[*]} for arm64 failed"
    for deb in "$apt"/var/cache/apt/archives/*.deb; do
        dpkg-deb --extract "$deb" "$partial/root"
        if [[ $(dpkg-deb --ctrl-tarfile "$deb" | tar -t) =~ /(shlibs|symbols) ]]; then
            dpkg-deb --raw-extract "$deb" "$partial/packages/$(dpkg-deb --field "$deb" Package)"
        fi
    done
    rm -rf "$apt"
    # Clang and not Debian's cross gcc: that one finds its own, newer glibc on a newer Debian, and what it links would not start on a bookworm.
    printf '#!/bin/sh\nexec clang --target=aarch64-linux-gnu "--sysroot=%s/root" "$@"\n' "$folder" >"$partial/cc"
    chmod 755 "$partial/cc"
    mv "$partial" "$folder"
fi
printf '%s\n' "$folder"
