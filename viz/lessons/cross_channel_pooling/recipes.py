"""Recipes for this lesson's weights; each needs only torch and is self-contained."""

from __future__ import annotations

import torch
from torch import Tensor


def selecting_rows(outputs: int, channels: int) -> Tensor:
    """Every row picks one channel, all of them evenly over the channels, in order.

    Row n is 1 at channel floor(n * channels / outputs) and 0 elsewhere.

    >>> selecting_rows(3, 6)
    tensor([[1., 0., 0., 0., 0., 0.],
            [0., 0., 1., 0., 0., 0.],
            [0., 0., 0., 0., 1., 0.]])
    """
    return torch.eye(channels)[torch.arange(outputs) * channels // outputs]


def drawn_pixels(maps: Tensor, most: int) -> Tensor:
    """All pixels or, of more than so many, those that a fixed seed draws, in double precision.

    >>> drawn_pixels(torch.zeros(2, 30, 40), most=1000).shape
    torch.Size([2, 1000])
    """
    values = maps.flatten(1)
    drawn = torch.randperm(values.shape[1], generator=torch.Generator().manual_seed(0))
    return values[:, drawn[:most].to(values.device)].cpu().double()


def places_of_groups(channels: int, group: int, seed: int) -> Tensor:
    """Where the channels of each group stand after the shuffle of that seed; −1 is no shuffle.

    >>> places_of_groups(6, group=3, seed=-1)
    tensor([[0, 1, 2],
            [3, 4, 5]])
    """
    order = torch.arange(channels)
    if seed >= 0:
        order = torch.randperm(channels, generator=torch.Generator().manual_seed(seed))
    return order.argsort().unflatten(0, (-1, group))


def fitted_rows(maps: Tensor, group: int, seed: int) -> Tensor:
    """The 1×1 that comes nearest to the group max, by least squares over at most 10,000 pixels.

    Rows minimise the sum over pixels of (max over the group − bias − sum over c of w[c]·x[c])²;
    the pixels are drawn with a fixed seed, the sums are in double precision. Channels that add
    nothing new get the smallest weights that do.

    Args:
        maps: `(C, H, W)`.
        group: a divisor of C.
        seed: of the shuffle that the channels went through, −1 for none. The max that is imitated
            is that of the channels in their first order.

    Returns:
        `(C / group, C)` float32 on the CPU.

    >>> x = torch.tensor([0.0, 1.0, 2.0, 3.0]).expand(2, 1, 4) * torch.tensor([1.0, 2.0])[:, None, None]
    >>> fitted_rows(x, group=2, seed=-1) @ torch.tensor([1.0, 2.0])      # the second always wins
    tensor([2.])
    """
    values = drawn_pixels(maps, most=10_000)
    wanted = values[places_of_groups(len(values), group, seed)].amax(1)
    values = values - values.mean(1, keepdim=True)
    inverse = torch.linalg.pinv(values @ values.T, rtol=1e-9, hermitian=True)
    return (wanted @ values.T @ inverse).float()


def fitted_affine(maps: Tensor, group: int, seed: int) -> Tensor:
    """Weights by `fitted_rows`, and behind them the bias with which the error has mean 0.

    Args:
        maps, group, seed: as `fitted_rows`; the means are taken over all pixels.

    Returns:
        `(C / group, C + 1)` on the CPU.

    >>> x = torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]])                # the second always wins
    >>> affine = fitted_affine(x, group=2, seed=-1)
    >>> affine[:, :-1] @ x[:, 0] + affine[:, -1:]
    tensor([[3., 4.]])
    """
    weight = fitted_rows(maps, group, seed)
    means = maps.mean((-2, -1)).cpu()
    groups = places_of_groups(len(maps), group, seed).to(maps.device)
    wanted = maps[groups].amax(1).mean((-2, -1)).cpu()
    return torch.cat([weight, (wanted - weight @ means)[:, None]], dim=1)
