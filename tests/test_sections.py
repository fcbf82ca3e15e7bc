"""A section on a device that has no room for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from viz import devices
from viz.images import Picture
from viz.lessons.blocks import Block, Prose
from viz.lessons.lab import LESSON
from viz.lessons.lab.setting import Setting
from viz.lessons.lesson import Scene, Section, finished
from viz.progress import Progress, Steps
from viz.run.sections import section
from viz.text import text
from viz.view import View

Make = Callable[[Tensor], Picture]


@pytest.fixture
def accelerator(monkeypatch: pytest.MonkeyPatch) -> str:
    """A device that is no CPU on every machine."""
    monkeypatch.setattr(devices, "chosen", lambda _: torch.device("meta"))
    return "meta"


def computed(
    photo: Picture, faults: Mapping[str, Exception]
) -> tuple[Sequence[Block] | Exception, list[str]]:
    """What a section shows, or raises, and the devices it was computed on."""
    tried: list[str] = []

    def show(scene: Scene[Setting]) -> list[Block]:
        tried.append(scene.pixels.device.type)
        if tried[-1] in faults:
            raise faults[tried[-1]]
        return [Prose(text("It fits."))]

    lesson = replace(LESSON, sections={"only": Section(show)})
    setting = Setting(pointwise_recipe="random")  # no recipe reads numbers
    steps: Any = section(lesson, "only", setting, View(), photo)
    try:
        return finished(steps), tried
    except RuntimeError as error:
        return error, tried


def test_where_the_device_has_no_room_it_is_computed_on_the_cpu(picture: Make, accelerator: str):
    photo = picture(torch.rand(3, 4, 5))
    blocks, tried = computed(photo, {accelerator: torch.OutOfMemoryError()})
    assert blocks == (Prose(text("It fits.")),)
    assert tried == [accelerator, "cpu"]


def test_another_error_is_not_taken_for_it(picture: Make, accelerator: str):
    fault = RuntimeError("a shape that does not fit")
    assert computed(picture(torch.rand(3, 5, 5)), {accelerator: fault}) == (fault, [accelerator])


def test_the_cpu_is_not_tried_twice(picture: Make, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(devices, "chosen", lambda _: torch.device("cpu"))
    fault = torch.OutOfMemoryError()
    assert computed(picture(torch.rand(3, 5, 4)), {"cpu": fault}) == (fault, ["cpu"])


def test_the_newest_blocks_are_packed_once_and_are_new_only_if_the_section_says_so(picture: Make):
    """The page draws a chart again whenever it gets another object."""
    first, second = [Prose(text("One."))], [Prose(text("Two."))]

    def show(scene: Scene[Setting]) -> Steps[Sequence[Block]]:
        for newest in (first, first, None, second):
            yield Progress(0.5, text("Learning"), newest)
        return []

    lesson = replace(LESSON, sections={"only": Section(show)})
    photo = picture(torch.rand(3, 4, 5))
    said = [each.newest for each in section(lesson, "only", Setting(), View(), photo)]
    assert said == [first, first, None, second]
    assert said[0] is said[1]
