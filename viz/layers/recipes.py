"""Recipes for mixing matrices `(outputs, channels)`, and the record of how one was made.

Every recipe needs torch alone and reads on its own, so that its text can be handed to a student.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Cell = tuple[int, int, int]  # row, column, value in thousandths


@dataclass(frozen=True)
class Recipe:
    """How a mixing matrix was made: a function of this module, its arguments, cells set by hand.

    `of_channels` says that the first argument is the maps that reach the layer.
    """

    function: Callable[..., Tensor]
    arguments: tuple[tuple[str, int], ...]
    edits: tuple[Cell, ...] = ()
    of_channels: bool = False


def random_rows(outputs: int, channels: int, seed: int) -> Tensor:
    """Independent normal weights with variance 1 / channels, the same for the same seed.

    >>> random_rows(2, 3, seed=0).shape, bool((random_rows(2, 3, 7) == random_rows(2, 3, 7)).all())
    (torch.Size([2, 3]), True)
    """
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(outputs, channels, generator=generator) / channels**0.5


def identity_rows(outputs: int, channels: int) -> Tensor:
    """Every output copies one channel: output o is channel o.

    >>> identity_rows(2, 3)
    tensor([[1., 0., 0.],
            [0., 1., 0.]])
    """
    return torch.eye(outputs, channels)


def average_rows(outputs: int, channels: int) -> Tensor:
    """Every output is the mean of all channels.

    >>> average_rows(1, 4)
    tensor([[0.2500, 0.2500, 0.2500, 0.2500]])
    """
    return torch.full((outputs, channels), 1 / channels)


def opponent_rows(outputs: int) -> Tensor:
    """Opponent colours of red, green, blue: brightness, red − green, yellow − blue.

    Source: the linear opponent axes of van de Sande, Gevers, Snoek 2010, TPAMI 32(9), eq. 5,
    in the order brightness first, each row of unit length.

    >>> (opponent_rows(3) @ torch.ones(3)).round(decimals=3)      # grey has no colour
    tensor([1.7320, 0.0000, 0.0000])
    """
    rows = torch.tensor([[1.0, 1.0, 1.0], [1.0, -1.0, 0.0], [1.0, 1.0, -2.0]])
    return (rows / rows.norm(dim=1, keepdim=True))[:outputs]


def principal_rows(maps: Tensor, outputs: int) -> Tensor:
    """The principal components of the channels, the widest first, each row of unit length.

    Rows are eigenvectors of the channels' covariance over all pixels; the sign is chosen so that
    the largest entry is positive.

    Args:
        maps: `(C, H, W)`, the maps that reach the layer.
        outputs: how many components, at most C.

    Returns:
        `(outputs, C)` float32.

    >>> red = torch.tensor([[[0.0, 1.0, 2.0]]])
    >>> principal_rows(torch.cat([red, 2 * red]), outputs=1).mul(5**0.5).round(decimals=3)
    tensor([[1., 2.]])
    """
    values = maps.flatten(1).cpu().double()
    values = values - values.mean(1, keepdim=True)
    rows = torch.linalg.eigh(values @ values.T).eigenvectors.T.flip(0)[:outputs]
    # the first of those that are equally large, or rounding would choose among them
    equal = rows.abs() >= 0.999 * rows.abs().amax(1, keepdim=True)
    largest = rows.gather(1, equal.int().argmax(1, keepdim=True))
    return (rows * largest.sign()).float()


def edited(weight: Tensor, edits: tuple[Cell, ...]) -> Tensor:
    """A copy of the matrix with some cells set by hand; cells outside it are passed over.

    >>> edited(torch.zeros(1, 2), ((0, 1, -500), (7, 7, 1)))
    tensor([[ 0.0000, -0.5000]])
    """
    weight = weight.clone()
    outputs, channels = weight.shape
    for row, column, thousandths in edits:
        if row < outputs and column < channels:
            weight[row, column] = thousandths / 1000
    return weight
