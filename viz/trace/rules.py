"""How each kind of layer reads the maps that reach it: one rule a kind."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

from torch import nn

from viz.geometry import Window, output_size
from viz.layers.activation import Square
from viz.layers.channel_shuffle import PermuteChannels, ShuffleChannels
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, WinningChannel
from viz.trace.maps import Maps

Sizes = int | tuple[int, ...]  # one for both axes, or (vertical, horizontal)


@singledispatch
def read(layer: nn.Module, maps: Maps) -> Maps:
    """What comes out of `layer` when `maps` go in: one rule for every kind of layer.

    A layer of one's own gets a rule by `read.register(Kind, rule)`; subclasses inherit it.

    Raises:
        ValueError: if there is no rule, or the layer cannot take such maps.

    >>> from viz.geometry import ReceptiveField
    >>> read(nn.MaxPool2d(3, stride=2), Maps(64, (13, 13), ReceptiveField())).shape
    (64, 6, 6)
    """
    raise ValueError("no rule says how it reads its input")


@read.register
def _convolution(layer: nn.Conv2d, maps: Maps) -> Maps:
    _expect_channels(layer.in_channels, maps)
    if layer.padding_mode == "circular":
        raise ValueError("with circular padding, a border unit sees no single box")
    before, after = _padding(layer)
    out = _slide(maps, layer.kernel_size, layer.stride, before, after, layer.dilation)
    return replace(out, channels=layer.out_channels)


@read.register
def _linear(layer: nn.Linear, maps: Maps) -> Maps:
    # The convolution it equals has one kernel as large as the map.
    if maps.shape != (layer.in_features,):
        raise ValueError(f"takes ({layer.in_features},), not {maps.shape}")
    field = maps.field.then(*(Window(length) for length in maps.extent))
    return Maps(layer.out_features, (1, 1), field, flat=True)


@read.register
def _flatten(layer: nn.Flatten, maps: Maps) -> Maps:
    if layer.start_dim not in (1, -3) or layer.end_dim != -1:
        raise ValueError(f"flattens {layer.start_dim} to {layer.end_dim}, not channels to columns")
    return replace(maps, flat=True)


@read.register
def _max_pool(layer: nn.MaxPool2d, maps: Maps) -> Maps:
    if layer.return_indices:
        raise ValueError("returns indices beside its maps")
    window = (layer.kernel_size, layer.stride, layer.padding, layer.padding, layer.dilation)
    return _slide(maps, *window, ceil_mode=layer.ceil_mode)


@read.register
def _average_pool(layer: nn.AvgPool2d, maps: Maps) -> Maps:
    window = (layer.kernel_size, layer.stride, layer.padding, layer.padding)
    return _slide(maps, *window, ceil_mode=layer.ceil_mode)


@read.register
def _global_pool(layer: nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d, maps: Maps) -> Maps:
    if layer.output_size not in (1, (1, 1)):
        raise ValueError(f"pools {maps.extent} to {layer.output_size}, not the whole map to 1")
    return _slide(maps, maps.extent)


@read.register
def _pad(layer: nn.ConstantPad2d | nn.ReflectionPad2d | nn.ReplicationPad2d, maps: Maps) -> Maps:
    left, right, top, bottom = layer.padding
    return _slide(maps, 1, before=(top, left), after=(bottom, right))


@read.register
def _normalise(layer: nn.BatchNorm2d, maps: Maps) -> Maps:
    _expect_channels(layer.num_features, maps)
    if layer.training or layer.running_mean is None:
        raise ValueError("normalises by statistics of the whole batch; call .eval() first")
    return maps


@read.register
def _pool_channels(layer: PoolChannels | WinningChannel, maps: Maps) -> Maps:
    return replace(maps, channels=_share(layer.group, maps))


@read.register
def _maxout(layer: Maxout, maps: Maps) -> Maps:
    _expect_channels(layer.channels, maps)
    return replace(maps, channels=layer.units)


@read.register
def _shuffle_channels(layer: ShuffleChannels, maps: Maps) -> Maps:
    _share(layer.groups, maps)
    return maps


@read.register
def _permute_channels(layer: PermuteChannels, maps: Maps) -> Maps:
    _expect_channels(len(layer.order), maps)
    return maps


def _pointwise(layer: nn.Module, maps: Maps) -> Maps:
    return maps


for _kind in (
    *(nn.Identity, nn.Dropout, nn.Dropout2d, nn.AlphaDropout, nn.FeatureAlphaDropout),
    *(nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.PReLU, nn.RReLU, nn.ELU, nn.SELU, nn.CELU, nn.GELU),
    *(nn.SiLU, nn.Mish, nn.Softplus, nn.Softsign, nn.Sigmoid, nn.LogSigmoid, nn.Tanh),
    *(nn.Hardtanh, nn.Hardsigmoid, nn.Hardswish, nn.Hardshrink, nn.Softshrink, nn.Tanhshrink),
    *(nn.Threshold, nn.Softmax2d, nn.LocalResponseNorm, Square),
):
    read.register(_kind, _pointwise)


def _slide(
    maps: Maps,
    kernel: Sizes,
    stride: Sizes = 1,
    before: Sizes = 0,
    after: Sizes = 0,
    dilation: Sizes = 1,
    *,
    ceil_mode: bool = False,
) -> Maps:
    """The same channels, read through a window that slides along both axes."""
    _expect_maps(maps)
    extent, windows = [], []
    settings = map(_pair, (maps.extent, kernel, stride, before, after, dilation))
    for length, k, s, b, a, d in zip(*settings, strict=True):
        extent.append(output_size(length, k, s, b, a, d, ceil_mode=ceil_mode))
        windows.append(Window(d * (k - 1) + 1, s, b))
    return replace(maps, extent=(extent[0], extent[1]), field=maps.field.then(*windows))


def _pair(sizes: Sizes) -> tuple[int, int]:
    return (sizes, sizes) if isinstance(sizes, int) else (sizes[0], sizes[1])


def _padding(layer: nn.Conv2d) -> tuple[Sizes, Sizes]:
    """Padding of a convolution before and after; an odd sum pads more after, as torch does."""
    if layer.padding == "valid":
        return 0, 0
    if not isinstance(layer.padding, str):
        return layer.padding, layer.padding
    sums = [d * (k - 1) for d, k in zip(layer.dilation, layer.kernel_size, strict=True)]
    return tuple(both // 2 for both in sums), tuple(both - both // 2 for both in sums)


def _expect_maps(maps: Maps) -> None:
    if maps.flat:
        raise ValueError(f"takes maps, not a vector of {maps.shape[0]} features")


def _expect_channels(channels: int, maps: Maps) -> None:
    _expect_maps(maps)
    if maps.channels != channels:
        raise ValueError(f"takes {channels} channels, not {maps.channels} ({maps.shape})")


def _share(group: int, maps: Maps) -> int:
    _expect_maps(maps)
    if group < 1 or maps.channels % group:
        raise ValueError(f"{maps.channels} channels do not divide by {group}")
    return maps.channels // group
