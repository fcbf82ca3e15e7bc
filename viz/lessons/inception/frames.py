"""A photo, enlarged, with a coloured frame around each of several boxes."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from viz.geometry import Interval
from viz.lessons.inception.fields import Box

LINE_PX = 5  # thickness of a frame
DASH_PX = 24  # of one colour, where several boxes are equal and share one frame
BEYOND = 0.5  # grey of what is not in the photo
DIM = 0.35  # of the brightness that is left outside a box


def framed(
    pixels: Tensor, boxes: Mapping[str, Box], colours: Mapping[str, str], scale: int
) -> Tensor:
    """The photo with every pixel as a square, and frames around the boxes.

    Args:
        pixels: `(3, H, W)` in [0, 1].
        boxes: by name; a frame lies outside its box. Equal boxes share a frame of dashes.
        colours: "#rrggbb" by name.
        scale: the side of a pixel's square.

    Returns:
        `(3, H·scale, W·scale)`.

    >>> box = ((1, 1), (1, 1))
    >>> framed(torch.zeros(3, 3, 3), {"a": box}, {"a": "#ff0000"}, scale=9)[0, 13, [4, 13, 22]]
    tensor([1., 0., 1.])
    """
    large = pixels.repeat_interleave(scale, 1).repeat_interleave(scale, 2)
    shared: dict[Box, list[str]] = {}
    for name, each in boxes.items():
        shared.setdefault(each, []).append(colours[name])
    for (rows, columns), hues in shared.items():
        _frame(large, _edges(rows, scale), _edges(columns, scale), hues)
    return large


def cut_out(pixels: Tensor, box: Box) -> Tensor:
    """The part of the photo in a box; what is not in the photo is grey.

    >>> cut_out(torch.ones(3, 2, 2), ((1, 2), (0, 0)))[0].flatten()
    tensor([1.0000, 0.5000])
    """
    (top, bottom), (left, right) = box
    part = pixels.new_full((3, bottom - top + 1, right - left + 1), BEYOND)
    height, width = pixels.shape[1:]
    rows, columns = (
        range(max(top, 0), min(bottom + 1, height)),
        range(max(left, 0), min(right + 1, width)),
    )
    if rows and columns:
        inside = pixels[:, rows.start : rows.stop, columns.start : columns.stop]
        part[:, rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = (
            inside
        )
    return part


def dimmed(pixels: Tensor, box: Box) -> Tensor:
    """The photo, dark outside a box."""
    (top, bottom), (left, right) = box
    dark = DIM * pixels
    inside = slice(max(top, 0), max(bottom + 1, 0)), slice(max(left, 0), max(right + 1, 0))
    dark[:, inside[0], inside[1]] = pixels[:, inside[0], inside[1]]
    return dark


def _edges(interval: Interval, scale: int) -> Interval:
    """The outer start and stop of a frame along one axis, in enlarged pixels."""
    return interval[0] * scale - LINE_PX, (interval[1] + 1) * scale + LINE_PX


def _frame(large: Tensor, rows: Interval, columns: Interval, hues: list[str]) -> None:
    """Draws four lines; what lies outside the picture is left out."""
    across, down = _line(columns, hues, large), _line(rows, hues, large)
    for top in (rows[0], rows[1] - LINE_PX):
        _put(large, (top, top + LINE_PX), columns, across[:, None])
    for left in (columns[0], columns[1] - LINE_PX):
        _put(large, rows, (left, left + LINE_PX), down[:, :, None])


def _line(ends: Interval, hues: list[str], like: Tensor) -> Tensor:
    """The colours along a line, `(3, length)`, in dashes if there are several."""
    table = like.new_tensor([[int(hue[i : i + 2], 16) / 255 for i in (1, 3, 5)] for hue in hues])
    dashes = torch.arange(ends[1] - ends[0], device=like.device) // DASH_PX % len(hues)
    return table[dashes].T


def _put(large: Tensor, rows: Interval, columns: Interval, colour: Tensor) -> None:
    height, width = large.shape[1:]
    colour = colour.expand(3, rows[1] - rows[0], columns[1] - columns[0])
    top, left = max(rows[0], 0), max(columns[0], 0)
    bottom, right = min(rows[1], height), min(columns[1], width)
    if top < bottom and left < right:
        large[:, top:bottom, left:right] = colour[
            :, top - rows[0] : bottom - rows[0], left - columns[0] : right - columns[0]
        ]
