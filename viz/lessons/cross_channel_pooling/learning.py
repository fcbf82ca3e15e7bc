"""Maxout while it learns, unit after unit, and its error so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from viz.layers.cross_channel_pooling import Maxout, maxout, pool_channels
from viz.lessons.cross_channel_pooling.max_affine import pieces_in_turn
from viz.lessons.cross_channel_pooling.setting import Setting


@dataclass(frozen=True)
class Learning:
    """Maxout whose first units have learned; the others still equal the fitted 1×1.

    Attributes:
        rows: `(pieces, C + 1)` of each unit that has learned, on the CPU; the last column is the
            bias.
        made, wanted: `(1, H, W)`, the newest unit's map, and the group max that it imitates.
        errors: the error of all units together, see `relative_error`: before the first has
            learned, and after each.
    """

    rows: tuple[Tensor, ...]
    made: Tensor
    wanted: Tensor
    errors: tuple[float, ...]

    @property
    def layer(self) -> Maxout:
        """The units that have learned."""
        affine = torch.stack(self.rows)
        return Maxout(affine[..., :-1], affine[..., -1])


def learning(setting: Setting, maps: Tensor, linear: nn.Module) -> Iterator[Learning]:
    """Maxout with the weights of `fitted_pieces`, after each unit that has learned.

    Args:
        setting: its group, units and pieces are used.
        maps: `(50, H, W)`, the maps of the bank, on any device.
        linear: the fitted 1×1, on the same device.

    >>> from viz.layers.pointwise import Pointwise
    >>> steps = learning(Setting(units=3), torch.rand(50, 12, 12), Pointwise(torch.zeros(5, 50)))
    >>> [len(seen.rows) for seen in steps]
    [1, 2, 3]
    """
    group, wanted = setting.group, pool_channels(maps, setting.group)
    imitated = [unit % len(wanted) for unit in range(setting.units)]
    missed = _squares(linear(maps) - wanted)[imitated]
    varies = _squares(wanted - wanted.mean((-2, -1), keepdim=True))[imitated].sum()
    rows: tuple[Tensor, ...] = ()
    errors: tuple[float, ...] = (_root(missed.sum(), varies),)
    for unit, learned in enumerate(
        pieces_in_turn(maps, group, setting.units, setting.pieces, seed=-1)
    ):
        affine = learned.to(maps.device)[None]
        made, of_unit = (
            maxout(maps, affine[..., :-1], affine[..., -1]),
            wanted[imitated[unit]][None],
        )
        missed[unit] = _squares(made - of_unit)[0]
        rows, errors = (*rows, learned), (*errors, _root(missed.sum(), varies))
        yield Learning(rows, made, of_unit, errors)


def _squares(maps: Tensor) -> Tensor:
    """The sum of the squares of each map, `(N,)`, in double precision on the CPU."""
    return maps.cpu().double().square().sum((-2, -1))


def _root(missed: Tensor, varies: Tensor) -> float:
    """The relative error; 0 for a constant picture."""
    return float((missed / varies).sqrt()) if varies else 0.0
