"""A convolution, an average and a 1×1 that learn to name the orientation of gratings.

Filters that learn with labels, beside those that are learned from pictures alone.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.training.adam import Adam

SIDE_PX, KERNEL_PX = 24, 11
FILTERS, CLASSES = 16, 8
WAVELENGTHS_PX = (4.0, 8.0)  # the shortest and the longest
WINDOW_PX = 5.0  # standard deviation of the round window
NOISE = 0.3  # standard deviation, of pixels from −1 to 1
STEPS, BATCH, RATE = 60, 32, 0.02
TEST = 160
FIRST_WEIGHT, FIRST_BIAS = 0.02, 0.1  # standard deviations


class Gratings(NamedTuple):
    """Pictures of bars, and which orientation they have.

    Attributes:
        pictures: `(n, 24, 24)`, each with a mean of 0.
        labels: `(n,)` int64: class c has bars of c · 22.5°, counter-clockwise from horizontal.
    """

    pictures: Tensor
    labels: Tensor


def drawn(count: int, seed: int) -> Gratings:
    """Gratings in a soft round window, with noise: equally many of each class in turn.

    Phase and wavelength are random. The mean of every picture is taken off, so that its brightness
    says nothing.

    Args:
        count: how many.
        seed: the same for the same gratings.

    >>> drawn(9, seed=0).labels
    tensor([0, 1, 2, 3, 4, 5, 6, 7, 0])
    """
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % CLASSES
    phase, share = torch.rand(2, count, 1, 1, generator=generator)
    low, high = WAVELENGTHS_PX
    wavelength = low + (high - low) * share
    angle = (math.pi / CLASSES * labels)[:, None, None]
    steps = torch.arange(SIDE_PX) - (SIDE_PX - 1) / 2
    row, column = torch.meshgrid(steps, steps, indexing="ij")
    across = column * angle.sin() + row * angle.cos()
    window = torch.exp(-(row**2 + column**2) / (2 * WINDOW_PX**2))
    bars = window * torch.cos(2 * math.pi * (across / wavelength + phase))
    pictures = bars + NOISE * torch.randn(bars.shape, generator=generator)
    return Gratings(pictures - pictures.mean((1, 2), keepdim=True), labels)


class Network(NamedTuple):
    """The weights of 11×11 convolution → ReLU or nothing → average over the map → 1×1.

    Attributes:
        kernels: `(16, 11, 11)`.
        matrix: `(8, 16)`, of the 1×1.
        bias: `(8,)`.
        rectified: whether there is the ReLU.
    """

    kernels: Tensor
    matrix: Tensor
    bias: Tensor
    rectified: bool

    def averages(self, pictures: Tensor) -> Tensor:
        """The mean of each map, `(n, 16)`."""
        maps = circular_correlation(pictures, self.kernels)
        return (maps.relu() if self.rectified else maps).mean((2, 3))

    def scores(self, pictures: Tensor) -> Tensor:
        """`(n, 8)`; the largest names the class."""
        return F.linear(self.averages(pictures), self.matrix, self.bias)

    def right(self, gratings: Gratings) -> float:
        """The share of gratings whose orientation it names."""
        return float((self.scores(gratings.pictures).argmax(1) == gratings.labels).float().mean())


def circular_correlation(pictures: Tensor, kernels: Tensor) -> Tensor:
    """Slides kernels over pictures that continue at the opposite side.

    out[n, k, i, j] = sum over v, w of kernels[k, v, w] · pictures[n, i + v, j + w]

    So every pixel is read by every number of a kernel once, and the mean of a map is exactly
    the kernel's sum times the picture's mean.

    Args:
        pictures: `(n, side, side)`.
        kernels: `(k, 11, 11)`.

    Returns:
        `(n, k, side, side)`.

    >>> dot = torch.zeros(1, 24, 24)
    >>> dot[0, 0, 0] = 1
    >>> circular_correlation(dot, torch.ones(1, 11, 11)).sum().round()
    tensor(121.)
    """
    size = pictures.shape[-2:]
    spectra = torch.fft.rfft2(pictures)[:, None] * torch.fft.rfft2(kernels, s=size).conj()
    return torch.fft.irfft2(spectra, s=size)


@torch.inference_mode(False)
def first_networks(seed: int) -> tuple[Network, Network]:
    """A network with the ReLU and one without, with the same random weights, to be trained.

    >>> with_relu, without = first_networks(seed=0)
    >>> bool((with_relu.kernels == without.kernels).all())
    True
    """
    generator = torch.Generator().manual_seed(seed)
    kernels = FIRST_WEIGHT * torch.randn(FILTERS, KERNEL_PX, KERNEL_PX, generator=generator)
    matrix = torch.randn(CLASSES, FILTERS, generator=generator) / FILTERS**0.5
    bias = FIRST_BIAS * torch.randn(CLASSES, generator=generator)
    made = [
        Network(
            kernels.clone().requires_grad_(),
            matrix.clone().requires_grad_(),
            bias.clone().requires_grad_(),
            rectified,
        )
        for rectified in (True, False)
    ]
    return made[0], made[1]


@torch.inference_mode(False)
@torch.enable_grad()
def learn(networks: Sequence[Network], seed: int, steps: int = STEPS) -> Generator[int, None, None]:
    """Trains networks side by side with Adam; every step has new gratings.

    Args:
        networks: they are changed in place.
        seed: of the gratings.
        steps: the number of steps.

    Yields:
        The number of steps so far, from 0 on.
    """
    adam = Adam([weight for each in networks for weight in each[:3]], RATE)
    for step in range(steps):
        yield step
        adam.rate = RATE * (1 - step / steps)
        batch = drawn(BATCH, seed=1 + step + (1 + seed) * (1 + STEPS))
        losses = [F.cross_entropy(each.scores(batch.pictures), batch.labels) for each in networks]
        adam.zero_grad()
        torch.stack(losses).sum().backward()  # no network's loss depends on another's weights
        adam.step()
    yield steps
