"""The exact pixels that stacks of strided layers read."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from viz.layers.downsampling import binomial_window
from viz.layers.pointwise import Pointwise
from viz.lessons.blocks import Block, Panel, Panels
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.lessons.strided.sections.reads import UNREAD_GREY
from viz.lessons.strided.setting import Setting
from viz.numbers import exact, number
from viz.reads import read_mask, unit_mask
from viz.text import Text, text

GRID = (1, 24, 24)
READ = (text("never read"), text("read"))


def strided_stack(layers: int, stride: int, *, window: bool = False) -> nn.Sequential:
    """A stack of `layers` strided 1×1 layers of one channel, with a 3×3 after them.

    >>> strided_stack(3, 2)(torch.zeros(1, 64, 64)).shape
    torch.Size([1, 8, 8])
    """
    stack = nn.Sequential(*(Pointwise(torch.ones(1, 1), stride=stride) for _ in range(layers)))
    return stack.append(binomial_window(1)) if window else stack


def show(scene: Scene[Setting]) -> list[Block]:
    """Two stacks on a small grid, and the layers above on the picture."""
    network, pixels = scene.built.network, scene.pixels
    shape = (pixels.shape[0], pixels.shape[1], pixels.shape[2])
    holes = unit_mask(strided_stack(1, 2, window=True), GRID)
    own, every = unit_mask(network, shape), read_mask(network, shape).to(pixels.device)
    panels = [
        _mask(text("Three 1×1 of stride 2: 24 × 24 pixels"), read_mask(strided_stack(3, 2), GRID)),
        _mask(text("1×1 of stride 2, then 3×3: one unit's field"), holes.mask),
        *(
            [_mask(text("One unit of the layers above"), own.mask, own.inside)]
            if own.mask.numel() > 1
            else []
        ),
        Panel(
            text("All that the layers above read"),
            pixels * every + UNREAD_GREY * ~every,
            kind="colour",
            note=_counted(int(every.sum()), every.numel()),
        ),
    ]
    return [Panels("stack_maps", panels, height_px=230, columns=4)]


def _mask(title: Text, mask: Tensor, inside: int = 0) -> Panel:
    note = _counted(int(mask.sum()), inside or mask.numel())
    return Panel(title, mask[None].float(), kind="mask", classes=READ, note=note)


def _counted(read: int, of: int) -> Text:
    return text(
        "{read} of {of} pixels are read, 1 in {n}",
        read=exact(read),
        of=exact(of),
        n=number(of / read) if read else "∞",
    )


SECTION = Section(
    show,
    always("again", "third", "window"),
    opening={"stride": 2, "again": True, "window": True},
    picture="coffee",
    views=(
        Suggestion("Three in a row", {"third": True}),
        Suggestion("No 3×3 after them", {"window": False}),
    ),
)
