"""A convolution with given kernels that keeps the size of its maps."""

from __future__ import annotations

from torch import Tensor, nn

from viz.layers.recipes import Recipe


class Convolution(nn.Conv2d):
    """A k×k convolution with given kernels and half a kernel of zeros around its maps.

    Args:
        weight: `(O, C, k, k)`, k odd.
        bias: `(O,)` or None.
        recipe: how to compute the kernels again; its function gives them as `weight`.

    Raises:
        ValueError: if the kernels are not square or have no middle.

    >>> import torch
    >>> layer = Convolution(torch.ones(2, 3, 5, 5))
    >>> layer(torch.zeros(3, 8, 6)).shape, layer.padding
    (torch.Size([2, 8, 6]), (2, 2))
    """

    def __init__(
        self, weight: Tensor, bias: Tensor | None = None, *, recipe: Recipe | None = None
    ) -> None:
        outputs, channels, *sides = weight.shape
        if len(set(sides)) != 1 or sides[0] % 2 == 0:
            raise ValueError(f"kernels of {tuple(sides)} are not square with a middle")
        super().__init__(
            *(channels, outputs, sides[0]),
            padding=sides[0] // 2,
            bias=bias is not None,
            device="meta",
        )
        self.weight = nn.Parameter(weight, requires_grad=False)
        if bias is not None:
            self.bias = nn.Parameter(bias, requires_grad=False)
        self.recipe = recipe

    def reset_parameters(self) -> None:
        """Does nothing: the kernels are given."""
