#!/usr/bin/env bash
# `make test`: everything, cheapest first, each step named. Stops at the first failure; nothing is skipped silently.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$root"
step() { printf '\n\033[1m==> %s\033[0m\n' "$*"; }

if command -v rustfmt >/dev/null; then
    step "format"
    cargo fmt --all --check
else
    echo "left out: the format, because rustfmt is missing (\`rustup component add rustfmt\`)"
fi
step "tidy: the rules of ARCHITECTURE.md"
cargo run --quiet --locked -p xtask -- tidy
step "licences and sources of the dependencies"
cargo deny --log-level error check licenses bans sources
step "units"
systemd/verify.sh
step "the domain compiles for the browser, without Diesel"
cargo check --quiet --locked -p models --target wasm32-unknown-unknown
step "the OpenAPI document in docs/ is the program's"
# The same selection of packages as the tests below, so that nothing is compiled twice with other features.
cargo build --locked --workspace --exclude frontend
diff -u docs/openapi.json <("$CARGO_TARGET_DIR/debug/winecellar" openapi) || { echo "docs/openapi.json is old: winecellar openapi > docs/openapi.json"; exit 1; }
step "rules, database on SQLite and MariaDB, vision, HTTP, pages"
cargo test --locked --workspace --exclude frontend --no-fail-fast
step "the camera under a real kernel driver, in qemu"
if [ "$(uname -m)" = x86_64 ]; then
    end2end/vivid/run.sh
else
    echo "left out: the guest is made for x86_64, this is $(uname -m); try a real camera with winecellar stock snapshot"
fi
step "the API against its own document, with schemathesis"
scripts/schemathesis.sh
step "the browser half"
make --no-print-directory site-dev
step "the supervisor of the kiosk, with a page that hangs"
end2end/kiosk/run.sh
step "a booted Debian with the package installed"
if [ "$(id -u)" = 0 ]; then
    end2end/boot/run.sh --program "$CARGO_TARGET_DIR/debug/winecellar" --site "$CARGO_TARGET_DIR/debug/site"
else
    echo "left out: a container with its own systemd needs root; sudo make boot-test"
fi
step "end to end, in Chromium at 800x480 and 1280x800"
(cd end2end && WINECELLAR_BIN=$CARGO_TARGET_DIR/debug/winecellar WINECELLAR_SITE=$CARGO_TARGET_DIR/debug/site NODE_PATH=$WINECELLAR_TOOLS/npm/node_modules node run.mjs)
