#!/usr/bin/env bash
# Installs or builds what is missing on a Debian 12/13 machine, and nothing else. Run through `make setup`.
#   scripts/setup.sh build   what `make run` needs (compiler targets, libraries, wasm tools)
#   scripts/setup.sh lighthouse  also Lighthouse, for `make lighthouse`
#   scripts/setup.sh test    also what `make test` needs (MariaDB server, Chromium, Playwright, qemu and a kernel, a Debian to boot)
#   scripts/setup.sh screen  also what `make screen-test` needs (qemu, a Debian with the kiosk's dependencies is made by the test itself)
#   scripts/setup.sh arm64   also what `make deb ARCH=arm64` needs (clang, the linker, arm64's libraries in a folder of their own)
#   scripts/setup.sh arm64-test  also what `make arm64-test` needs (qemu, MariaDB server, an arm64 Debian)
set -euo pipefail
. "$(dirname "$0")/env.sh"
goal=${1:-build}
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf 'set-up: %s\n' "$*" >&2; exit 1; }

bindgen_version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' "$root/Cargo.lock")

# --- Debian packages ----------------------------------------------------------------------------------------------
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
apt_updated=
apt_need() { # package...: installs those that dpkg does not know
    local missing=()
    for package; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return
    command -v apt-get >/dev/null || die "these are missing and this is no Debian: ${missing[*]}. Install their like and run again."
    [ -z "$sudo" ] || command -v sudo >/dev/null || die "Debian packages are missing (${missing[*]}). As root: apt-get install ${missing[*]}"
    say "installing Debian packages: ${missing[*]}"
    [ -n "$apt_updated" ] || { $sudo apt-get update -qq || die "apt-get update failed: is the network up?"; apt_updated=1; }
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null \
        || die "apt-get install ${missing[*]} failed"
}

command -v cc >/dev/null || apt_need gcc libc6-dev
apt_need pkg-config libclang-dev libmariadb-dev
[ "$goal" = test ] && apt_need mariadb-server chromium mosquitto mosquitto-clients openssl
# The test of the camera boots a kernel with a driver that misbehaves on demand: end2end/vivid.
[ "$goal" = test ] && [ "$(uname -m)" = x86_64 ] && apt_need qemu-system-x86 busybox-static v4l-utils
# The boot test packs the program and starts a Debian of its own: end2end/boot.
[ "$goal" = test ] && apt_need systemd-container mmdebstrap dpkg-dev
[ "$goal" = test ] && ! python3 -c 'import venv, ensurepip' 2>/dev/null && apt_need python3-venv

# The screen test boots a Debian with a kernel of its own: end2end/screen.
[ "$goal" = screen ] && apt_need qemu-system-x86 mmdebstrap dpkg-dev e2fsprogs python3

# The package for a Raspberry Pi is made on a PC: packaging/arm64.
[[ $goal = arm64* ]] && apt_need clang binutils-aarch64-linux-gnu dpkg-dev debian-archive-keyring
[ "$goal" = arm64-test ] && apt_need qemu-user-static mmdebstrap arch-test mariadb-server

# --- Rust ---------------------------------------------------------------------------------------------------------
command -v cargo >/dev/null || [ -x /usr/bin/cargo ] || die "Rust is missing. Cure: https://rustup.rs (or apt-get install rustup), then run again."
mkdir -p "$WINECELLAR_TOOLS/bin"

wasm_std() { # compiler: true when it has the wasm32 library
    ls "$("$1" --print sysroot)"/lib/rustlib/wasm32-unknown-unknown/lib/libstd*.rlib >/dev/null 2>&1
}
debian_rust() {
    say "rustup cannot fetch the wasm32 library here: taking Debian's compiler (rustc-web) for both halves"
    apt_need rustc-web cargo-web rust-web-src lld-22
    ln -sf /usr/lib/llvm-22/bin/lld "$WINECELLAR_TOOLS/bin/rust-lld"
    touch "$WINECELLAR_TOOLS/use-debian-rust"
    . "$root/scripts/env.sh"
    wasm_std /usr/bin/rustc && return
    say "compiling the standard library for wasm32 (half a minute)"
    local dir; dir=$(mktemp -d)
    mkdir -p "$dir/src" && touch "$dir/src/lib.rs"
    printf '[package]\nname = "dummy"\nversion = "0.0.0"\nedition = "2021"\n[profile.release]\npanic = "abort"\n' >"$dir/Cargo.toml"
    (cd "$dir" && RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$dir/target /usr/bin/cargo build -q -Zbuild-std=std,panic_abort --target wasm32-unknown-unknown --release)
    local lib; lib=$(/usr/bin/rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib
    $sudo mkdir -p "$lib"
    rm -f "$dir"/target/wasm32-unknown-unknown/release/deps/libdummy*
    $sudo cp "$dir"/target/wasm32-unknown-unknown/release/deps/*.rlib "$lib/"
    rm -rf "$dir"
}
if [ -f "$WINECELLAR_TOOLS/use-debian-rust" ]; then
    wasm_std /usr/bin/rustc || debian_rust
elif ! wasm_std rustc; then
    say "adding the wasm32 target"
    { command -v rustup >/dev/null && timeout 120 rustup target add wasm32-unknown-unknown 2>/dev/null && wasm_std rustc; } || debian_rust
fi

if [[ $goal = arm64* ]]; then
    arm64_std() { ls "$(rustc --print sysroot)"/lib/rustlib/aarch64-unknown-linux-gnu/lib/libstd*.rlib >/dev/null 2>&1; }
    arm64_std || { say "adding the arm64 target"; rustup target add aarch64-unknown-linux-gnu 2>/dev/null && arm64_std; } \
        || die "this Rust has no library for arm64, and rustup cannot fetch it. Cure: https://rustup.rs, then run again; or make deb on the Pi itself"
    say "the libraries of arm64, in $("$root/packaging/arm64/sysroot.sh")"
    if [ "$goal" = arm64-test ] && [ -z "$sudo" ]; then
        say "the arm64 Debian of the test (some minutes, once)"
        "$root/end2end/arm64/emulated.sh" "$root/end2end/boot/root.sh" arm64 >/dev/null || die "mmdebstrap failed: is the network up?"
    fi
fi

# --- models that read labels --------------------------------------------------------------------------------------
# PP-OCRv6 small, Apache-2.0, out of the wheel of RapidOCR: pip checks the wheel, we check what is taken out.
labels_fetched() {
    (cd "$WINECELLAR_TOOLS/labels" 2>/dev/null && sha256sum --quiet -c "$root/labels/models.sha256" >/dev/null 2>&1)
}
if ! labels_fetched; then
    command -v python3 >/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null || apt_need python3 python3-venv
    say "fetching the models that read labels (30 MB)"
    dir=$(mktemp -d)
    python3 -m venv "$dir/venv"
    "$dir/venv/bin/pip" download -q --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -d "$dir" -r "$root/labels/models.txt" \
        || die "pip download of the models that read labels failed: is the network up?"
    mkdir -p "$WINECELLAR_TOOLS/labels"
    python3 - "$dir" "$WINECELLAR_TOOLS/labels" <<'PY'
import pathlib, sys, zipfile
source, target = map(pathlib.Path, sys.argv[1:])
wanted = {"PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx", "LICENSE", "MODEL_LICENSES.md"}
with zipfile.ZipFile(next(source.glob("*.whl"))) as wheel:
    for name in wheel.namelist():
        if pathlib.PurePosixPath(name).name in wanted:
            (target / pathlib.PurePosixPath(name).name).write_bytes(wheel.read(name))
PY
    cp "$root/labels/MODELS.md" "$WINECELLAR_TOOLS/labels/README.md"
    rm -rf "$dir"
    labels_fetched || die "the models that read labels are not those that were wanted: see labels/models.sha256"
fi

# --- tools of the wasm half ---------------------------------------------------------------------------------------
if [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $bindgen_version" ]; then
    say "building wasm-bindgen $bindgen_version (some minutes, once)"
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
        CARGO_TARGET_DIR=$WINECELLAR_TOOLS/build cargo install -q wasm-bindgen-cli --version "=$bindgen_version" --root "$WINECELLAR_TOOLS" --force
    rm -rf "$WINECELLAR_TOOLS/build"
fi
command -v node >/dev/null || die "Node.js is missing. Cure: apt-get install nodejs npm (18 or newer), then run again."
npm_need() { # name@version, path that proves it
    [ -e "$WINECELLAR_TOOLS/npm/node_modules/$2" ] && return
    say "installing $1 from npm"
    mkdir -p "$WINECELLAR_TOOLS/npm"
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$WINECELLAR_TOOLS/npm" "$1" >/dev/null || die "npm install $1 failed"
}
npm_need binaryen@132.0.0 binaryen/bin/wasm-opt
[ "$goal" = lighthouse ] && npm_need lighthouse@12.8.2 lighthouse/core/index.js
if [ "$goal" = test ]; then
    npm_need playwright-core@1.64.1 playwright-core/package.json
    npm_need axe-core@4.11.1 axe-core/axe.min.js
    if ! command -v cargo-deny >/dev/null; then
        say "building cargo-deny (some minutes, once)"
        CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
            CARGO_TARGET_DIR=$WINECELLAR_TOOLS/build cargo install -q cargo-deny --version "~0.20" --root "$WINECELLAR_TOOLS"
        rm -rf "$WINECELLAR_TOOLS/build"
    fi
    if [ "$(uname -m)" = x86_64 ] && ! ls "$WINECELLAR_TOOLS"/kernel/boot/vmlinuz-* >/dev/null 2>&1; then
        [ -n "$apt_updated" ] || { $sudo apt-get update -qq || die "apt-get update failed: is the network up?"; apt_updated=1; }
        # The exact name: apt takes anything else for a pattern and fetches every kernel there is.
        kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | head -n 1)
        [ -n "$kernel" ] || die "apt knows no linux-image-amd64: the camera test needs Debian's kernel for amd64"
        say "fetching $kernel for the camera test"
        dir=$(mktemp -d)
        (cd "$dir" && apt-get download -qq "$kernel" 2>/dev/null && dpkg -x "$kernel"_*.deb x) || die "apt-get download $kernel failed"
        # Of its 400 MB only the kernel itself and the drivers for media are needed.
        rm -rf "$WINECELLAR_TOOLS/kernel"
        mkdir -p "$WINECELLAR_TOOLS/kernel/modules"
        find "$dir/x" -path '*/drivers/media/*.ko*' -exec cp -t "$WINECELLAR_TOOLS/kernel/modules" {} +
        cp -r "$dir/x/boot" "$WINECELLAR_TOOLS/kernel/boot"
        rm -rf "$dir"
    fi
    if [ -z "$sudo" ]; then
        say "the Debian of the boot test (some minutes, once)"
        "$root/end2end/boot/root.sh" >/dev/null || die "mmdebstrap failed: is the network up?"
    fi
    if [ ! -x "$WINECELLAR_TOOLS/python/bin/schemathesis" ]; then
        say "installing schemathesis from PyPI"
        python3 -m venv "$WINECELLAR_TOOLS/python" && "$WINECELLAR_TOOLS/python/bin/pip" install -q --disable-pip-version-check schemathesis==4.32.5 \
            || die "pip install schemathesis failed"
    fi
fi
