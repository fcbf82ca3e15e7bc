"""What maps stand for: made where names are made, kept by copies, lost in mixtures."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import torch
from looking import noise

from viz import lessons
from viz.lessons.cross_channel_pooling.setting import Setting as PoolingSetting
from viz.lessons.lab.setting import Setting
from viz.lessons.lesson import Lesson
from viz.lessons.pointwise.setting import Setting as PointwiseSetting
from viz.lessons.stage import COLOURS, Channels, Stage
from viz.marks import Mark, oriented, phased
from viz.run import drawing
from viz.settings import Setting as BaseSetting
from viz.view import View

LAB, POOLING, POINTWISE = map(lessons.load, ("lab", "cross_channel_pooling", "pointwise"))
FOUR = oriented([0, 45, 90, 135])


def marks(lesson: Lesson[Any], setting: BaseSetting, stage: str) -> tuple[Mark, ...]:
    channels = lesson.outline(setting)[stage].channels
    assert len(channels.marks) in (0, channels.size)
    return channels.marks


def header(setting: Setting, stage: str, picture: Any) -> dict[str, Any]:
    view = View(working_size_px=64, stage=stage)
    buffer = drawing.draw(LAB, setting, view, picture(noise(40, 30)), 64)
    found: dict[str, Any] = json.loads(buffer[4 : 4 + int.from_bytes(buffer[:4], "little")])
    return found


def test_pooled_over_orientations_maps_stand_for_phases_and_for_no_orientation(picture):
    setting = Setting(orientations=3, phases=4, pool_over="orientations")
    assert marks(LAB, setting, "pooling") == phased([0, 90, 180, 270])
    sent = header(setting, "pooling", picture)
    assert sent["marks"] == [["phase", degrees] for degrees in (0, 90, 180, 270)]
    assert sent["kernel_marks"] == [["orientation", 60 * (n // 4)] for n in range(12)]


def test_pooled_over_phases_maps_stand_for_orientations(picture):
    setting = Setting(orientations=4, phases=2, pool_over="phases")
    assert marks(LAB, setting, "bank") == tuple(mark for mark in FOUR for _ in range(2))
    assert marks(LAB, setting, "rectifier") == marks(LAB, setting, "bank")
    assert marks(LAB, setting, "pooling") == FOUR
    sent = header(setting, "pooling", picture)
    assert sent["marks"] == [list(mark) for mark in FOUR]
    assert sent["input_marks"] == [list(mark) for mark in FOUR for _ in range(2)]


def test_copies_stand_for_the_same_and_mixtures_for_nothing():
    copied = Setting(pointwise=False, strided_recipe="swap", strided_outputs=3)
    assert marks(LAB, copied, "strided") == FOUR[:0:-1]
    by_hand = replace(copied, strided_edits=((0, 0, 5),))
    assert marks(LAB, by_hand, "strided") == ()
    for recipe in ("random", "average", "principal", "whitening"):
        assert marks(LAB, replace(copied, strided_recipe=recipe), "strided") == ()
    assert marks(LAB, replace(copied, pool_over="channels", group=4), "pooling") == ()


@pytest.mark.parametrize(
    ("recipe", "kept"),
    [("identity", True), ("sepia", True), ("opponent", False), ("whitening", False)],
)
def test_colours_stand_for_themselves_until_they_are_mixed(recipe, kept):
    setting = PointwiseSetting(bank="rgb", pointwise_recipe=recipe, groups=1)
    assert marks(POINTWISE, setting, "bank") == COLOURS.marks
    assert marks(POINTWISE, setting, "pointwise") == (COLOURS.marks if kept else ())


def test_a_shuffle_takes_marks_along_and_a_group_of_anything_stands_for_nothing():
    before = POOLING.outline(PoolingSetting())["bank"].channels
    shuffled = POOLING.outline(PoolingSetting(shuffled=True))["order"].channels
    known = dict(zip(before.names, before.marks, strict=True))
    assert shuffled.names != before.names
    assert shuffled.marks == tuple(known[name] for name in shuffled.names)
    assert marks(POOLING, PoolingSetting(shuffled=True), "pooling") == ()
    assert marks(POOLING, PoolingSetting(group=2), "pooling") == before.marks[::2]
    units = PoolingSetting(kind="maxout", units=7)
    assert marks(POOLING, units, "pooling") == (before.marks[::10] * 2)[:7]
    assert marks(POOLING, replace(units, maxout_weights="random"), "pooling") == ()


class Misleading(Stage[Setting]):
    """Maps with names that look like orientations."""

    name = "misleading"

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        return Channels(("0°", "45°", "R"))

    def title(self, setting: Setting, arriving: Channels) -> Any:
        return self.name

    def build(self, setting: Setting, inflow: Any) -> torch.nn.Module:
        return torch.nn.Identity()


def test_names_that_look_like_orientations_mean_nothing(picture):
    lesson = replace(LAB, slug="misleading", stages=lambda _: (Misleading(),))
    view = View(working_size_px=64, stage="misleading")
    buffer = drawing.draw(lesson, Setting(), view, picture(noise(40, 30)), 64)
    sent = json.loads(buffer[4 : 4 + int.from_bytes(buffer[:4], "little")])
    assert (sent["names"], sent["marks"]) == (["0°", "45°", "R"], [])
