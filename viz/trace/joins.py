"""What has no module in torch: layers that stand for calls, among them those that join branches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce

from torch import nn

from viz.geometry import ReceptiveField, Window, covering, union
from viz.layers.channel_shuffle import PickChannels
from viz.trace.maps import Maps


class Concatenation(nn.Module):
    """The channels of several maps, one after the other: `torch.cat` along dimension 1."""


class Elementwise(nn.Module):
    """A function of the numbers at one position, of one or several maps: a sum, a product, a root.

    Args:
        parameters: those of the network that take part in it.
    """

    def __init__(self, parameters: Iterable[nn.Parameter] = ()) -> None:
        super().__init__()
        self.factors = nn.ParameterList(parameters)


class Gather(nn.Module):
    """Numbers of the first maps, picked by the second ones: `torch.gather`.

    Args:
        axis: 0 along rows, 1 along columns.
    """

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis


STAND_INS = (Concatenation, Elementwise, Gather, PickChannels)


def gathered(maps: Maps, index: Maps, axis: int) -> Maps:
    """The index chooses: any number along the axis may be read, and the data say which.

    Raises:
        ValueError: if the maps and the index differ in more than this axis.
    """
    windows = [Window(), Window()]
    windows[axis] = everywhere(maps.extent[axis], index.extent[axis])
    chosen = replace(index, field=maps.field.then(*windows), uneven=maps.uneven)
    if maps.channels != index.channels or maps.extent[1 - axis] != index.extent[1 - axis]:
        raise ValueError(f"maps of {maps.shape} cannot be gathered by an index of {index.shape}")
    together = combined([chosen, index])
    return replace(together, field=replace(together.field, certainty="depends on the data"))


def everywhere(length: int, units: int) -> Window:
    """A window that holds a whole axis of `length`, for every one of several units."""
    return covering([(unit, 0, length - 1) for unit in (0, units - 1)], stride=1)


def concatenated(sources: Sequence[Maps]) -> Maps:
    """The channels of all sources; each sees what its own branch sees.

    Raises:
        ValueError: if their sizes differ.
    """
    if any(maps.flat for maps in sources):
        sources = [_vector(maps) for maps in sources]
    extents = {maps.extent for maps in sources}
    if len(extents) != 1 or len({maps.flat for maps in sources}) != 1:
        listed = ", ".join(str(maps.shape) for maps in sources)
        raise ValueError(f"only branches of one size can be joined, not {listed}")
    differ = len({maps.field for maps in sources}) > 1
    return replace(
        sources[0],
        channels=sum(maps.channels for maps in sources),
        field=union([maps.field for maps in sources], sources[0].extent),
        uneven=differ or any(maps.uneven for maps in sources),
        cropped=any(maps.cropped for maps in sources),
    )


def combined(sources: Sequence[Maps]) -> Maps:
    """The numbers of all sources at the same position; a map of one row or column is repeated.

    Raises:
        ValueError: if their shapes cannot be broadcast.
    """
    channels, height, width = (
        reduce(_broadcast, sizes)
        for sizes in zip(*((maps.channels, *maps.extent) for maps in sources), strict=True)
    )
    if min(channels, height, width) < 1 or len({maps.flat for maps in sources}) != 1:
        listed = ", ".join(str(maps.shape) for maps in sources)
        raise ValueError(f"these shapes cannot be combined: {listed}")
    extent = height, width
    whole = next((maps for maps in sources if maps.extent == extent), sources[0])
    fields = [_repeated(maps, extent, whole.field.stride) for maps in sources]
    uneven = any(maps.uneven for maps in sources)
    cropped = any(maps.cropped for maps in sources)
    return Maps(channels, extent, union(fields, extent), sources[0].flat, uneven, cropped)


def _vector(maps: Maps) -> Maps:
    """A vector as maps of one unit; of flattened maps every element sees less than the whole."""
    if not maps.flat or maps.extent == (1, 1):
        return maps
    return Maps(maps.shape[0], (1, 1), maps.whole(), flat=True, uneven=True)


def _broadcast(one: int, other: int) -> int:
    """The common size of two; 0 if there is none."""
    if one == other or other == 1:
        return one
    return other if one == 1 else 0


def _repeated(maps: Maps, extent: tuple[int, int], stride: tuple[int, int]) -> ReceptiveField:
    """The field of maps that are repeated up to an extent: an upper bound where they are."""
    if maps.extent == extent:
        return maps.field
    windows = (maps.field.rows, maps.field.columns)
    rows, columns = (
        window if own == units else _still(window, units, step)
        for window, own, units, step in zip(windows, maps.extent, extent, stride, strict=True)
    )
    return ReceptiveField(
        (rows.size, columns.size),
        (rows.stride, columns.stride),
        (rows.padding, columns.padding),
        maps.field.aligned,
        certainty=maps.field.at_most().certainty,
    )


def _still(window: Window, units: int, stride: int) -> Window:
    """A window that holds what unit 0 sees, for every one of several units."""
    return covering([(unit, *window.seen(0)) for unit in (0, units - 1)], stride)
