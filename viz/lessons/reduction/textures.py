"""Two shipped textures through the bank, and which of their pixels train and which test."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import torch
from torch import Tensor

from viz.bounded_cache import BoundedCache
from viz.images.shipped import shipped
from viz.layers.correlation import correlate
from viz.layers.pointwise import mix_channels
from viz.layers.recipes import grey_rows
from viz.lessons.bank_of_50 import BANK, CHANNELS, OF_AN_ORIENTATION, unit_variance_rows

NAMES = ("grass", "brick")
STEP_PX = 4  # every fourth row and column: the pixels between them say nearly the same


class Pixels(NamedTuple):
    """Pixels of both textures, in double precision on the CPU.

    Attributes:
        values: `(C, n)`.
        second: `(n,)`, 1 for a pixel of the second texture and 0 for one of the first.
    """

    values: Tensor
    second: Tensor


class Textures(NamedTuple):
    """Two textures, and two sets of columns whose filters share no pixel.

    Attributes:
        pictures: `(2, 3, h, w)` at every fourth row and column.
        maps: `(2, C, h, w)` there; each channel has variance 1 over both textures.
        training, test: columns.
    """

    pictures: Tensor
    maps: Tensor
    training: slice
    test: slice

    def pixels(self, columns: slice, *, channels: int = CHANNELS, rectified: bool) -> Pixels:
        """The pixels of some columns, in the order of `side_by_side`, row by row.

        Args:
            columns: `training` or `test`.
            channels: how many, the first ones.
            rectified: after a ReLU, or before it.
        """
        values = side_by_side(self.maps[:, :channels, :, columns]).flatten(1).double()
        second = torch.zeros_like(self.maps[:, 0, :, columns])
        second[1] = 1
        labels = side_by_side(second[:, None]).flatten().double()
        return Pixels(values.relu() if rectified else values, labels)


def side_by_side(two: Tensor) -> Tensor:
    """Two stacks of maps as one: the second on the right.

    >>> side_by_side(torch.tensor([[[[1]]], [[[2]]]]))
    tensor([[[1, 2]]])
    """
    return torch.cat([*two], dim=-1)


def apart(width_px: int, kernel_px: int, step_px: int) -> tuple[slice, slice]:
    """Columns for training and for the test, of every `step_px`-th: the left ones, the right ones.

    Two units whose filters are k px wide read common pixels if they are less than k px apart, so k − 1
    columns of the picture between both sets belong to neither.

    >>> apart(20, kernel_px=5, step_px=2)       # columns 0 to 6, and 12 to 18
    (slice(0, 4, None), slice(6, None, None))
    """
    left_px = (width_px - kernel_px + 1) // 2
    return slice(0, -(-left_px // step_px)), slice(-(-(left_px + kernel_px - 1) // step_px), None)


_KEPT: BoundedCache[str, Textures] = BoundedCache(max_size=2, size_of=lambda _: 1)


def textures(device: torch.device) -> Generator[None, None, Textures]:
    """Both textures in the size of their photographs, filtered on a device; one pause a filtering."""
    kept = _KEPT.get(str(device))
    if kept is not None:
        return kept
    kernels, maps = BANK.kernels().to(device), []
    pixels = torch.stack([shipped(name).pixels for name in NAMES])
    for grey in mix_channels(pixels.to(device), grey_rows(1).to(device)):
        filtered = []
        for of_orientation in kernels.split(OF_AN_ORIENTATION):
            filtered.append(correlate(grey, of_orientation)[..., ::STEP_PX, ::STEP_PX])
            yield None
        maps.append(torch.cat(filtered).cpu())
    rows = unit_variance_rows(side_by_side(torch.stack(maps)))
    scaled = torch.stack(maps) * rows[:, :, None]
    sides = apart(pixels.shape[-1], kernels.shape[-1], STEP_PX)
    made = Textures(pixels[..., ::STEP_PX, ::STEP_PX], scaled, *sides)
    _KEPT.put(str(device), made)
    return made
