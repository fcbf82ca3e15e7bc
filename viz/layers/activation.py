"""Rectifiers that torch does not have as modules."""

from __future__ import annotations

from torch import Tensor, nn


class Square(nn.Module):
    """Squares every activation, as an energy model of a visual cell does.

    Unlike ReLU it keeps both signs of contrast: a bright bar and a dark bar answer alike.

    >>> import torch
    >>> Square()(torch.tensor([-2.0, 0.5]))
    tensor([4.0000, 0.2500])
    """

    def forward(self, x: Tensor) -> Tensor:
        """Any shape in, the same shape out."""
        return x.square()
