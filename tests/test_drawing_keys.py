"""By what buffers are kept and shared: what changes them is in the key, what does not is not."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pytest

from viz import images, lessons
from viz.run import drawing, pictures
from viz.view import View

BESIDE = {"others": "chelsea"}
DIFFERENCE = {"showing": "difference", "pinned": "stride=3"}
PINNED = {"showing": "pinned", "pinned": "stride=3"}


def key(
    query: dict[str, str], slug: str = "lab", shown_px: int = 64, compare_cpu: bool = False
) -> Hashable:
    lesson = lessons.load(slug)
    view, setting = lesson.read(query)
    picture = images.find(view.picture)
    assert picture is not None
    return drawing.key_of(lesson, setting, view, picture, shown_px, compare_cpu)


@pytest.mark.parametrize(
    ("query", "change"),
    [
        ({}, {"picture": "chelsea"}),
        ({}, {"working_size_px": "128"}),
        ({}, {"device": "cuda"}),
        ({}, {"stage": "bank"}),
        ({}, {"stride": "3"}),
        ({}, BESIDE),
        (BESIDE, {"others": "brick"}),
        (BESIDE, {"others": "chelsea.brick"}),
        (BESIDE, {"channel": "1"}),
        ({}, DIFFERENCE),
        (DIFFERENCE, {"pinned": "stride=4"}),
        (DIFFERENCE, {"stride": "4"}),
        (DIFFERENCE, {"pinned": "stride=3&picture=chelsea"}),
        ({}, PINNED),
        (PINNED, {"pinned": "stride=4"}),
    ],
)
def test_what_changes_the_maps_is_in_the_key(query: dict[str, str], change: dict[str, str]):
    assert key(query) != key({**query, **change})


@pytest.mark.parametrize("change", [{"slug": "strided"}, {"shown_px": 32}, {"compare_cpu": True}])
def test_what_changes_the_buffer_is_in_the_key(change: dict[str, Any]):
    assert key({}) != key({}, **change)


@pytest.mark.parametrize(
    ("query", "change"),
    [
        ({}, {"scale": "own"}),
        ({}, {"unit": "0.1.2"}),
        ({}, {"card": "proof"}),
        ({}, {"channel": "3"}),
        ({}, {"pinned": "stride=3"}),
        (PINNED, {"stride": "5"}),
        (PINNED, {"others": "brick"}),
        (DIFFERENCE, {"others": "brick"}),
    ],
)
def test_what_does_not_change_the_maps_is_not(query: dict[str, str], change: dict[str, str]):
    assert key(query) == key({**query, **change})


def test_what_was_drawn_is_ready_under_its_key():
    lab, picture = lessons.load("lab"), images.find("coffee")
    assert picture is not None
    asked = (lab, lab.setting(stride=7), View(working_size_px=64), picture, 64)
    assert drawing.ready(drawing.key_of(*asked)) is None
    drawn = drawing.draw(*asked)
    assert drawing.ready(drawing.key_of(*asked)) is drawn
    assert drawing.draw(*asked) is drawn


def test_a_thumbnail_is_not_the_picture_at_that_size():
    picture = images.find("chelsea")
    assert picture is not None
    small, square = (pictures.png(picture, 64, thumbnail=each) for each in (False, True))
    assert small != square
    for thumbnail, drawn in ((False, small), (True, square)):
        assert pictures.ready_png(pictures.png_key(picture, 64, thumbnail=thumbnail)) is drawn
