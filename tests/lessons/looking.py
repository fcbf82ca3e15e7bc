"""Pictures for the tests of lessons, and what the stages of a lesson make of them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

import torch
from torch import Tensor

from viz import images
from viz.lessons.lesson import Lesson
from viz.settings import Setting


def noise(height: int = 24, width: int = 20, seed: int = 0, channels: int = 3) -> Tensor:
    return torch.rand(channels, height, width, generator=torch.Generator().manual_seed(seed))


def shipped(slug: str, size_px: int = 224) -> Tensor:
    found = images.find(slug)
    assert found is not None
    return images.at_working_size(found, size_px).pixels


T = TypeVar("T")


def ended(steps: Generator[Any, None, T]) -> T:
    """The result of work in steps, done without a pause."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


def leaving(lesson: Lesson[Any], setting: Setting, pixels: Tensor) -> dict[str, Tensor]:
    """What leaves every stage that is switched on."""
    maps = {}
    for name, module in lesson.network(setting, pixels).named_children():
        pixels = maps[name] = module(pixels)
    return maps


def channel_names(lesson: Lesson[Any], setting: Setting) -> dict[str, list[str]]:
    """What the channels that leave every stage are called, on or off."""
    return {each.name: list(each.channels.names) for each in lesson.outline(setting).stages}


def shown(lesson: Lesson[Any], setting: Setting) -> list[str]:
    """The controls that every stage shows now."""
    return [name for each in lesson.outline(setting).stages for name in each.controls]


def title(lesson: Lesson[Any], setting: Setting, stage: str) -> str:
    """What the chip of a stage says, in English."""
    return str(lesson.outline(setting)[stage].title)


PICTURES = {
    "noise": lambda: noise(40, 31),
    "black": lambda: torch.zeros(3, 20, 20),
    "white": lambda: torch.ones(3, 20, 20),
    "grey": lambda: torch.full((3, 20, 20), 0.1),
    "one pixel": lambda: noise(1, 1),
    "photograph": lambda: shipped("coffee", 96),
    "zone plate": lambda: shipped("zone_plate", 96),
    "stripes": lambda: shipped("stripes", 96),
}


def stage_names(lesson: Lesson[Any]) -> list[str]:
    """The stages of a lesson in data order, on or off."""
    return lesson.outline(lesson.setting()).names
