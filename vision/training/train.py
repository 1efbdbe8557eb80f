"""Trains the bottle end counter on photographs from the studio (vision/src/studio) and writes the ONNX file.

See README.md for the command. Plain PyTorch on the CPU; the answer is a centre heat map as in CenterNet
(Zhou, Wang and Kraehenbuehl, Objects as Points, 2019).
"""

import argparse
import os
import time

import numpy as np
import torch

from canvas import load, shaken, targets
from model import Counter
from unfold import unfold

BUDGETS = [88**2, 104**2, 120**2, 144**2, 160**2]
CROWDED = [128**2, 160**2, 192**2, 224**2]
PIXELS = 300_000    # canvas pixels per batch


class Feed(torch.utils.data.IterableDataset):
    """Endless batches of canvases of one shape each."""

    def __init__(self, folder, seed):
        self.folder, self.seed = folder, seed

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        photos, loaded = [], 0.0
        waiting = {}
        while True:
            if time.time() - loaded > 240:
                # New photographs may have been taken meanwhile.
                photos, loaded = load(self.folder), time.time()
                index = [(p, b) for p, (_, bins, _) in enumerate(photos) for b, (_, ends, _) in enumerate(bins)
                         if ends is not None]
                # Full bins teach more than empty ones.
                weight = np.array([0.45 + min(len(photos[p][1][b][1]), 12) ** 0.5 * 0.6 for p, b in index])
                weight /= weight.sum()
            for k in rng.choice(len(index), 256, p=weight):
                picture, bins, _ = photos[index[k][0]]
                polygon, ends, _ = bins[index[k][1]]
                crowded = len(ends) > 5
                budget = rng.choice(CROWDED if crowded else BUDGETS) * rng.uniform(0.8, 1.2)
                x, placed = shaken(picture, polygon, ends, budget, rng)
                shape = x.shape[1:]
                if max(shape) > 512:
                    continue
                group = waiting.setdefault(shape, [])
                group.append((x, *targets(placed, shape[1], shape[0])))
                if len(group) * shape[0] * shape[1] >= PIXELS:
                    yield [torch.from_numpy(np.stack(part)) for part in zip(*waiting.pop(shape))]


def loss_of(answer, heat, rest, near):
    logit = answer[:, 0]
    prob = torch.sigmoid(logit)
    peak = heat > 0.999
    hit = peak * (1 - prob) ** 2 * torch.nn.functional.softplus(-logit)
    miss = ~peak * (1 - heat) ** 4 * prob**2 * torch.nn.functional.softplus(logit)
    # An empty canvas counts like one with an end, or batches without ends would shout.
    ends = peak.sum() + len(heat) * 0.5
    shape = (near[:, None] * (answer[:, 1:] - rest).abs()).sum() / near.sum().clamp(min=1)
    return (hit.sum() + miss.sum()) / ends + 0.4 * shape


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--photos", required=True)
    args.add_argument("--seconds", type=float, default=5400)
    args.add_argument("--rate", type=float, default=2.5e-3)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--workers", type=int, default=1)
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--resume", help="a .pt file of an earlier run, or a shipped .onnx")
    args.add_argument("--out", default="counter.pt")
    args = args.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(args.threads)
    feed = iter(torch.utils.data.DataLoader(Feed(args.photos, args.seed), batch_size=None,
                                            num_workers=args.workers, prefetch_factor=4))
    net = Counter()
    if args.resume and args.resume.endswith(".onnx"):
        net = unfold(args.resume, [next(feed)[0] for _ in range(60)])
    elif args.resume:
        net.load_state_dict(torch.load(args.resume)["net"])
    net = net.to(memory_format=torch.channels_last)
    opt = torch.optim.AdamW(net.parameters(), args.rate, weight_decay=1e-3, betas=(0.9, 0.99))
    mean = {k: v.clone() for k, v in net.state_dict().items()}
    start, step, seen, shown = time.time(), 0, 0, None
    while (gone := (time.time() - start) / args.seconds) < 1:
        x, heat, rest, near = next(feed)
        rate = args.rate * min(1, (step + 1) / 100) * (0.5 + 0.5 * np.cos(np.pi * gone)) + 1e-5
        for group in opt.param_groups:
            group["lr"] = rate
        with torch.autocast("cpu", torch.bfloat16):
            answer, _ = net(x.contiguous(memory_format=torch.channels_last))
        loss = loss_of(answer.float(), heat, rest, near)
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        step, seen = step + 1, seen + len(x)
        keep = min(0.998, step / (step + 20))
        for k, v in net.state_dict().items():
            mean[k] = v.clone() if not v.is_floating_point() else mean[k] * keep + v * (1 - keep)
        value = loss.item()
        shown = value if shown is None else 0.98 * shown + 0.02 * value
        if step % 50 == 0:
            print(f"{step} steps {seen} canvases {time.time() - start:.0f} s loss {shown:.3f}", flush=True)
        if step % 250 == 0:
            torch.save({"net": net.state_dict(), "mean": mean}, args.out + ".tmp")
            os.replace(args.out + ".tmp", args.out)
    torch.save({"net": net.state_dict(), "mean": mean, "steps": step, "canvases": seen}, args.out)


if __name__ == "__main__":
    main()
