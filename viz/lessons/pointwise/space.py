"""The pixels as points in the space of the channels: before the matrix, behind it, and folded."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from viz.layers.pointwise import mix_channels, mixing_layer
from viz.layers.recipes import principal_rows
from viz.lessons.chain import Through, apply, reaching
from viz.lessons.covariance import covariance
from viz.lessons.pointwise.network import network
from viz.lessons.pointwise.setting import Setting
from viz.lessons.pointwise.ways import share_of_negative
from viz.lessons.pointwise.words import channel_names
from viz.lessons.ways import magnitude

MOST_POINTS = 4000
Axes = tuple[str, str, str]


@dataclass(frozen=True, eq=False)
class Space:
    """Some pixels of a picture as points, and facts about all of them.

    Attributes:
        before, after, folded: `(n, 3)`: what reaches the 1×1, what leaves it, and that after a
            ReLU. Of more than three channels the three widest principal axes: those of what
            arrives for `before`, those of what leaves for the other two, which so compare.
            Missing axes are 0.
        axes_before, axes_after: what each axis is called; empty for one that is missing.
        colours: `(n, 3)` in [0, 1], the pixel's own colour.
        lit: `(n,)` bool, whether it lies in the region.
        rows, columns: `(n,)`, where it lies in the picture.
        covariance_before, covariance_after: `(C, C)` and `(O, O)`, of all pixels and channels.
        moved: the share of all pixels that a ReLU moves: some channel of theirs is negative by
            more than rounding.
    """

    before: Tensor
    after: Tensor
    folded: Tensor
    axes_before: Axes
    axes_after: Axes
    colours: Tensor
    lit: Tensor
    rows: Tensor
    columns: Tensor
    covariance_before: Tensor
    covariance_after: Tensor
    moved: float


def space(
    setting: Setting, pixels: Tensor, most: int = MOST_POINTS, through: Through = apply
) -> Space:
    """At most `most` pixels as points in channel space, before and behind the 1×1.

    The pixels are drawn once by a fixed seed, so a moved slider moves points and never exchanges
    them. The ReLU is taken of the channels themselves, before any projection.

    >>> found = space(Setting(pointwise_recipe="opponent"), torch.rand(3, 8, 9))
    >>> found.before.shape, found.axes_after, bool((found.folded >= 0).all())
    (torch.Size([72, 3]), ('R+G+B', 'R−G', 'R+G−2B'), True)
    """
    chain = network(setting, pixels, through)
    arriving = reaching("pointwise", chain, pixels, through)
    layer = mixing_layer(chain.get_submodule("pointwise"))
    mixed = mix_channels(arriving, layer.matrix.to(arriving.device))
    names = channel_names(setting)
    at = _drawn(arriving.shape[-2] * arriving.shape[-1], most).to(arriving.device)
    rows, columns = at // arriving.shape[-1], at % arriving.shape[-1]
    axes_before, onto_before = _axes(arriving, names["bank"])
    axes_after, onto_after = _axes(mixed, names["pointwise"])
    leaving = mixed.flatten(1)[:, at]
    return Space(
        before=(onto_before @ arriving.flatten(1)[:, at]).T,
        after=(onto_after @ leaving).T,
        folded=(onto_after @ leaving.relu()).T,
        axes_before=axes_before,
        axes_after=axes_after,
        colours=pixels.to(at.device).flatten(1)[:, at].T.clamp(0, 1),
        lit=_lit(setting.rectangle, rows, columns, arriving.shape[-2:]),
        rows=rows,
        columns=columns,
        covariance_before=covariance(arriving),
        covariance_after=covariance(mixed),
        moved=share_of_negative(mixed, magnitude(layer.matrix)(arriving), len(arriving)),
    )


def _drawn(pixels: int, most: int) -> Tensor:
    """Which pixels become points: all if they are few, else some by a fixed seed, in order."""
    order = torch.randperm(pixels, generator=torch.Generator().manual_seed(0))
    return order[:most].sort().values


def _axes(maps: Tensor, names: list[str]) -> tuple[Axes, Tensor]:
    """Three axes by name, and the `(3, C)` that takes channels to them: up to three, each its own."""
    channels = len(maps)
    if channels > 3:
        return ("PC 1", "PC 2", "PC 3"), principal_rows(maps, 3).to(maps.device)
    first, second, third = (*names, "", "")[:3]
    return (first, second, third), torch.eye(3, channels, device=maps.device)


def _lit(
    rectangle: tuple[float, float, float, float], rows: Tensor, columns: Tensor, size: torch.Size
) -> Tensor:
    """Which points lie in the rectangle; of one too small to hold any, the nearest to its middle."""
    down, across = (rows + 0.5) / size[0], (columns + 0.5) / size[1]
    top, left, bottom, right = rectangle
    lit = (top <= down) & (down <= bottom) & (left <= across) & (across <= right)
    if not lit.any():
        away = (down - (top + bottom) / 2) ** 2 + (across - (left + right) / 2) ** 2
        lit[away.argmin()] = True
    return lit
