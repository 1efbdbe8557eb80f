"""Measures a trained network on a folder of photographs with truth: python measure.py counter.pt FOLDER [--each]."""

import glob
import os
import sys

import numpy as np
import torch

from answers import ACCEPT, count
from model import Counter
from photos import read


def network(path):
    net = Counter()
    net.load_state_dict(torch.load(path)["mean"])
    return net.eval()


def main():
    torch.set_num_threads(1)
    net = network(sys.argv[1])
    rows = []
    for path in sorted(glob.glob(os.path.join(sys.argv[2], "*.json"))):
        picture, bins = read(path)
        for polygon, ends, bin_id in bins:
            found, raw = count(net, picture, polygon)
            seen = sum(f[0] >= ACCEPT for f in found)
            rows.append((len(ends), seen, raw))
            if "--each" in sys.argv:
                print(os.path.basename(path), bin_id, "truth", len(ends), "seen", seen, [round(f[0], 2) for f in found], f"{raw:.2f}")
    rows = np.array(rows)
    truth, seen = rows[:, 0], rows[:, 1]
    print(f"{len(rows)} bins, exact {np.mean(truth == seen):.4f}, MAE {np.abs(truth - seen).mean():.3f}, "
          f"occupied right {np.mean((truth > 0) == (seen > 0)):.4f}")
    for low, high in [(0, 0), (1, 1), (2, 3), (4, 6), (7, 12), (13, 99)]:
        part = (truth >= low) & (truth <= high)
        if part.any():
            print(f"  {low} to {high}: {part.sum()} bins, exact {np.mean(truth[part] == seen[part]):.4f}")


if __name__ == "__main__":
    main()
