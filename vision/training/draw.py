"""Canvases for training and what the network should answer: PyTorch, a whole batch at once, on any device."""

import torch
import torch.nn.functional as F

from canvas import CELL


def draw(photos, batch, device):
    """Input N x 4 x H x W, heat N x h x w, the rest N x 3 x h x w and where it counts N x h x w, of one of `plan`'s batches."""
    height, width, fine, photo, back, outline, ends, count = batch
    send = lambda array: torch.as_tensor(array).to(device, non_blocking=True)
    ends = ends[:, : max(1, int(count.max()))]
    lie = send([[photos.start[p], photos.width[p], photos.height[p]] for p in photo])
    colour, seen = sample(photos.pixels, lie, send(back), height, width, fine)
    mask = inside(send(outline), height, width)
    return normalise(recolour(colour), mask, seen), *targets(send(ends), send(count), height, width)


def sample(pixels, lie, back, height, width, fine):
    """Colours N x 3 x H x W from 0 to 1 with `fine` times `fine` samples a pixel, and whether the picture reaches there."""
    device = pixels.device
    middles = lambda side: (torch.arange(side * fine, device=device, dtype=torch.float32) + 0.5) / fine
    y, x = torch.meshgrid(middles(height), middles(width), indexing="ij")
    start, wide, high = (lie[:, k, None, None] for k in range(3))
    # Points of the picture, whose first pixel's middle is at a half.
    at = lambda k: back[:, k, 0, None, None] * x + back[:, k, 1, None, None] * y + back[:, k, 2, None, None]
    px, py = at(0), at(1)
    seen = (px >= 0) & (py >= 0) & (px <= wide) & (py <= high)
    px, py = px - 0.5, py - 0.5
    left, top = px.floor(), py.floor()
    right_share, low_share = (px - left)[:, None], (py - top)[:, None]
    left, top = left.long(), top.long()

    def colours(column, row):
        packed = pixels[start + row.clamp(min=0).minimum(high - 1) * wide + column.clamp(min=0).minimum(wide - 1)]
        return torch.stack([packed & 255, packed >> 8 & 255, packed >> 16], 1).float()

    upper = torch.lerp(colours(left, top), colours(left + 1, top), right_share)
    lower = torch.lerp(colours(left, top + 1), colours(left + 1, top + 1), right_share)
    colour = torch.lerp(upper, lower, low_share) / 255
    if fine > 1:
        colour = F.avg_pool2d(colour, fine)
        seen = seen[:, fine // 2 :: fine, fine // 2 :: fine]
    return colour, seen


def inside(outline, height, width):
    """N x H x W: 1 where a pixel's middle lies inside the outline, by the even-odd rule."""
    device = outline.device
    x = torch.arange(width, device=device) + 0.5
    y = torch.arange(height, device=device) + 0.5
    odd = torch.zeros((len(outline), height, width), dtype=torch.bool, device=device)
    for a, b in zip(outline.unbind(1), outline.roll(-1, 1).unbind(1)):
        (ax, ay), (bx, by) = (p.unsqueeze(-1).unbind(1) for p in (a, b))
        crosses = (ay > y) != (by > y)
        cut = ax + (y - ay) / torch.where(by == ay, 1.0, by - ay) * (bx - ax)
        odd ^= crosses[:, :, None] & (x < cut[:, :, None])
    return odd.float()


def recolour(c):
    """Another camera, another light: blurred or sharpened, brighter or darker, other colours, a shadow, noise."""
    n, device = len(c), c.device
    range_of = lambda low, high: low + (high - low) * torch.rand((n, 1, 1, 1), device=device)
    some = lambda share: torch.rand((n, 1, 1, 1), device=device) < share
    soft = blur(c, torch.where(some(0.5), range_of(0.3, 1.2), 0.05))
    # Phones sharpen what they blurred.
    c = torch.where(some(0.4), c + (c - soft) * range_of(0.3, 1.5), soft)
    # And their owners like deep shadows and bright lights.
    black, white = torch.where(some(0.3), range_of(0, 0.15), 0.0), torch.where(some(0.3), range_of(0.75, 1), 1.0)
    c = ((c - black) / (white - black)).clamp(0, 1) ** range_of(0.7, 1.4)
    mix = torch.eye(3, device=device) + torch.where(some(0.4)[..., 0], 0.15 * torch.randn((n, 3, 3), device=device), 0.0)
    c = torch.einsum("nij,nihw->njhw", mix, c)
    grey = c.mean(1, keepdim=True)
    c = grey + (c - grey) * torch.where(some(0.06), 0.0, range_of(0.4, 1.5))
    c = c * range_of(0.75, 1.3) + range_of(-0.05, 0.05)
    # A shadow or a patch of light across the bin.
    height, width = c.shape[2:]
    y, x = (torch.arange(side, device=device) / side - 0.5 for side in (height, width))
    angle = range_of(0, 6.28)
    edge = x * torch.cos(angle) + y[:, None] * torch.sin(angle) + 0.5 - range_of(0.2, 0.8)
    shade = 1 + (range_of(0.4, 1.7) - 1) * torch.sigmoid(edge * range_of(10, 80))
    c = (c * torch.where(some(0.15), shade, 1.0)).clamp(0, 1)
    return c + torch.randn_like(c) * range_of(0, 0.03)


def blur(c, sigma):
    n, _, height, width = c.shape
    steps = torch.arange(-3, 4, device=c.device)
    bell = torch.exp(-(steps**2) / (2 * sigma[:, :, 0] ** 2))
    bell = (bell / bell.sum(-1, keepdim=True)).repeat_interleave(3, 0)
    c = F.pad(c.reshape(1, n * 3, height, width), (3, 3, 3, 3), mode="replicate")
    c = F.conv2d(c, bell[:, :, None], groups=n * 3)
    return F.conv2d(c, bell[:, :, :, None], groups=n * 3).reshape(n, 3, height, width)


def normalise(colour, mask, seen):
    """N x 3 x H x W from 0 to 1 and the mask to the network's input; as `canvas.normalise`, a batch at once."""
    within = mask[:, None]
    many = (within.sum((1, 2, 3), keepdim=True) * 3).clamp(min=1)
    mean = (colour * within).sum((1, 2, 3), keepdim=True) / many
    spread = (((colour - mean) * within) ** 2).sum((1, 2, 3), keepdim=True) / many
    planes = ((colour - mean) / spread.sqrt().clamp(min=0.05)).clamp(-4, 4) * seen[:, None]
    return torch.cat([planes, within], 1)


def targets(ends, count, height, width):
    """Heat (bumps), log radius and shifts, and where these count, for every cell of CELL x CELL canvas pixels."""
    device, h, w = ends.device, height // CELL, width // CELL
    ex, ey, r = ends.unbind(-1)
    column, row = (ex / CELL).floor().long(), (ey / CELL).floor().long()
    real = torch.arange(ends.shape[1], device=device) < count[:, None]
    real &= (column >= 0) & (row >= 0) & (column < w) & (row < h)
    x, y = ((torch.arange(side, device=device) + 0.5) * CELL for side in (w, h))
    dx, dy = ex[..., None] - x, ey[..., None] - y
    sigma = (0.2 * r).clamp(2, 6)[..., None, None]
    bump = torch.exp(-(dx[:, :, None] ** 2 + dy[..., None] ** 2) / (2 * sigma**2)) * real[..., None, None]
    cells = torch.arange(w, device=device) == column[..., None], torch.arange(h, device=device) == row[..., None]
    bump = torch.where(cells[0][:, :, None] & cells[1][..., None] & real[..., None, None], 1.0, bump)
    heat, best = bump.max(1)
    of_best = lambda field: field.gather(1, best.flatten(1)).unflatten(1, (h, w))
    radius = (of_best(r).clamp(min=1) / 8).log()
    rest = torch.stack([radius, (of_best(ex) - x) / CELL, (of_best(ey) - y[:, None]) / CELL], 1)
    near = (heat > 0.5).float()
    return heat, rest * near[:, None], near
