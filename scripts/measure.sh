#!/usr/bin/env bash
# `make measure`: the figures of the README, from the release build, on a demo cellar of its own.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$root"
binary=$CARGO_TARGET_DIR/release/winecellar
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
export DATABASE_URL=sqlite:$work/cellar.db WINECELLAR_DATA_DIR=$work/data RUST_LOG=warn
"$binary" migrate >/dev/null
"$binary" demo >/dev/null
port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
export WINECELLAR_ADDR=127.0.0.1:$port

ms() { echo $(($(date +%s%N) / 1000000)); }
best=
for _ in 1 2 3 4 5; do
    start=$(ms)
    "$binary" serve & server=$!
    until curl -sf "http://$WINECELLAR_ADDR/readyz" >/dev/null; do :; done
    took=$(($(ms) - start))
    [ -n "$best" ] && [ "$best" -le "$took" ] || best=$took
    kill "$server"; wait "$server" 2>/dev/null || true
done
echo "cold start, process to /readyz (best of 5)        $best ms"

"$binary" serve & server=$!
until curl -sf "http://$WINECELLAR_ADDR/readyz" >/dev/null; do :; done
pages="/ /rack /bins/03_03 /bottles /proposals /scans /history"
for page in $pages; do curl -sf -o /dev/null "http://$WINECELLAR_ADDR$page"; done
for page in $pages; do
    printf '%-50s%s ms\n' "page $page (median of 21)" "$(for _ in $(seq 21); do curl -sf -o /dev/null -w '%{time_total}\n' "http://$WINECELLAR_ADDR$page"; done | sort -n | awk 'NR==11{printf "%.1f", $1*1000}')"
done
printf '%-50s%s MB\n' "server memory (RSS; of it the files it runs from)" "$(awk '/VmRSS/{all=$2} /RssFile/{files=$2} END{printf "%.1f (%.1f)", all/1024, files/1024}' "/proc/$server/status")"

app=$(cat "$CARGO_TARGET_DIR"/release/site/pkg/*.br | wc -c)
# The words of a live page travel beside the app, in one language: the longest counts.
words=0
for language in en hu de fr; do
    script=$(curl -sf -H "cookie: lang=$language" "http://$WINECELLAR_ADDR/" | grep -o '/texts/[^"]*' | head -1)
    size=$(curl -sf -H 'accept-encoding: br' "http://$WINECELLAR_ADDR$script" | wc -c)
    [ "$size" -le "$words" ] || words=$size
done
kib() { awk -v bytes="$1" 'BEGIN { printf "%.1f", bytes / 1024 }'; }
printf '%-50s%s KiB\n' "app over the wire (brotli: js, wasm, css, words)" "$(kib $((app + words)))"
printf '%-50s%s MB\n' "program on disk" "$(stat -c %s "$binary" | awk '{printf "%.1f", $1/1e6}')"
echo "one scan of the demo photo (1920x1080):"
/usr/bin/time -f '  whole process: %e s wall, %U s user CPU, %M KB peak memory' "$binary" stock run
