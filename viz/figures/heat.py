"""Numbers as colours: pixel pictures of patches and kernels, and the colour of one cell."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Literal, NamedTuple

import numpy as np
from PIL import Image, ImageColor

from viz.assets import ROOT

Kind = Literal["input", "weight", "product", "grey"]
Numbers = np.ndarray[Any, np.dtype[np.float64]]

_COLOURS = json.loads((ROOT / "assets" / "colours.json").read_text(encoding="utf-8"))
_TABLES = {"input": "activation", "weight": "weight", "product": "activation"}
INKS = ("#111111", "#ffffff")
DARK_BELOW = 0.19  # relative luminance at which both inks have the same contrast


class Heat(NamedTuple):
    """A colour scale: evenly spaced stops `(n, 3)` from `low` to `high`."""

    stops: Numbers
    low: float
    high: float

    def colours(self, values: Numbers) -> Numbers:
        """The colour of every value, `(…, 3)` from 0 to 255."""
        share = (values - self.low) / (self.high - self.low)
        at = np.linspace(0, 1, len(self.stops))
        channels = [np.interp(share, at, self.stops[:, channel]) for channel in range(3)]
        return np.stack(channels, axis=-1).round()

    def cell(self, value: float) -> tuple[str, str]:
        """The colours of a cell and of the number written in it.

        >>> heat([1.0], "input").cell(0.0)
        ('#1b3a68', '#ffffff')
        """
        colour = self.colours(np.array(value))
        red, green, blue = colour.astype(int).tolist()
        return f"#{red:02x}{green:02x}{blue:02x}", INKS[_luminance(colour) < DARK_BELOW]

    def picture(self, values: Sequence[Sequence[float | None]]) -> str:
        """One pixel a value as a PNG in a data address; clear where there is no value."""
        numbers = np.array(values, dtype=float)
        read = ~np.isnan(numbers)
        pixels = np.concatenate(
            [self.colours(np.where(read, numbers, 0)), 255.0 * read[..., None]], axis=-1
        )
        file = BytesIO()
        Image.fromarray(pixels.astype(np.uint8), "RGBA").save(file, "PNG")
        return f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"


def heat(values: Sequence[float], kind: Kind, *, dark: bool = False) -> Heat:
    """The scale of some numbers: centred at zero, but inputs that are never negative from zero up.

    Grey goes from the smallest number, black, to the largest, white.

    Weights have a table of their own, so that nobody takes a kernel for a map.
    """
    if kind == "grey":
        return Heat(np.array([[0.0] * 3, [255.0] * 3]), min(values), max(values))
    reach = max((abs(value) for value in values), default=0.0) or 1.0
    if kind == "input" and min(values, default=0.0) >= 0:
        return Heat(_stops("sequential"), 0.0, reach)
    return Heat(_stops(_TABLES[kind] + ("_dark" if dark else "")), -reach, reach)


def _luminance(colour: Numbers) -> float:
    """Relative luminance as WCAG defines it, of a colour from 0 to 255."""
    share = colour / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _stops(name: str) -> Numbers:
    return np.array([ImageColor.getrgb(colour)[:3] for colour in _COLOURS[name]], dtype=float)
