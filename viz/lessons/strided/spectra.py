"""Aliasing: the frequencies that a stride can represent, and what the others turn into."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from viz.layers.pointwise import mix_channels
from viz.lessons.strided.downsamplers import layers

FLOOR = 1e-5  # smaller amplitudes are drawn as this one


@dataclass(frozen=True)
class Spectrum:
    """The spectrum of maps.

    Attributes:
        log_amplitude: `(N, h, w)`, log10 of each frequency's amplitude, not below log10(FLOOR);
            frequency 0 in the middle, at `[h // 2, w // 2]`.
        rows_cycles_px, columns_cycles_px: `(h,)` and `(w,)`, the frequency of every row and column
            in cycles per pixel **of the original picture**. A map that is sampled at every s-th
            pixel reaches only ±0.5 / s on this axis: the inner 1/s² of the picture's plane.
        stride: s, pixels of the picture from one unit to the next.
    """

    log_amplitude: Tensor
    rows_cycles_px: Tensor
    columns_cycles_px: Tensor
    stride: int


def spectrum(maps: Tensor, stride: int = 1) -> Spectrum:
    """The spectrum of maps whose units are `stride` pixels of the picture apart.

    The mean is subtracted and the rest multiplied by a Hann window; otherwise the jump from the
    last to the first column would appear as a cross through the middle. Amplitudes are divided by
    the sum of the window: a wave of amplitude a has a / 2 at its frequency, before and after a
    stride.

    Args:
        maps: `(N, h, w)`.
        stride: pixels of the picture from one unit to the next.

    >>> wave = torch.cos(torch.pi * torch.arange(64.0) / 4).expand(1, 64, 64)    # 8 px a wave
    >>> found = spectrum(wave)
    >>> peak = found.log_amplitude[0, 32].argmax()
    >>> found.columns_cycles_px[peak], round(10 ** float(found.log_amplitude[0, 32, peak]), 2)
    (tensor(-0.1250), 0.5)
    """
    window = _window(maps)
    amplitude = _transformed(maps).abs() / window.sum()
    rows, columns = (_frequencies(maps, axis) / stride for axis in (-2, -1))
    return Spectrum(amplitude.clamp(min=FLOOR).log10(), rows, columns, stride)


def power_above(maps: Tensor, stride: int) -> Tensor:
    """The share of each map's variation that a stride cannot represent and turns into false bars.

    It mostly measures the middle of the map: with the window of `spectrum` a pixel counts less
    towards the border, where it hardly counts at all.

    Sampled at every s-th pixel, a map can represent frequencies up to 0.5 / s cycles/px, across and
    down. The result is the share of spectral power outside that square, without the mean. That
    power does not vanish: it is aliased to lower frequencies.

    Args:
        maps: `(N, H, W)`, before the stride.
        stride: at least 1.

    Returns:
        `(N,)` in [0, 1]; 0 for a map that is constant.

    >>> stripes = (torch.arange(64) % 2).float().expand(1, 64, 64)               # 2 px a wave
    >>> power_above(stripes, stride=1), power_above(stripes, stride=2)
    (tensor([0.]), tensor([1.]))
    """
    power = _transformed(maps).abs().square()
    highest = 0.5 / stride
    rows, columns = (_frequencies(maps, axis).abs() > highest for axis in (-2, -1))
    outside = rows[:, None] | columns
    total = power.sum((-2, -1))
    # rounding errors of a constant map are not variation
    scale = maps.abs().amax((-2, -1)) * _window(maps).sum()
    varies = total > (1e-6 * scale).square()
    return torch.where(varies, (power * outside).sum((-2, -1)) / total.clamp(min=1e-30), 0.0)


def placed(after: Spectrum, before: Spectrum) -> Tensor:
    """A spectrum on the plane of another one: equal positions are equal frequencies.

    Each frequency of the plane gets the nearest one of `after`. If the stride does not divide the
    size, their frequencies differ, and copying the small spectrum into the middle would stretch it.
    Beyond ±0.5 / s, across or down, it is empty.

    Args:
        after: the spectrum of maps sampled at every s-th pixel.
        before: the spectrum with the frequencies of the plane, of any number of maps.

    Returns:
        `(N, H, W)`, powers of ten above FLOOR: 0 is the floor. `placed(before, before)` is the
        plane itself.

    >>> before, after = spectrum(torch.rand(1, 9, 8)), spectrum(torch.rand(1, 3, 4), stride=2)
    >>> (placed(after, before) > 0)[0].any(0).int()                   # -0.25 to 0.25 cycles/px
    tensor([0, 0, 1, 1, 1, 1, 1, 0], dtype=torch.int32)
    """
    (rows, down), (columns, across) = (_nearest(after, before, axis) for axis in (-2, -1))
    plane = after.log_amplitude.index_select(-2, rows).index_select(-1, columns)
    inside = down[:, None] & across
    return torch.where(inside, plane - math.log10(FLOOR), 0.0)


def downsampled_spectra(maps: Tensor, row: Tensor, stride: int) -> dict[str, Tensor]:
    """The spectrum of one mixed channel before the stride and after each downsampler, `placed`.

    Args:
        maps: `(C, H, W)`, the input of the layer.
        row: `(1, C)`, the weights of that channel.
        stride: at least 1.

    Returns:
        `before`, then the keys of `downsamplers.TITLES` -> `(1, H, W)`, powers of ten above FLOOR.

    >>> found = downsampled_spectra(torch.rand(3, 9, 8), torch.eye(1, 3), stride=4)
    >>> list(found), found["max"].shape
    (['before', 'strided', 'low_pass', 'max', 'average'], torch.Size([1, 9, 8]))
    """
    before = spectrum(mix_channels(maps, row))
    spectra = {name: spectrum(way(maps), stride) for name, way in layers(row, stride).items()}
    return {name: placed(one, before) for name, one in {"before": before, **spectra}.items()}


def _transformed(maps: Tensor) -> Tensor:
    """The windowed maps without their mean as a spectrum, frequency 0 in the middle."""
    window = _window(maps)
    mean = (maps * window).sum((-2, -1), keepdim=True) / window.sum()
    return torch.fft.fftshift(torch.fft.fft2((maps - mean) * window), dim=(-2, -1))


def _window(maps: Tensor) -> Tensor:
    """A Hann window that is nowhere 0, so that it also works for a single row."""
    down, across = (
        torch.hann_window(n + 2, periodic=False, device=maps.device)[1:-1] for n in maps.shape[-2:]
    )
    return torch.outer(down, across)


def _frequencies(maps: Tensor, axis: int) -> Tensor:
    """Cycles from one unit to the next of every row or column of the spectrum, ascending."""
    return torch.fft.fftshift(torch.fft.fftfreq(maps.shape[axis], device=maps.device))


def _nearest(after: Spectrum, before: Spectrum, axis: int) -> tuple[Tensor, Tensor]:
    """For each frequency of `before` the index of the nearest in `after`, and whether there is one.

    In integers: index k of n, counted from the middle, is k / (n·s) cycles/px. A sampled map's
    spectrum repeats every 1 / s, so +0.5 / s is found at −0.5 / s.
    """
    count, length = after.log_amplitude.shape[axis], before.log_amplitude.shape[axis]
    k = torch.arange(length, device=before.log_amplitude.device) - length // 2
    whole = length * before.stride
    nearest = (2 * k * count * after.stride + whole).div(2 * whole, rounding_mode="floor")
    return (nearest + count // 2) % count, 2 * k.abs() * after.stride <= whole
