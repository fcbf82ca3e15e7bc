"""The content of the filters panel for a stage."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from typing import NamedTuple, cast

from torch import Tensor, nn

from viz.feeds import feeding, strongest_first
from viz.kernels import NotLinear, bank_kernels, effective_kernels
from viz.layers.branches import Branches
from viz.layers.chain import layers_of
from viz.layers.channel_shuffle import PickChannels
from viz.layers.cross_channel_pooling import PoolChannels, PoolParts
from viz.layers.downsampling import window_of
from viz.layers.filter_bank import FilterBank
from viz.layers.pointwise import Pointwise, mixing_layer
from viz.text import Text, text

MOST_COLUMNS = 48  # of a matrix beside the maps

AFTER = "After {layer} no single kernel gives a map. These are the filters that feed the maps."
AFTER_MIXTURE = "After {layer} no single kernel gives a map. These are the filters that feed the matrix’s columns."


class Filters(NamedTuple):
    """Kernels, a mixing matrix, a note about them, and the links from kernels to maps.

    Attributes:
        stacks: `(N, h, w)` each: `kernels` and `matrix` where there are any.
        note: a sentence for the visitor, or empty.
        of_bank: whether the kernels are the bank's, not the stage's own.
        window_px: the side of a single kernel that serves every map; 0 where each has its own.
        feeds: of every map of the stage the kernels that feed it, the strongest first.
        input_feeds: the same of every map that reaches the stage, if the kernels are the bank's.
    """

    stacks: dict[str, Tensor]
    note: Text | None = None
    of_bank: bool = False
    window_px: int = 0
    feeds: Sequence[list[int]] = ()
    input_feeds: Sequence[list[int]] = ()


def filters(network: nn.Sequential, stage: str) -> Filters:
    """The content of the filters panel for a stage of the network, or for `picture`."""
    names = list(dict(network.named_children()))
    if stage == "picture":
        return Filters({}, text("The picture itself: nothing has filtered it yet."))
    upto = [network.get_submodule(name) for name in names[: names.index(stage) + 1]]
    mixes = _mixes(upto[-1])
    mixing = upto[-1]
    if mixes and not has_branches(
        mixing
    ):  # a ReLU after the mixture is ignored: the kernel belongs to the mixture
        upto[-1] = mixing_layer(upto[-1])
    window = None if mixes else window_of(upto[-1])
    if window is not None:
        note = text("The same {n}×{n} kernel for every map.", n=len(window))
        feeds = [[0]] * cast(nn.Conv2d, upto[-1]).out_channels
        return Filters({"kernels": window[None]}, note, window_px=len(window), feeds=feeds)
    found = _kernels(network, upto, mixes)
    if not mixes:
        return found
    matrix = _passed_on(mixing, mixing_layer(mixing).matrix)
    if "kernels" not in found.stacks and matrix.shape[1] > MOST_COLUMNS:
        return _in_tiles(matrix)
    found.stacks["matrix"] = matrix[None]
    return found


def _in_tiles(matrix: Tensor) -> Filters:
    """The rows of a matrix that is too wide to be drawn, each as a picture of its own."""
    channels = matrix.shape[1]
    height = max(n for n in range(1, isqrt(channels) + 1) if channels % n == 0)
    note = text(
        "Each map is a sum of all {n} maps that reach it. These are its {n} weights, in rows of {w}.",
        n=channels,
        w=channels // height,
    )
    feeds = [[each] for each in range(len(matrix))]
    return Filters({"kernels": matrix.unflatten(1, (height, -1))}, note, feeds=feeds)


def _passed_on(stage: nn.Module, of_maps: Tensor) -> Tensor:
    """What belongs to each map of a layer, of those maps that a stage passes on."""
    *_, (_, last) = layers_of(stage)
    if isinstance(last, PickChannels) and not has_branches(stage):
        return of_maps[list(last.channels)]
    return of_maps


def has_branches(stage: nn.Module) -> bool:
    """Whether maps of several branches leave a stage, or one of them was compared with another."""
    return any(isinstance(layer, Branches) for layer in stage.modules())


def holds_bank(stage: nn.Module) -> bool:
    """Whether a stage filters with a bank of given kernels."""
    return any(isinstance(layer, FilterBank) for layer in stage.modules())


def _mixes(stage: nn.Module) -> bool:
    """Whether a stage mixes channels by one matrix, which may serve several of its branches.

    A bank's own 1×1 layers belong to its kernels.
    """
    matrices = [layer for layer in stage.modules() if isinstance(layer, Pointwise)]
    if holds_bank(stage) or (has_branches(stage) and len(matrices) > 1):
        return False
    return bool(matrices)


def _pools(stage: nn.Module) -> bool:
    """Whether a stage ends with a pool over channels, which reads maps of the bank."""
    *_, (_, last) = layers_of(stage)
    return isinstance(last, PoolChannels | PoolParts)


def _kernels(network: nn.Module, upto: list[nn.Module], mixes: bool) -> Filters:
    """The effective kernels of a linear chain; otherwise, and for a pool, the bank's."""
    try:
        kernels = effective_kernels(upto)
    except NotLinear as barrier:
        note = AFTER_MIXTURE if mixes else AFTER
        return _of_bank(network, upto, text(note, layer=barrier.kind))
    if kernels is None:
        return Filters({}) if mixes else _without_bank(upto[-1])
    if _pools(upto[-1]):
        return _of_bank(network, upto, None)
    return Filters({"kernels": kernels}, feeds=[[each] for each in range(len(kernels))])


def _without_bank(stage: nn.Module) -> Filters:
    """The kernels of a convolution of random weights; else a note, for nothing was learned or drawn."""
    convolution = next((each for _, each in layers_of(stage) if type(each) is nn.Conv2d), None)
    if convolution is not None:
        size, reads = convolution.kernel_size[0], convolution.weight.shape[1]
        note = text("One channel alone, {n}×{n}: each map has its own kernel.", n=size)
        if reads > 1:
            said = {"n": size, "channels": reads}
            note = text(
                "The {n}×{n} kernels on the first of {channels} channels; a map adds up all.",
                **said,
            )
        kernels = _passed_on(stage, convolution.weight[:, 0])
        feeds = [[each] for each in range(len(kernels))]
        return Filters({"kernels": kernels}, note, feeds=feeds)
    if any(isinstance(each, nn.MaxPool2d | nn.AvgPool2d) for _, each in layers_of(stage)):
        return Filters({}, text("A window on every channel alone; it has no weights."))
    if any(isinstance(each, nn.BatchNorm2d) for _, each in layers_of(stage)):
        return Filters({}, text("Every channel is scaled and shifted alone."))
    return Filters({}, text("Red, green and blue are passed on unchanged."))


def _of_bank(network: nn.Module, upto: list[nn.Module], note: Text | None) -> Filters:
    bank = bank_kernels(network)
    after, before = feeding(upto), feeding(upto[:-1])
    assert bank is not None
    assert after is not None
    arriving = [] if before is None else strongest_first(before)
    kernels = {"kernels": bank}
    return Filters(kernels, note, True, feeds=strongest_first(after), input_feeds=arriving)
