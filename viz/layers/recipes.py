"""Recipes for mixing matrices `(outputs, channels)`, and the record of a recipe.

A row holds all weights of one output; of a larger kernel, or of a linear layer, too.
Every recipe needs only torch and is self-contained, so that its source can be given to a student.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

Cell = tuple[int, int, int]  # row, column, value in thousandths


@dataclass(frozen=True)
class Recipe:
    """The recipe of a mixing matrix: a function, its arguments, and cells set by hand.

    `of_channels`: the first argument is the maps that reach the layer. `affine`: the last column of
    the result is the bias. `helpers`: the functions that it calls. `beside`: an earlier stage, whose
    maps are the second argument.
    """

    function: Callable[..., Tensor]
    arguments: tuple[tuple[str, int | str], ...]
    edits: tuple[Cell, ...] = ()
    of_channels: bool = False
    affine: bool = False
    helpers: tuple[Callable[..., Any], ...] = ()
    beside: str = ""


def random_rows(outputs: int, channels: int, seed: int) -> Tensor:
    """Independent normal weights with variance 1 / channels, the same for the same seed.

    >>> random_rows(2, 3, seed=0).shape, bool((random_rows(2, 3, 7) == random_rows(2, 3, 7)).all())
    (torch.Size([2, 3]), True)
    """
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(outputs, channels, generator=generator) / channels**0.5


def he_rows(outputs: int, inputs: int, seed: int) -> Tensor:
    """Independent normal weights with variance 2 / inputs, the same for the same seed.

    With a ReLU after every layer the numbers then stay as large from layer to layer.

    Args:
        outputs: rows; each holds all weights of one output.
        inputs: numbers that an output reads, as channels · rows · columns of a kernel.
        seed: of the generator.

    Source: He, Zhang, Ren, Sun 2015, "Delving Deep into Rectifiers", section 2.2.

    >>> bool((2**0.5 * random_rows(2, 3, seed=4) - he_rows(2, 3, seed=4) < 1e-6).all())
    True
    """
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(outputs, inputs, generator=generator) * (2 / inputs) ** 0.5


def centred_rows(outputs: int, inputs: int, parts: int, seed: int) -> Tensor:
    """As `he_rows`, but the weights of each part of a row add up to 0.

    With a channel's kernel as a part, flat maps give nothing: every kernel sees differences of
    neighbours. With the whole row as one part, few outputs are never above 0 after a ReLU. A part
    of a single weight keeps it.

    Args:
        outputs, inputs, seed: as for `he_rows`.
        parts: of equal length in each row; divides `inputs`.

    >>> centred_rows(2, 6, parts=2, seed=4).view(4, 3).sum(1).abs().max() < 1e-6
    tensor(True)
    """
    rows = he_rows(outputs, inputs, seed).unflatten(1, (parts, -1))
    centred = rows - rows.mean(2, keepdim=True) if inputs > parts else rows
    return centred.flatten(1)


def gathering_rows(outputs: int, inputs: int, parts: int, seed: int) -> torch.Tensor:
    """Each output gathers what the channel of its own number found, less or more of the others.

    weight[o, c, tap] = mixture[o, c] · tap[o, c, tap]: the taps of a kernel are above 0 and add up
    to 1; the mixture is 1 for the own channel, plus independent normal numbers of variance
    0.0625 / parts. So maps of edges become smoother from layer to layer, and few die in a ReLU.

    Args:
        outputs, inputs, seed: as for `he_rows`.
        parts: the channels, of equal length in each row; divides `inputs`.

    >>> rows = gathering_rows(4, 36, parts=4, seed=0)
    >>> rows.shape, bool((rows.view(4, 4, 9).sum(2).diagonal() > 0).all())
    (torch.Size([4, 36]), True)
    """
    generator = torch.Generator().manual_seed(seed)
    own = torch.arange(outputs)[:, None] % parts == torch.arange(parts)
    mixture = own + 0.25 / parts**0.5 * torch.randn(outputs, parts, generator=generator)
    taps = torch.rand(outputs, parts, inputs // parts, generator=generator) + 0.1
    return (mixture[:, :, None] * taps / taps.sum(2, keepdim=True)).flatten(1)


def nonnegative_rows(outputs: int, channels: int, seed: int) -> Tensor:
    """Independent weights of which none is below 0, each row with the sum 1.

    >>> rows = nonnegative_rows(2, 3, seed=0)
    >>> bool((rows >= 0).all()), rows.sum(1).round(decimals=5)
    (True, tensor([1., 1.]))
    """
    generator = torch.Generator().manual_seed(seed)
    rows = torch.rand(outputs, channels, generator=generator)
    return rows / rows.sum(1, keepdim=True)


def difference_rows(outputs: int, channels: int) -> Tensor:
    """Every output is one channel minus the next; after the last comes the first.

    >>> difference_rows(2, 3)
    tensor([[ 1., -1.,  0.],
            [ 0.,  1., -1.]])
    """
    eye = torch.eye(channels)
    return (eye - eye.roll(1, dims=1))[:outputs]


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


def group_mean_rows(outputs: int, channels: int) -> Tensor:
    """Every output is the mean of one of so many groups of consecutive channels.

    Args:
        outputs: the number of groups, a divisor of the number of channels.
        channels: in the order of the groups.

    >>> group_mean_rows(2, 4)
    tensor([[0.5000, 0.5000, 0.0000, 0.0000],
            [0.0000, 0.0000, 0.5000, 0.5000]])
    """
    group = channels // outputs
    return torch.eye(outputs).repeat_interleave(group, dim=1) / group


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
    values = maps.flatten(1).cpu()
    values = values - values.mean(1, keepdim=True)
    covariance = sum(part @ part.T for part in map(torch.Tensor.double, values.split(2**14, dim=1)))
    rows = torch.linalg.eigh(covariance).eigenvectors.T.flip(0)[:outputs]
    # the first of those that are equally large, or rounding would choose among them
    equal = rows.abs() >= 0.999 * rows.abs().amax(1, keepdim=True)
    largest = rows.gather(1, equal.int().argmax(1, keepdim=True))
    return (rows * largest.sign()).float()


def grey_rows(outputs: int) -> Tensor:
    """Every output is the brightness of red, green, blue, as the eye weighs them.

    Source: ITU-R BT.709, item 3.2; meant for linear light, and used on gamma-coded numbers here
    as nearly everywhere (then called luma).

    >>> grey_rows(1)
    tensor([[0.2126, 0.7152, 0.0722]])
    """
    return torch.tensor([[0.2126, 0.7152, 0.0722]]).repeat(outputs, 1)


def sepia_rows(outputs: int) -> Tensor:
    """The red, green and blue of an old brown photograph.

    The first two rows add up to more than 1: bright pixels leave the range of a picture, and
    a display clips them; the layer does not.

    Source: the matrix of `sepia(1)` in W3C, Filter Effects Module Level 1.

    >>> sepia_rows(3) @ torch.ones(3)                             # what becomes of white
    tensor([1.3510, 1.2030, 0.9370])
    """
    rows = [[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]]
    return torch.tensor(rows)[:outputs]


def swap_rows(outputs: int, channels: int) -> Tensor:
    """The channels in reverse order: output o copies the o-th channel from the end.

    >>> swap_rows(2, 3)
    tensor([[0., 0., 1.],
            [0., 1., 0.]])
    """
    return torch.eye(channels).flip(1)[:outputs]


def whitening_rows(maps: Tensor, outputs: int) -> Tensor:
    """Makes the channels uncorrelated, each with variance 1, over all pixels of this picture.

    rows = U · diag(1 / √variance) · Uᵀ, the inverse square root of the channels' covariance
    U · diag(variance) · Uᵀ. Of all matrices that whiten, this one (ZCA) changes the channels
    least, so that red stays nearest to red; and unlike single components it is determined where
    two variances are equal. Means are not taken off: a 1×1 without bias only shifts with them.

    Where a direction has less than a millionth of the largest variance, as all colour of a grey
    picture, it is treated as if it had that much, or rounding would be blown up. Maps without any
    variance stay as they are.

    Args:
        maps: `(C, H, W)`, the maps that reach the layer.
        outputs: how many rows, at most C.

    Returns:
        `(outputs, C)` float32.

    Source: Bell, Sejnowski 1997, Vision Research 37(23); Kessy, Lewin, Strimmer 2018, The American
    Statistician 72(4), section 3, for what sets ZCA apart.

    >>> apart = torch.tensor([[[-2.0, 2.0, -2.0, 2.0]], [[-0.5, -0.5, 0.5, 0.5]]])
    >>> whitening_rows(apart, outputs=2)
    tensor([[0.5000, 0.0000],
            [0.0000, 2.0000]])
    """
    values = maps.flatten(1).cpu().double()
    values = values - values.mean(1, keepdim=True)
    variances, axes = torch.linalg.eigh(values @ values.T / values.shape[1])
    largest = float(variances[-1])
    floor = 1e-6 * largest if largest > 1e-12 else 1.0
    return ((axes / variances.clamp(min=floor).sqrt()) @ axes.T).float()[:outputs]


def diagonal_blocks(weight: Tensor, groups: int) -> Tensor:
    """What a layer of several groups keeps of a matrix: of each row the columns of its own group.

    Args:
        weight: `(outputs, channels)`, both divisible by `groups`.
        groups: how many blocks lie on the diagonal.

    Returns:
        `(outputs, channels / groups)`.

    >>> diagonal_blocks(torch.arange(8.0).view(2, 4), groups=2)
    tensor([[0., 1.],
            [6., 7.]])
    """
    rows_of = enumerate(weight.chunk(groups))
    return torch.cat([rows.chunk(groups, dim=1)[group] for group, rows in rows_of])


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
