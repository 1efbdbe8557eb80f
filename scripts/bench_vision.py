"""The measuring half of scripts/bench-vision.sh: makes the pictures, runs both programs in turn, prints a table."""
import argparse
import json
import os
import resource
import statistics
import subprocess
import time

args = argparse.ArgumentParser()
for name in ("program", "python", "baseline", "work"):
    args.add_argument("--" + name, required=True)
args.add_argument("--runs", type=int, default=7)
args = args.parse_args()


def layout(width, height, bins):
    """A frame that shows the rack a little askew; bins in a grid of squares, every corner of a square kept."""
    columns = max(1, round((bins * width / height) ** 0.5))
    rows = -(-bins // columns)
    side = min(width / columns, height / rows)
    straight = [round(columns * side), round(rows * side)]
    at = lambda k: (k % columns * side, k // columns * side)
    square = lambda x, y: [[x, y], [x + side, y], [x + side, y + side], [x, y + side]]
    polygons = [{"id": f"b{k:04}", "polygon": square(*at(k))} for k in range(bins)]
    w, h = width - 1, height - 1
    corners = [[0.01 * w, 0.015 * h], [0.985 * w, 0.0], [w, h], [0.0, 0.99 * h]]
    return {"corners": corners, "rectified": straight, "bins": polygons}


def cold(command, env=None):
    """One process: what it prints, its wall milliseconds and its peak memory in MB as the system counted it."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=env)
    text = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = (time.perf_counter() - start) * 1000
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return json.loads(text), wall, usage.ru_maxrss / 1024


def ours(image, plan, model=None):
    env = {key: value for key, value in os.environ.items() if not key.startswith("WINECELLAR_")}
    env |= {"WINECELLAR_DATA_DIR": args.work} | ({"WINECELLAR_MODEL": model} if model else {})
    return cold([args.program, "vision", "bench", image, plan], env)


def row(name, runs):
    ms = {key: statistics.median(report["ms"][key] for report, _, _ in runs) for key in runs[0][0]["ms"]}
    wall, peak = statistics.median(r[1] for r in runs), max(r[2] for r in runs)
    load = statistics.median(r[0]["load_ms"] for r in runs)
    stages = ", ".join(f"{key} {value:.0f}" for key, value in ms.items())
    print(f"{name:<34}{wall:>9.0f} ms{peak:>9.1f} MB   load {load:.0f}, {stages}", flush=True)
    return wall, peak


def picture(name, width, height):
    """The demo's photograph, which has 1920x1080 pixels, at another size."""
    path = os.path.join(args.work, name)
    demo = os.path.join(args.work, "demo.jpg")
    if not os.path.exists(demo):
        subprocess.run([args.program, "demo", "photo", demo], check=True, stdout=subprocess.DEVNULL)
    if (width, height) == (1920, 1080):
        return demo
    code = ("import cv2,sys; i=cv2.imread(sys.argv[1]); "
            "cv2.imwrite(sys.argv[2], cv2.resize(i,(int(sys.argv[3]),int(sys.argv[4])),interpolation=cv2.INTER_CUBIC))")
    subprocess.run([args.python, "-c", code, demo, path, str(width), str(height)], check=True)
    return path


def plan(name, *size):
    path = os.path.join(args.work, name)
    with open(path, "w") as out:
        json.dump(layout(*size), out)
    return path


def imports(*modules):
    return os.path.exists(args.python) and not subprocess.run(
        [args.python, "-c", "import " + ", ".join(modules)], stderr=subprocess.DEVNULL).returncode


tools = imports("cv2", "numpy", "onnx", "onnxruntime")
python = tools and os.path.exists(args.baseline)
os.makedirs(args.work, exist_ok=True)
model = os.path.join(args.work, "mobile.onnx")
sizes = [("1080p", 1920, 1080), ("4K", 3840, 2160)]
if not python:
    print("without OpenCV, onnxruntime and the baseline script: only this program is measured")
if not tools:
    sizes = sizes[:1]
elif not os.path.exists(model):
    subprocess.run([args.python, "vision/tests/models/make.py", "mobile", args.work], check=True)
print(f"{'cold process':<34}{'wall':>12}{'peak':>12}   stages in ms (medians of {args.runs})")
for label, width, height in sizes:
    image, bins = picture(f"{label}.jpg", width, height), plan(f"{label}.json", width, height, 120)
    pairs = []
    for _ in range(args.runs):
        # In turn, so that a busy moment of the machine falls on both.
        theirs = cold([args.python, args.baseline, image, bins, model, "--size", "96"]) if python else None
        pairs.append((theirs, ours(image, bins, model) if tools else None))
    if python:
        wall, peak = row(f"{label}, 120 bins, OpenCV + onnxruntime", [p[0] for p in pairs])
    mine = row(f"{label}, 120 bins, same model", [p[1] for p in pairs]) if tools else None
    if python:
        print(f"{'':<34}{mine[0] / wall:>8.2f} of it{mine[1] / peak:>8.2f} of it")
    row(f"{label}, 120 bins, built-in model", [ours(image, bins) for _ in range(args.runs)])
label, width, height = sizes[-1]
print(f"\nseries, {label}, built-in model")
image = picture(f"{label}.jpg", width, height)
for bins in (120, 500, 1000, 2000, 4000):
    report, wall, peak = ours(image, plan(f"series{bins}.json", width, height, bins))
    print(f"{bins:>6} bins {wall:>9.0f} ms{wall / bins:>8.2f} ms a bin{peak:>9.1f} MB", flush=True)
