"""Folds the batch norms and writes the ONNX graph by hand: python export.py counter.pt models/onnx."""

import json
import os
import sys

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from measure import network
from model import LAYERS

NAME = "bottle_ends v3"
GOLDEN_SIDE = 96


def graph(net):
    nodes, weights = [], []

    def const(name, value):
        weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def conv(name, x, out):
        _, _, k, stride = LAYERS[name]
        layer = getattr(net, name)
        w = layer.weight.detach().numpy()
        last = name == "head"
        if last:
            b = layer.bias.detach().numpy()
        else:
            norm = getattr(net, name + "_norm")
            gain = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach().numpy()
            w = w * gain[:, None, None, None]
            b = norm.bias.detach().numpy() - norm.running_mean.numpy() * gain
        inner = out if last else out + "_lin"
        names = [x, const(name + "_w", w.astype(np.float32)), const(name + "_b", b.astype(np.float32))]
        nodes.append(helper.make_node("Conv", names, [inner], kernel_shape=[k, k], strides=[stride] * 2,
                                      pads=[k // 2] * 4))
        if not last:
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

    x2 = conv("c2", conv("c1", "canvas", "x1"), "x2_in")
    x2 = add(x2, conv("a1", x2, "x2_res"), "x2")
    x3 = conv("c3", x2, "x3_in")
    x3 = add(x3, conv("b1", x3, "x3_res1"), "x3_1")
    x3 = add(x3, conv("b2", x3, "x3_res2"), "x3")
    x4 = conv("c4", x3, "x4_in")
    x4 = add(x4, conv("d1", x4, "x4_res"), "x4")
    x5 = conv("c5", x4, "x5_in")
    x5 = add(x5, conv("e1", x5, "x5_res"), "x5")
    y = add(x4, conv("u4", up(x5, "up4"), "l4"), "y4")
    y = conv("f3", add(x3, conv("u3", up(y, "up3"), "l3"), "y3"), "y3f")
    y = add(x2, conv("u2", up(y, "up2"), "l2"), "y2")
    conv("head", conv("f2", y, "features"), "ends")
    inputs = [helper.make_tensor_value_info("canvas", TensorProto.FLOAT, [1, 4, "H", "W"])]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, planes, f"H_{name}", f"W_{name}"])
               for name, planes in (("ends", 4), ("features", 48))]
    return helper.make_graph(nodes, "bottle_ends", inputs, outputs, weights)


def golden(net):
    """Some cells of the answers to a picture that needs no file: the program computes the same one."""
    index = np.arange(4 * GOLDEN_SIDE**2, dtype=np.int64)
    canvas = ((index * 7919 % 1009).astype(np.float32) / 1009 - 0.5) * 2
    with torch.no_grad():
        ends, features = net(torch.from_numpy(canvas.reshape(1, 4, GOLDEN_SIDE, GOLDEN_SIDE)))
    record = {}
    for name, answer, step in (("ends", ends, 101), ("features", features, 1009)):
        flat = answer.numpy().ravel()
        picks = list(range(5, len(flat), step))
        record[name] = {"indices": picks, "values": [round(float(flat[i]), 5) for i in picks]}
    return record


def prove(net, path):
    """The file computes what the network does, and is as small as a box by the rack wants it."""
    size = os.path.getsize(path)
    assert size < 3_000_000, f"{size} bytes"
    canvas = np.random.default_rng(1).normal(size=(1, 4, 64, 96)).astype(np.float32)
    with torch.no_grad():
        wanted = net(torch.from_numpy(canvas))
    for a, b in zip(ReferenceEvaluator(path).run(None, {"canvas": canvas}), wanted):
        assert np.abs(a - b.numpy()).max() < 1e-3, np.abs(a - b.numpy()).max()


def main():
    net = network(sys.argv[1])
    out = sys.argv[2]
    model = helper.make_model(graph(net), opset_imports=[helper.make_opsetid("", 17)], producer_name="winecellar")
    model.ir_version = 8
    onnx.checker.check_model(model)
    os.makedirs(out, exist_ok=True)
    path = os.path.join(out, "bottle_ends.onnx")
    onnx.save(model, path)
    prove(net, path)
    with open(os.path.join(out, "bottle_ends.golden.json"), "w", encoding="utf-8") as file:
        json.dump({"name": NAME, "calibration": [1.0, 0.0], "side": GOLDEN_SIDE, **golden(net)}, file)
        file.write("\n")


if __name__ == "__main__":
    main()
