"""Random small networks with branches, for which gradients say what is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor, nn

Pair = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """A window that slides, and how far its padding reaches; what it needs after the map follows."""

    kind: str  # "conv", "depthwise" or "mean"
    kernel: Pair
    dilation: Pair
    before: Pair


@dataclass(frozen=True)
class Block:
    """Branches of windows that start from one map and end with as many units each."""

    branches: tuple[tuple[Window, ...], ...]
    strides: tuple[Pair, ...]  # of each branch
    step: Pair  # pixels for one unit, at most
    join: str  # "cat", "add" or "chain" (only the first branch)


def pairs(least: int, most: int) -> st.SearchStrategy[Pair]:
    return st.tuples(st.integers(least, most), st.integers(least, most))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    kernel, dilation, before = draw(pairs(1, 3)), draw(pairs(1, 2)), draw(pairs(0, 9))
    spans = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    kind = draw(st.sampled_from(["conv", "conv", "depthwise", "mean"]))
    return Window(kind, kernel, dilation, (before[0] % spans[0], before[1] % spans[1]))


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    step = draw(pairs(1, 2))
    count = draw(st.integers(1, 3))
    drifts = draw(st.integers(0, 9)) == 0  # one branch in ten may move at another stride
    strides = [draw(pairs(1, 2)) if drifts else step for _ in range(count)]
    branch = st.lists(windows(), min_size=1, max_size=2).map(tuple)
    join = "chain" if count == 1 else draw(st.sampled_from(["cat", "add"]))
    return Block(tuple(draw(branch) for _ in range(count)), tuple(strides), step, join)


plans = st.lists(blocks(), min_size=1, max_size=3)


class Joined(nn.Module):
    """Branches in Python code, so that only tracing finds them."""

    def __init__(self, branches: list[nn.Module], join: str) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)
        self.join = join

    def forward(self, x: Tensor) -> Tensor:
        maps = [branch(x) for branch in self.branches]
        if self.join == "cat":
            return torch.cat(maps, dim=1)
        total = maps[0]
        for other in maps[1:]:
            total = total + other
        return total


def built(plan: list[Block], shape: tuple[int, int, int]) -> nn.Sequential:
    """The network in double precision with positive weights, for maps of a shape."""
    channels, *extent = shape
    network = nn.Sequential()
    for block in plan:
        units = [-(-length // step) for length, step in zip(extent, block.step, strict=True)]
        branches: list[nn.Module] = [
            chain(branch, channels, extent, stride, units)
            for branch, stride in zip(block.branches, block.strides, strict=True)
        ]
        network.append(branches[0] if block.join == "chain" else Joined(branches, block.join))
        channels = 2 * len(branches) if block.join == "cat" else 2
        extent = units
    return network.double()


def chain(
    branch: tuple[Window, ...], channels: int, extent: list[int], stride: Pair, units: list[int]
) -> nn.Sequential:
    """Windows of stride 1 that keep the size, then one that makes as many units as wanted."""
    layers = nn.Sequential()
    for window in branch[:-1]:
        layers.extend(padded(window, channels, extent, (1, 1), extent))
    layers.extend(padded(branch[-1], channels, extent, stride, units))
    layers.append(positive(nn.Conv2d(channels, 2, 1)))  # the same channels from each branch
    return layers


def padded(
    window: Window, channels: int, extent: list[int], stride: Pair, units: list[int]
) -> nn.Sequential:
    """The window after the padding, or the cut, that makes it give so many units."""
    sides: list[int] = []
    for axis in (1, 0):  # F.pad begins with columns
        dilation = 1 if window.kind == "mean" else window.dilation[axis]
        reach = (units[axis] - 1) * stride[axis] + dilation * (window.kernel[axis] - 1) + 1
        sides += [window.before[axis], reach - extent[axis] - window.before[axis]]
    return nn.Sequential(
        nn.ZeroPad2d((sides[0], sides[1], sides[2], sides[3])), made(window, channels, stride)
    )


def made(window: Window, channels: int, stride: Pair) -> nn.Module:
    if window.kind == "mean":
        return nn.AvgPool2d(window.kernel, stride)
    groups = channels if window.kind == "depthwise" else 1
    rest: Any = {"dilation": window.dilation, "groups": groups, "bias": False}
    return positive(nn.Conv2d(channels, channels, window.kernel, stride, **rest))


def positive(layer: nn.Conv2d) -> nn.Conv2d:
    nn.init.uniform_(layer.weight, 0.5, 1)
    return layer
