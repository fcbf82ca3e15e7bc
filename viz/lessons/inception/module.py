"""The module of a Setting: a layer for each box of the diagram, and the four branches of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from torch import Tensor, nn

from viz.layers.branches import Branches
from viz.layers.convolution import Convolution
from viz.layers.max_pooling import MaxPool
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe
from viz.lessons.inception.recipes import leaning_rows, oriented_kernels
from viz.lessons.inception.setting import Setting
from viz.text import Message

# Each branch and its boxes in the order of the data, with all reductions.
BRANCHES = {
    "one": ("one",),
    "three": ("reduce_three", "three"),
    "five": ("reduce_five", "five"),
    "pool": ("pool", "projection"),
}
BRANCH_OF = {box: branch for branch, boxes in BRANCHES.items() for box in boxes}
BRANCH_NAMES: Mapping[str, Message] = {"one": "1×1", "three": "3×3", "five": "5×5", "pool": "pool"}
KERNELS = {"three": 3, "five": 5}  # the other boxes with weights are 1×1
OTHER_DRAW = 100  # added to the seed from box to box, beyond the largest seed


class Box(NamedTuple):
    """One box: the channels that reach it and leave it, and the side of its kernel."""

    channels: int
    outputs: int
    kernel: int


def boxes(setting: Setting) -> dict[str, Box]:
    """The boxes of the module that are switched on, in the order of the branches.

    >>> list(boxes(Setting(reduced=False, projected=False)))
    ['one', 'three', 'five', 'pool']
    """
    found: dict[str, Box] = {}
    for branch in BRANCHES.values():
        channels = setting.inputs
        for name in branch:
            if is_on(name, setting):
                outputs = channels if name == "pool" else getattr(setting, name)
                kernel = 3 if name == "pool" else KERNELS.get(name, 1)
                found[name] = Box(channels, outputs, kernel)
                channels = outputs
    return found


def is_on(name: str, setting: Setting) -> bool:
    """Whether a module of this Setting has a box."""
    if name.startswith("reduce_"):
        return setting.reduced
    return setting.projected if name == "projection" else True


def widths(setting: Setting) -> dict[str, int]:
    """The output channels of each branch.

    >>> widths(Setting(inputs=192, one=64, three=128, five=32, projected=False))
    {'one': 64, 'three': 128, 'five': 32, 'pool': 192}
    """
    found = boxes(setting)
    return {branch: found[on(branch, setting)[-1]].outputs for branch in BRANCHES}


def layer(name: str, setting: Setting) -> nn.Module:
    """The layers of a box: a pool, or a convolution with seeded weights and a ReLU."""
    box = boxes(setting)[name]
    if name == "pool":
        return MaxPool(3, stride=1, padding=1)
    seed = setting.seed + OTHER_DRAW * (1 + list(BRANCH_OF).index(name))
    return nn.Sequential(OrderedDict(conv=_convolution(box, seed), relu=nn.ReLU()))


def module(setting: Setting) -> Branches:
    """The four branches, each an nn.Sequential with its boxes by name.

    >>> import torch
    >>> naive = module(Setting(inputs=3, reduced=False, projected=False))
    >>> naive(torch.zeros(3, 9, 9)).shape[0] == 8 + 12 + 8 + 3
    True
    """
    return Branches({branch: chain(branch, setting) for branch in BRANCHES})


def without_numbers(setting: Setting) -> Branches:
    """The same layers on the `meta` device, for counts and fields; no weight is drawn."""
    found = boxes(setting)
    return Branches(
        {
            branch: nn.Sequential(
                OrderedDict((box, _empty(found[box], box)) for box in on(branch, setting))
            )
            for branch in BRANCHES
        }
    )


def _empty(box: Box, name: str) -> nn.Module:
    if name == "pool":
        return MaxPool(3, stride=1, padding=1)
    sizes = (box.channels, box.outputs, box.kernel)
    conv = nn.Conv2d(*sizes, padding=box.kernel // 2, bias=False, device="meta")
    return nn.Sequential(OrderedDict(conv=conv, relu=nn.ReLU()))


def chain(branch: str, setting: Setting) -> nn.Sequential:
    """One branch alone, its boxes by name."""
    return nn.Sequential(OrderedDict((box, layer(box, setting)) for box in on(branch, setting)))


def on(branch: str, setting: Setting) -> list[str]:
    """The boxes of a branch that are switched on, in the order of the data."""
    return [box for box in BRANCHES[branch] if is_on(box, setting)]


def _convolution(box: Box, seed: int) -> nn.Conv2d:
    arguments = {"outputs": box.outputs, "channels": box.channels, "seed": seed}
    if box.kernel == 1:
        rows = leaning_rows(**arguments)
        return Pointwise(rows, recipe=Recipe(leaning_rows, tuple(arguments.items())))
    arguments["side"] = box.kernel
    kernels: Tensor = oriented_kernels(**arguments)
    return Convolution(kernels, recipe=Recipe(oriented_kernels, tuple(arguments.items())))
