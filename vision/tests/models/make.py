"""Writes the tiny networks that vision/tests/own_model.rs reads, good ones and hostile ones.

Usage: python vision/tests/models/make.py            (needs: pip install onnx numpy)
       python vision/tests/models/make.py mobile DIR   writes DIR/mobile.onnx and mobile.json, for `make bench-vision`
No weight is trained: they are chosen so that a bright disc of about 12 canvas pixels' radius is a bottle.
"""
import json
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = sys.argv[2] if len(sys.argv) == 3 else None
HERE = FOLDER or os.path.dirname(os.path.abspath(__file__))


def save(name, nodes, inputs, outputs, weights=()):
    value = lambda entry: helper.make_tensor_value_info(entry[0], TensorProto.FLOAT, entry[1])
    tensors = [numpy_helper.from_array(np.ascontiguousarray(array), key) for key, array in weights]
    graph = helper.make_graph(nodes, name, [value(i) for i in inputs], [value(o) for o in outputs], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="winecellar")
    model.ir_version = 8
    with open(os.path.join(HERE, name + ".onnx"), "wb") as out:
        out.write(model.SerializeToString())


def node(kind, inputs, outputs, **attributes):
    return helper.make_node(kind, inputs, outputs, **attributes)


def disc_kernel(side, radius):
    """Positive inside a disc, negative around it, sum 0: answers a bright disc on dark."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    far = np.hypot(x, y)
    inside = (far <= radius).astype(np.float32)
    around = ((far > radius) & (far <= 1.4 * radius)).astype(np.float32)
    return inside / inside.sum() - around / around.sum()


def heat():
    """The built-in network's interface: any size, ends and 48 features."""
    kernel = np.zeros((4, 4, 36, 36), np.float32)
    kernel[0, :3] = disc_kernel(36, 12) / 3
    kernel[1:, 3, 17:19, 17:19] = 0.25
    # Centre logit from the disc's answer; log(12 / 8) for the radius; no shifts.
    head = np.zeros((4, 4, 1, 1), np.float32)
    head[0, 0] = 4.0
    bias = np.array([-6.0, np.log(1.5), 0.0, 0.0], np.float32)
    spread = np.zeros((48, 4, 1, 1), np.float32)
    spread[:, 0, 0, 0] = np.linspace(-1, 1, 48)
    spread[:, 1, 0, 0] = np.linspace(1, -0.5, 48)
    nodes = [
        node("Conv", ["canvas", "k"], ["found"], kernel_shape=[36, 36], strides=[4, 4], pads=[16, 16, 16, 16]),
        node("Conv", ["found", "h", "b"], ["ends"], kernel_shape=[1, 1]),
        node("Conv", ["found", "s"], ["features"], kernel_shape=[1, 1]),
    ]
    save("heat", nodes, [("canvas", [1, 4, "h", "w"])], [("ends", [1, 4, "gh", "gw"]), ("features", [1, 48, "gh", "gw"])],
         [("k", kernel), ("h", head), ("b", bias), ("s", spread)])


def classes():
    """0 to 3 bottles by the mean brightness of a 32×32 picture: each adds a fifth."""
    weights = np.zeros((3, 4), np.float32)
    # The largest of 4 lines is the nearest multiple of 0.2: 2·x·c − c².
    levels = np.array([0.0, 0.2, 0.4, 0.6], np.float32)
    weights[:] = 200 * 2 * levels / 3
    nodes = [
        node("GlobalAveragePool", ["image"], ["mean"]),
        node("Flatten", ["mean"], ["flat"]),
        node("Gemm", ["flat", "w", "b"], ["logits"]),
        node("Softmax", ["logits"], ["counts"], axis=1),
    ]
    save("classes", nodes, [("image", [1, 3, 32, 32])], [("counts", [1, 4])],
         [("w", weights), ("b", -200 * levels**2)])


def layers():
    """Every layer that the plain engine knows, on a picture of 4 channels."""
    rng = np.random.default_rng(4)
    w = lambda o, i, k: (rng.normal(size=(o, i, k, k)) / np.sqrt(i * k * k)).astype(np.float32)
    two = np.array([1, 1, 2, 2], np.float32)
    nodes = [
        node("Conv", ["canvas", "a", "ab"], ["x1"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
        node("Relu", ["x1"], ["y1"]),
        node("Conv", ["y1", "b"], ["x2"], kernel_shape=[5, 5], strides=[1, 1], pads=[2, 2, 2, 2]),
        node("LeakyRelu", ["x2"], ["y2"], alpha=0.1),
        node("MaxPool", ["y2"], ["y3"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
        node("Conv", ["y3", "c"], ["x4"], kernel_shape=[3, 3], pads=[1, 1, 1, 1], group=6),
        node("HardSwish", ["x4"], ["y4"]),
        node("Resize", ["y4", "", "two"], ["y5"], mode="nearest", coordinate_transformation_mode="asymmetric",
             nearest_mode="floor"),
        node("Concat", ["y5", "y2"], ["y6"], axis=1),
        node("Conv", ["y6", "d"], ["x7"], kernel_shape=[1, 1]),
        node("Sigmoid", ["x7"], ["g7"]),
        node("Mul", ["x7", "g7"], ["y7"]),
        node("Add", ["y7", "y2"], ["features"]),
        node("Conv", ["features", "e", "eb"], ["ends"], kernel_shape=[2, 2], strides=[2, 2]),
    ]
    save("layers", nodes, [("canvas", [1, 4, "h", "w"])], [("ends", [1, 4, "gh", "gw"]), ("features", [1, 6, "fh", "fw"])],
         [("a", w(7, 4, 3)), ("ab", rng.normal(size=7).astype(np.float32)), ("b", w(6, 7, 5)), ("c", w(6, 1, 3)),
          ("d", w(6, 12, 1)), ("e", w(4, 6, 2)), ("eb", rng.normal(size=4).astype(np.float32)), ("two", two)])


def mobile():
    """The shape of MobileNetV2 (Sandler et al. 2018) at a width of 0.5 for 96 pixels, with 13 classes and chance
    weights: for comparing speed, not for counting."""
    rng = np.random.default_rng(2)
    nodes, weights, state = [], [], {"x": "image", "channels": 3, "n": 0}
    weights += [("low", np.array(0, np.float32)), ("high", np.array(6, np.float32))]

    def conv(outputs, k, stride, group=1, act=True):
        n, inputs = state["n"], state["channels"]
        state["n"] += 1
        fan = inputs // group * k * k
        array = (rng.normal(size=(outputs, inputs // group, k, k)) / np.sqrt(fan)).astype(np.float32)
        weights.extend([(f"w{n}", array), (f"b{n}", np.full(outputs, 0.05, np.float32))])
        nodes.append(node("Conv", [state["x"], f"w{n}", f"b{n}"], [f"c{n}"], kernel_shape=[k, k], strides=[stride] * 2,
                          pads=[k // 2] * 4, group=group))
        state["x"] = f"c{n}"
        if act:
            nodes.append(node("Clip", [f"c{n}", "low", "high"], [f"r{n}"]))
            state["x"] = f"r{n}"
        state["channels"] = outputs

    conv(16, 3, 2)
    for expand, outputs, times, stride in [(1, 8, 1, 1), (6, 16, 2, 2), (6, 16, 3, 2), (6, 32, 4, 2), (6, 48, 3, 1),
                                           (6, 80, 3, 2), (6, 160, 1, 1)]:
        for i in range(times):
            before, inputs = state["x"], state["channels"]
            if expand > 1:
                conv(inputs * expand, 1, 1)
            conv(state["channels"], 3, stride if i == 0 else 1, group=state["channels"])
            conv(outputs, 1, 1, act=False)
            if inputs == outputs and (stride == 1 or i > 0):
                nodes.append(node("Add", [before, state["x"]], [f"s{state['n']}"]))
                state["x"] = f"s{state['n']}"
    conv(1280, 1, 1)
    nodes += [node("GlobalAveragePool", [state["x"]], ["mean"]), node("Flatten", ["mean"], ["flat"]),
              node("Gemm", ["flat", "w", "b"], ["logits"], transB=1)]
    weights += [("w", (rng.normal(size=(13, 1280)) / 36).astype(np.float32)), ("b", np.zeros(13, np.float32))]
    save("mobile", nodes, [("image", ["n", 3, 96, 96])], [("logits", ["n", 13])], weights)


def yolo(name, rows, order):
    """The same boxes whatever it is shown."""
    boxes = np.array(rows, np.float32)[None]
    boxes = boxes if order == "boxes" else boxes.transpose(0, 2, 1)
    nodes = [
        node("GlobalAveragePool", ["images"], ["mean"]),
        node("ReduceMean", ["mean"], ["one"], axes=[1, 2], keepdims=1),
        node("Squeeze", ["one", "axis"], ["flat"]),
        node("Mul", ["flat", "zero"], ["nought"]),
        node("Add", ["boxes", "nought"], ["output0"]),
    ]
    save(name, nodes, [("images", ["batch", 3, 64, 64])], [("output0", list(boxes.shape))],
         [("boxes", boxes), ("zero", np.array(0, np.float32)), ("axis", np.array([3], np.int64))])


def shared():
    """A convolution whose own answer is read beside its rectified one, under another name."""
    w = np.array([[1, -1, 0, 0], [0, 1, -1, 0]], np.float32).reshape(2, 4, 1, 1)
    nodes = [
        node("Conv", ["canvas", "w"], ["a"], kernel_shape=[1, 1]),
        node("Identity", ["a"], ["b"]),
        node("Relu", ["b"], ["c"]),
        node("Add", ["a", "c"], ["ends"]),
    ]
    save("shared", nodes, [("canvas", [1, 4, "h", "w"])], [("ends", [1, 2, "gh", "gw"])], [("w", w)])


def hostile():
    picture, any_output = [("x", [1, 3, 32, 32])], [("y", ["n"])]
    many = np.array([1 << 40], np.int64)
    save("bomb_expand", [node("ConstantOfShape", ["n"], ["y"])], picture, any_output, [("n", many)])
    twice = [node("Concat", [f"c{i}", f"c{i}"], [f"c{i + 1}"], axis=0) for i in range(40)]
    save("bomb_concat", twice + [node("Identity", ["c40"], ["y"])], picture, any_output, [("c0", np.ones(64, np.float32))])
    save("bomb_pad", [node("Conv", ["x", "w"], ["y"], kernel_shape=[1, 1], pads=[1 << 30] * 4)], picture, any_output,
         [("w", np.ones((1, 3, 1, 1), np.float32))])
    grow = [node("Resize", [f"g{i}" if i else "x", "", "s"], [f"g{i + 1}"], mode="nearest",
                 coordinate_transformation_mode="asymmetric", nearest_mode="floor") for i in range(6)]
    save("bomb_resize", grow + [node("Identity", ["g6"], ["y"])], picture, any_output,
         [("s", np.array([1, 1, 32, 32], np.float32))])
    wide = [node("Concat", [f"j{i}" if i else "x"] * 2, [f"j{i + 1}"], axis=1) for i in range(30)]
    save("bomb_join", wide + [node("Identity", ["j30"], ["y"])], picture, any_output)
    save("bomb_conv", [node("Conv", ["x", "w"], ["y"], kernel_shape=[1, 1])], [("x", [1, 3, 1280, 1280])], any_output,
         [("w", np.ones((2048, 3, 1, 1), np.float32))])
    save("nan", [node("GlobalAveragePool", ["x"], ["m"]), node("Flatten", ["m"], ["f"]), node("Sub", ["f", "big"], ["n"]),
                 node("Log", ["n"], ["y"])], picture, [("y", [1, 3])], [("big", np.array(99, np.float32))])
    save("blind", [node("Identity", ["c"], ["y"])], [], [("y", [1, 3])], [("c", np.zeros((1, 3), np.float32))])
    body = helper.make_graph([], "body", [], [])
    save("loop", [node("Loop", ["n"], ["y"], body=body)], picture, any_output, [("n", many)])
    lie = numpy_helper.from_array(np.ones(3, np.float32), "w")
    lie.dims[0] = 1 << 50
    model = helper.make_model(helper.make_graph([node("Add", ["x", "w"], ["y"])], "lie", [], [], [lie]))
    with open(os.path.join(HERE, "lie.onnx"), "wb") as out:
        out.write(model.SerializeToString())
    away = numpy_helper.from_array(np.ones(3, np.float32), "w")
    away.data_location = TensorProto.EXTERNAL
    away.external_data.add(key="location", value="../../../../etc/passwd")
    model = helper.make_model(helper.make_graph([node("Add", ["x", "w"], ["y"])], "away", [], [], [away]))
    with open(os.path.join(HERE, "away.onnx"), "wb") as out:
        out.write(model.SerializeToString())


if FOLDER:
    mobile()
    description = {"name": "mobile, chance weights", "input": {"size": [96, 96]}, "decoding": {"kind": "classification"}}
    with open(os.path.join(FOLDER, "mobile.json"), "w") as out:
        json.dump(description, out)
    sys.exit()

# Two boxes of one bottle, another bottle, and one below the threshold; the picture is 64×64.
ROWS = [(16, 32, 20, 20, 0.9), (17, 32, 20, 20, 0.6), (48, 32, 20, 20, 0.8), (32, 60, 4, 4, 0.1)] + [(0, 0, 1, 1, 0)] * 6
heat()
classes()
layers()
shared()
yolo("yolo_v8", [(x, y, w, h, s) for x, y, w, h, s in ROWS], "values")
yolo("yolo_v5", [(x, y, w, h, 1.0 if s else 0.0, s) for x, y, w, h, s in ROWS], "boxes")
hostile()
