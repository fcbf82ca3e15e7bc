"""The best affine decoder: least squares over the pixels, in double precision on the CPU."""

from __future__ import annotations

import torch
from torch import Tensor, nn

SMALLEST = 1e-12  # of the largest variance; what varies less is rounding


def decoding_rows(codes: Tensor, channels: Tensor) -> Tensor:
    """The affine map from the codes that comes nearest to the channels, by least squares.

    Rows w and biases b minimise the sum over all pixels of (channel − b − sum over k of w[k]·code[k])².
    Directions in which the codes hardly vary get no weight.

    Args:
        codes: `(k, H, W)`.
        channels: `(C, H, W)`.

    Returns:
        `(C, k + 1)` float32 on the CPU; the last column is the bias.

    >>> line = torch.tensor([[[0.0, 1.0, 2.0]]])
    >>> decoding_rows(line, torch.cat([2 * line, line + 5])).round(decimals=4)
    tensor([[2., 0.],
            [1., 5.]])
    """
    z, x = codes.flatten(1).cpu(), channels.flatten(1).cpu()
    z_mean, x_mean = (each.mean(1, keepdim=True, dtype=torch.float64) for each in (z, x))
    within, between = (torch.zeros(len(of), len(z), dtype=torch.float64) for of in (z, x))
    for numbers, wanted in zip(z.split(4096, dim=1), x.split(4096, dim=1), strict=True):
        centred = numbers - z_mean  # a few pixels at a time stay in the cache
        within.addmm_(centred, centred.T)
        between.addmm_(wanted - x_mean, centred.T)
    weight = between @ torch.linalg.pinv(within, rtol=1e-12, hermitian=True)
    return torch.cat([weight, x_mean - weight @ z_mean], dim=1).float()


class DecoderFit(nn.Module):
    """The decoder of an encoder as a stage, so that its weights are cached like a stage's maps.

    >>> DecoderFit(nn.ReLU())(torch.rand(3, 4, 5)).shape
    torch.Size([3, 4])
    """

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, channels: Tensor) -> Tensor:
        """The channels `(C, H, W)` in, `decoding_rows` for what the encoder makes of them out."""
        return decoding_rows(self.encoder(channels), channels)
