"""The canvases that the network sees: the same geometry as vision/src/detect."""

import cv2
import numpy as np

PAD = 0.08          # context around a bin, as a share of its longer side
MOST_ZOOM = 2.0     # canvas pixels per picture pixel
CELL = 4            # canvas pixels per cell of the answer


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
