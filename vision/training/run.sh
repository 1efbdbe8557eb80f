#!/bin/sh
# Draws the crops and trains on them; SCENES and SECONDS make it longer and better.
set -eu
work=${WORK:-/tmp/bottle_ends}
mkdir -p "$work"
cargo run --release -p vision --example render -- crops "$work/train.bin" "${SCENES:-400}" 1
cargo run --release -p vision --example render -- crops "$work/held_out.bin" 36 900000
python3 "$(dirname "$0")/train.py" --crops "$work/train.bin" --held-out "$work/held_out.bin" \
    --seconds "${SECONDS_TO_TRAIN:-1800}" --out models/onnx
