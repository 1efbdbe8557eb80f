"""Trains the bottle end counter on photographs from the studio (vision/src/studio).

See README.md for the command. Plain PyTorch, on a GPU where there is one; the answer is a centre heat map as in CenterNet
(Zhou, Wang and Kraehenbuehl, Objects as Points, 2019).
"""

import argparse
import os
import time

import numpy as np
import torch

from draw import draw
from model import Counter
from photos import Photos
from plan import Plan
from unfold import unfold

LOOK_AGAIN = 20     # seconds between two looks for new photographs
# Canvas pixels of a batch, and the share that the mean of the weights keeps in a step.
BATCH = {"cpu": (300_000, 0.998), "cuda": (2_000_000, 0.9995)}


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


class Mean:
    """The slow mean of a network's weights, which is better than where the last steps led."""

    def __init__(self, net, slow):
        self.slow, self.steps = slow, 0
        self.state = {name: value.clone() for name, value in net.state_dict().items()}
        self.names = [name for name, value in self.state.items() if value.is_floating_point()]

    def take(self, net):
        self.steps += 1
        now = net.state_dict()
        keep = min(self.slow, self.steps / (self.steps + 20))
        torch._foreach_lerp_([self.state[n] for n in self.names], [now[n].float() for n in self.names], 1 - keep)


def save(path, net, mean, **more):
    on_cpu = lambda state: {name: value.cpu().contiguous() for name, value in state.items()}
    torch.save({"net": on_cpu(net.state_dict()), "mean": on_cpu(mean.state), **more}, path + ".tmp")
    os.replace(path + ".tmp", path)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--photos", required=True, help="folder; pictures may be added to it meanwhile")
    args.add_argument("--seconds", type=float, default=5400)
    args.add_argument("--rate", type=float, default=2.5e-3)
    args.add_argument("--wait", type=int, default=20, help="photographs that must be there before it begins")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--resume", help="a .pt file of an earlier run, or a shipped .onnx")
    args.add_argument("--out", default="counter.pt")
    args = args.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    pixels, slow = BATCH[device]
    torch.manual_seed(args.seed)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    start = time.time()
    photos = Photos(args.photos, device)
    photos.take_in(args.wait, 600)
    plan = Plan(photos, pixels, args.seed)
    net = Counter()
    if args.resume and args.resume.endswith(".onnx"):
        net = unfold(args.resume, [draw(photos, plan.next(), device)[0].cpu() for _ in range(20)])
    elif args.resume:
        net.load_state_dict(torch.load(args.resume)["net"])
    net = net.to(device, memory_format=torch.channels_last)
    opt = torch.optim.AdamW(net.parameters(), args.rate, weight_decay=1e-3, betas=(0.9, 0.99), fused=device == "cuda")
    mean = Mean(net, slow)
    step, seen, shown, looked, saved = 0, 0, None, time.time(), time.time()
    while (gone := (time.time() - start) / args.seconds) < 1:
        if time.time() - looked > LOOK_AGAIN:
            if photos.take_in():
                plan.look_again()
            looked = time.time()
        x, heat, rest, near = draw(photos, plan.next(), device)
        rate = args.rate * min(1, (step + 1) / 100) * (0.5 + 0.5 * np.cos(np.pi * gone)) + 1e-5
        for group in opt.param_groups:
            group["lr"] = rate
        with torch.autocast(device, torch.bfloat16):
            answer, _ = net(x.contiguous(memory_format=torch.channels_last))
        loss = loss_of(answer.float(), heat, rest, near)
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        mean.take(net)
        step, seen = step + 1, seen + len(x)
        if step % 50 == 0:
            value = loss.item()
            shown = value if shown is None else 0.8 * shown + 0.2 * value
        if time.time() - saved > 30:
            print(f"{time.time() - start:.0f} s: {step} steps, {seen} canvases of {len(photos.start)} photographs, loss {shown or 0:.3f}", flush=True)
            save(args.out, net, mean)
            saved = time.time()
    save(args.out, net, mean, steps=step, canvases=seen)
    print(f"{step} steps, {seen} canvases of {len(photos.start)} photographs")


if __name__ == "__main__":
    main()
