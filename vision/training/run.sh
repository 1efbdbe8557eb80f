#!/bin/sh
# Takes the pictures, trains on them and writes the model; SETS and SECONDS_TO_TRAIN make it longer and better.
set -eu
work=${WORK:-/tmp/bottle_ends}
here=$(dirname "$0")
target=${CARGO_TARGET_DIR:-target}/release
cargo build --release -p server --bin winecellar -p vision --example studio
"$target/examples/studio" sets "$work/held_out" 150 900000
"$target/examples/studio" sets "$work/train" "${SETS:-3000}" 1000
"$target/examples/studio" drawn "$work/train" 240
python3 "$here/train.py" --photos "$work/train" --seconds "${SECONDS_TO_TRAIN:-7200}" --out "$work/counter.pt"
python3 "$here/measure.py" "$work/counter.pt" "$work/held_out"
python3 "$here/export.py" "$work/counter.pt" models/onnx
# The network is part of the program, which is built again for each half of the description.
cargo build --release -p server --bin winecellar -p vision --example studio
python3 "$here/calibrate.py" "$target/winecellar" "$work/held_out" models/onnx
cargo build --release -p server --bin winecellar -p vision --example studio
