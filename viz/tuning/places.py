"""Where to look: the unit in the middle, and how large a picture has to be for it."""

from __future__ import annotations

from torch import nn

from viz.geometry import Window
from viz.trace import between

_LARGEST_PX = (
    1025  # a field as large as this picture is that of a layer that reads all of any picture
)


def middle_unit(layer: nn.Module, input_shape: tuple[int, int, int]) -> tuple[int, int]:
    """Row and column of the unit whose receptive field is centred best.

    Args:
        layer: a layer or network that `viz.trace` can read, on any device.
        input_shape: `(C, H, W)`.

    Raises:
        ValueError: naming the layer, if it does not fit its input or cannot be read.

    >>> middle_unit(nn.Conv2d(1, 4, 5, stride=2, padding=2), (1, 21, 21))
    (5, 5)
    """
    seen = between(layer, input_shape)
    row, column = (
        min(range(units), key=lambda unit: abs(window.centre(unit) - (length - 1) / 2))
        for units, window, length in zip(
            seen.units, (seen.field.rows, seen.field.columns), input_shape[1:], strict=True
        )
    )
    return row, column


def whole_field_px(layer: nn.Module, channels: int) -> int:
    """The side of the smallest square on which the unit in the middle sees nothing outside.

    Args:
        layer: as for `middle_unit`.
        channels: of the input.

    Raises:
        ValueError: if the layer reads its whole input, however large it is, or as `middle_unit`.

    >>> whole_field_px(nn.Conv2d(1, 4, 5, padding=2), 1), whole_field_px(nn.MaxPool2d(4, 4), 1)
    (5, 4)
    """
    field = between(layer, (channels, _LARGEST_PX, _LARGEST_PX)).field
    if max(field.size) >= _LARGEST_PX:
        raise ValueError("the layer reads the whole of any picture; say how large it is: size_px")
    return max(map(_whole, (field.rows, field.columns)))


def _whole(window: Window) -> int:
    """Up to the end of the first unit's field that starts inside."""
    return window.size + -window.padding % window.stride
