"""The photo with boxes drawn on it, and room for what lies beyond its border."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

FIELD = (0.949, 0.549, 0.157)  # the accent of receptive fields
SECOND = (0.184, 0.561, 0.816)
DIMMED = 0.35
STRIPES = (0.42, 0.54)  # grey: what lies beyond the border
STRIPE_PX = 4
MOST_BEYOND_PX = 512  # shown beyond each border


class Box(NamedTuple):
    """A rectangle of pixels, some of it perhaps outside the picture; ends are exclusive."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def middle(self) -> tuple[float, float]:
        """Row and column of its middle."""
        return (self.top + self.bottom - 1) / 2, (self.left + self.right - 1) / 2

    def inner(self, side: int) -> Box:
        """A square of a side around its middle."""
        edge = (self.bottom - self.top - side) // 2
        return Box(
            self.top + edge, self.left + edge, self.top + edge + side, self.left + edge + side
        )

    def shared(self, other: Box) -> Box | None:
        """What both hold; None if nothing."""
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom, right = min(self.bottom, other.bottom), min(self.right, other.right)
        return Box(top, left, bottom, right) if top < bottom and left < right else None


def striped(height: int, width: int) -> Tensor:
    """Grey diagonal stripes, `(3, height, width)`: there is no picture."""
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    dark = ((rows + columns) // STRIPE_PX % 2).float()
    return (STRIPES[0] + (STRIPES[1] - STRIPES[0]) * dark).expand(3, height, width).clone()


def cut(pixels: Tensor, box: Box) -> Tensor:
    """The box of a picture, `(3, height, width)`, striped where it lies beyond the border."""
    _, height, width = pixels.shape
    found = striped(box.bottom - box.top, box.right - box.left)
    inside = box.shared(Box(0, 0, height, width))
    if inside is not None:
        rows = slice(inside.top - box.top, inside.bottom - box.top)
        columns = slice(inside.left - box.left, inside.right - box.left)
        found[:, rows, columns] = pixels.cpu()[
            :, inside.top : inside.bottom, inside.left : inside.right
        ]
    return found


def framed(
    pixels: Tensor,
    outlines: Sequence[tuple[Box, Sequence[float]]],
    lit: Sequence[Box] = (),
    frame: Box | None = None,
) -> Tensor:
    """The picture, dark outside the boxes that are lit, with outlines, and with what is beyond.

    Args:
        pixels: `(3, H, W)`.
        outlines: boxes and their colours.
        lit: boxes that keep their light; all if there is none.
        frame: what is shown; by default the picture and all boxes.
    """
    frame = frame or _around(pixels, [*(box for box, _ in outlines), *lit])
    shown = cut(pixels, frame)
    if lit:
        light = torch.full(shown.shape[1:], DIMMED)
        for box in lit:
            light[_within(box, frame)] = 1
        shown = shown * light
    for box, colour in outlines:
        _outline(shown, box, frame, colour)
    return shown


def _around(pixels: Tensor, boxes: Sequence[Box]) -> Box:
    """The picture and all boxes, but not endlessly far beyond the border."""
    _, height, width = pixels.shape
    every = [Box(0, 0, height, width), *boxes]
    return Box(
        max(min(box.top for box in every), -MOST_BEYOND_PX),
        max(min(box.left for box in every), -MOST_BEYOND_PX),
        min(max(box.bottom for box in every), height + MOST_BEYOND_PX),
        min(max(box.right for box in every), width + MOST_BEYOND_PX),
    )


def _within(box: Box, frame: Box) -> tuple[slice, slice]:
    top, left = max(0, box.top - frame.top), max(0, box.left - frame.left)
    return slice(top, max(top, box.bottom - frame.top)), slice(
        left, max(left, box.right - frame.left)
    )


def _outline(shown: Tensor, box: Box, frame: Box, colour: Sequence[float]) -> None:
    """A line of a pixel just inside the box; of a larger picture a thicker one."""
    thick = max(1, round(max(shown.shape[1:]) / 224))
    rows, columns = _within(box, frame)
    part = shown[:, rows, columns]
    edge = torch.ones(part.shape[1:], dtype=torch.bool)
    edge[thick:-thick, thick:-thick] = False
    part[:, edge] = torch.tensor(colour, dtype=part.dtype)[:, None]
