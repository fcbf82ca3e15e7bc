"""The maps in view, packed: of a stage, their difference from what is pinned, or of several pictures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from viz import devices, packing
from viz.images import Picture
from viz.lessons.lesson import Built, Lesson
from viz.run import forward
from viz.run.building import chosen_stage, sized
from viz.run.facts import stage_facts
from viz.run.look import Look, Shown, built_look
from viz.run.stages import Slices, forward_slices
from viz.view import View


class Mismatch(ValueError):
    """Raised for the difference of maps of different shapes."""


class InView(NamedTuple):
    """The maps to draw, packed; the one of the unit at rest; and what the header says of them."""

    block: packing.Block
    first: Tensor
    header: Mapping[str, Any] = MappingProxyType({})


def in_view(
    lesson: Lesson[Any], shown: Shown, made: Built[Any], stage: str, maps: Tensor, shown_px: int
) -> Slices[InView]:
    """The maps of the stage, their difference from what is pinned, or one of several pictures."""
    classes = stage != "picture" and bool(made.outline[stage].classes)
    if shown.minus is not None:
        maps = torch.sub(*subtracted(lesson, shown.look, shown.minus))
        return InView(packing.pack(maps, shown_px), maps[made.at_rest(stage)])
    if shown.others:
        return (yield from _beside(shown, made, stage, shown_px, classes))
    return InView(packing.pack(maps, shown_px, classes=classes), maps[made.at_rest(stage)])


def _beside(
    shown: Shown, made: Built[Any], stage: str, shown_px: int, classes: bool
) -> Slices[InView]:
    """One map of several pictures."""
    view, network = shown.look.view, made.network
    device = devices.chosen(view.device)
    pictures = [sized(each, view.working_size_px) for each in (shown.look.picture, *shown.others)]
    channels = made.outline[stage].channels.size if stage != "picture" else 3
    channel = shown_channel(view, channels)
    maps = yield from several(network, pictures, device, stage, channel)
    header = {
        "names": [each.name for each in pictures],
        "keys": [each.key for each in pictures],
        "shapes": [list(each.shape) for each in maps],
        "channel": channel,
        "reads": [_holes(network, each, stage) for each in pictures],
    }
    block = packing.pack_ragged(maps, shown_px, classes=classes)
    return InView(block, maps[0], {"side_by_side": header})


def several(
    network: nn.Sequential,
    pictures: list[Picture],
    device: torch.device,
    stage: str,
    channel: int,
) -> Slices[list[Tensor]]:
    """The same map of every picture, `(H, W)` each.

    Pictures are computed one after the other, each once, and only that map of each is held.
    """
    of_picture: dict[str, Tensor] = {}
    for picture in pictures:
        if picture.key not in of_picture:
            done = yield from forward_slices(network, picture, device, upto=stage, wanted={stage})
            of_picture[picture.key] = done[stage].maps[channel].clone()
    return [of_picture[picture.key] for picture in pictures]


def shown_channel(view: View, channels: int) -> int:
    """Which map is shown of several pictures."""
    return min(int(view.channel), channels - 1)


def _holes(network: nn.Sequential, picture: Picture, stage: str) -> dict[str, str]:
    """The rows and columns of a picture that are read, if they are not just a box."""
    fact = stage_facts(network, tuple(picture.pixels.shape))[stage]
    return {axis: fact[axis] for axis in ("read_rows", "read_columns") if axis in fact}


def subtracted(lesson: Lesson[Any], look: Look, minus: Look) -> tuple[Tensor, Tensor]:
    """The maps of both sides of a difference, on one device.

    Raises:
        Mismatch: if their shapes differ.
    """
    maps, less = _maps(lesson, look), _maps(lesson, minus)
    if maps.shape != less.shape:
        raise Mismatch(f"maps of {tuple(maps.shape)} less maps of {tuple(less.shape)}")
    return maps, less.to(maps.device)


def _maps(lesson: Lesson[Any], look: Look) -> Tensor:
    """The maps of the stage in view."""
    picture, device, made = built_look(lesson, look)
    with torch.inference_mode():
        stage = chosen_stage(made.network, look.view)
        return forward(made.network, picture, device, upto=stage)[stage].maps
