"""Elementwise functions."""

from __future__ import annotations

from torch import Tensor, nn


class Square(nn.Module):
    """Squares every activation, as an energy model of a visual cell does.

    Unlike ReLU it keeps both signs of contrast: a bright bar and a dark bar get the same response.

    >>> import torch
    >>> Square()(torch.tensor([-2.0, 0.5]))
    tensor([4.0000, 0.2500])
    """

    def forward(self, x: Tensor) -> Tensor:
        """Any shape in, the same shape out."""
        return x.square()


# Layers whose every output depends only on the input at the same position.
ELEMENTWISE: tuple[type[nn.Module], ...] = (
    *(nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.ELU, nn.SELU, nn.CELU, nn.GELU, nn.SiLU, nn.Mish),
    *(nn.Softplus, nn.Softsign, nn.Sigmoid, nn.LogSigmoid, nn.Tanh, nn.Hardtanh, nn.Hardsigmoid),
    *(nn.Hardswish, nn.Hardshrink, nn.Softshrink, nn.Tanhshrink, nn.Threshold, Square),
)
