"""Effective kernels: a linear chain of layers as one kernel for each channel."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from math import prod

import torch.nn.functional as F
from torch import Tensor, nn

from viz.geometry import ReceptiveField, Window, union
from viz.layers.batch_norm import as_pointwise, is_affine
from viz.layers.branches import AppendDifference, Branches, joined
from viz.layers.chain import layers_of
from viz.layers.channel_shuffle import PermuteChannels, PickChannels, ShuffleChannels
from viz.layers.crop import CentreCrop, GrownSquare
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, PoolParts, WinningChannel
from viz.layers.filter_bank import FilterBank
from viz.layers.pointwise import Pointwise, mix_channels, mix_groups
from viz.layers.same_padding import SamePad
from viz.layers.sliding import Pair, pair, sliding

REORDERING = (ShuffleChannels, PermuteChannels, PickChannels, nn.Identity)


_PADS = nn.ConstantPad2d | nn.ReplicationPad2d | nn.ReflectionPad2d


class NotLinear(ValueError):
    """Raised when a layer, named by `kind`, is not linear: the chain has no effective kernel.

    A mean over parts of the map counts too: its window, so its kernel, has the size of the map.
    """

    def __init__(self, layer: nn.Module) -> None:
        largest = isinstance(layer, PoolChannels | PoolParts | WinningChannel | nn.MaxPool2d)
        self.kind = "max" if largest else type(layer).__name__
        super().__init__(f"{self.kind} is not linear")


def bank_kernels(network: nn.Module) -> Tensor | None:
    """The kernels `(N, k, k)` of the first bank of filters in the network, None without one."""
    for layer in network.modules():
        if isinstance(layer, FilterBank):
            return layer.weight[:, 0]
    return None


def effective_kernels(stages: Iterable[nn.Module]) -> Tensor | None:
    """The effective kernel of every output channel: one kernel that equals the whole chain.

    A layer that only mixes channels mixes kernels as it mixes maps, so the bank's kernels are
    pushed through the layers after it. A window after the bank (a convolution, an average pool)
    widens them; with padding the kernel then holds only where it lies inside the picture.
    Biases shift a map and are no part of its kernel; a stride only chooses where it is applied.

    Args:
        stages: the chain from the picture on, in data order.

    Returns:
        `(channels, h, w)`, to be applied to the luminance; None without a bank of filters.

    Raises:
        NotLinear: at the first layer after the bank that is not linear.

    >>> import torch
    >>> from viz.layers.gabor import GaborBank, GaborParameters
    >>> bank = GaborBank(GaborParameters(2, 1, 8.0, 4.0, 21, 1.0))
    >>> both = Pointwise(torch.tensor([[1.0, 1.0]]), stride=2)
    >>> bool((effective_kernels([bank, both])[0] == bank.weight.sum((0, 1))).all())
    True
    """
    kernels: Tensor | None = None
    field = ReceptiveField()  # of a unit of the maps so far
    for layer in (layer for stage in stages for _, layer in layers_of(stage)):
        if isinstance(layer, FilterBank):
            kernels = layer.weight[:, 0]
            slides = sliding(layer)
            field = ReceptiveField(slides.kernel, slides.stride, slides.before)
        elif kernels is not None:
            kernels, field = _after(layer, kernels, field)
    return kernels


def _after(
    layer: nn.Module, kernels: Tensor, field: ReceptiveField
) -> tuple[Tensor, ReceptiveField]:
    """The kernels after a layer, each as large as the field of a unit there."""
    if isinstance(layer, Branches):
        return _side_by_side(layer, kernels, field)
    slides = sliding(layer)
    rows, columns = (
        Window(d * (k - 1) + 1, s, b)
        for k, s, b, d in zip(
            slides.kernel, slides.stride, slides.before, slides.dilation, strict=True
        )
    )
    return _through(layer, kernels, field.stride), field.then(rows, columns)


def _side_by_side(
    layer: Branches, kernels: Tensor, field: ReceptiveField
) -> tuple[Tensor, ReceptiveField]:
    """The kernels of all branches, with zeros where only the field of another one reaches."""
    found = []
    for branch in layer.values():
        made, reached = kernels, field
        for _, each in layers_of(branch):
            made, reached = _after(each, made, reached)
        found.append((made, reached))
    whole = union([reached for _, reached in found])
    return joined([_within(whole, *each) for each in found]), whole


def _within(whole: ReceptiveField, kernels: Tensor, field: ReceptiveField) -> Tensor:
    """The kernels of a field inside a larger one."""
    (height, width), (rows, columns) = whole.size, field.size
    top, left = (outer - own for outer, own in zip(whole.padding, field.padding, strict=True))
    return F.pad(kernels, (left, width - columns - left, top, height - rows - top))


def _through(layer: nn.Module, kernels: Tensor, apart: Pair) -> Tensor:
    if isinstance(layer, nn.BatchNorm2d) and is_affine(layer):
        layer = as_pointwise(layer)
    if isinstance(layer, Pointwise) or (isinstance(layer, Maxout) and layer.pieces == 1):
        return mix_channels(kernels, layer.matrix.to(kernels.device))
    if _pools_linearly(layer, len(kernels)) or isinstance(layer, (*REORDERING, AppendDifference)):
        reordered: Tensor = layer(kernels)
        return reordered
    if isinstance(layer, CentreCrop | GrownSquare | SamePad | _PADS | nn.Dropout | nn.Dropout2d):
        return kernels
    if isinstance(layer, nn.Conv2d):
        dilation = apart[0] * layer.dilation[0], apart[1] * layer.dilation[1]
        return _widened(kernels, layer.weight, layer.groups, dilation)
    if isinstance(layer, nn.AvgPool2d):
        window = pair(layer.kernel_size)
        share = 1 / (layer.divisor_override or prod(window))
        weight = kernels.new_full((len(kernels), 1, *window), share)
        return _widened(kernels, weight, len(kernels), apart)
    raise NotLinear(layer)


def _pools_linearly(layer: nn.Module, channels: int) -> bool:
    """Whether a layer is a pool over channels and takes means, or groups of a single channel."""
    if isinstance(layer, PoolParts):
        return layer.mode == "mean" or layer.parts == channels
    return isinstance(layer, PoolChannels) and (layer.mode == "mean" or layer.group == 1)


def _widened(kernels: Tensor, weight: Tensor, groups: int, dilation: Pair) -> Tensor:
    """The kernels of maps that are read through one more window: every tap mixes and moves them.

    Args:
        kernels: `(C, h, w)`.
        weight: `(O, C / groups, rows, columns)`.
        groups: of the weight.
        dilation: pixels of the picture from one tap to the next.
    """
    (height, width), (rows, columns) = kernels.shape[1:], weight.shape[2:]
    down, right = dilation
    size = height + down * (rows - 1), width + right * (columns - 1)
    widened = kernels.new_zeros(len(weight), *size)
    for i, j in product(range(rows), range(columns)):
        mixed = mix_groups(kernels, weight[:, :, i, j].to(kernels.device), groups)
        widened[:, i * down : i * down + height, j * right : j * right + width] += mixed
    return widened
