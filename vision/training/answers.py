"""From the network's answer to ends in picture pixels, by the rules of vision/src/detect.

For watching a training run; what counts is `winecellar vision eval`, which also uses what a bin is known to hold.
"""

import cv2
import numpy as np
import torch

from canvas import CELL, still

FLOOR = 0.08
ACCEPT = 0.5


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def peaks(answer):
    """(probability, x, y, radius) in canvas pixels, the surest first, of one answer 4 x h x w."""
    heat = answer[0]
    h, w = heat.shape
    padded = np.pad(heat, 1, constant_values=-99)
    around = np.max([padded[i : i + h, j : j + w] for i in range(3) for j in range(3)], 0)
    found = []
    for y, x in zip(*np.nonzero((heat >= around) & (sigmoid(heat) >= FLOOR))):
        _, r, dx, dy = answer[:, y, x]
        dx, dy = np.clip([dx, dy], -1.5, 1.5)
        found.append((float(sigmoid(heat[y, x])), (x + 0.5 + dx) * CELL, (y + 0.5 + dy) * CELL,
                      float(np.exp(np.clip(r, -3, 2.6)) * 8)))
    kept = []
    for f in sorted(found, reverse=True):
        if all(np.hypot(k[1] - f[1], k[2] - f[2]) >= 0.62 * max(k[3], f[3]) for k in kept):
            kept.append(f)
    return kept


def run(net, x):
    with torch.no_grad():
        return net(torch.from_numpy(x)[None])[0][0].numpy()


def look(net, picture, polygon, budget, mirrored=False):
    x, place = still(picture, polygon, budget)
    answer = run(net, x)
    if mirrored:
        other = run(net, np.ascontiguousarray(x[:, :, ::-1]))[:, :, ::-1].copy()
        other[2] = -other[2]
        answer = (answer + other) / 2
    return peaks(answer), place


def odds(found):
    """How far the most doubtful peak lies from the bar, in log-odds; 4 at most. What an exact count hangs on."""
    return float(min([abs(np.log(f[0] / (1 - f[0]))) for f in found if 0 < f[0] < 1] + [4.0]))


def count(net, picture, polygon):
    """Peaks and raw log-odds of a bin whose capacity nobody knows, as `winecellar vision eval` reads it."""
    def bins_own(answer):
        # A middle that lies outside the outline by more than a quarter of the radius is the neighbour's.
        found, (left, top, zoom) = answer
        outline = ((polygon - [left, top]) * zoom).astype(np.float32)
        inside = lambda f: cv2.pointPolygonTest(outline, (f[1], f[2]), True) > -0.25 * f[3]
        return [f for f in found if inside(f)], (left, top, zoom)

    budget = 136**2
    found, (left, top, zoom) = bins_own(look(net, picture, polygon, budget))
    ends = [f for f in found if f[0] >= ACCEPT]
    if len(ends) > 8 or any(f[3] < 5 for f in ends):
        budget = 192**2
        found, (left, top, zoom) = bins_own(look(net, picture, polygon, budget))
    if odds(found) < 2.2:
        found, (left, top, zoom) = bins_own(look(net, picture, polygon, budget, True))
    return [(p, x / zoom + left, y / zoom + top, r / zoom) for p, x, y, r in found], odds(found)
