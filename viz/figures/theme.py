"""Shared by all figures: sizes for the last row, and the colours of `assets/colours.json`."""

from __future__ import annotations

import json
from typing import Any

from viz.assets import ROOT

_COLOURS = json.loads((ROOT / "assets" / "colours.json").read_text(encoding="utf-8"))

# Well inside the ends of the weights' map: readable on light and on dark.
WEIGHT_NEGATIVE = _COLOURS["weight"][2]
WEIGHT_POSITIVE = _COLOURS["weight"][8]
FIELD = _COLOURS["field"]
ORIENTATION = tuple(_COLOURS["orientation"])  # of bars, cyclic over 180°: the last is the first
BRANCHES: dict[str, str] = _COLOURS["branches"]  # of an Inception module, by name
SEQUENTIAL = tuple(_COLOURS["sequential"])  # of maps that are never negative
CLASSES = tuple(_COLOURS["classes"])  # of distinct things; other numbers of them are interpolated
# Of methods that compete in one chart: as dark on light pages as they are light on dark ones, and
# told apart by colour-blind eyes; each also has a dash and a marker of its own.
RIVALS = ("#7a6cc0", "#2f8577", "#a08a2e", "#b85068", "#808080")
# Lines of charts, which are neither maps nor weights: blue for the important one, else grey.
BLUE, GREY = "#2f8fd0", "#808080"
TEXT_PX = 16
# Set for every axis: the page's own theme would make it smaller.
_AXIS = {"tickfont": {"size": TEXT_PX}, "title": {"font": {"size": TEXT_PX}}}


def signed_colours(*, dark: bool) -> tuple[str, ...]:
    """The stops for signed values of maps, from low to high, on a light or a dark page.

    >>> signed_colours(dark=False)[5], signed_colours(dark=True)[5]
    ('#f7f7f7', '#282624')
    """
    return tuple(_COLOURS["activation_dark" if dark else "activation"])


def layout(*, height: int) -> dict[str, Any]:
    """A layout with readable text and little else.

    >>> layout(height=280)["height"]
    280
    """
    return {
        "height": height,
        "font": {"size": TEXT_PX},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "showlegend": False,
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "bargap": 0.15,
        "hoverlabel": {"font": {"size": TEXT_PX}},
    }
