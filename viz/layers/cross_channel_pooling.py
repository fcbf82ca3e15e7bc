"""Pooling over channels instead of pixels; maxout pools learned mixtures of them."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from viz.devices import at_once
from viz.layers.recipes import Recipe

Mode = Literal["max", "mean"]


def pool_channels(x: Tensor, group: int, *, mode: Mode = "max") -> Tensor:
    """Keeps one map of every `group` consecutive ones: their largest value, or their mean.

    out[g, i, j] = max (or mean) over k < group of x[g*group + k, i, j]

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`.
        group: a divisor of C.
        mode: `"max"` or `"mean"`.

    Returns:
        `(C / group, H, W)` or `(N, C / group, H, W)`.

    Raises:
        ValueError: if C does not divide by `group`, or the mode is neither of the two.

    >>> pool_channels(torch.tensor([1.0, 5.0, 2.0, 4.0]).view(4, 1, 1), 2).flatten()
    tensor([5., 4.])
    """
    _expect_groups(x, group)
    groups: Tensor = x.unflatten(-3, (x.shape[-3] // group, group))
    if mode == "max":
        return groups.amax(-3)
    if mode == "mean":
        return groups.mean(-3)
    raise ValueError(f"pooling is 'max' or 'mean', not {mode!r}")


def pool_parts(x: Tensor, parts: int, *, mode: Mode = "max") -> Tensor:
    """Pools consecutive groups that are as equal as possible, for any number of groups.

    The first C mod `parts` groups have floor(C / parts) + 1 channels, the others floor(C / parts).

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`.
        parts: the number of groups, at most C.
        mode: `"max"` or `"mean"`.

    Returns:
        `(parts, H, W)` or `(N, parts, H, W)`.

    Raises:
        ValueError: if there are more groups than channels, or the mode is neither of the two.

    >>> pool_parts(torch.tensor([1.0, 5.0, 2.0]).view(3, 1, 1), 2).flatten()
    tensor([5., 2.])
    """
    if x.ndim < 3 or not 1 <= parts <= x.shape[-3]:
        raise ValueError(f"channels of {tuple(x.shape)} cannot be pooled in {parts} groups")
    smaller, larger = divmod(x.shape[-3], parts)
    split = larger * (smaller + 1)
    if not larger:
        return pool_channels(x, smaller, mode=mode)
    groups = (x[..., :split, :, :], smaller + 1), (x[..., split:, :, :], smaller)
    return torch.cat([pool_channels(maps, size, mode=mode) for maps, size in groups], dim=-3)


def winning_channel(x: Tensor, group: int) -> Tensor:
    """Which channel of each group a max keeps at every pixel, counted from 0 within the group.

    out[g, i, j] = the smallest k < group with x[g*group + k, i, j] = max over the group

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`.
        group: a divisor of C.

    Returns:
        `(C / group, H, W)` or `(N, C / group, H, W)`, whole numbers in the type of x.

    Raises:
        ValueError: if C does not divide by `group`.

    >>> winning_channel(torch.tensor([1.0, 5.0, 4.0, 4.0]).view(4, 1, 1), 2).flatten()
    tensor([1., 0.])
    """
    _expect_groups(x, group)
    groups = x.unflatten(-3, (x.shape[-3] // group, group))
    numbers = torch.arange(group, dtype=x.dtype, device=x.device).view(-1, 1, 1)
    # argmax over channels is six times slower on a CPU, and its choice among equals may differ
    return torch.where(groups == groups.amax(-3, keepdim=True), numbers, group).amin(-3)


def maxout(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """The largest of several affine mixtures of *all* channels, at every pixel.

    out[u, i, j] = max over k of (bias[u, k] + sum over c of weight[u, k, c] * x[c, i, j])

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`.
        weight: `(units, pieces, C)`.
        bias: `(units, pieces)` or None.

    Returns:
        `(units, H, W)` or `(N, units, H, W)`.

    Raises:
        ValueError: if the weights do not fit the channels, or the bias not the weights.

    Source: Goodfellow et al. 2013, "Maxout Networks", section 3, "Description of maxout".

    >>> absolute = torch.tensor([[[1.0], [-1.0]]])                # one unit, two pieces: |x|
    >>> maxout(torch.tensor([[[-3.0, 2.0]]]), absolute)
    tensor([[[3., 2.]]])
    """
    if weight.ndim != 3 or not weight.shape[1] or x.ndim < 3 or weight.shape[-1] != x.shape[-3]:
        raise ValueError(
            f"weights {tuple(weight.shape)} do not fit the channels of {tuple(x.shape)}"
        )
    if bias is not None and bias.shape != weight.shape[:2]:
        raise ValueError(f"a bias of {tuple(bias.shape)} does not fit {tuple(weight.shape)}")
    matrix, shape = weight.flatten(0, 1), weight.shape[:2]
    added = 0 if bias is None else bias.flatten()[:, None]
    pixels = x.flatten(-2)
    largest = x.new_empty(*x.shape[:-3], shape[0], pixels.shape[-1])
    few = at_once(x.device, len(matrix))
    for first in range(0, pixels.shape[-1], few):  # all mixtures at once could take a gigabyte
        mixed = matrix @ pixels[..., first : first + few] + added
        largest[..., first : first + few] = mixed.unflatten(-2, shape).amax(-2)
    maps: Tensor = largest.unflatten(-1, x.shape[-2:])
    return maps


def _expect_groups(x: Tensor, group: int) -> None:
    if x.ndim < 3 or group < 1 or x.shape[-3] % group:
        raise ValueError(f"channels of {tuple(x.shape)} cannot be pooled in groups of {group}")


class PoolChannels(nn.Module):
    """`pool_channels` as a module.

    >>> PoolChannels(4, "mean")
    PoolChannels(group=4, mode='mean')
    """

    def __init__(self, group: int, mode: Mode = "max") -> None:
        super().__init__()
        self.group = group
        self.mode: Mode = mode

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, `group` times fewer channels out."""
        return pool_channels(x, self.group, mode=self.mode)

    def extra_repr(self) -> str:
        return f"group={self.group}, mode={self.mode!r}"


class PoolParts(nn.Module):
    """`pool_parts` as a module.

    >>> PoolParts(20, "mean")
    PoolParts(parts=20, mode='mean')
    """

    def __init__(self, parts: int, mode: Mode = "max") -> None:
        super().__init__()
        self.parts = parts
        self.mode: Mode = mode

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, `parts` channels out."""
        return pool_parts(x, self.parts, mode=self.mode)

    def group(self, part: int, channels: int) -> range:
        """The channels of one group, of so many.

        >>> PoolParts(2).group(0, channels=3)
        range(0, 2)
        """
        smaller, larger = divmod(channels, self.parts)
        first = part * smaller + min(part, larger)
        return range(first, first + smaller + (part < larger))

    def extra_repr(self) -> str:
        return f"parts={self.parts}, mode={self.mode!r}"


class WinningChannel(nn.Module):
    """`winning_channel` as a module.

    >>> WinningChannel(4)
    WinningChannel(group=4)
    """

    def __init__(self, group: int) -> None:
        super().__init__()
        self.group = group

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, `group` times fewer channels out."""
        return winning_channel(x, self.group)

    def extra_repr(self) -> str:
        return f"group={self.group}"


class Maxout(nn.Module):
    """`maxout` as a module; its weights are given, not learned here.

    Args:
        weight: `(units, pieces, C)`.
        bias: `(units, pieces)`; zeros if it is None.
        recipe: how to compute `matrix` again; an affine recipe has the bias as its last column.

    >>> Maxout(torch.zeros(5, 2, 50))
    Maxout(units=5, pieces=2, channels=50)
    """

    def __init__(
        self, weight: Tensor, bias: Tensor | None = None, *, recipe: Recipe | None = None
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight, requires_grad=False)
        bias = weight.new_zeros(weight.shape[:2]) if bias is None else bias
        self.bias = nn.Parameter(bias, requires_grad=False)
        self.recipe = recipe

    @property
    def units(self) -> int:
        return self.weight.shape[0]

    @property
    def pieces(self) -> int:
        return self.weight.shape[1]

    @property
    def channels(self) -> int:
        return self.weight.shape[2]

    @property
    def matrix(self) -> Tensor:
        """All pieces as the rows of one matrix, `(units * pieces, C)`, unit after unit."""
        return self.weight.flatten(0, 1)

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in; one map for each unit, see `maxout`."""
        return maxout(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"units={self.units}, pieces={self.pieces}, channels={self.channels}"
