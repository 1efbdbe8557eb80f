#!/usr/bin/env bash
# Compiles the browser half and lays it beside the server's binary, where `winecellar serve` looks for it.
#   site.sh release|light
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$root"
if [ "${1:-release}" = release ]; then
    profile=wasm-release folder=wasm-release beside=release
else
    profile=wasm-light folder=wasm-light beside=debug
fi
echo "==> building the browser half"
cargo build --locked -p frontend --target wasm32-unknown-unknown --profile "$profile"
wasm=$CARGO_TARGET_DIR/wasm32-unknown-unknown/$folder/frontend.wasm
out=$CARGO_TARGET_DIR/$beside/site
# Nothing changed since the last time: the site stands.
if [ -f "$out/hash.txt" ] && [ "$out/hash.txt" -nt "$wasm" ] && [ -z "$(find style scripts/site.mjs scripts/slim.mjs -newer "$out/hash.txt" -type f)" ]; then
    exit 0
fi
node scripts/site.mjs "$wasm" "$out" $([ "$1" = release ] || echo --light)
