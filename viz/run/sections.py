"""Computes a section of a lesson on a device and returns it as data, in one job."""

from __future__ import annotations

from collections.abc import Generator, Hashable, Sequence
from functools import partial
from typing import Any

import torch

from viz import devices
from viz.images import Picture
from viz.lessons.blocks import Block, with_arrays
from viz.lessons.lesson import Lesson, Scene, Unit
from viz.progress import Progress, Steps
from viz.run.building import built, chosen_stage, through_cache
from viz.run.long_jobs import long_job
from viz.run.panels import packed
from viz.settings import Setting
from viz.view import View

Blocks = tuple[Block, ...]


def section_key(
    lesson: Lesson[Any], name: str, setting: Setting, view: View, picture: Picture
) -> Hashable:
    """Equal for equal sections."""
    looked_at = (picture.key, tuple(picture.pixels.shape), view.working_size_px, view.device)
    return ("section", lesson.slug, name, setting.digest, *looked_at, view.stage, view.unit)


def section(
    lesson: Lesson[Any], name: str, setting: Setting, view: View, picture: Picture
) -> Steps[Blocks]:
    """The blocks of a section, with maps packed and tensors as arrays.

    Args:
        picture: at the working size.

    Yields:
        Progress, if it takes long.

    Raises:
        TooLarge: if the lesson's maps would take more than one request may take.
    """
    work = partial(_where_it_fits, lesson, name, setting, view, picture)
    if not lesson.sections[name].is_cached:
        return (yield from work())
    return (yield from long_job(section_key(lesson, name, setting, view, picture), work))


def _where_it_fits(
    lesson: Lesson[Any], name: str, setting: Setting, view: View, picture: Picture
) -> Steps[Blocks]:
    show, on = lesson.sections[name].show, partial(scene, lesson, setting, view, picture)
    device = devices.chosen(view.device)
    try:
        return (yield from _computed(show(on(device))))
    except (RuntimeError, MemoryError) as error:
        if not devices.is_out_of_memory(error) or device.type == "cpu":
            raise
    return (yield from _computed(show(on(torch.device("cpu")))))


def scene(
    lesson: Lesson[Any], setting: Setting, view: View, picture: Picture, device: torch.device
) -> Scene[Any]:
    """The input of a section: the picture on the device, and layers whose maps are cached."""
    made = built(lesson, setting, picture, device)
    unit = view.unit_index
    return Scene(
        lesson,
        made,
        picture.pixels.to(device),
        unit=Unit(chosen_stage(made.network, view), *unit) if unit else None,
        picture=picture.key,
        working_size_px=view.working_size_px,
        through=through_cache(picture, device),
        chosen=view.stage,
    )


def _computed(shown: Sequence[Block] | Steps[Sequence[Block]]) -> Steps[Blocks]:
    if not isinstance(shown, Generator):
        return tuple(with_arrays(block, packed) for block in shown)
    newest: object = None
    newest_packed: Any = None
    while True:
        try:
            progress = next(shown)
        except StopIteration as end:
            return tuple(with_arrays(block, packed) for block in end.value)
        if progress and progress.newest is not newest:  # the page draws what is another object
            newest, newest_packed = progress.newest, with_arrays(progress.newest, packed)
        yield Progress(progress.fraction, progress.sentence, newest_packed) if progress else None
