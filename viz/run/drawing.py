"""From an address to the buffer that a canvas draws, for the page and the route."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import torch
from torch import Tensor, nn

from viz import devices, images
from viz.bounded_cache import BoundedCache
from viz.geometry import ReceptiveField
from viz.images import Picture
from viz.lessons.lesson import Lesson
from viz.reads import strongest_unit
from viz.run import canvas_buffer
from viz.run.branch_fields import fields_of_branches
from viz.run.buffer import Buffer
from viz.run.building import chosen_stage
from viz.run.facts import stage_facts
from viz.run.filters import Filters, filters
from viz.run.header import diagram_of, header_of
from viz.run.in_view import in_view
from viz.run.look import Shown, built_look, looked_at
from viz.run.stages import ON_CPU, Slices, forget, forward_slices, unsliced
from viz.settings import Setting
from viz.view import View

_DRAWN: BoundedCache[Hashable, Buffer] = BoundedCache(64 * 2**20, size_of=len)
MAX_WEIGHTS = 256  # of a matrix whose numbers are written into its cells


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
    key = key_of(lesson, setting, view, picture, shown_px, compare_cpu)
    drawn = _DRAWN.get(key)
    if drawn is None:
        shown = looked_at(lesson, setting, view, picture)
        drawn = Buffer((yield from _where_it_fits(lesson, shown, shown_px, compare_cpu)))
        _DRAWN.put(key, drawn)
    return drawn


draw = unsliced(draw_slices)


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


def _where_it_fits(
    lesson: Lesson[Any], shown: Shown, shown_px: int, compare_cpu: bool
) -> Slices[bytes]:
    """The buffer, on the CPU if the device has no room for what is done besides the stages."""
    device = devices.chosen(shown.look.view.device)
    try:
        return (yield from _drawn(lesson, shown, shown_px, compare_cpu))
    except (RuntimeError, MemoryError) as error:
        if not devices.is_out_of_memory(error) or device.type == "cpu":
            raise
    forget(device)
    return (yield from _drawn(lesson, shown.on_cpu, shown_px, False, ON_CPU))


@torch.inference_mode()
def _drawn(
    lesson: Lesson[Any], shown: Shown, shown_px: int, compare_cpu: bool, notice: str = ""
) -> Slices[bytes]:
    picture, device, made = built_look(lesson, shown.look)
    stage = chosen_stage(made.network, shown.look.view)
    found = filters(made.network, stage) if made.has_filters(stage) else Filters({})
    header = header_of(made, shown.look.setting, stage, found)
    shape = tuple(picture.pixels.shape)
    header |= diagram_of(lesson, made, shape)
    header |= fields_of_branches(made.network, stage, header["marks"], shape)
    yield
    read = {header["groups"]["stage"]} if "groups" in header else set()  # for the bars of a pool
    done = yield from forward_slices(
        made.network, picture, device, upto=stage, wanted={stage, *read}
    )
    drawn = yield from in_view(lesson, shown, made, stage, done[stage].maps, shown_px)
    # labels have no strength, but the maps that they are chosen from do
    labels = shown.minus is None and "classes" in header
    strength = done[header["groups"]["stage"]].maps[0] if labels else drawn.first
    header |= {**drawn.header, **_weights(found.stacks.get("matrix"))}
    header["rest"] = _at_rest(made.network, stage, picture, strength)
    if notice:
        header["notice"] = notice
    return canvas_buffer(
        made.network,
        picture,
        device,
        shown_px,
        stage=stage,
        filters=found.stacks,
        maps=drawn.block,
        header=header,
        compare_cpu=compare_cpu,
        done=done,
    )


def _at_rest(
    network: nn.Sequential, stage: str, picture: Picture, strength: Tensor
) -> tuple[int, int]:
    """The unit that is looked at until another one is pointed at."""
    fact = stage_facts(network, tuple(picture.pixels.shape))[stage]
    field = ReceptiveField(fact["size"], fact["stride"], fact["padding"])
    height, width = picture.pixels.shape[-2:]
    return strongest_unit(strength, field, (height, width))


def _weights(matrix: Tensor | None) -> dict[str, list[float]]:
    """The numbers of a small matrix, which are written into its cells."""
    if matrix is None or matrix.numel() > MAX_WEIGHTS:
        return {}
    return {"weights": [round(weight, 6) for weight in matrix.flatten().tolist()]}


def warm(lesson: Lesson[Any]) -> None:
    """Draws the initial view once, so that the first visitor's first step is not slow."""
    view, setting = lesson.read({})
    draw(lesson, setting, view, images.shipped.shipped(view.picture), 224)
