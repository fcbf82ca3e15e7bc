"""Stacks of maps side by side, for what is compared below the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from viz import packing

# What a panel's numbers are: activations, weights, one picture of red, green and blue, numbers of
# classes, each with a colour of its own, or 0 and 1 for what is not read and what is.
Kind = Literal["map", "weight", "colour", "class", "mask"]


@dataclass(frozen=True)
class Panel:
    """Maps under one title.

    Attributes:
        title: what they are, as the visitor reads it.
        maps: `(N, h, w)`, on any device.
        names: what each map is called; one that has none gets its number.
        kind: what the numbers are, which decides the colours.
        note: the number that belongs to it, in a sentence or less.
        scale: panels of one word here share one scale; empty for a scale of its own.
        classes: of `class` and `mask` maps, what each number is called.
    """

    title: str
    maps: Tensor
    names: Sequence[str] = ()
    kind: Kind = "map"
    note: str = ""
    scale: str = ""
    classes: Sequence[str] = ()


@torch.inference_mode()
def panels_buffer(panels: Sequence[Panel], shown_px: int | None = None) -> bytes:
    """Panels as one buffer for the strip.

    Args:
        shown_px: the longer side a map is drawn with; larger ones are averaged down to it, but
            never classes, which have no mean.

    Returns:
        See `packing.join`; the header has `panels` in order, each with its block's name.

    >>> len(panels_buffer([Panel("Grey", torch.zeros(1, 2, 2))])) > 4
    True
    """
    blocks, described = {}, []
    for n, panel in enumerate(panels):
        name = f"panel{n}"
        blocks[name] = packing.pack(panel.maps, None if panel.classes else shown_px)
        names = [*panel.names, *(str(i + 1) for i in range(len(panel.names), len(panel.maps)))]
        described.append(
            {
                "block": name,
                "title": panel.title,
                "names": names,
                "kind": panel.kind,
                "note": panel.note,
                "scale": panel.scale,
                "classes": list(panel.classes),
            }
        )
    return packing.join({"panels": described}, blocks)
