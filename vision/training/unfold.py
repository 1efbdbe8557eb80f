"""Reads a shipped ONNX file back into a network that can be trained further.

The file's convolutions hold their batch norms folded in (export.py). To train on, each norm is given back the mean and spread
that its convolution has on training canvases, with the gain and shift that undo them: the network computes what it computed.
"""

import onnx
import torch
from onnx import numpy_helper

from model import LAYERS, Counter


def unfold(path, canvases):
    """The network of `path`; `canvases` are some batches N x 4 x H x W of what it will be trained on."""
    weights = {w.name: torch.from_numpy(numpy_helper.to_array(w).copy()) for w in onnx.load(path).graph.initializer}
    net = Counter().eval()
    seen, normed = {}, [name for name in LAYERS if name != "head"]
    with torch.no_grad():
        net.head.weight.copy_(weights["head_w"])
        net.head.bias.copy_(weights["head_b"])
        for name in normed:
            layer, norm = getattr(net, name), getattr(net, name + "_norm")
            layer.weight.copy_(weights[name + "_w"])
            norm.running_var.fill_(1 - norm.eps)
            norm.bias.copy_(weights[name + "_b"])
            layer.register_forward_hook(lambda _, __, out, name=name: seen.setdefault(name, []).append(
                torch.stack([out.mean((0, 2, 3)), (out**2).mean((0, 2, 3))])))
        for canvas in canvases:
            net(canvas)
        for name in normed:
            mean, square = torch.stack(seen[name]).mean(0)
            norm, spread = getattr(net, name + "_norm"), (square - mean**2).clamp(min=1e-6)
            getattr(net, name)._forward_hooks.clear()
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(spread)
            norm.weight.copy_((spread + norm.eps).sqrt())
            norm.bias.add_(mean)
    return net.train()
