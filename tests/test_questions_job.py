"""The questions of a lesson on a device that has no room for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from viz import devices
from viz.images import Picture
from viz.lessons.lab import LESSON
from viz.lessons.lab.setting import Setting
from viz.lessons.lesson import Scene
from viz.lessons.question import Number, Question
from viz.run.questions import questions, questions_key
from viz.text import text
from viz.view import View

Make = Callable[[Tensor], Picture]
QUESTION = Question("n", text("How many?"), Number(1, "", text("No.")), text("One."))


def tried(photo: Picture, faults: Mapping[str, Exception]) -> list[str]:
    """The devices on which they were asked for."""
    on: list[str] = []

    def asked(scene: Scene[Setting]) -> list[Question]:
        on.append(scene.pixels.device.type)
        if on[-1] in faults:
            raise faults[on[-1]]
        return [QUESTION]

    setting = Setting(pointwise_recipe="random")  # no recipe reads numbers
    found = questions(replace(LESSON, questions=asked), setting, View(), photo)
    assert found == (QUESTION,)
    return on


def test_a_device_without_room_is_left_for_the_cpu(
    monkeypatch: pytest.MonkeyPatch, picture: Make
) -> None:
    monkeypatch.setattr(devices, "chosen", lambda _: torch.device("meta"))
    photo = picture(torch.rand(3, 12, 12))
    assert tried(photo, {}) == ["meta"]
    assert tried(photo, {"meta": torch.OutOfMemoryError()}) == ["meta", "cpu"]
    with pytest.raises(torch.OutOfMemoryError):
        tried(photo, {"meta": torch.OutOfMemoryError(), "cpu": torch.OutOfMemoryError()})
    with pytest.raises(RuntimeError, match="shapes"):
        tried(photo, {"meta": RuntimeError("shapes")})


def test_questions_are_equal_for_equal_views_only(picture: Make) -> None:
    photo, other = picture(torch.rand(3, 12, 12)), picture(torch.rand(3, 12, 12))
    setting, view = Setting(), View()
    key = questions_key(LESSON, setting, view, photo)
    assert key == questions_key(LESSON, Setting(), View(card="predict"), photo)
    assert key != questions_key(LESSON, setting, view, other)
    assert key != questions_key(LESSON, Setting(stride=3), view, photo)
    assert key != questions_key(LESSON, setting, View(stage="strided"), photo)
