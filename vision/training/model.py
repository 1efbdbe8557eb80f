"""The counting network: a small encoder and decoder of plain convolutions, which tract runs well."""

import torch
import torch.nn.functional as F
from torch import nn

# name: (in, out, kernel, stride); every convolution but the head is followed by batch norm and relu.
LAYERS = {
    "c1": (4, 24, 3, 2),
    "c2": (24, 40, 3, 2), "a1": (40, 40, 3, 1),
    "c3": (40, 72, 3, 2), "b1": (72, 72, 3, 1), "b2": (72, 72, 3, 1),
    "c4": (72, 104, 3, 2), "d1": (104, 104, 3, 1),
    "c5": (104, 128, 3, 2), "e1": (128, 128, 3, 1),
    "u4": (128, 104, 1, 1), "u3": (104, 72, 1, 1), "f3": (72, 72, 3, 1), "u2": (72, 40, 1, 1), "f2": (40, 48, 3, 1),
    "head": (48, 4, 1, 1),
}


class Counter(nn.Module):
    """Canvas N x 4 x H x W (H, W multiples of 32) to ends N x 4 x H/4 x W/4 and features N x 48 x H/4 x W/4.

    Planes of the ends: logit of a centre, log(radius / 8 px), shift to the right and downwards in cells of 4 px.
    """

    def __init__(self):
        super().__init__()
        for name, (i, o, k, stride) in LAYERS.items():
            last = name == "head"
            setattr(self, name, nn.Conv2d(i, o, k, stride, k // 2, bias=last))
            if not last:
                setattr(self, name + "_norm", nn.BatchNorm2d(o, momentum=0.03))
        nn.init.normal_(self.head.weight, std=0.01)
        with torch.no_grad():
            self.head.bias.copy_(torch.tensor([-3.5, 0.5, 0.0, 0.0]))

    def layer(self, name, x):
        return F.relu(getattr(self, name + "_norm")(getattr(self, name)(x)))

    def forward(self, x):
        def up(x):
            return F.interpolate(x, scale_factor=2, mode="nearest")

        x2 = self.layer("c2", self.layer("c1", x))
        x2 = x2 + self.layer("a1", x2)
        x3 = self.layer("c3", x2)
        x3 = x3 + self.layer("b1", x3)
        x3 = x3 + self.layer("b2", x3)
        x4 = self.layer("c4", x3)
        x4 = x4 + self.layer("d1", x4)
        x5 = self.layer("c5", x4)
        x5 = x5 + self.layer("e1", x5)
        y = x4 + self.layer("u4", up(x5))
        y = self.layer("f3", x3 + self.layer("u3", up(y)))
        features = self.layer("f2", x2 + self.layer("u2", up(y)))
        return self.head(features), features
