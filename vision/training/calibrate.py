"""Fits the confidence on held-out photographs, as the program itself reads them.

python calibrate.py WINECELLAR HELD_OUT_FOLDER models/onnx
"""

import json
import os
import subprocess
import sys


def main():
    program, folder, out = sys.argv[1:]
    # The built-in network is measured, whatever this machine is set to.
    env = {key: value for key, value in os.environ.items() if key != "WINECELLAR_MODEL"}
    told = subprocess.run([program, "vision", "eval", folder, "--json"], env=env, check=True, stdout=subprocess.PIPE)
    report = json.loads(told.stdout)
    path = os.path.join(out, "bottle_ends.golden.json")
    with open(path, encoding="utf-8") as file:
        described = json.load(file)
    if report["model"] != described["name"]:
        sys.exit(f"{program} was built with {report['model']}, not with {described['name']}: build it again")
    described["calibration"] = [round(value, 4) for value in report["calibration"]["fit"]]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(described, file)
        file.write("\n")
    keys = ("bins", "exact_count_accuracy", "occupancy_f1", "mae", "no_opinion")
    print(json.dumps({key: report[key] for key in keys} | {"calibration": described["calibration"]}))


if __name__ == "__main__":
    main()
