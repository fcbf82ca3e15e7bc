"""A crop small enough to follow number by number: through the 1×1, and through a 3×3 beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.layers.downsampling import binomial_kernel
from viz.layers.pointwise import mixing_layer
from viz.layers.recipes import grey_rows
from viz.lessons.chain import Through, apply, reaching
from viz.lessons.pointwise.network import network
from viz.lessons.pointwise.setting import Setting
from viz.lessons.pointwise.words import channel_names

HEIGHT, WIDTH = 6, 8
MOST_CHANNELS = 4


@dataclass(frozen=True, eq=False)
class Stepping:
    """A crop of what reaches the 1×1, and what two layers make of it.

    Attributes:
        crop: `(C, h, w)`: 6×8 pixels, fewer where the picture is smaller, at most 4 channels.
        top, left: where the crop lies in the maps.
        inputs, outputs: names of the channels of the crop and of both results.
        pointwise_weight: `(O, C, 1, 1)`, at most 4 rows.
        pointwise: `(O, h, w)`, the 1×1 of the crop.
        window_weight: `(O, C, 3, 3)`, the same matrix times a 3×3 binomial window that sums to 1.
        window: `(O, h, w)`, that 3×3 of the crop alone, with zeros around it.
        note: an English sentence and what goes into its braces, where channels were left out.
    """

    crop: Tensor
    top: int
    left: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    pointwise_weight: Tensor
    pointwise: Tensor
    window_weight: Tensor
    window: Tensor
    note: tuple[str, dict[str, Any]] | None


def stepping(setting: Setting, pixels: Tensor, through: Through = apply) -> Stepping:
    """A small piece of what reaches the 1×1, and what it and a 3×3 make of it.

    Both layers see the crop alone, and of many channels the first few, so that the numbers on
    screen add up exactly.

    >>> found = stepping(Setting(), torch.rand(3, 20, 30))
    >>> found.crop.shape, found.pointwise.shape, found.window_weight.shape
    (torch.Size([3, 6, 8]), torch.Size([3, 6, 8]), torch.Size([3, 3, 3, 3]))
    """
    chain = network(setting, pixels, through)
    matrix = mixing_layer(chain.get_submodule("pointwise")).matrix
    maps = reaching("pointwise", chain, pixels, through)
    top, left = _corner(setting, pixels)
    crop = maps[:MOST_CHANNELS, top : top + HEIGHT, left : left + WIDTH]
    few = matrix[:MOST_CHANNELS, :MOST_CHANNELS].to(crop.device)[:, :, None, None]
    window = few * binomial_kernel().to(few.device)
    names = channel_names(setting)
    return Stepping(
        crop=crop,
        top=top,
        left=left,
        inputs=tuple(names["bank"][: len(crop)]),
        outputs=tuple(names["pointwise"][: len(few)]),
        pointwise_weight=few,
        pointwise=F.conv2d(crop, few),
        window_weight=window,
        window=F.conv2d(crop, window, padding=1),
        note=_note(*matrix.shape),
    )


def _note(outputs: int, inputs: int) -> tuple[str, dict[str, Any]] | None:
    if max(outputs, inputs) <= MOST_CHANNELS:
        return None
    counts = {"inputs": inputs, "outputs": outputs, "most": MOST_CHANNELS}
    text = "Of {inputs} channels and {outputs} outputs only the first {most} take part here."
    return text, counts


def _corner(setting: Setting, pixels: Tensor) -> tuple[int, int]:
    """The crop's upper left pixel: around the place that was chosen, else where contrast is largest."""
    height, width = pixels.shape[-2:]
    if setting.crop_at is None:
        return _most_contrast(pixels)
    row, column = setting.crop_at
    top, left = int(row * height) - HEIGHT // 2, int(column * width) - WIDTH // 2
    return max(0, min(top, height - HEIGHT)), max(0, min(left, width - WIDTH))


def _most_contrast(pixels: Tensor) -> tuple[int, int]:
    """The place where brightness varies most inside a crop: there lies an edge."""
    size = tuple(min(most, n) for most, n in zip((HEIGHT, WIDTH), pixels.shape[-2:], strict=True))
    grey = torch.tensordot(grey_rows(1).to(pixels.device), pixels, 1)
    variance = F.avg_pool2d(grey.square(), size, 1) - F.avg_pool2d(grey, size, 1).square()
    top, left = divmod(int(variance.argmax()), variance.shape[-1])
    return top, left
