#!/usr/bin/env bash
# Asks a running server everything that its OpenAPI document allows and forbids, as a member. Scans are left out: each takes seconds,
# and server/tests/it has them.
#   scripts/schemathesis.sh [EXAMPLES] [SEED]
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$root/end2end"
binary=$CARGO_TARGET_DIR/debug/winecellar
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
export DATABASE_URL=sqlite:$work/cellar.db WINECELLAR_DATA_DIR=$work/data WINECELLAR_ADDR=127.0.0.1:$port RUST_LOG=warn
"$binary" migrate >/dev/null
"$binary" demo >/dev/null
token=$("$binary" token create schemathesis --role member)
"$binary" serve & server=$!
for _ in $(seq 100); do curl -sf -o /dev/null "http://$WINECELLAR_ADDR/readyz" && break; sleep 0.1; done
"$WINECELLAR_TOOLS/python/bin/schemathesis" run "http://$WINECELLAR_ADDR/openapi.json" \
    --header "Authorization: Bearer $token" \
    --max-examples "${1:-25}" --seed "${2:-1}" --exclude-path /api/v1/scans >"$work/report.txt" 2>&1 \
    || { cat "$work/report.txt"; exit 1; }
tail -3 "$work/report.txt"
