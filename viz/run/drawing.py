"""From an address to the buffer that a canvas draws, for the page and the route."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from viz import devices, images, packing
from viz.bounded_cache import BoundedCache
from viz.geometry import ReceptiveField
from viz.images import Picture
from viz.lessons.lesson import Built, Lesson
from viz.reads import strongest_unit
from viz.run import canvas_buffer, forward
from viz.run.buffer import Buffer
from viz.run.building import built, chosen_stage, sized
from viz.run.facts import stage_facts
from viz.run.filters import filters
from viz.run.header import header_of
from viz.run.stages import ON_CPU, Slices, forget, forward_slices, unsliced
from viz.settings import Setting
from viz.view import View

_DRAWN: BoundedCache[Hashable, Buffer] = BoundedCache(64 * 2**20, size_of=len)


MAX_WEIGHTS = 256  # of a matrix whose numbers are written into its cells


class Mismatch(ValueError):
    """Raised for the difference of maps of different shapes."""


class Look(NamedTuple):
    """One thing to draw: a Setting, a View, and a picture as decoded."""

    setting: Setting
    view: View
    picture: Picture

    @property
    def key(self) -> Hashable:
        """Equal for equal maps."""
        view = self.view
        return (
            self.setting.digest,
            self.picture.key,
            view.working_size_px,
            view.device,
            view.stage,
        )

    @property
    def on_cpu(self) -> Look:
        """The same, computed on the CPU."""
        return self._replace(view=replace(self.view, device="cpu"))


def draw_slices(
    lesson: Lesson[Any],
    setting: Setting,
    view: View,
    picture: Picture,
    shown_px: int,
    *,
    compare_cpu: bool = False,
) -> Slices[Buffer]:
    """The buffer for one Setting, one View and one picture; cached.

    There are pauses between the stages; `draw` makes none.

    Args:
        picture: as decoded; the view's working size is applied here.
        shown_px: longer side a map is drawn with, in device pixels.
        compare_cpu: also measure on the CPU, if the view's device is another one.

    Raises:
        Mismatch: if the view asks for the difference of maps of different shapes.
        TooLarge: if the maps would take more than one request may take.
    """
    look, minus, others = looked_at(lesson, setting, view, picture)
    key = key_of(lesson, setting, view, picture, shown_px, compare_cpu)
    drawn = _DRAWN.get(key)
    if drawn is None:
        asked = (others, shown_px, compare_cpu)
        drawn = Buffer((yield from _where_it_fits(lesson, look, minus, *asked)))
        _DRAWN.put(key, drawn)
    return drawn


draw = unsliced(draw_slices)


def looked_at(
    lesson: Lesson[Any], setting: Setting, view: View, picture: Picture
) -> tuple[Look, Look | None, tuple[Picture, ...]]:
    """What to draw, what to subtract from it, and the pictures beside it."""
    now = Look(setting, view, picture)
    look = pinned(lesson, now) if view.showing == "pinned" else now
    minus = pinned(lesson, now) if view.showing == "difference" else None
    return look, minus, beside(view)


def key_of(
    lesson: Lesson[Any],
    setting: Setting,
    view: View,
    picture: Picture,
    shown_px: int,
    compare_cpu: bool = False,
) -> Hashable:
    """Equal for equal buffers: what `draw` caches them under, and what the queue shares work by."""
    look, minus, others = looked_at(lesson, setting, view, picture)
    return (
        lesson.slug,
        look.key,
        minus and minus.key,
        (view.channel, *(each.key for each in others)) if others else None,
        shown_px,
        compare_cpu,
    )


def ready(key: Hashable) -> Buffer | None:
    """The buffer that `draw` has cached under a key of `key_of`; nothing is computed."""
    return _DRAWN.get(key)


def beside(view: View) -> tuple[Picture, ...]:
    """The other pictures in view, without evicted ones. A and B − A are shown alone."""
    if view.showing != "now":
        return ()
    found = (images.find(key) for key in view.other_keys)
    return tuple(picture for picture in found if picture is not None)


def pinned(lesson: Lesson[Any], now: Look) -> Look:
    """What was pinned as A, or `now`; an evicted picture is replaced by that of `now`."""
    if not now.view.pinned:
        return now
    view, setting = lesson.read(now.view.pinned_query)
    return Look(setting, view, images.find(view.picture) or now.picture)


def _where_it_fits(
    lesson: Lesson[Any],
    look: Look,
    minus: Look | None,
    others: tuple[Picture, ...],
    shown_px: int,
    compare_cpu: bool,
) -> Slices[bytes]:
    """The buffer, on the CPU if the device has no room for what is done besides the stages."""
    device = devices.chosen(look.view.device)
    try:
        return (yield from _drawn(lesson, look, minus, others, shown_px, compare_cpu))
    except (RuntimeError, MemoryError) as error:
        if not devices.is_out_of_memory(error) or device.type == "cpu":
            raise
    forget(device)
    less = minus and minus.on_cpu
    return (yield from _drawn(lesson, look.on_cpu, less, others, shown_px, False, ON_CPU))


@torch.inference_mode()
def _drawn(
    lesson: Lesson[Any],
    look: Look,
    minus: Look | None,
    others: tuple[Picture, ...],
    shown_px: int,
    compare_cpu: bool,
    notice: str = "",
) -> Slices[bytes]:
    view = look.view
    picture, device, made = built_look(lesson, look)
    stage = chosen_stage(made.network, view)
    found = filters(made.network, stage)
    header = header_of(made, look.setting, stage, found)
    if notice:
        header["notice"] = notice
    wanted = {stage}
    if "groups" in header:  # the maps that a pool reads, for the bars at one pixel
        wanted.add(header["groups"]["stage"])
    yield
    done = yield from forward_slices(made.network, picture, device, upto=stage, wanted=wanted)
    classes = "classes" in header
    if minus is not None:
        difference = _difference(lesson, look, minus)
        block, first = packing.pack(difference, shown_px), difference[0]
    elif others:
        sizes = [picture, *(sized(each, view.working_size_px) for each in others)]
        channel = shown_channel(view, len(header["names"]))
        ones = yield from several(made.network, sizes, device, stage, channel)
        block, first = packing.pack_ragged(ones, shown_px, classes=classes), ones[0]
        header["side_by_side"] = {
            "names": [each.name for each in sizes],
            "keys": [each.key for each in sizes],
            "shapes": [list(each.shape) for each in ones],
            "channel": channel,
            "reads": [_holes(made.network, each, stage) for each in sizes],
        }
    else:
        maps = done[stage].maps
        block, first = packing.pack(maps, shown_px, classes=classes), maps[0]
    if minus is None and classes:  # labels have no strength, what they name has
        first = done[header["groups"]["stage"]].maps[0]
    fact = stage_facts(made.network, tuple(picture.pixels.shape))[stage]
    field = ReceptiveField(fact["size"], fact["stride"], fact["padding"])
    height, width = picture.pixels.shape[-2:]
    header["rest"] = strongest_unit(first, field, (height, width))
    matrix = found.stacks.get("matrix")
    if matrix is not None and matrix.numel() <= MAX_WEIGHTS:
        header["weights"] = [round(weight, 6) for weight in matrix.flatten().tolist()]
    return canvas_buffer(
        made.network,
        picture,
        device,
        shown_px,
        stage=stage,
        filters=found.stacks,
        maps=block,
        header=header,
        compare_cpu=compare_cpu,
        done=done,
    )


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


def _difference(lesson: Lesson[Any], look: Look, minus: Look) -> Tensor:
    maps, less = subtracted(lesson, look, minus)
    with torch.inference_mode():
        return maps - less


def subtracted(lesson: Lesson[Any], look: Look, minus: Look) -> tuple[Tensor, Tensor]:
    """The maps of both sides of a difference, on one device.

    Raises:
        Mismatch: if their shapes differ.
    """
    maps, less = _maps(lesson, look), _maps(lesson, minus)
    if maps.shape != less.shape:
        raise Mismatch(f"maps of {tuple(maps.shape)} less maps of {tuple(less.shape)}")
    return maps, less.to(maps.device)


def built_look(lesson: Lesson[Any], look: Look) -> tuple[Picture, torch.device, Built[Any]]:
    """The picture at its working size, the device, and the layers."""
    picture = sized(look.picture, look.view.working_size_px)
    device = devices.chosen(look.view.device)
    return picture, device, built(lesson, look.setting, picture, device, shown=look.view.stage)


def _maps(lesson: Lesson[Any], look: Look) -> Tensor:
    """The maps of the stage in view."""
    picture, device, made = built_look(lesson, look)
    with torch.inference_mode():
        stage = chosen_stage(made.network, look.view)
        return forward(made.network, picture, device, upto=stage)[stage].maps


def warm(lesson: Lesson[Any]) -> None:
    """Draws the initial view once, so that the first visitor's first step is not slow."""
    view, setting = lesson.read({})
    draw(lesson, setting, view, images.shipped.shipped(view.picture), 224)
