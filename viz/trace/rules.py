"""How each kind of layer reads its input: one rule a kind."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

from torch import nn

from viz.geometry import Window, covering, output_size
from viz.layers.activation import ELEMENTWISE
from viz.layers.batch_norm import expect_affine
from viz.layers.branches import AppendDifference
from viz.layers.channel_shuffle import PermuteChannels, PickChannels, ShuffleChannels
from viz.layers.crop import CentreCrop, GrownSquare, first_kept
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, PoolParts, WinningChannel
from viz.layers.log_mean_exp_pooling import LogMeanExpPool
from viz.layers.same_padding import SamePad
from viz.layers.sliding import Sliding, sliding
from viz.trace.joins import (
    Concatenation,
    Elementwise,
    Gather,
    combined,
    concatenated,
    everywhere,
    gathered,
)
from viz.trace.maps import Maps


@singledispatch
def read(layer: nn.Module, maps: Maps) -> Maps:
    """The maps after `layer` for the input `maps`: one rule for every kind of layer.

    Add a rule for another kind with `read.register(Kind, rule)`; subclasses inherit it. The rule of
    a layer that joins branches takes their maps one after the other.

    Raises:
        ValueError: if there is no rule, or the layer does not accept such maps.

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
    slid = replace(_slid(sliding(layer), maps), channels=layer.out_channels)
    return slid.mixed(layer.out_channels) if layer.groups == 1 else slid


@read.register
def _linear(layer: nn.Linear, maps: Maps) -> Maps:
    # The equivalent convolution has one kernel as large as the map.
    if maps.shape != (layer.in_features,):
        raise ValueError(f"takes ({layer.in_features},), not {maps.shape}")
    return Maps(layer.out_features, (1, 1), maps.whole(), flat=True)


@read.register
def _flatten(layer: nn.Flatten, maps: Maps) -> Maps:
    if layer.start_dim not in (1, -3) or layer.end_dim != -1:
        raise ValueError(f"flattens {layer.start_dim} to {layer.end_dim}, not channels to columns")
    return replace(maps, flat=True)


@read.register
def _max_pool(layer: nn.MaxPool2d, maps: Maps) -> Maps:
    if layer.return_indices:
        raise ValueError("returns indices beside its maps")
    return _slid(sliding(layer), maps)


@read.register
def _window(
    layer: nn.AvgPool2d
    | nn.ConstantPad2d
    | nn.ReflectionPad2d
    | nn.ReplicationPad2d
    | LogMeanExpPool,
    maps: Maps,
) -> Maps:
    return _slid(sliding(layer), maps)


@read.register
def _adaptive_pool(layer: nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d, maps: Maps) -> Maps:
    _expect_maps(maps)
    if getattr(layer, "return_indices", False):
        raise ValueError("returns indices beside its maps")
    sizes = layer.output_size
    both = sizes if isinstance(sizes, tuple) else (sizes, sizes)
    units = [own if size is None else size for size, own in zip(both, maps.extent, strict=True)]
    rows, columns = map(_adapted, maps.extent, units)
    pooled = replace(maps, extent=(units[0], units[1]), field=maps.field.then(rows, columns))
    regular = all(length % each == 0 for length, each in zip(maps.extent, units, strict=True))
    return pooled if regular else replace(pooled, field=pooled.field.at_most())


@read.register
def _normalise(layer: nn.BatchNorm2d | nn.BatchNorm1d, maps: Maps) -> Maps:
    if maps.flat != isinstance(layer, nn.BatchNorm1d) or layer.num_features != maps.shape[0]:
        raise ValueError(f"takes {layer.num_features} channels, not {maps.channels} ({maps.shape})")
    expect_affine(layer)
    return maps


@read.register
def _normalise_over_the_map(layer: nn.GroupNorm | nn.InstanceNorm2d, maps: Maps) -> Maps:
    """Mean and variance are those of the whole map, so every unit reads all of it."""
    if isinstance(layer, nn.GroupNorm):
        _expect_channels(layer.num_channels, maps)
    else:
        _expect_channels(layer.num_features, maps)
        if not layer.training and layer.running_mean is not None:
            return maps
    windows = map(everywhere, maps.extent, maps.extent)
    return replace(maps, field=maps.field.then(*windows).at_most())


@read.register
def _softmax(layer: nn.Softmax | nn.LogSoftmax, maps: Maps) -> Maps:
    if layer.dim not in ((1, -1) if maps.flat else (1, -3)):
        raise ValueError(f"compares along dimension {layer.dim}, not channels")
    if maps.flat:
        return Maps(maps.shape[0], (1, 1), maps.whole(), flat=True)
    return maps.mixed(maps.channels)


@read.register
def _softmax_2d(layer: nn.Softmax2d, maps: Maps) -> Maps:
    return maps.mixed(maps.channels)


@read.register
def _concatenate(layer: Concatenation, *sources: Maps) -> Maps:
    return concatenated(sources)


@read.register
def _gather(layer: Gather, maps: Maps, index: Maps) -> Maps:
    return gathered(maps, index, layer.axis)


@read.register
def _combine(layer: Elementwise, *sources: Maps) -> Maps:
    return combined(sources)


@read.register
def _pool_channels(layer: PoolChannels | WinningChannel, maps: Maps) -> Maps:
    channels = _share(layer.group, maps)
    return maps.mixed(1) if channels == 1 else replace(maps, channels=channels)


@read.register
def _pool_parts(layer: PoolParts, maps: Maps) -> Maps:
    _expect_maps(maps)
    if not 1 <= layer.parts <= maps.channels:
        raise ValueError(f"{maps.channels} channels do not make {layer.parts} groups")
    return maps.mixed(1) if layer.parts == 1 else replace(maps, channels=layer.parts)


@read.register
def _append_difference(layer: AppendDifference, maps: Maps) -> Maps:
    return replace(maps, channels=maps.channels + _share(2, maps))


@read.register
def _maxout(layer: Maxout, maps: Maps) -> Maps:
    _expect_channels(layer.channels, maps)
    return maps.mixed(layer.units)


@read.register
def _shuffle_channels(layer: ShuffleChannels, maps: Maps) -> Maps:
    _share(layer.groups, maps)
    return maps


@read.register
def _permute_channels(layer: PermuteChannels, maps: Maps) -> Maps:
    _expect_channels(len(layer.order), maps)
    return maps


@read.register
def _pick_channels(layer: PickChannels, maps: Maps) -> Maps:
    _expect_maps(maps)
    if not 0 <= min(layer.channels) <= max(layer.channels) < maps.channels:
        raise ValueError(f"there are {maps.channels} channels, not all of {list(layer.channels)}")
    return replace(maps, channels=len(layer.channels))


@read.register
def _crop(layer: CentreCrop, maps: Maps) -> Maps:
    _expect_maps(maps)
    height, width = (min(length, layer.side_px) for length in maps.extent)
    starts = (Window(padding=-first_kept(length, layer.side_px)) for length in maps.extent)
    field = maps.field.then(*starts)
    return replace(maps, extent=(height, width), field=field, cropped=True)


@read.register
def _with_margins(layer: GrownSquare | SamePad, maps: Maps) -> Maps:
    _expect_maps(maps)
    margins = [layer.margins(length) for length in maps.extent]
    field = maps.field.then(*(Window(padding=before) for before, _ in margins))
    cropped = maps.cropped or min(min(each) for each in margins) < 0
    height, width = (n + sum(each) for n, each in zip(maps.extent, margins, strict=True))
    return replace(maps, extent=(height, width), field=field, cropped=cropped)


def _pixel_by_pixel(layer: nn.Module, maps: Maps) -> Maps:
    return maps


for _kind in (
    *(nn.Identity, nn.Dropout, nn.Dropout2d, nn.AlphaDropout, nn.FeatureAlphaDropout),
    *(nn.PReLU, nn.RReLU, nn.LocalResponseNorm),
    *ELEMENTWISE,
):
    read.register(_kind, _pixel_by_pixel)


def _slid(slides: Sliding, maps: Maps) -> Maps:
    """The same channels after a window that slides along both axes."""
    _expect_maps(maps)
    extent, windows = [], []
    for length, k, s, b, a, d in zip(maps.extent, *slides[:5], strict=True):
        extent.append(output_size(length, k, s, b, a, d, ceil_mode=slides.ceil_mode))
        windows.append(Window(d * (k - 1) + 1, s, b))
    field, pads = maps.field.then(*windows), (*slides.before, *slides.after)
    if maps.cropped and max(pads) > 0:
        field = field.at_most()
    cropped = maps.cropped or min(pads) < 0
    return replace(maps, extent=(extent[0], extent[1]), field=field, cropped=cropped)


def _adapted(length: int, units: int) -> Window:
    """The window of adaptive pooling: unit u reads ⌊u·length/units⌋ to ⌈(u+1)·length/units⌉ − 1."""
    if units < 1:
        raise ValueError(f"pools {length} positions to {units}")
    seen = [(u, u * length // units, -(-(u + 1) * length // units) - 1) for u in range(units)]
    strides = {max(1, length // units), -(-length // units)} if units > 1 else {1}
    return min((covering(seen, stride) for stride in strides), key=lambda window: window.size)


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
