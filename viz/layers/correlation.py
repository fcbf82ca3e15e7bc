"""Cross-correlation of one map with many kernels, by a method that is fast on every CPU."""

from __future__ import annotations

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.devices import at_once

# From 9 px on, `F.conv2d` of one channel runs reference code if torch has one thread and the CPU no
# AVX-512: 16 kernels of 21×21 on 149×224 then take over a second instead of 3 ms.
SPECTRAL_FROM_PX = 9


def correlate(x: Tensor, kernels: Tensor) -> Tensor:
    """Slides every kernel over a map of one channel; the maps keep its size.

    out[n, i, j] = sum over v, w of kernels[n, v, w] * x[0, i + v − k // 2, j + w − k // 2], zeros
    outside the map: what `F.conv2d(x, kernels[:, None], padding=k // 2)` gives, up to rounding.

    Args:
        x: `(1, H, W)` or `(N, 1, H, W)`, floating point.
        kernels: `(n, k, k)`, k odd, of the same type and on the same device.

    Returns:
        `(n, H, W)` or `(N, n, H, W)`.

    Raises:
        ValueError: if x has more than one channel.

    >>> correlate(torch.ones(1, 3, 3), torch.ones(2, 3, 3))[1]
    tensor([[4., 6., 4.],
            [6., 9., 6.],
            [4., 6., 4.]])
    """
    if x.ndim < 3 or x.shape[-3] != 1:
        raise ValueError(f"kernels slide over maps of one channel, not {tuple(x.shape)}")
    if kernels.shape[-1] < SPECTRAL_FROM_PX:
        return F.conv2d(x, kernels[:, None], padding=kernels.shape[-1] // 2)
    return correlate_spectra(x, kernels, min(len(kernels), at_once(x.device, x.numel())))


def correlate_spectra(x: Tensor, kernels: Tensor, together: int) -> Tensor:
    """Slides kernels over a map by multiplying spectra, some kernels at a time.

    Args:
        x: `(1, H, W)` or `(N, 1, H, W)`.
        kernels: `(n, k, k)`, k odd.
        together: kernels whose spectra are held at the same time, at least 1.

    Returns:
        `(n, H, W)` or `(N, n, H, W)`.

    Source: the correlation theorem; Mathieu, Henaff, LeCun 2013, "Fast Training of Convolutional
    Networks through FFTs", section 2.

    >>> dot = torch.zeros(1, 5, 5)
    >>> dot[0, 2, 2] = 1
    >>> correlate_spectra(dot, torch.arange(9.0).view(1, 3, 3), together=1)[0, 1:4, 1:4].round()
    tensor([[8., 7., 6.],
            [5., 4., 3.],
            [2., 1., 0.]])
    """
    height, width = x.shape[-2:]
    reach = kernels.shape[-1] // 2
    tall, wide = fast_length(height + reach), fast_length(width + reach)
    below, beside = tall - height - reach, wide - width - reach
    spectrum = torch.fft.rfft2(F.pad(x, (reach, beside, reach, below)))
    maps = x.new_empty(*x.shape[:-3], len(kernels), height, width)
    for first in range(0, len(kernels), together):
        rows = torch.fft.rfft(kernels[first : first + together], wide)  # the other rows are zeros
        product = spectrum * torch.fft.fft(rows, tall, dim=-2).conj()
        slid = torch.fft.irfft2(product, (tall, wide))
        maps[..., first : first + together, :, :] = slid[..., :height, :width]
    return maps


@cache
def fast_length(at_least: int) -> int:
    """The next length with no prime factors but 2, 3 and 5, for which the FFT is fast.

    >>> fast_length(97)
    100
    """
    length = at_least
    while any(length % factor == 0 for factor in (2, 3, 5)) and length > 1:
        factor = next(factor for factor in (2, 3, 5) if length % factor == 0)
        length //= factor
    return at_least if length == 1 else fast_length(at_least + 1)
