"""Channels in another order, for example so that those of one pool are neighbours, or some of them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def shuffle_channels(x: Tensor, groups: int) -> Tensor:
    """Channel g*n + k of `groups` groups of n becomes channel k*groups + g.

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`.
        groups: a divisor of C.

    Returns:
        The same shape, the channels reordered.

    Raises:
        ValueError: if C does not divide by `groups`.

    Source: Zhang et al. 2017, "ShuffleNet", section 3.1.

    >>> import torch
    >>> shuffle_channels(torch.arange(6.0).view(6, 1, 1), groups=2).flatten()
    tensor([0., 3., 1., 4., 2., 5.])
    """
    if x.ndim < 3 or groups < 1 or x.shape[-3] % groups:
        raise ValueError(f"channels of {tuple(x.shape)} do not make {groups} equal groups")
    in_groups: Tensor = x.unflatten(-3, (groups, x.shape[-3] // groups))
    return in_groups.transpose(-4, -3).flatten(-4, -3)


class ShuffleChannels(nn.Module):
    """`shuffle_channels` as a module.

    >>> ShuffleChannels(2)
    ShuffleChannels(groups=2)
    """

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, the same shape out."""
        return shuffle_channels(x, self.groups)

    def extra_repr(self) -> str:
        return f"groups={self.groups}"


def permute_channels(x: Tensor, order: Sequence[int]) -> Tensor:
    """Reorders the channels: channel k of the result is channel order[k].

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`.
        order: a permutation of the channel indices.

    Returns:
        The same shape, the channels reordered.

    Raises:
        ValueError: if `order` is not a permutation of the channels.

    >>> permute_channels(torch.tensor([5.0, 6.0, 7.0]).view(3, 1, 1), (2, 0, 1)).flatten()
    tensor([7., 5., 6.])
    """
    if x.ndim < 3 or sorted(order) != list(range(x.shape[-3])):
        raise ValueError(f"{list(order)} is no order of the channels of {tuple(x.shape)}")
    return x.index_select(-3, torch.tensor(order, device=x.device))


class PermuteChannels(nn.Module):
    """`permute_channels` as a module.

    >>> PermuteChannels((2, 0, 1))
    PermuteChannels(order=(2, 0, 1))
    """

    def __init__(self, order: Sequence[int]) -> None:
        super().__init__()
        self.order = tuple(order)

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, the same shape out."""
        return permute_channels(x, self.order)

    def extra_repr(self) -> str:
        return f"order={self.order}"


def pick_channels(x: Tensor, channels: Sequence[int]) -> Tensor:
    """Some of the channels: channel k of the result is channel channels[k].

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`.
        channels: at least one index below C; each may occur several times.

    Returns:
        `(len(channels), H, W)` or `(N, len(channels), H, W)`.

    Raises:
        ValueError: if there is no channel of such an index.

    >>> pick_channels(torch.tensor([5.0, 6.0, 7.0]).view(3, 1, 1), (2, 0)).flatten()
    tensor([7., 5.])
    """
    if x.ndim < 3 or not channels or not 0 <= min(channels) <= max(channels) < x.shape[-3]:
        raise ValueError(f"channels of {tuple(x.shape)} are not all of {list(channels)}")
    return x.index_select(-3, torch.tensor(channels, device=x.device))


class PickChannels(nn.Module):
    """`pick_channels` as a module.

    >>> PickChannels((2, 0))
    PickChannels(channels=(2, 0))
    """

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__()
        self.channels = tuple(channels)

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, the picked channels out."""
        return pick_channels(x, self.channels)

    def extra_repr(self) -> str:
        return f"channels={self.channels}"
