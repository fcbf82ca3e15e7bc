"""The exact values at one position of the maps: what a canvas says of one unit.

A canvas has one byte a pixel, and averages where it shows maps smaller than they are. The largest
of averages is not the largest of values, so a winner read off them would change with the window.
"""

from __future__ import annotations

import json
import math
from collections.abc import Hashable
from typing import Any

import torch
from torch import Tensor

from viz.bounded_cache import BoundedCache
from viz.images import Picture
from viz.lessons.lesson import Built, Lesson
from viz.run.buffer import Buffer
from viz.run.building import chosen_stage, sized
from viz.run.drawing import key_of as maps_key
from viz.run.header import stage_before
from viz.run.in_view import several, shown_channel, subtracted
from viz.run.look import Look, built_look, looked_at
from viz.run.stages import Slices, forward_slices, unsliced
from viz.settings import Setting
from viz.view import View

Place = tuple[int, int]  # row, column

_COLUMNS: BoundedCache[Hashable, Buffer] = BoundedCache(2**20, size_of=len)


class Outside(ValueError):
    """Raised for a position that the maps do not have."""


def column_slices(
    lesson: Lesson[Any], setting: Setting, view: View, picture: Picture, place: Place
) -> Slices[Buffer]:
    """The values of the drawn maps at one position as JSON; cached.

    Args:
        picture: as decoded; the view's working size is applied here.
        place: row and column of the maps.

    Returns:
        `values`, one float32 a drawn map, and for a pool over channels `inputs`, one for each map
        that it reads; null for a value that is not finite or that a map does not have.

    Raises:
        Outside: if no map has such a position.
        Mismatch, TooLarge: as for `drawing.draw`.
    """
    key = key_of(lesson, setting, view, picture, place)
    found = _COLUMNS.get(key)
    if found is None:
        look, minus, others = looked_at(lesson, setting, view, picture)
        if others:
            columns = yield from _side_by_side(lesson, look, others, place)
        else:
            columns = yield from _column(lesson, look, minus, place)
        text = {name: [_plain(value) for value in values] for name, values in columns.items()}
        found = Buffer(json.dumps(text, separators=(",", ":"), allow_nan=False).encode())
        _COLUMNS.put(key, found)
    return found


column = unsliced(column_slices)


def key_of(
    lesson: Lesson[Any], setting: Setting, view: View, picture: Picture, place: Place
) -> Hashable:
    """Equal for equal columns: what they are cached under, and what the queue shares work by."""
    return ("column", maps_key(lesson, setting, view, picture, 0), place)


def ready(key: Hashable) -> Buffer | None:
    """The column that is cached under a key of `key_of`; nothing is computed."""
    return _COLUMNS.get(key)


@torch.inference_mode()
def _column(
    lesson: Lesson[Any], look: Look, minus: Look | None, place: Place
) -> Slices[dict[str, list[float | None]]]:
    picture, device, made = built_look(lesson, look)
    network, stage = made.network, chosen_stage(made.network, look.view)
    read = _read_by_pool(made, stage)
    yield
    done = yield from forward_slices(network, picture, device, upto=stage, wanted={stage, read})
    values = _at(done[stage].maps, place)
    if minus is not None:
        maps, less = subtracted(lesson, look, minus)
        values = _at(maps, place) - _at(less, place)
    column = {"values": values.tolist()}
    if read:
        column["inputs"] = _at(done[read].maps, place).tolist()
    return column


def _read_by_pool(made: Built[Any], stage: str) -> str:
    """The stage whose maps a pool over channels reads; empty if the stage is no such pool."""
    if stage == "picture" or made.outline[stage].groups is None:
        return ""
    return stage_before(made.network, stage)


@torch.inference_mode()
def _side_by_side(
    lesson: Lesson[Any], look: Look, others: tuple[Picture, ...], place: Place
) -> Slices[dict[str, list[float | None]]]:
    """The drawn map of each picture; those of other sizes may not have the position."""
    picture, device, made = built_look(lesson, look)
    stage = chosen_stage(made.network, look.view)
    pictures = [picture, *(sized(each, look.view.working_size_px) for each in others)]
    channels = 3 if stage == "picture" else made.outline[stage].channels.size
    channel = shown_channel(look.view, channels)
    maps = yield from several(made.network, pictures, device, stage, channel)
    values = [float(one[place]) if _has(one, place) else None for one in maps]
    if all(value is None for value in values):
        raise Outside(place)
    return {"values": values}


def _at(maps: Tensor, place: Place) -> Tensor:
    if not _has(maps, place):
        raise Outside(place)
    return maps[:, place[0], place[1]].cpu()


def _has(maps: Tensor, place: Place) -> bool:
    return place[0] < maps.shape[-2] and place[1] < maps.shape[-1]


def _plain(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
