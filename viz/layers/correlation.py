"""Cross-correlation of one map with many kernels, by a method that is fast on the device."""

from __future__ import annotations

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.devices import at_once
from viz.layers.reflection import reflected

# From 9 px on, `F.conv2d` of one channel runs reference code if torch has one thread and the CPU no
# AVX-512: 16 kernels of 21×21 on 149×224 then take over a second instead of 3 ms.
SPECTRAL_FROM_PX = 9
# On a GPU the first transform of nearly every new length takes a tenth of a second, to load its code.
# `F.conv2d` is ready at once; up to 39 px, the largest kernels but some of the Lab's, it is quick.
SPECTRAL_ON_GPU_FROM_PX = 41


def correlate(x: Tensor, kernels: Tensor) -> Tensor:
    """Slides every kernel over a map of one channel; the maps keep its size.

    out[n, i, j] = sum over v, w of kernels[n, v, w] * x[0, i + v − k // 2, j + w − k // 2], outside
    the map its mirror image: what `F.conv2d(reflected(x, k // 2), kernels[:, None])` gives, up to
    rounding.

    Args:
        x: `(1, H, W)` or `(N, 1, H, W)`, floating point.
        kernels: `(n, k, k)`, k odd, of the same type and on the same device.

    Returns:
        `(n, H, W)` or `(N, n, H, W)`.

    Raises:
        ValueError: if x has more than one channel.

    >>> correlate(torch.arange(3.0).expand(1, 3, 3), torch.ones(2, 3, 3))[1]
    tensor([[ 6.,  9., 12.],
            [ 6.,  9., 12.],
            [ 6.,  9., 12.]])
    """
    if x.ndim < 3 or x.shape[-3] != 1:
        raise ValueError(f"kernels slide over maps of one channel, not {tuple(x.shape)}")
    on_cpu = x.device.type == "cpu"
    if kernels.shape[-1] < (SPECTRAL_FROM_PX if on_cpu else SPECTRAL_ON_GPU_FROM_PX):
        return F.conv2d(reflected(x, kernels.shape[-1] // 2), kernels[:, None])
    return correlate_spectra(x, kernels, min(len(kernels), at_once(x.device, x.numel())))


def correlate_spectra(x: Tensor, kernels: Tensor, together: int) -> Tensor:
    """Slides kernels over a map and its mirror image by multiplying spectra, some at a time.

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
    >>> correlate_spectra(dot, torch.arange(1, 10.0).view(1, 3, 3), together=1)[0, 1:4, 1:4].round()
    tensor([[9., 8., 7.],
            [6., 5., 4.],
            [3., 2., 1.]])
    """
    height, width = x.shape[-2:]
    last = kernels.shape[-1] - 1
    tall, wide = fast_length(height + last, 4), fast_length(width + last, 8)
    spectrum = torch.fft.rfft2(reflected(x, last // 2), (tall, wide))
    turned = kernels.flip(-2, -1)  # the product of spectra is a convolution, which turns kernels
    maps = x.new_empty(*x.shape[:-3], len(kernels), height, width)
    for first in range(0, len(kernels), together):
        rows = torch.fft.rfft(turned[first : first + together], wide)  # the other rows are zeros
        # This factor first: columns are contiguous in it, and then in the product too.
        product = torch.fft.fft(rows, tall, dim=-2) * spectrum
        lines = torch.fft.ifft(product, dim=-2)[..., last : last + height, :]
        slid = torch.fft.irfft(lines, wide)[..., last : last + width]
        maps[..., first : first + together, :, :] = slid
    return maps


@cache
def fast_length(at_least: int, multiple: int) -> int:
    """The next length for which the FFT is fast: it has no prime factors but 2, 3, 5 and 7.

    An odd length costs up to twice as much for each number as a multiple of 4, or of 8 if the
    numbers are real.

    Args:
        at_least: the length that is needed.
        multiple: it is a multiple of this.

    >>> fast_length(244, 4), fast_length(244, 8)
    (252, 256)
    """
    length = -(-at_least // multiple) * multiple
    left = length
    for factor in (2, 3, 5, 7):
        while left % factor == 0:
            left //= factor
    return length if left == 1 else fast_length(length + 1, multiple)
