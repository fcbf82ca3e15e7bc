"""Packs stacks of maps into one buffer for the browser: a header in JSON, then one byte a pixel.

Each map is quantised on its own device with its own range. The browser can choose any scale later
and still knows every value to 1/255 of that map's range.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.devices import at_once

# Values that differ by less are equal for a float32 that went through a few sums.
CONSTANT_WITHIN = 1e-6


class Block(NamedTuple):
    """A packed stack: `pixels` uint8 `(N, H, W)` on the CPU, and for each map its range `(N,)`.

    `least` and `most` are each map's extremes before it was averaged, if it was.
    """

    pixels: Tensor
    low: list[float]
    high: list[float]
    mean_of: int
    least: Sequence[float] = ()
    most: Sequence[float] = ()

    def header(self) -> dict[str, Any]:
        """What the browser needs to draw the bytes."""
        ranges = {"low": _short(self.low), "high": _short(self.high)}
        if self.least:
            ranges |= {"least": _short(self.least), "most": _short(self.most)}
        return {"shape": list(self.pixels.shape), "mean_of": self.mean_of, **ranges}


def pack(maps: Tensor, shown_px: int | None = None, *, classes: bool = False) -> Block:
    """Quantises every map to 256 steps between its own minimum and maximum.

    Maps larger than they are shown are averaged over blocks of pixels first. A map that is
    constant up to rounding becomes exactly constant.

    Args:
        maps: `(N, H, W)` floating point, on any device.
        shown_px: the longer side a map is drawn with; None for no averaging.
        classes: whether the values are class labels, which have no mean; then each block takes
            the value of the unit in its middle.

    Returns:
        The Block; value ≈ low + byte / 255 · (high − low), to within half a step.

    >>> block = pack(torch.tensor([[[0.0, 1.0, 2.0]], [[3.0, 3.0, 3.0]]]))
    >>> block.pixels.tolist(), block.low, block.high
    ([[[0, 128, 255]], [[0, 0, 0]]], [0.0, 3.0], [2.0, 3.0])
    """
    return _packed(maps, averaged_over(maps.shape[-2:], shown_px), classes)


def _packed(maps: Tensor, mean_of: int, classes: bool = False) -> Block:
    least, most = Tensor(), Tensor()
    if mean_of > 1 and classes:
        maps = _middles(maps, mean_of)
    elif mean_of > 1:
        least, most = maps.flatten(1).amin(1), maps.flatten(1).amax(1)
        maps = _means(maps, mean_of)
    flat = maps.flatten(1)
    low, high = flat.amin(1), flat.amax(1)  # aminmax over one axis takes twenty times as long
    spread = high - low
    constant = spread <= CONSTANT_WITHIN * torch.maximum(low.abs(), high.abs()).clamp(min=1)
    high = torch.where(constant, low, high)
    step = torch.where(constant, 0, 255 / spread.clamp(min=1e-30))
    pixels = _quantised(maps, low[:, None, None], step[:, None, None])
    ends = low.tolist(), high.tolist(), mean_of, least.tolist(), most.tolist()
    return Block(pixels.cpu(), *ends)


def _quantised(maps: Tensor, low: Tensor, step: Tensor) -> Tensor:
    """(maps − low) · step rounded to uint8; on a CPU a few maps at a time, within its cache.

    A float32 of 2²³ or more has no fraction: adding 2²³ rounds, and the result is the lowest of
    the four bytes. Converting float32 to uint8 takes six times as long.
    """
    together = min(len(maps), at_once(maps.device, 4 * maps[0].numel()))  # read, kept, written
    pixels = torch.empty(maps.shape, dtype=torch.uint8, device=maps.device)
    scratch = torch.empty(together, *maps.shape[1:], device=maps.device)
    for first in range(0, len(maps), together):
        part = slice(first, first + together)
        steps = torch.sub(maps[part], low[part], out=scratch[: len(maps[part])])
        pixels[part] = steps.mul_(step[part]).add_(2**23).view(torch.int32)
    return pixels


def _means(maps: Tensor, side: int) -> Tensor:
    """The mean of every block; a block that is cut off has the mean of what there is.

    Sums of every `side`-th row, then column, of a few maps at a time, within a CPU's cache: that
    takes a sixth of the time of `F.avg_pool2d`.
    """
    together = min(len(maps), at_once(maps.device, maps[0].numel()))
    return torch.cat([_means_of_few(few, side) for few in maps.split(together)])


def _means_of_few(maps: Tensor, side: int) -> Tensor:
    for axis in (-2, -1):
        length = maps.shape[axis]
        whole = length // side * side
        parts = maps.narrow(axis, 0, whole).unflatten(axis, (-1, side)).unbind(axis)
        means = sum(parts[1:], parts[0]) / side
        if whole < length:
            rest = maps.narrow(axis, whole, length - whole).mean(axis, keepdim=True)
            means = torch.cat([means, rest], dim=axis)
        maps = means
    return maps


def _middles(maps: Tensor, side: int) -> Tensor:
    """The unit in the middle of every block; of a block that is cut off, the last one there is."""
    for axis in (-2, -1):
        length = maps.shape[axis]
        starts = torch.arange(0, length, side, device=maps.device)
        maps = maps.index_select(axis, (starts + side // 2).clamp(max=length - 1))
    return maps


def pack_ragged(
    maps: Sequence[Tensor], shown_px: int | None = None, *, classes: bool = False
) -> Block:
    """Packs maps of different sizes into one Block, each in the upper left corner of its plane.

    All are averaged over equally large blocks of pixels, so that their scales agree.

    Args:
        maps: tensors `(H, W)`.
        shown_px: the longer side the largest of them is drawn with.
        classes: as for `pack`.

    >>> block = pack_ragged([torch.ones(1, 2), torch.eye(2)])
    >>> block.pixels.tolist(), block.high
    ([[[0, 0], [0, 0]], [[255, 0], [0, 255]]], [1.0, 1.0])
    """
    largest = [max(lengths) for lengths in zip(*(one.shape for one in maps), strict=True)]
    mean_of = averaged_over(tuple(largest), shown_px)
    blocks = [_packed(one[None], mean_of, classes) for one in maps]
    tall, wide = (max(block.pixels.shape[axis] for block in blocks) for axis in (1, 2))
    planes = [
        F.pad(block.pixels, (0, wide - block.pixels.shape[2], 0, tall - block.pixels.shape[1]))
        for block in blocks
    ]
    return Block(
        torch.cat(planes),
        [block.low[0] for block in blocks],
        [block.high[0] for block in blocks],
        mean_of,
    )


def averaged_over(size: tuple[int, ...], shown_px: int | None) -> int:
    """How many pixels a side are averaged so that a map is no larger than it is shown.

    >>> averaged_over((224, 160), 120), averaged_over((112, 112), 120)
    (2, 1)
    """
    return max(1, math.ceil(max(size) / shown_px)) if shown_px else 1


def join(header: dict[str, Any], blocks: dict[str, Block]) -> bytes:
    """One buffer: length of the header (4 bytes, little endian), header, pixels of all blocks.

    >>> buffer = join({"ms": 1}, {"maps": pack(torch.zeros(1, 2, 2))})
    >>> length = int.from_bytes(buffer[:4], "little")
    >>> json.loads(buffer[4 : 4 + length])["blocks"]["maps"]["shape"], buffer[4 + length :]
    ([1, 2, 2], b'\\x00\\x00\\x00\\x00')
    """
    described = {name: block.header() for name, block in blocks.items()}
    whole = {**header, "blocks": described}
    text = json.dumps(whole, separators=(",", ":"), ensure_ascii=False).encode()
    bodies = (block.pixels.numpy().tobytes() for block in blocks.values())
    return b"".join((struct.pack("<I", len(text)), text, *bodies))


def _short(values: Sequence[float]) -> list[float]:
    """Six significant digits: far finer than a step, and a third of the bytes."""
    return [float(f"{value:.6g}") for value in values]
