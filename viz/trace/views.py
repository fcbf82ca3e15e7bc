"""Calls whose layers depend on the shape of the maps: views, slices, parts, means over dimensions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from torch import nn

from viz.layers.channel_shuffle import PickChannels
from viz.layers.cross_channel_pooling import PoolChannels, WinningChannel
from viz.trace.maps import Maps

Layers = Sequence[nn.Module]  # one after the other; of a call that gives several maps, one each

SEVERAL = ("chunk", "split")  # calls that give several maps


def _reduced(
    over_pixels: Callable[[int], nn.Module], over_channels: Callable[[int], nn.Module]
) -> Callable[..., Layers]:
    """A mean or maximum over rows and columns, or over channels."""

    def rule(maps: Maps, dim: Any = None, keepdim: bool = False) -> Layers:
        dims = (
            {each % 4 for each in (dim if isinstance(dim, tuple | list) else [dim])} if dim else ()
        )
        if set(dims) == {1} and keepdim and not maps.flat:
            return [over_channels(maps.channels)]
        if set(dims) != {2, 3} or maps.flat:
            raise ValueError(
                f"reduces dimension {dim}, not rows and columns, or channels with keepdim"
            )
        return [over_pixels(1)] if keepdim else [over_pixels(1), nn.Flatten()]

    return rule


def _flattened(maps: Maps, *shape: Any) -> Layers:
    """A view as a vector for every picture of the batch."""
    sizes = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
    features = maps.channels * maps.extent[0] * maps.extent[1]
    if sizes in ((1, -1), (-1, features), (1, features)):
        return [nn.Flatten()]
    if sizes[:1] in ((1,), (-1,)) and sizes[1:] == maps.shape:
        return [nn.Identity()]
    raise ValueError(f"views maps of {maps.shape} as {sizes}")


def _channels(maps: Maps, starts: Iterable[int]) -> Layers:
    bounds = [*starts, maps.channels]
    return [PickChannels(range(*pair)) for pair in pairwise(bounds)]


def _chunk(maps: Maps, chunks: int, dim: int = 0) -> Layers:
    _expect_channels(dim)
    return _channels(maps, range(0, maps.channels, -(-maps.channels // chunks)))


def _split(maps: Maps, sizes: Any, dim: int = 0) -> Layers:
    _expect_channels(dim)
    if isinstance(sizes, int):
        return _channels(maps, range(0, maps.channels, sizes))
    return _channels(maps, [sum(sizes[:at]) for at in range(len(sizes))])


def _expect_channels(dim: int) -> None:
    if dim not in (1, -3):
        raise ValueError(f"cuts along dimension {dim}, not along channels")


def _sliced(maps: Maps, key: Any) -> Layers:
    """Slices of channels, rows and columns: some are left out, and of the rest every n-th."""
    slices = list(key) if isinstance(key, tuple) else [key]
    if Ellipsis in slices:
        at = slices.index(Ellipsis)
        slices[at : at + 1] = [slice(None)] * (5 - len(slices))
    slices += [slice(None)] * (4 - len(slices))
    batch, *others = slices
    if batch != slice(None) or len(others) != 3 or not all(isinstance(s, slice) for s in others):
        raise ValueError(f"takes {key} of {maps.shape}, not channels, rows and columns")
    places = [range(n)[s] for n, s in zip((maps.channels, *maps.extent), others, strict=True)]
    if maps.flat or min(map(len, places)) < 1 or places[0].step != 1:
        raise ValueError(f"takes {key} of {maps.shape}")
    return _places(maps, *places)


def _places(maps: Maps, channels: range, rows: range, columns: range) -> Layers:
    layers: list[nn.Module] = []
    if len(channels) < maps.channels:
        layers.append(PickChannels(channels))
    starts, stops = (columns.start, rows.start), (columns[-1] + 1, rows[-1] + 1)
    ends = (maps.extent[1] - stops[0], maps.extent[0] - stops[1])
    if any((*starts, *ends)):
        layers.append(nn.ZeroPad2d((-starts[0], -ends[0], -starts[1], -ends[1])))
    if (rows.step, columns.step) != (1, 1):
        layers.append(nn.MaxPool2d(1, (rows.step, columns.step)))
    return layers or [nn.Identity()]


RULES: dict[str, Callable[..., Layers]] = {
    "mean": _reduced(nn.AdaptiveAvgPool2d, lambda channels: PoolChannels(channels, "mean")),
    "amax": _reduced(nn.AdaptiveMaxPool2d, PoolChannels),
    "argmax": _reduced(nn.AdaptiveMaxPool2d, WinningChannel),
    "view": _flattened,
    "reshape": _flattened,
    "chunk": _chunk,
    "split": _split,
    "getitem": _sliced,
}
