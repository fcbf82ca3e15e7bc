"""Spectra before and behind a stride on one plane, where the same place is the same frequency."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from viz.experiments.chain import Through, apply
from viz.experiments.strided.downsamplers import layers
from viz.experiments.strided.network import at_the_stride
from viz.experiments.strided.setting import Setting
from viz.experiments.strided.spectra import FLOOR, Spectrum, spectrum
from viz.layers.pointwise import mix_channels


def placed(after: Spectrum, before: Spectrum) -> Tensor:
    """A spectrum on the plane of another one: the same place is the same frequency in both.

    Each frequency of the plane shows the nearest one that `after` has. Where the stride does not
    divide the size those lie elsewhere, and the small spectrum laid in the middle would be stretched.
    Beyond ±0.5 / s, across or down, there is nothing.

    Args:
        after: of a map that was read at every s-th pixel.
        before: whose frequencies are wanted; of as many maps, or any number.

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


def spectra_of_ways(
    setting: Setting, pixels: Tensor, channel: int = 0, through: Through = apply
) -> dict[str, Tensor]:
    """One channel's spectrum before the stride and behind each way to the smaller map, `placed`.

    Args:
        setting, pixels, through: as for `network`.
        channel: of the 1×1; beyond the last one, the last.

    Returns:
        `before`, then the keys of `TITLES` -> `(1, H, W)`, powers of ten above FLOOR.

    >>> found = spectra_of_ways(Setting(), torch.rand(3, 9, 8))
    >>> list(found), found["max"].shape
    (['before', 'strided', 'low_pass', 'max', 'average'], torch.Size([1, 9, 8]))
    """
    maps, layer = at_the_stride(setting, pixels, through)
    row, stride = layer.matrix[min(channel, layer.out_channels - 1)][None], layer.stride[0]
    with torch.no_grad():
        before = spectrum(mix_channels(maps, row))
        spectra = {name: spectrum(way(maps), stride) for name, way in layers(row, stride).items()}
    return {name: placed(one, before) for name, one in {"before": before, **spectra}.items()}


def _nearest(after: Spectrum, before: Spectrum, axis: int) -> tuple[Tensor, Tensor]:
    """For every frequency of `before` the place of the nearest in `after`, and whether it has any.

    In integers: place k of n, counted from the middle, is k / (n·s) cycles/px. A sampled map's
    spectrum repeats every 1 / s, so +0.5 / s is found at −0.5 / s.
    """
    count, length = after.log_amplitude.shape[axis], before.log_amplitude.shape[axis]
    k = torch.arange(length, device=before.log_amplitude.device) - length // 2
    whole = length * before.stride
    nearest = (2 * k * count * after.stride + whole).div(2 * whole, rounding_mode="floor")
    return (nearest + count // 2) % count, 2 * k.abs() * after.stride <= whole
