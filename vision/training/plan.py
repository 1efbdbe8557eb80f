"""Which bins are drawn next and how: turned a little, mirrored, their outlines drawn a little differently. NumPy, many at once."""

import numpy as np

from canvas import MOST_ZOOM, PAD

# Canvas pixels of a bin; bins of more than five bottles are looked at closer.
BUDGETS = np.array([88, 104, 120, 144, 160]) ** 2
CROWDED = np.array([128, 160, 192, 224]) ** 2
DRAWN = 4096        # bins that are planned at a time
LONGEST = 512       # side of a canvas in pixels
FINEST = 4          # samples across a canvas pixel, where the picture is finer than the canvas


class Plan:
    """Endless batches of bins whose canvases have one shape; `photos` may grow meanwhile."""

    def __init__(self, photos, pixels, seed):
        self.photos, self.pixels = photos, pixels
        self.rng = np.random.default_rng(seed)
        self.waiting, self.ready = {}, []
        self.look_again()

    def look_again(self):
        """Takes in the photographs that came since."""
        p = self.photos
        corners = max(len(polygon) for polygon in p.polygons)
        most = max(len(ends) for ends in p.ends)
        # A shorter outline repeats its last corner, which changes neither its box nor what lies inside.
        self.corners = np.stack([polygon[np.minimum(np.arange(corners), len(polygon) - 1)] for polygon in p.polygons])
        self.sides = np.array([len(polygon) for polygon in p.polygons])
        self.count = np.array([len(ends) for ends in p.ends])
        self.ends = np.zeros((len(p.ends), max(1, most), 3), np.float32)
        for row, ends in zip(self.ends, p.ends):
            row[: len(ends)] = ends
        self.photo = np.array(p.photo)
        # Full bins teach more than empty ones.
        weight = 0.45 + np.minimum(self.count, 12) ** 0.5 * 0.6
        self.weight = weight / weight.sum()

    def next(self):
        """(height, width, samples across a pixel, and arrays with one row per bin: photo, canvas to picture 2 x 3, outline and ends on the canvas, count)."""
        while not self.ready:
            self._draw()
        return self.ready.pop()

    def _draw(self):
        rng, n = self.rng, DRAWN
        chosen = rng.choice(len(self.photo), n, p=self.weight)
        polygon, ends, count = self.corners[chosen], self.ends[chosen], self.count[chosen]
        chance = lambda share: rng.random(n) < share
        span = (polygon.max(1) - polygon.min(1)).min(1)
        slip = rng.normal(0, 0.012, polygon.shape) * span[:, None, None]
        last = np.minimum(np.arange(polygon.shape[1])[None], self.sides[chosen][:, None] - 1)
        drawn = polygon + np.take_along_axis(slip, last[..., None], 1)
        low, high = drawn.min(1), drawn.max(1)
        box = high - low + 2 * PAD * (high - low).max(1, keepdims=True)
        budget = np.where(count > 5, rng.choice(CROWDED, n), rng.choice(BUDGETS, n)) * rng.uniform(0.8, 1.2, n)
        zoom = np.minimum(MOST_ZOOM, np.sqrt(budget / box.prod(1)))
        size = np.maximum(32, np.ceil(box * zoom[:, None] / 32 - 1e-6).astype(int) * 32)
        turn = np.where(chance(0.5), rng.normal(0, 0.035, n), 0)
        aspect = np.where(chance(0.5), np.exp(rng.normal(0, 0.05, n)), 1)
        sign = np.where(chance(0.5), -1.0, 1.0)
        c, s = np.cos(turn), np.sin(turn)
        linear = zoom[:, None, None] * np.array([[c * sign, -s * aspect * sign], [s, c * aspect]]).transpose(2, 0, 1)
        at = size / 2 + rng.uniform(-0.03, 0.03, (n, 2)) * size
        shift = at - np.einsum("nij,nj->ni", linear, (low + high) / 2)
        place = lambda points: np.einsum("nij,nkj->nki", linear, points) + shift[:, None]
        placed = np.concatenate([place(ends[..., :2]), ends[..., 2:] * zoom[:, None, None]], -1)
        back = np.linalg.inv(linear)
        back = np.concatenate([back, -np.einsum("nij,nj->ni", back, shift)[..., None]], -1)
        fine = np.clip(np.ceil(0.85 / zoom), 1, FINEST).astype(int)
        row = (self.photo[chosen], back.astype(np.float32), place(drawn).astype(np.float32), placed.astype(np.float32), count)
        key = (size[:, 1] * 1000 + size[:, 0]) * 10 + fine
        for shape in np.unique(key[size.max(1) <= LONGEST]):
            part = [field[key == shape] for field in row]
            held = self.waiting.pop(shape, None)
            if held is not None:
                # Photographs that came meanwhile may have longer outlines and more ends than those that wait.
                part = [np.concatenate(grown(a, b)) for a, b in zip(held, part)]
            fine, (height, width) = shape % 10, divmod(shape // 10, 1000)
            full = max(1, self.pixels // (height * width))
            while len(part[0]) >= full:
                self.ready.append((int(height), int(width), int(fine), *[field[:full] for field in part]))
                part = [field[full:] for field in part]
            if len(part[0]):
                self.waiting[shape] = part
        rng.shuffle(self.ready)


def grown(a, b):
    """Both with as many corners or ends; what is added repeats the last (an outline) or lies beyond the count (ends)."""
    if a.ndim < 3 or a.shape[1] == b.shape[1]:
        return a, b
    most = max(a.shape[1], b.shape[1])
    return [np.concatenate([x, np.repeat(x[:, -1:], most - x.shape[1], 1)], 1) for x in (a, b)]
