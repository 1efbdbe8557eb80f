#!/usr/bin/env bash
# Asks a running server everything that its OpenAPI document allows and forbids: as a member, and as an
# admin what only an admin may. Scans are left out: each takes seconds, and server/tests/it has them.
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
"$binary" serve & server=$!
for _ in $(seq 100); do curl -sf -o /dev/null "http://$WINECELLAR_ADDR/readyz" && break; sleep 0.1; done
ask() { # ROLE EXAMPLES WHAT...
    local role=$1 examples=$2 token
    shift 2
    token=$("$binary" token create "schemathesis-$role" --role "$role")
    "$WINECELLAR_TOOLS/python/bin/schemathesis" run "http://$WINECELLAR_ADDR/openapi.json" \
        --header "Authorization: Bearer $token" --max-examples "$examples" --seed "$seed" "$@" >"$work/report.txt" 2>&1 \
        || { cat "$work/report.txt"; exit 1; }
    echo "as $role:"
    tail -3 "$work/report.txt"
}
seed=${2:-1}
ask member "${1:-25}" --exclude-path /api/v1/scans --exclude-path /api/v1/motion
# What only an admin may. Nobody may revoke the token that asks, nor end a session that is none.
ask admin "${1:-15}" --include-path-regex '^/api/v1/(users|tokens|racks|bins)' --exclude-operation-id token_revoke
