#!/bin/bash
# Measures the reading of a rack beside what a Python user would run (../shared/baseline/scan_opencv.py, OpenCV and
# onnxruntime on 2 threads): the same picture, layout and model file, in turn, in one run. Prints the median of
# WINECELLAR_BENCH_RUNS (7) cold processes each, then the built-in model and the series up to 4,000 bins.
# Needs python3 with venv; the Python half is left out, with a word, where the packages or the script are not to be had.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
work=var/bench
mkdir -p $work
program=${1:-$(make -s binary)}
baseline=${WINECELLAR_BASELINE:-../shared/baseline/scan_opencv.py}
python=${WINECELLAR_BENCH_PYTHON:-$work/venv/bin/python}
[ -x "$python" ] || { python3 -m venv $work/venv && python=$work/venv/bin/python && $work/venv/bin/pip install -q opencv-python-headless onnxruntime numpy onnx; } \
    || true
exec python3 scripts/bench_vision.py --program "$program" --python "$python" --baseline "$baseline" --work $work \
    --runs "${WINECELLAR_BENCH_RUNS:-7}"
