"""Parallel branches: the same maps through several chains, their outputs side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, fx, nn


def joined(maps: Sequence[Tensor]) -> Tensor:
    """Maps of several branches, one after the other along the channels.

    Args:
        maps: `(C1, H, W)`, `(C2, H, W)`, …, or all with the same batch before them.

    Raises:
        ValueError: if there are none, or they differ in more than their channels.

    >>> joined([torch.zeros(2, 5, 4), torch.zeros(1, 5, 4)]).shape
    torch.Size([3, 5, 4])
    """
    sizes = [tuple(each.shape) for each in maps]
    if len({(*size[:-3], *size[-2:]) for size in sizes}) != 1:
        listed = ", ".join(map(str, sizes)) or "none"
        raise ValueError(f"only branches of one size can be joined, not {listed}")
    return torch.cat(list(maps), dim=-3)


fx.wrap("joined")  # one node of a graph, for its check needs the sizes


class Branches(nn.ModuleDict):
    """Several chains that read the same maps; their outputs are joined along the channels.

    A layer may be used in several branches; it has its weights once, and computes in each.

    Args:
        branches: a chain by name, in the order of their channels. Their outputs must have the same
            size, or `forward` raises ValueError with the sizes.

    Source: Szegedy et al. 2014, "Going Deeper with Convolutions", section 4.

    >>> layer = Branches({"wide": nn.MaxPool2d(3, 1, 1), "same": nn.Identity()})
    >>> layer(torch.zeros(2, 5, 4)).shape
    torch.Size([4, 5, 4])
    """

    def __init__(self, branches: Mapping[str, nn.Module]) -> None:
        super().__init__(dict(branches))

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in; the channels of all branches out."""
        return joined([branch(x) for branch in self.values()])

    def source_of(self, channel: int, x: Tensor) -> tuple[str, int]:
        """The branch that gives a channel, and the channel's number in it.

        >>> Branches({"one": nn.Identity(), "other": nn.ReLU()}).source_of(2, torch.zeros(2, 1, 1))
        ('other', 0)

        Raises:
            ValueError: if no branch gives it.
        """
        before = 0
        for name, branch in self.items():
            count = branch(x).shape[-3]
            if before <= channel < before + count:
                return name, channel - before
            before += count
        raise ValueError(f"of {before} channels none is number {channel}")


class AppendDifference(nn.Module):
    """Appends the difference of the two halves of the channels: first − second.

    It is a 1×1 convolution with the rows (1 0), (0 1) and (1 −1), but without its products with 0
    and 1.

    >>> AppendDifference()(torch.tensor([5.0, 2.0]).view(2, 1, 1)).flatten()
    tensor([5., 2., 3.])
    """

    def forward(self, x: Tensor) -> Tensor:
        """`(2·C, H, W)` or `(N, 2·C, H, W)` in; `(3·C, H, W)` or `(N, 3·C, H, W)` out.

        Raises:
            ValueError: if the number of channels is odd.
        """
        if x.ndim < 3 or x.shape[-3] % 2:
            raise ValueError(f"the channels of {tuple(x.shape)} have no two halves")
        first, second = x.chunk(2, dim=-3)
        return torch.cat([x, first - second], dim=-3)
