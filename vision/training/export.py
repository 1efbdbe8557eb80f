"""Folds the batch norms, writes the ONNX graph by hand, and calibrates the confidence on held-out crops."""

import json
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def export(p, s, predict, calibration, folder):
    from train import G, LAYERS, S

    os.makedirs(folder, exist_ok=True)
    nodes, weights = [], []

    def const(name, value):
        weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def conv(name, x, out, relu=True):
        i, o, k, stride = LAYERS[name]
        w = np.asarray(p[name]["w"], np.float32).reshape(k, k, i, o).transpose(3, 2, 0, 1)
        b = np.asarray(p[name]["b"], np.float32)
        if name in s:
            gain = np.asarray(p[name]["g"]) / np.sqrt(np.asarray(s[name]["v"]) + 1e-4)
            w = w * gain[:, None, None, None]
            b = b - np.asarray(s[name]["m"]) * gain
        # The trainer pads one row above and below; with stride 2 the lower one is never read.
        pads = [k // 2, k // 2, k // 2, k // 2]
        inner = out + "_lin" if relu else out
        names = [x, const(name + "_w", w.astype(np.float32)), const(name + "_b", b.astype(np.float32))]
        nodes.append(helper.make_node("Conv", names, [inner], kernel_shape=[k, k], strides=[stride] * 2, pads=pads))
        if relu:
            nodes.append(helper.make_node("Relu", [inner], [out]))
        return out

    def add(a, b, out):
        nodes.append(helper.make_node("Add", [a, b], [out]))
        return out

    const("twice", np.array([1, 1, 2, 2], np.float32))

    def up(x, out):
        attributes = dict(mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
        nodes.append(helper.make_node("Resize", [x, "", "twice"], [out], **attributes))
        return out

    def block(down, same, x, n):
        y = conv(down, x, f"x{n}_in")
        return add(y, conv(same, y, f"x{n}_res"), f"x{n}")

    x1 = conv("c1", "canvas", "x1")
    x2 = block("c2", "a1", x1, 2)
    x3 = block("c3", "b1", x2, 3)
    x4 = block("c4", "d1", x3, 4)
    x5 = block("c5", "e1", x4, 5)
    y = add(x4, conv("u4", up(x5, "up4"), "l4"), "y4")
    y = add(x3, conv("u3", up(y, "up3"), "l3"), "y3")
    y = conv("f3", y, "y3f")
    y = add(x2, conv("u2", up(y, "up2"), "l2"), "y2")
    y = conv("f2", y, "y2f")
    conv("head", y, "ends", relu=False)
    inputs = [helper.make_tensor_value_info("canvas", TensorProto.FLOAT, [1, 4, S, S])]
    outputs = [helper.make_tensor_value_info("ends", TensorProto.FLOAT, [1, 4, G, G])]
    graph = helper.make_graph(nodes, "bottle_ends", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="winecellar")
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, os.path.join(folder, "bottle_ends.onnx"))

    index = np.arange(4 * S * S, dtype=np.int64)
    golden = ((index * 7919 % 1009).astype(np.float32) / 1009 - 0.5) * 2
    answer = np.asarray(predict(golden.reshape(1, 4, S, S).transpose(0, 2, 3, 1)))
    answer = answer.transpose(0, 3, 1, 2).ravel()
    picks = list(range(5, len(answer), 251))
    record = {"name": "bottle_ends v1", "calibration": [float(c) for c in calibration], "indices": picks,
              "values": [round(float(answer[i]), 5) for i in picks]}
    with open(os.path.join(folder, "bottle_ends.golden.json"), "w") as out:
        json.dump(record, out)
        out.write("\n")


def peaks(answer):
    """The same as src/detect/peaks.rs, for one answer of G×G×4, in canvas pixels."""
    heat = answer[..., 0]
    padded = np.pad(heat, 1, constant_values=-99)
    g = heat.shape[0]
    around = np.max([padded[i : i + g, j : j + g] for i in range(3) for j in range(3)], 0)
    found = []
    for y, x in zip(*np.nonzero((heat >= around) & (heat > -2.44))):
        _, r, dx, dy = answer[y, x]
        prob = 1 / (1 + np.exp(-heat[y, x]))
        found.append((prob, (x + 0.5 + dx) * 4, (y + 0.5 + dy) * 4, np.exp(np.clip(r, -3, 2.3)) * 8))
    kept = []
    for f in sorted(found, reverse=True):
        if all(np.hypot(k[1] - f[1], k[2] - f[2]) >= 0.62 * max(k[3], f[3]) for k in kept):
            kept.append(f)
    return kept


def calibrate(predict, pictures, count, ends):
    """Logistic fit of "the count is exact" on the raw log-odds; src/detect/judge.rs applies it."""
    from train import normalise

    raw, right = [], []
    for i in range(0, len(pictures) // 16 * 16, 16):
        x = pictures[i : i + 16].astype(np.float32) / 255
        for k, answer in enumerate(np.asarray(predict(normalise(x[..., :3], x[..., 3:])))):
            found = peaks(answer)
            sure = np.prod([np.clip(max(f[0], 1 - f[0]), 0.5, 0.999) for f in found] + [1.0])
            sure = np.clip(sure, 1e-6, 0.9999)
            raw.append(np.log(sure / (1 - sure)))
            right.append(sum(f[0] >= 0.5 for f in found) == count[i + k])
    raw, right = np.array(raw), np.array(right, float)
    slope, shift = 1.0, 0.0
    for _ in range(3000):
        prob = 1 / (1 + np.exp(-(slope * raw + shift)))
        slope -= 0.05 * (((prob - right) * raw).mean() + 0.002 * (slope - 1))
        shift -= 0.05 * (prob - right).mean()
    return float(slope), float(shift), float(right.mean()), len(right)
