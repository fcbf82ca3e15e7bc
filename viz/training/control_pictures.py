"""Pictures that share one property with photographs and lack another."""

from __future__ import annotations

import torch
from torch import Tensor


def phase_scrambled(picture: Tensor, seed: int) -> Tensor:
    """A picture with the amplitudes of another at every spatial frequency, and random phases.

    F'(f) = F(f) · e^{iφ(f)}, φ the phase of white noise, so that φ(−f) = −φ(f) and F' is that of a
    picture. The mean stays. The edges are gone: an edge is many waves that meet in phase.

    Args:
        picture: `(H, W)`.
        seed: of the phases.

    Returns:
        `(H, W)`, real, not clipped to the range of the picture, on the same device.

    Source: Oppenheim and Lim 1981, "The importance of phase in signals", Proc. IEEE 69(5).

    >>> bar = torch.tensor([[0.0, 1.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
    >>> other = phase_scrambled(bar, seed=0)
    >>> torch.allclose(torch.fft.fft2(other).abs(), torch.fft.fft2(bar).abs(), atol=1e-6)
    True
    """
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(*picture.shape, generator=generator, dtype=picture.dtype)
    phases = torch.fft.rfft2(noise.to(picture.device)).angle()
    phases[0, 0] = 0.0  # the mean is not turned round
    spectrum = torch.fft.rfft2(picture) * torch.polar(torch.ones_like(phases), phases)
    return torch.fft.irfft2(spectrum, s=picture.shape)


def one_over_f_noise(size_px: int, seed: int) -> Tensor:
    """Gaussian noise whose amplitude falls as 1 / frequency, as it does in photographs on average.

    Args:
        size_px: height and width.
        seed: of the noise.

    Returns:
        `(size_px, size_px)` float64, mean 0, variance 1.

    Source: Field 1987, "Relations between the statistics of natural images and the response
    properties of cortical cells", J. Opt. Soc. Am. A 4(12).

    >>> noise = one_over_f_noise(64, seed=0)
    >>> round(float(noise.std(correction=0)), 6)
    1.0
    """
    generator = torch.Generator().manual_seed(seed)
    white = torch.randn(size_px, size_px, generator=generator, dtype=torch.float64)
    frequency = torch.hypot(
        torch.fft.fftfreq(size_px, dtype=torch.float64)[:, None],
        torch.fft.rfftfreq(size_px, dtype=torch.float64),
    )
    frequency[0, 0] = torch.inf  # no mean
    noise = torch.fft.irfft2(torch.fft.rfft2(white) / frequency, s=white.shape)
    return noise / noise.std(correction=0)


def amplitude_slope(picture: Tensor) -> float:
    """The power of the frequency that the amplitudes of a picture follow, −1 for 1/f.

    The slope of the straight line through log amplitude against log frequency, by least squares,
    over the frequencies from 0.02 to 0.45 cycles/px.

    Args:
        picture: `(H, W)`.

    >>> noise = one_over_f_noise(128, seed=0)
    >>> round(amplitude_slope(noise), 1)
    -1.0
    """
    amplitude = torch.fft.fft2(picture.double()).abs()
    rows, columns = (torch.fft.fftfreq(side, dtype=torch.float64) for side in picture.shape)
    frequency = torch.hypot(rows[:, None], columns)
    known = (frequency > 0.02) & (frequency < 0.45) & (amplitude > 0)
    x, y = frequency[known].log(), amplitude[known].log()
    return float(((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum())
