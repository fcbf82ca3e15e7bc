"""Aliasing: which frequencies a stride can hold, and what becomes of those it cannot."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

FLOOR = 1e-5  # amplitudes below are drawn as this one


@dataclass(frozen=True)
class Spectrum:
    """What frequencies maps hold.

    Attributes:
        log_amplitude: `(N, h, w)`, log10 of each frequency's amplitude, not below log10(FLOOR);
            frequency 0 in the middle, at `[h // 2, w // 2]`.
        rows_cycles_px, columns_cycles_px: `(h,)` and `(w,)`, the frequency of every row and column
            of it in cycles per pixel **of the original picture**. A map that was read at every
            s-th pixel reaches only ±0.5 / s on this axis: the inner 1/s² of the picture's plane.
        stride: s, pixels of the picture from one unit to the next.
    """

    log_amplitude: Tensor
    rows_cycles_px: Tensor
    columns_cycles_px: Tensor
    stride: int


def spectrum(maps: Tensor, stride: int = 1) -> Spectrum:
    """The spectrum of maps whose units lie `stride` pixels of the picture apart.

    The mean is taken off and the rest multiplied by a Hann window, or the jump from the last to
    the first column would shine as a cross through the middle. Amplitudes are divided by the sum
    of the window: a wave of amplitude a shows a / 2 at its frequency, before a stride and after.

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
    """The share of each map's variation that a stride cannot hold: what must turn into false bars.

    It speaks of the middle of the map: through the window of `spectrum` a pixel counts the less the
    nearer it lies to the border, and one at the border hardly at all.

    Read at every s-th pixel a map can hold frequencies up to 0.5 / s cycles/px, across and down.
    The share of spectral power outside that square, the mean left out. What lies outside does not
    vanish: it comes back at a lower frequency.

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
    # what rounding leaves of a constant map is no variation
    scale = maps.abs().amax((-2, -1)) * _window(maps).sum()
    varies = total > (1e-6 * scale).square()
    return torch.where(varies, (power * outside).sum((-2, -1)) / total.clamp(min=1e-30), 0.0)


@dataclass(frozen=True)
class AliasedZone:
    """A zone plate read with a stride: rings that are not there.

    Attributes:
        maps: `(1, h, w)`, the map itself.
        centres_px: where along each axis of the picture, in px from its middle, sets of rings have
            their centre; only the one at 0 is in the picture.
        kept_radius_px: up to this distance from the middle, across and down, the rings are real.
    """

    maps: Tensor
    centres_px: tuple[float, ...]
    kept_radius_px: float


def alias_zone(zone: Tensor, stride: int) -> AliasedZone:
    """The zone plate through a strided 1×1.

    Its local frequency at x px from the middle is x / size. Every multiple of the sampling
    frequency 1 / s looks like 0, so false sets of rings appear around every multiple of size / s,
    and the rings are real only up to size / (2 s).

    Args:
        zone: `(3, size, size)`, `viz.images.zone_plate`.
        stride: at least 1.

    >>> zone = alias_zone(torch.zeros(3, 224, 224), stride=4)
    >>> zone.maps.shape, zone.centres_px, zone.kept_radius_px
    (torch.Size([1, 56, 56]), (-112.0, -56.0, 0.0, 56.0, 112.0), 28.0)
    """
    size_px = zone.shape[-1]
    furthest = stride // 2
    centres = tuple(n * size_px / stride for n in range(-furthest, furthest + 1))
    return AliasedZone(zone[:1, ::stride, ::stride], centres, size_px / (2 * stride))


def _transformed(maps: Tensor) -> Tensor:
    """The windowed maps without their mean as a spectrum, frequency 0 in the middle."""
    window = _window(maps)
    mean = (maps * window).sum((-2, -1), keepdim=True) / window.sum()
    return torch.fft.fftshift(torch.fft.fft2((maps - mean) * window), dim=(-2, -1))


def _window(maps: Tensor) -> Tensor:
    """A Hann window that is nowhere 0, so that a single row has one too."""
    down, across = (
        torch.hann_window(n + 2, periodic=False, device=maps.device)[1:-1] for n in maps.shape[-2:]
    )
    return torch.outer(down, across)


def _frequencies(maps: Tensor, axis: int) -> Tensor:
    """Cycles from one unit to the next of every row or column of the spectrum, ascending."""
    return torch.fft.fftshift(torch.fft.fftfreq(maps.shape[axis], device=maps.device))
