"""A Setting: the plain values that a visitor chooses, and how the address holds them.

Every field of a Setting is declared once, by `field` and a Control: a class for each kind of
control, with its own reading and its own limits. A field's name is the widget's key, the parameter
of the address and that of the route.
"""

from viz.settings.by_hand import (
    MAX_BOXES,
    MAX_CELLS,
    MAX_PLACED,
    Boxes,
    BoxValues,
    ByHand,
    Cells,
    CellValues,
    PlacedValues,
    Placements,
)
from viz.settings.controls import (
    ANY,
    Allowed,
    Choice,
    Control,
    Slider,
    Switch,
    Word,
    as_text,
    numbered,
)
from viz.settings.setting import Setting, field
from viz.settings.stack import MAX_LAYERS, Layer, Layers, LayerValues

__all__ = [
    "ANY",
    "MAX_BOXES",
    "MAX_CELLS",
    "MAX_LAYERS",
    "MAX_PLACED",
    "Allowed",
    "BoxValues",
    "Boxes",
    "ByHand",
    "CellValues",
    "Cells",
    "Choice",
    "Control",
    "Layer",
    "LayerValues",
    "Layers",
    "PlacedValues",
    "Placements",
    "Setting",
    "Slider",
    "Switch",
    "Word",
    "as_text",
    "field",
    "numbered",
]
