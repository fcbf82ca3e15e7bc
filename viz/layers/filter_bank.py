"""A bank of given filters: a convolution of one channel that continues the map with its mirror image."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.correlation import correlate
from viz.layers.recipes import Recipe
from viz.layers.seeding import with_recipe


class FilterBank(nn.Conv2d):
    """A bank as a convolution of one channel that keeps the size, with its mirror image around it.

    Zeros around a picture, whose mean is not zero, would be the strongest edge in it.

    Args:
        kernels: `(n, side, side)`. A unit is above and left of the middle of an even side.
        recipe: makes the kernels again; None if no program needs them.
        inside_every_px: if given, kernels are only applied inside the map, at every so many pixels:
            what a unit reads then does not depend on where the map ends. Smaller kernels get zeros
            below and at the right, so that each pixel is in one of them.

    Attributes:
        beyond_px: the rows and columns of zeros that the kernels got.

    >>> import torch
    >>> bank = torch.rand(8, 12, 12)
    >>> FilterBank(bank)(torch.zeros(1, 30, 40)).shape
    torch.Size([8, 30, 40])
    >>> FilterBank(bank, inside_every_px=4)(torch.zeros(1, 30, 40)).shape
    torch.Size([8, 5, 8])
    """

    def __init__(
        self, kernels: Tensor, recipe: Recipe | None = None, *, inside_every_px: int = 0
    ) -> None:
        beyond_px = max(0, inside_every_px - kernels.shape[-1])
        kernels = F.pad(kernels, (0, beyond_px, 0, beyond_px))
        mirrored: dict[str, Any] = {"padding": "same", "padding_mode": "reflect"}
        super().__init__(
            *(1, len(kernels), kernels.shape[-1]),
            **(mirrored if not inside_every_px else {"stride": inside_every_px}),
            bias=False,
            device="meta",
        )
        self.weight = nn.Parameter(kernels[:, None], requires_grad=False)
        self.beyond_px, self.inside_every_px = beyond_px, inside_every_px
        with_recipe(self, recipe)

    def reset_parameters(self) -> None:
        """Does nothing: the kernels are given."""

    def forward(self, x: Tensor) -> Tensor:
        """`(1, H, W)` or `(N, 1, H, W)` in, one map for each filter out, see `correlate`."""
        if self.inside_every_px:
            return F.conv2d(x, self.weight, stride=self.stride)
        return correlate(x, with_a_middle(self.weight[:, 0]))


def with_a_middle(kernels: Tensor) -> Tensor:
    """Kernels of an odd side; those of an even one get a row of zeros above and a column at the left.

    >>> import torch
    >>> with_a_middle(torch.ones(1, 2, 2))
    tensor([[[0., 0., 0.],
             [0., 1., 1.],
             [0., 1., 1.]]])
    """
    before = 1 - kernels.shape[-1] % 2
    return F.pad(kernels, (before, 0, before, 0))
