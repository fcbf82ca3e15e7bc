"""Batch normalisation after training: an affine map of each channel."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from viz.layers.pointwise import Pointwise


def is_affine(layer: nn.BatchNorm1d | nn.BatchNorm2d) -> bool:
    """Whether a layer is in eval mode and has running statistics, so that it ignores the batch.

    >>> is_affine(nn.BatchNorm2d(1)), is_affine(nn.BatchNorm2d(1).eval())
    (False, True)
    """
    return not layer.training and layer.running_mean is not None


def expect_affine(layer: nn.BatchNorm1d | nn.BatchNorm2d) -> None:
    """Raises ValueError for a layer whose output depends on the whole batch."""
    if not is_affine(layer):
        raise ValueError("normalises by statistics of the whole batch; call .eval() first")


class NormOfOne(nn.BatchNorm2d):
    """A trained batch normalisation that also takes one picture without a batch.

    Args:
        layer: whose numbers it has, not copied.

    >>> NormOfOne(nn.BatchNorm2d(2).eval())(torch.zeros(2, 3, 4)).shape
    torch.Size([2, 3, 4])
    """

    def __init__(self, layer: nn.BatchNorm2d) -> None:
        super().__init__(layer.num_features, layer.eps, affine=layer.affine, device="meta")
        self.weight, self.bias = layer.weight, layer.bias
        self.running_mean, self.running_var = layer.running_mean, layer.running_var
        self.num_batches_tracked = layer.num_batches_tracked
        self.train(layer.training)

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, the same shape out."""
        return super().forward(x) if x.ndim == 4 else super().forward(x[None])[0]


def as_pointwise(layer: nn.BatchNorm2d) -> Pointwise:
    """The depthwise 1×1 convolution that equals a trained batch normalisation.

    out[c] = scale[c] · x[c] + bias[c], with scale = weight / √(variance + eps) and
    bias = layer.bias − scale · mean, all of the layer's running statistics.

    Raises:
        ValueError: if the layer is in training or has no running statistics.

    Source: Ioffe, Szegedy 2015, "Batch Normalization", algorithm 2.

    >>> layer = nn.BatchNorm2d(1).eval()
    >>> _ = layer.running_mean.fill_(10.0), layer.running_var.fill_(4.0)
    >>> as_pointwise(layer)(torch.tensor([[[12.0]]])).round(decimals=4)
    tensor([[[1.]]])
    """
    expect_affine(layer)
    assert layer.running_mean is not None
    assert layer.running_var is not None
    scale = torch.rsqrt(layer.running_var + layer.eps)
    bias = torch.zeros_like(scale)
    if layer.affine:
        scale, bias = scale * layer.weight.detach(), layer.bias.detach()
    return Pointwise(scale[:, None], bias - scale * layer.running_mean, groups=len(scale))
