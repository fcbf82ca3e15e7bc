"""Panels as one buffer for the component that draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from viz import packing
from viz.lessons.blocks import Panel
from viz.packing import Block

MAX_SHOWN_PX = 512  # of a map in a panel: no picture is larger, and averaging would hide holes


@torch.inference_mode()
def packed(panel: Panel, shown_px: int | None = MAX_SHOWN_PX) -> Panel:
    """The panel with its maps as bytes on the CPU, a quarter of their size.

    Args:
        shown_px: the longer side a map is drawn with; larger ones are averaged down to it,
            except classes, which have no mean.
    """
    over = None if panel.over is None else _packed(panel.over, shown_px)
    return replace(panel, maps=_block(panel, shown_px), over=over)


def panels_buffer(panels: Sequence[Panel]) -> bytes:
    """Panels as one buffer, with their texts in the visitor's language.

    Returns:
        See `packing.join`; the header has `panels` in order, each with its block's name, and that
        of the picture under its maps, or an empty one.

    >>> len(panels_buffer([Panel("Grey", torch.zeros(1, 2, 2))])) > 4
    True
    """
    blocks = {f"panel{n}": _block(panel, MAX_SHOWN_PX) for n, panel in enumerate(panels)}
    described = [_described(block, panel) for block, panel in zip(blocks, panels, strict=True)]
    for said, panel in zip(described, panels, strict=True):
        if panel.over is not None:
            said["over"] = f"under_{said['block']}"
            blocks[f"under_{said['block']}"] = _packed(panel.over, MAX_SHOWN_PX)
    return packing.join({"panels": described}, blocks)


def _block(panel: Panel, shown_px: int | None) -> Block:
    return _packed(panel.maps, None if panel.classes else shown_px)


def _packed(maps: Tensor | Block, shown_px: int | None) -> Block:
    return maps if isinstance(maps, Block) else packing.pack(maps, shown_px)


def _described(block: str, panel: Panel) -> dict[str, object]:
    count = len(panel.maps.pixels if isinstance(panel.maps, Block) else panel.maps)
    return {
        "block": block,
        "title": panel.title,
        "names": [*panel.names, *(str(n + 1) for n in range(len(panel.names), count))],
        "kind": panel.kind,
        "note": panel.note,
        "scale": panel.scale,
        "classes": list(panel.classes),
        "marks": panel.marks,
        "over": "",
    }
