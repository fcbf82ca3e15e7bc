"""One window in both orders: what the pool keeps of every channel, and of their mixture."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from viz.layers.pointwise import Pointwise
from viz.layers.sliding import sliding

Place = tuple[int, int]  # row, column
MAX_CHANNELS = 3  # of the largest part in the mixture; more do not fit beside one another


@dataclass(frozen=True)
class OneWindow:
    """The numbers of a window, of the channels that matter most for one output.

    Attributes:
        rows, columns: the first and the last position of the window that lie in the map.
        channels: the channels that are shown, those with the largest products first.
        values: `(channels, h, w)`, their numbers in the window.
        weights: the weight of each.
        pooled: the pool of each.
        others: the sum of the products of all other channels, and the bias.
        mixed: `(h, w)`, the mixture of all channels in the window.
        first: the output if the pool comes first.
        second: the output if the 1×1 comes first.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    channels: tuple[int, ...]
    values: Tensor
    weights: tuple[float, ...]
    pooled: tuple[float, ...]
    others: float
    mixed: Tensor
    first: float
    second: float


def one_window(
    maps: Tensor, pooling: nn.Module, mix: Pointwise, output: int, place: Place
) -> OneWindow:
    """The window of a unit.

    Args:
        maps: `(C, H, W)`, what reaches the pool.
        pooling: a pool over pixels.
        mix: the 1×1, on the same device.
        output: the row of its matrix.
        place: row and column of the unit after the pool; beyond the last one it is the last.

    >>> maps = torch.tensor([[[0.0, 3.0]], [[3.0, 0.0]]])
    >>> found = one_window(maps, nn.MaxPool2d((1, 2)), Pointwise(torch.tensor([[1.0, -1.0]])), 0, (0, 0))
    >>> found.pooled, found.first, found.second
    ((3.0, 3.0), 0.0, 3.0)
    """
    with torch.no_grad():
        everywhere, mixed = pooling(maps), mix(maps)
        row, column = (min(at, n - 1) for at, n in zip(place, everywhere.shape[1:], strict=True))
        pooled = everywhere[:, row, column]
        first = float(mix(pooled[:, None, None])[output])
        second = float(pooling(mixed)[output, row, column])
    slides = sliding(pooling)
    top, bottom = _inside(slides.taps(0, row), maps.shape[1])
    left, right = _inside(slides.taps(1, column), maps.shape[2])
    weights = mix.matrix[output]
    products = weights * pooled
    order = products.abs().argsort(descending=True, stable=True)
    shown = sorted(int(channel) for channel in order[:MAX_CHANNELS] if weights[channel])
    window = (slice(top, bottom + 1), slice(left, right + 1))
    return OneWindow(
        rows=(top, bottom),
        columns=(left, right),
        channels=tuple(shown),
        values=maps[shown][:, *window],
        weights=tuple(weights[shown].tolist()),
        pooled=tuple(pooled[shown].tolist()),
        others=first - float(products[shown].sum()),
        mixed=mixed[output][window],
        first=first,
        second=second,
    )


def _inside(taps: range, length: int) -> tuple[int, int]:
    """The first and the last tap that lie in the map."""
    return max(0, taps[0]), min(length - 1, taps[-1])


def largest(values: Tensor) -> Place:
    """Row and column of the largest number, of equals the first."""
    row, column = divmod(int(values.argmax()), values.shape[1])
    return row, column
