# Sourced by the Makefile's recipes and by .ci/run: which compiler, which folders. No side effects but PATH and exports.
# Everything that set-up builds lands in $WINECELLAR_TOOLS, outside the checkout so that a fresh clone starts warm.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export WINECELLAR_TOOLS=${WINECELLAR_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/winecellar/tools}
# The models that read labels, fetched by set-up.
export WINECELLAR_LABEL_MODELS=${WINECELLAR_LABEL_MODELS:-$WINECELLAR_TOOLS/labels}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}

# rustup's compiler when it has (or can fetch) the wasm32 library; else Debian's rustc-web, for both halves,
# because libraries of one compiler do not load in another.
if [ -f "$WINECELLAR_TOOLS/use-debian-rust" ]; then
    PATH=/usr/bin:$PATH
fi
export PATH=$WINECELLAR_TOOLS/bin:$WINECELLAR_TOOLS/npm/node_modules/.bin:$PATH
# The debian compiler looks for `rust-lld` on PATH: it stands in $WINECELLAR_TOOLS/bin.
if [ -f "$WINECELLAR_TOOLS/use-debian-rust" ]; then
    mkdir -p "$WINECELLAR_TOOLS/bin"
    for tool in cargo rustc rustdoc; do
        [ -x "/usr/bin/$tool" ] && ln -sf "/usr/bin/$tool" "$WINECELLAR_TOOLS/bin/$tool"
    done
fi
