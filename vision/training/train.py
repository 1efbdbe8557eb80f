"""Trains the bottle end detector on made-up crops and writes the ONNX file. See README.md for the command."""

import argparse
import json
import time

import jax
import jax.numpy as jnp
import numpy as np

S, G, MAX = 128, 32, 32
RECORD = 4 * S * S + 4 + 12 * MAX


def load(paths):
    # A file whose writer was stopped ends in half a record: cut per file, or all that follows would be shifted.
    files = [np.fromfile(p, np.uint8) for p in paths]
    raw = np.concatenate([f[: len(f) // RECORD * RECORD] for f in files]).reshape(-1, RECORD)
    pictures = raw[:, : 4 * S * S].reshape(-1, 4, S, S).transpose(0, 2, 3, 1)
    tail = np.ascontiguousarray(raw[:, 4 * S * S :]).view(np.float32)
    return np.ascontiguousarray(pictures), tail[:, 0].astype(int), tail[:, 1:].reshape(-1, MAX, 3)


def targets(count, ends):
    """Heat (Gaussian bumps), log radius, shifts and where they count."""
    cell = S / G
    mid = (np.arange(G) + 0.5) * cell
    heat = np.zeros((len(count), G, G), np.float32)
    rest = np.zeros((len(count), G, G, 3), np.float32)
    near = np.zeros((len(count), G, G), np.float32)
    for n in range(len(count)):
        for x, y, r in ends[n, : count[n]]:
            dx, dy = x - mid[None, :], y - mid[:, None]
            sigma = np.clip(0.22 * r, 2.2, 7.0)
            bump = np.exp(-(dx**2 + dy**2) / (2 * sigma**2)) + 0 * heat[n]
            ix, iy = min(int(x / cell), G - 1), min(int(y / cell), G - 1)
            better = bump > heat[n]
            heat[n] = np.where(better, bump, heat[n])
            heat[n, iy, ix] = 1.0
            w = better & (bump > 0.5)
            w[iy, ix] = True
            values = np.stack(np.broadcast_arrays(np.log(max(r, 1) / 8), dx / cell, dy / cell), -1)
            rest[n][w] = values[w]
            near[n][w] = 1.0
    return heat, rest, near


def augment(pictures, count, ends, rng):
    x = pictures.astype(np.float32) / 255
    mask = x[..., 3:]
    c = x[..., :3]
    n = len(c)
    shape = (n, 1, 1, 1)
    c = c ** rng.uniform(0.65, 1.5, shape).astype(np.float32)
    c = c * rng.uniform(0.8, 1.2, (n, 1, 1, 3)).astype(np.float32)
    grey = c.mean(-1, keepdims=True)
    c = grey + (c - grey) * rng.uniform(0, 1.5, shape).astype(np.float32)
    c = np.clip(c * rng.uniform(0.7, 1.4, shape).astype(np.float32), 0, 1)
    c = c + rng.normal(0, 1, c.shape).astype(np.float32) * rng.uniform(0, 0.04, shape).astype(np.float32)
    flip = rng.random(n) < 0.5
    c[flip], mask[flip] = c[flip][:, :, ::-1], mask[flip][:, :, ::-1]
    ends = ends.copy()
    ends[flip, :, 0] = S - ends[flip, :, 0]
    return normalise(c, mask), count, ends


def normalise(c, mask):
    m = mask > 0
    total = np.maximum(m.sum((1, 2, 3), keepdims=True) * 3, 1)
    mean = (c * m).sum((1, 2, 3), keepdims=True) / total
    spread = np.sqrt((((c - mean) ** 2) * m).sum((1, 2, 3), keepdims=True) / total)
    return np.concatenate([(c - mean) / np.maximum(spread, 0.05) * m, mask], -1).astype(np.float32)


# name: (in, out, kernel, stride); every convolution but the heads is followed by batch norm and relu.
LAYERS = {
    "c1": (4, 16, 3, 2), "c2": (16, 32, 3, 2), "a1": (32, 32, 3, 1),
    "c3": (32, 64, 3, 2), "b1": (64, 64, 3, 1),
    "c4": (64, 96, 3, 2), "d1": (96, 96, 3, 1),
    "c5": (96, 96, 3, 2), "e1": (96, 96, 3, 1),
    "u4": (96, 96, 1, 1), "u3": (96, 64, 1, 1), "f3": (64, 64, 3, 1), "u2": (64, 32, 1, 1), "f2": (32, 48, 3, 1),
    "head": (48, 4, 1, 1),
}


def init(seed=0):
    rng = np.random.default_rng(seed)
    p, s = {}, {}
    for name, (i, o, k, _) in LAYERS.items():
        p[name] = {"w": jnp.array(rng.normal(0, np.sqrt(2 / (i * k * k)), (k * k * i, o)), jnp.float32)}
        if name == "head":
            p[name]["w"] = p[name]["w"] * 0.1
            p[name]["b"] = jnp.array([-3.5, 0.5, 0, 0], jnp.float32)
        else:
            p[name].update(g=jnp.ones(o), b=jnp.zeros(o))
            s[name] = {"m": jnp.zeros(o), "v": jnp.ones(o)}
    return p, s


def resume(path):
    """Folded weights as a start: their batch norms stay as they are, only weights and biases move on."""
    import onnx
    from onnx import numpy_helper

    stored = {w.name: numpy_helper.to_array(w) for w in onnx.load(path).graph.initializer}
    p, s = {}, {}
    for name, (i, o, k, _) in LAYERS.items():
        w = stored[name + "_w"].transpose(2, 3, 1, 0).reshape(k * k * i, o)
        p[name] = {"w": jnp.array(w), "b": jnp.array(stored[name + "_b"])}
        if name != "head":
            p[name]["g"] = jnp.ones(o)
            s[name] = {"m": jnp.zeros(o), "v": jnp.full(o, 1 - 1e-4)}
    return p, s


def conv(x, w, k, stride):
    if k == 1:
        return x @ w
    n, h, wd, c = x.shape
    x = jnp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    oh, ow = h // stride, wd // stride
    cols = [x[:, i : i + stride * oh : stride, j : j + stride * ow : stride] for i in range(3) for j in range(3)]
    return jnp.concatenate(cols, -1).reshape(n * oh * ow, 9 * c).dot(w).reshape(n, oh, ow, -1)


def forward(p, s, x, train):
    new = {}

    def layer(name, x, relu=True):
        _, _, k, stride = LAYERS[name]
        y = conv(x, p[name]["w"], k, stride)
        if train:
            m, v = y.mean((0, 1, 2)), y.var((0, 1, 2))
            new[name] = {"m": 0.95 * s[name]["m"] + 0.05 * m, "v": 0.95 * s[name]["v"] + 0.05 * v}
        else:
            m, v = s[name]["m"], s[name]["v"]
        y = (y - m) * (p[name]["g"] / jnp.sqrt(v + 1e-4)) + p[name]["b"]
        return jax.nn.relu(y) if relu else y

    def up(x):
        return jnp.repeat(jnp.repeat(x, 2, 1), 2, 2)

    x2 = layer("c2", layer("c1", x))
    x2 = x2 + layer("a1", x2)
    x3 = layer("c3", x2)
    x3 = x3 + layer("b1", x3)
    x4 = layer("c4", x3)
    x4 = x4 + layer("d1", x4)
    x5 = layer("c5", x4)
    x5 = x5 + layer("e1", x5)
    y = x4 + layer("u4", up(x5))
    y = x3 + layer("u3", up(y))
    y = layer("f3", y)
    y = x2 + layer("u2", up(y))
    y = layer("f2", y)
    return y @ p["head"]["w"] + p["head"]["b"], new


def loss(p, s, x, heat, rest, near, norm):
    y, new = forward(p, s, x, norm)
    new = new or s
    logit = y[..., 0]
    prob = jax.nn.sigmoid(logit)
    hit = (heat > 0.999) * (1 - prob) ** 2 * jax.nn.softplus(-logit)
    miss = (heat <= 0.999) * (1 - heat) ** 4 * prob**2 * jax.nn.softplus(logit)
    ends = jnp.maximum((heat > 0.999).sum(), 1)
    shape = (near[..., None] * jnp.abs(y[..., 1:] - rest)).sum() / jnp.maximum(near.sum(), 1)
    return (hit.sum() + miss.sum()) / ends + 0.5 * shape, new


def step(p, s, opt, x, heat, rest, near, rate, t, norm):
    (value, s), grad = jax.value_and_grad(loss, has_aux=True)(p, s, x, heat, rest, near, norm)
    m = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, opt[0], grad)
    v = jax.tree.map(lambda a, g: 0.99 * a + 0.01 * g * g, opt[1], grad)
    fix = lambda b: 1 - b**t
    move = lambda w, a, b: w - rate * (a / fix(0.9) / (jnp.sqrt(b / fix(0.99)) + 1e-7) + 1e-4 * w)
    return jax.tree.map(move, p, m, v), s, (m, v), value


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--crops", nargs="+", required=True)
    args.add_argument("--held-out", required=True)
    args.add_argument("--seconds", type=float, default=600)
    args.add_argument("--batch", type=int, default=24)
    args.add_argument("--rate", type=float, default=2.5e-3)
    args.add_argument("--resume", help="an ONNX file of an earlier run; use a lower --rate")
    args.add_argument("--out", default="models/onnx")
    args = args.parse_args()
    pictures, count, ends = load(args.crops)
    print(len(pictures), "crops", flush=True)
    p, s = resume(args.resume) if args.resume else init()
    opt = (jax.tree.map(jnp.zeros_like, p), jax.tree.map(jnp.zeros_like, p))
    run = jax.jit(step, static_argnames="norm")
    rng = np.random.default_rng(1)
    start, t, mean = time.time(), 0, 0.0
    while (gone := (time.time() - start) / args.seconds) < 1:
        pick = rng.choice(len(pictures), args.batch, replace=False)
        x, n, e = augment(pictures[pick], count[pick], ends[pick], rng)
        rate = args.rate * min(1, (t + 1) / 60) * (0.5 + 0.5 * np.cos(np.pi * gone)) + 1e-5
        t += 1
        p, s, opt, value = run(p, s, opt, x, *targets(n, e), np.float32(rate), np.float32(t), norm=not args.resume)
        mean = float(value) if t == 1 else 0.97 * mean + 0.03 * float(value)
        if t % 50 == 0:
            print(f"{t} {time.time() - start:.0f}s loss {mean:.3f}", flush=True)
    from export import calibrate, export

    predict = jax.jit(lambda x: forward(p, s, x, False)[0])
    slope, shift, exact, bins = calibrate(predict, *load([args.held_out]))
    print(json.dumps({"steps": t, "loss": mean, "held_out_exact": exact, "held_out_crops": bins,
                      "calibration": [slope, shift]}))
    export(p, s, predict, [slope, shift], args.out)


if __name__ == "__main__":
    main()
