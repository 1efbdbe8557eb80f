#!/usr/bin/env bash
# cargo for arm64: compiles, links and (under qemu) runs for a Raspberry Pi with a 64-bit Raspberry Pi OS or Debian, bookworm or newer.
#   cargo.sh build --release -p server …        what is built lands in $CARGO_TARGET_DIR/aarch64-unknown-linux-gnu
# No processor is named: it is what every 64-bit ARM has (NEON among it), the Cortex-A72 of a Pi 4 as the A76 of a Pi 5.
set -euo pipefail
. "$(dirname "$0")/../../scripts/env.sh"
folder=$("$root/packaging/arm64/sysroot.sh")
export CARGO_BUILD_TARGET=aarch64-unknown-linux-gnu
# Not by rustflags: those of a target would replace those of .cargo/config.toml.
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=$folder/cc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64-static -L $folder/root"
export CC_aarch64_unknown_linux_gnu=$folder/cc AR_aarch64_unknown_linux_gnu=aarch64-linux-gnu-ar
export BINDGEN_EXTRA_CLANG_ARGS_aarch64_unknown_linux_gnu=--sysroot=$folder/root
export PKG_CONFIG_SYSROOT_DIR_aarch64_unknown_linux_gnu=$folder/root
export PKG_CONFIG_LIBDIR_aarch64_unknown_linux_gnu=$folder/root/usr/lib/aarch64-linux-gnu/pkgconfig:$folder/root/usr/share/pkgconfig
exec cargo "$@"
