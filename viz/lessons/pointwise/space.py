"""The pixels as points in the space of the channels: before the matrix, behind it, and folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from viz.layers.recipes import principal_rows

MAX_POINTS = 4000
Axes = tuple[str, str, str]
Rectangle = tuple[float, float, float, float]  # top, left, bottom, right, in parts of the picture


@dataclass(frozen=True, eq=False)
class Space:
    """Some pixels of a picture as points.

    Attributes:
        before, after, folded: `(n, 3)`: what reaches the 1×1, what leaves it, and that after a
            ReLU. Of more than three channels the three widest principal axes: those of what
            reaches it for `before`, those of what leaves for the other two, which so compare.
            Missing axes are 0.
        colours: `(n, 3)` in [0, 1], the pixel's own colour.
        lit: `(n,)` bool, whether it lies in the rectangle.
        rows, columns: `(n,)`, where it lies in the picture.
    """

    before: Tensor
    after: Tensor
    folded: Tensor
    colours: Tensor
    lit: Tensor
    rows: Tensor
    columns: Tensor


def space(
    maps: Tensor, mixed: Tensor, pixels: Tensor, rectangle: Rectangle, points: int = MAX_POINTS
) -> Space:
    """Pixels as points in channel space, before and behind a 1×1.

    The pixels are drawn once by a fixed seed, so a moved slider moves points and never exchanges
    them. The ReLU is taken of the channels themselves, before any projection.

    Args:
        maps: `(C, H, W)`, what reaches the 1×1.
        mixed: `(O, H, W)`, what leaves it.
        pixels: `(3, H, W)`, the picture itself.
        rectangle: whose points are lit.
        points: how many there are at most.

    >>> maps = torch.rand(3, 8, 9)
    >>> found = space(maps, maps[:2] - 0.5, maps, (0, 0, 0.5, 1))
    >>> found.before.shape, int(found.lit.sum()), bool((found.folded >= 0).all())
    (torch.Size([72, 3]), 36, True)
    """
    height, width = maps.shape[-2:]
    at = _drawn(height * width, points).to(maps.device)
    rows, columns = at // width, at % width
    axes_before, axes_after = _axes(maps), _axes(mixed)
    leaving = mixed.flatten(1)[:, at]
    return Space(
        before=(axes_before @ maps.flatten(1)[:, at]).T,
        after=(axes_after @ leaving).T,
        folded=(axes_after @ leaving.relu()).T,
        colours=pixels.flatten(1)[:, at].T.clamp(0, 1),
        lit=_lit(rectangle, (rows + 0.5) / height, (columns + 0.5) / width),
        rows=rows,
        columns=columns,
    )


def axis_names(channels: Sequence[str]) -> Axes:
    """What the three axes are called: each after its channel, empty for one that is missing.

    >>> axis_names(["R−G", "B"]), axis_names("RGBA")
    (('R−G', 'B', ''), ('PC 1', 'PC 2', 'PC 3'))
    """
    if len(channels) > 3:
        return "PC 1", "PC 2", "PC 3"
    first, second, third = (*channels, "", "")[:3]
    return first, second, third


def _drawn(pixels: int, most: int) -> Tensor:
    """Which pixels become points: all if they are few, else some by a fixed seed, in order."""
    order = torch.randperm(pixels, generator=torch.Generator().manual_seed(0))
    return order[:most].sort().values


def _axes(maps: Tensor) -> Tensor:
    """The `(3, C)` that takes channels to three axes: up to three channels have each its own."""
    if len(maps) > 3:
        return principal_rows(maps, 3).to(maps.device)
    return torch.eye(3, len(maps), device=maps.device)


def _lit(rectangle: Rectangle, down: Tensor, across: Tensor) -> Tensor:
    """Which points lie in the rectangle; of one too small to hold any, the nearest to its middle."""
    top, left, bottom, right = rectangle
    lit = (top <= down) & (down <= bottom) & (left <= across) & (across <= right)
    if not lit.any():
        away = (down - (top + bottom) / 2) ** 2 + (across - (left + right) / 2) ** 2
        lit[away.argmin()] = True
    return lit
