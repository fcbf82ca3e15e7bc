"""Claims, sections and questions where layers and pixels must go to another device, as on a GPU."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from far_device import FarTensor, far_device
from test_every_lesson import inside

from viz import devices
from viz.images import Picture
from viz.images.shipped import shipped
from viz.lessons import LESSONS, load
from viz.run import compare
from viz.run.building import sized
from viz.run.questions import questions
from viz.run.sections import section
from viz.run.stages import finished
from viz.view import View

SIDE = 48
# They take seconds, and what they compute on is the CPU, as the tests of their trainings say.
NOT_SHOWN = {("reduction", "task"), ("network_in_network", "head"), ("reduction", "train")}
SECTIONS = [
    (entry.slug, name)
    for entry in LESSONS
    for name in load(entry.slug).sections
    if (entry.slug, name) not in NOT_SHOWN
]


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> torch.device:
    device = far_device()
    monkeypatch.setattr(devices, "available", lambda: (device.type, "cpu"))
    return device


@pytest.fixture(scope="module")
def photo() -> Picture:
    return sized(shipped("coffee"), SIDE)


def test_tensors_of_two_devices_do_not_meet(far: torch.device):
    near = torch.rand(3, 5, 4)
    x = near.to(far)
    assert isinstance(x, FarTensor)
    assert x.device == far
    for meet in (lambda: x + near, lambda: near @ x.mT, lambda: F.conv2d(x, near[None])):
        with pytest.raises(RuntimeError, match="same device"):
            meet()
    with pytest.raises(TypeError, match="numpy"):
        x.numpy()
    assert torch.equal((x + 1).cpu(), near + 1)


@pytest.mark.parametrize("slug", [entry.slug for entry in LESSONS])
@torch.inference_mode()
def test_claims_hold_there(slug: str, far: torch.device, photo: Picture):
    lesson = load(slug)
    rows = compare(lesson.claims(lesson.setting(), photo.pixels), photo, far)
    assert all(row.holds for row in rows), rows


@pytest.mark.parametrize(("slug", "name"), SECTIONS)
@torch.inference_mode()
def test_sections_are_shown_there(slug: str, name: str, far: torch.device, photo: Picture):
    lesson = load(slug)
    view = View(device=far.type, working_size_px=SIDE)
    steps: Any = section(lesson, name, lesson.setting(), view, photo)
    blocks = finished(steps)
    assert blocks
    assert not any(isinstance(each, FarTensor) for each in inside(blocks))


@pytest.mark.parametrize("slug", [entry.slug for entry in LESSONS])
@torch.inference_mode()
def test_questions_are_asked_there(slug: str, far: torch.device, photo: Picture):
    lesson = load(slug)
    view = View(device=far.type, working_size_px=SIDE)
    assert questions(lesson, lesson.setting(), view, photo)
