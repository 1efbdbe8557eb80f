"""Unchanged racks in other lights: does a scan ever claim that a bottle is missing? `make bench-lights` runs it.

For each rack number the studio (vision/examples/studio.rs, never trained on from 910000 on) photographs one rack in many
lights. Its bins and bottles are brought into a cellar of their own, and every picture is scanned as a camera's would be.
"""
import argparse
import csv
import itertools
import json
import os
import subprocess

args = argparse.ArgumentParser()
for name in ("program", "studio", "work"):
    args.add_argument("--" + name, required=True)
args.add_argument("--racks", type=int, default=5)
args.add_argument("--lights", type=int, default=40)
args.add_argument("--first", type=int, default=910000)
args = args.parse_args()


def photographed(number, lights):
    """The folder of a rack's pictures, and what the first of them shows."""
    folder = os.path.join(args.work, f"lights-{number}")
    subprocess.run([args.studio, "series", folder, str(lights), str(number)], check=True)
    with open(os.path.join(folder, f"set_{number:06}_000.json"), encoding="utf-8") as file:
        return folder, json.load(file)


def is_rack(number):
    """Whether the picture is large enough for a camera's, 400 pixels, and shows three bins and three bottles at least."""
    _, truth = photographed(number, 1)
    counts = [b["count"] for b in truth["bins"] if b["count"] is not None]
    return truth["width"] >= 400 and len(counts) >= 3 and sum(counts) >= 3


def rack(number):
    """Photographs a rack and enters it; its pictures and the environment of its cellar."""
    folder, truth = photographed(number, args.lights)
    names = [f"set_{number:06}_{k:03}" for k in range(args.lights)]
    width, height = truth["width"], truth["height"]
    # Bins of which not even the renderer can say how many ends are seen are not part of the rack.
    bins = [b for b in truth["bins"] if b["count"] is not None]
    layout = {
        "corners": [[0, 0], [width, 0], [width, height], [0, height]], "frame": [width, height], "rectified": [width, height],
        "bins": [{"id": b["id"], "polygon": b["polygon"], "capacity": max(1, b["count"])} for b in bins],
    }
    with open(os.path.join(folder, "layout"), "w", encoding="utf-8") as file:
        json.dump(layout, file)
    table = os.path.join(folder, "bottles.csv")
    with open(table, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["producer", "name", "year", "count", "bin"])
        rows.writerows(["Studio", "Bottle", 2020, b["count"], b["id"]] for b in bins if b["count"])
    cellar = os.path.join(folder, "cellar")
    subprocess.run(["rm", "-rf", cellar], check=True)
    # Only what is said here: the built-in network, no light, no learning.
    env = {key: value for key, value in os.environ.items() if not key.startswith("WINECELLAR_")}
    env |= {"WINECELLAR_DATA_DIR": cellar, "DATABASE_URL": f"sqlite:{cellar}.db"}
    for end in (".db", ".db-wal", ".db-shm"):
        if os.path.exists(cellar + end):
            os.remove(cellar + end)
    for command in (["migrate"], ["layout", "import", os.path.join(folder, "layout"), "--new", f"Rack {number}"], ["import", table]):
        subprocess.run([args.program, *command], check=True, env=env, stdout=subprocess.DEVNULL)
    return [os.path.join(folder, name + ".png") for name in names], env, len(bins), sum(b["count"] for b in bins)


print(f"{'rack':>8}{'bins':>6}{'bottles':>9}{'scans':>7}{'no opinion':>12}{'bins silent':>13}{'missing':>9}{'extra':>7}")
total = dict(scans=0, blind=0, missing=0, extra=0, silent=0, read=0)
for number in itertools.islice(filter(is_rack, itertools.count(args.first)), args.racks):
    pictures, env, bins, bottles = rack(number)
    seen = dict.fromkeys(total, 0)
    for picture in pictures:
        told = subprocess.run([args.program, "stock", "run", "--source", f"file:{picture}", "--json"], env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if told.returncode not in (0, 3):
            raise SystemExit(f"{picture}: exit code {told.returncode}")
        outcome = json.loads(told.stdout)
        seen["scans"] += 1
        if outcome["status"] != "ok":
            seen["blind"] += 1
            continue
        seen["silent"] += len(outcome["no_opinion"])
        seen["read"] += outcome["bins_read"]
        for change in outcome["changed"]:
            seen["missing" if change["difference"] < 0 else "extra"] += 1
            print(f"  {os.path.basename(picture)} {change['bin']}: {change['expected']} lie there, {change['seen']} seen, "
                  f"{change['confidence']:.0%} sure")
    total = {key: total[key] + seen[key] for key in total}
    print(f"{number:>8}{bins:>6}{bottles:>9}{seen['scans']:>7}{seen['blind']:>12}{seen['silent']:>13}{seen['missing']:>9}"
          f"{seen['extra']:>7}", flush=True)
looked = max(1, total["silent"] + total["read"])
print(f"all: {total['scans']} scans, {total['blind']} without an opinion; of {looked} bins looked at {total['silent'] / looked:.1%} "
      f"without an opinion, {total['missing']} falsely missing, {total['extra']} falsely too many")
