"""Photographs with truth, and the canvases that the network sees: the same geometry as vision/src/detect."""

import glob
import json
import os

import cv2
import numpy as np

PAD = 0.08          # context around a bin, as a share of its longer side
MOST_ZOOM = 2.0     # canvas pixels per picture pixel
CELL = 4            # canvas pixels per cell of the answer


def load(folder):
    """All photographs of a folder as (picture, bins); a bin is (polygon, ends or None when nobody is sure, id)."""
    photos = []
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        with open(path, encoding="utf-8") as file:
            truth = json.load(file)
        picture = cv2.imread(os.path.join(folder, truth["image"]), cv2.IMREAD_COLOR)
        if picture is None:
            continue
        bins = []
        for b in truth["bins"]:
            ends = None if b["count"] is None else np.array(b["ends"], np.float32).reshape(-1, 3)
            bins.append((np.array(b["polygon"], np.float32), ends, b["id"]))
        photos.append((cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), bins, truth["image"]))
    return photos


def frame(polygon, budget):
    """Left, top and zoom of a bin's canvas, and the canvas's width and height in pixels."""
    (left, top), (right, bottom) = polygon.min(0), polygon.max(0)
    pad = PAD * max(right - left, bottom - top)
    w, h = right - left + 2 * pad, bottom - top + 2 * pad
    zoom = min(MOST_ZOOM, float(np.sqrt(budget / (w * h))))
    up = lambda side: max(32, int(np.ceil(side * zoom / 32 - 1e-6)) * 32)
    return left - pad, top - pad, zoom, up(w), up(h)


def sample(picture, matrix, size):
    """The canvas through an affine map from picture to canvas pixels; shrinking averages. 0 outside the picture."""
    zoom = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    if zoom < 0.75:
        # An area average first, to nearly the right size; the rest by interpolation.
        small = cv2.resize(picture, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
        real = np.array([small.shape[1] / picture.shape[1], small.shape[0] / picture.shape[0]])
        matrix = matrix.copy()
        # Both pictures share their outer edges, not the middles of their first pixels.
        matrix[:, 2] += matrix[:, :2] @ ((0.5 / real) - 0.5)
        matrix[:, :2] = matrix[:, :2] / real
        picture = small
    canvas = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR)
    seen = cv2.warpAffine(np.full(picture.shape[:2], 255, np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    return canvas, seen


def mask_of(polygon, size):
    mask = np.zeros((size[1], size[0]), np.uint8)
    # Subpixel outline: the fixed-point coordinates have 4 fractional bits.
    cv2.fillPoly(mask, [np.round((polygon - 0.5) * 16).astype(np.int32)], 1, shift=4)
    return mask


def normalise(colour, mask, seen):
    """H x W x 3 from 0 to 1 and the mask to the network's input 4 x H x W."""
    inside = mask > 0
    values = colour[inside] if inside.any() else colour.reshape(-1, 3)
    mean, spread = values.mean(), max(values.std(), 0.05)
    planes = np.clip((colour - mean) / spread, -4, 4) * (seen[..., None] > 0)
    return np.concatenate([planes, mask[..., None]], -1).transpose(2, 0, 1).astype(np.float32)


def still(picture, polygon, budget):
    """A canvas as the program makes it: input, and (left, top, zoom) to map its pixels back."""
    left, top, zoom, w, h = frame(polygon, budget)
    # Pixel middles are at .5 in both pictures.
    matrix = np.array([[zoom, 0, -left * zoom + 0.5 * zoom - 0.5], [0, zoom, -top * zoom + 0.5 * zoom - 0.5]])
    canvas, seen = sample(picture, matrix, (w, h))
    mask = mask_of((polygon - [left, top]) * zoom, (w, h))
    return normalise(canvas.astype(np.float32) / 255, mask, seen), (left, top, zoom)


def shaken(picture, polygon, ends, budget, rng):
    """A canvas for training: turned a little, mirrored, recoloured, its outline drawn a little differently."""
    span = (polygon.max(0) - polygon.min(0)).min()
    drawn = polygon + rng.normal(0, 0.012 * span, polygon.shape).astype(np.float32)
    left, top, zoom, w, h = frame(drawn, budget)
    turn = rng.normal(0, 0.035) if rng.random() < 0.5 else 0.0
    aspect = np.exp(rng.normal(0, 0.05)) if rng.random() < 0.5 else 1.0
    flip = rng.random() < 0.5
    c, s = np.cos(turn), np.sin(turn)
    linear = zoom * np.array([[c, -s], [s, c]]) @ np.diag([1.0, aspect])
    if flip:
        linear = np.diag([-1.0, 1.0]) @ linear
    middle = (drawn.min(0) + drawn.max(0)) / 2
    at = np.array([w, h]) / 2 + rng.uniform(-0.03, 0.03, 2) * [w, h]
    shift = at - linear @ middle
    place = lambda p: p @ linear.T + shift
    matrix = np.concatenate([linear, (shift + linear @ [0.5, 0.5] - 0.5)[:, None]], 1)
    canvas, seen = sample(picture, matrix, (w, h))
    mask = mask_of(place(drawn), (w, h))
    placed = np.concatenate([place(ends[:, :2]), ends[:, 2:] * zoom], 1) if len(ends) else ends
    return normalise(recolour(canvas.astype(np.float32) / 255, rng), mask, seen), placed


def recolour(c, rng):
    if rng.random() < 0.3:
        c = cv2.GaussianBlur(c, (0, 0), rng.uniform(0.3, 1.2))
    c = c ** rng.uniform(0.7, 1.4)
    if rng.random() < 0.4:
        c = c @ (np.eye(3) + rng.normal(0, 0.15, (3, 3))).astype(np.float32)
    grey = c.mean(-1, keepdims=True)
    c = grey + (c - grey) * (0.0 if rng.random() < 0.06 else rng.uniform(0.4, 1.5))
    c = c * rng.uniform(0.75, 1.3) + rng.uniform(-0.05, 0.05)
    if rng.random() < 0.15:
        # A shadow or a patch of light across the bin.
        h, w = c.shape[:2]
        angle, at = rng.uniform(0, 6.28), rng.uniform(0.2, 0.8)
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        edge = (x / w - 0.5) * np.cos(angle) + (y / h - 0.5) * np.sin(angle) + 0.5 - at
        c = c * (1 + (rng.uniform(0.4, 1.7) - 1) / (1 + np.exp(-edge * rng.uniform(10, 80))))[..., None]
    c = np.clip(c, 0, 1)
    return (c + rng.normal(0, rng.uniform(0, 0.03), c.shape)).astype(np.float32)


def targets(ends, w, h):
    """Heat (bumps), log radius and shifts, and where they count; each of h/4 x w/4 cells."""
    gw, gh = w // CELL, h // CELL
    x = (np.arange(gw, dtype=np.float32) + 0.5) * CELL
    y = (np.arange(gh, dtype=np.float32) + 0.5) * CELL
    heat = np.zeros((gh, gw), np.float32)
    rest = np.zeros((3, gh, gw), np.float32)
    near = np.zeros((gh, gw), np.float32)
    for ex, ey, r in ends:
        ix, iy = int(ex // CELL), int(ey // CELL)
        if not (0 <= ix < gw and 0 <= iy < gh):
            continue
        dx, dy = np.broadcast_arrays((ex - x)[None, :], (ey - y)[:, None])
        sigma = np.clip(0.2 * r, 2.0, 6.0)
        bump = np.exp(-(dx**2 + dy**2) / (2 * sigma**2))
        better = bump > heat
        heat = np.where(better, bump, heat)
        heat[iy, ix] = 1.0
        w_ = better & (bump > 0.5)
        w_[iy, ix] = True
        values = np.stack([np.full_like(dx, np.log(max(r, 1.0) / 8)), dx / CELL, dy / CELL])
        rest[:, w_] = values[:, w_]
        near[w_] = 1.0
    return heat, rest, near
