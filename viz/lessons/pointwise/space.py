"""Pixels as points in channel space: before the matrix, after it, and folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from viz.layers.recipes import principal_rows

MAX_POINTS = 4000
Axes = tuple[str, str, str]
Rectangle = tuple[float, float, float, float]  # top, left, bottom, right, as fractions


@dataclass(frozen=True, eq=False)
class Space:
    """Some pixels of a picture as points.

    Attributes:
        before, after, folded: `(n, 3)`: the input of the 1×1, its output, and that after a ReLU.
            More than three channels are projected to three principal axes: of the input for
            `before`, of the output for the other two, so that these can be compared. Missing axes
            are 0.
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
    """Pixels as points in channel space, before and after a 1×1.

    The pixels are drawn with a fixed seed, so that a slider moves points and never exchanges them.
    The ReLU is applied to the channels themselves, before any projection.

    Args:
        maps: `(C, H, W)`, the input of the 1×1.
        mixed: `(O, H, W)`, its output.
        pixels: `(3, H, W)`, the picture itself.
        rectangle: the region of the lit points.
        points: the largest number of points.

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
    """The names of the three axes: that of the channel, or empty for a missing axis.

    >>> axis_names(["R−G", "B"]), axis_names("RGBA")
    (('R−G', 'B', ''), ('PC 1', 'PC 2', 'PC 3'))
    """
    if len(channels) > 3:
        return "PC 1", "PC 2", "PC 3"
    first, second, third = (*channels, "", "")[:3]
    return first, second, third


def _drawn(pixels: int, most: int) -> Tensor:
    """The pixels that become points: all if they are few, else some by a fixed seed, in order."""
    order = torch.randperm(pixels, generator=torch.Generator().manual_seed(0))
    return order[:most].sort().values


def _axes(maps: Tensor) -> Tensor:
    """The projection `(3, C)` of channels to three axes; up to three channels have one each."""
    if len(maps) > 3:
        return principal_rows(maps, 3).to(maps.device)
    return torch.eye(3, len(maps), device=maps.device)


def _lit(rectangle: Rectangle, down: Tensor, across: Tensor) -> Tensor:
    """The points in the rectangle, or the one closest to its middle if it holds none."""
    top, left, bottom, right = rectangle
    lit = (top <= down) & (down <= bottom) & (left <= across) & (across <= right)
    if not lit.any():
        away = (down - (top + bottom) / 2) ** 2 + (across - (left + right) / 2) ** 2
        lit[away.argmin()] = True
    return lit
