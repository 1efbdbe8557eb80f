#!/usr/bin/env bash
# `make run`: a demo cellar under var/demo, whose rack photo is scanned for real, served until Ctrl-C.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$root"
binary=$CARGO_TARGET_DIR/release/winecellar
export WINECELLAR_ADDR=${WINECELLAR_ADDR:-0.0.0.0:8000}
export WINECELLAR_DATA_DIR=${WINECELLAR_DATA_DIR:-$root/var/demo/data}
export DATABASE_URL=${DATABASE_URL:-sqlite:$root/var/demo/cellar.db}
mkdir -p "$root/var/demo"
"$binary" migrate
"$binary" demo --if-empty
port=${WINECELLAR_ADDR##*:}
printf '\n    The cellar is open:  http://localhost:%s   (API: http://localhost:%s/docs)\n\n' "$port" "$port"
exec "$binary" serve
