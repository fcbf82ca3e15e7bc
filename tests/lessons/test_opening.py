"""The opening of every lesson and section, and addresses relative to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz import images, lessons
from viz.lessons.lesson import Lesson
from viz.settings import Layers, Setting, as_text
from viz.view import View

ALL: dict[str, Lesson[Any]] = {each.slug: lessons.load(each.slug) for each in lessons.LESSONS}
PARTS = [(slug, part) for slug, lesson in ALL.items() for part in ("", *lesson.sections)]


@pytest.mark.parametrize(("slug", "part"), PARTS)
def test_an_opening_can_be_built_and_says_only_what_differs(slug: str, part: str):
    opening = ALL[slug].opening(part)
    plain = {name: as_text(control.default) for name, control in opening.controls.items()}
    for name, text in opening.texts.items():
        assert opening.controls[name].read(text) is not None, (name, text)
    assert not {"picture", "part"} & set(opening.fields)
    same = [
        name for name in opening.fields if name != "stage" and opening.texts[name] == plain[name]
    ]
    assert not same, "these are the defaults already"
    assert images.find(opening.picture) is not None
    _, setting = opening.read({})
    assert ALL[slug].outline(setting).setting == setting, "nothing is clamped"


@pytest.mark.parametrize("slug", ALL)
def test_the_first_section_opens_as_the_lesson_does(slug: str):
    for part in list(ALL[slug].sections)[:1]:
        assert ALL[slug].opening(part) == ALL[slug].opening()


@pytest.mark.parametrize(("slug", "part"), PARTS)
def test_a_section_and_nothing_else_is_its_opening(slug: str, part: str):
    lesson = ALL[slug]
    query = {"part": part} if part else {}
    view, setting = lesson.read(query)
    for name, value in lesson.opening(part).fields.items():
        assert getattr(view if name in View.controls() else setting, name) == value
    first = next(iter(lesson.sections), "")
    kept = {} if part == first else query
    assert lesson.query(view, setting) == {"picture": view.picture, **kept}


@pytest.mark.parametrize("slug", ALL)
@given(data=st.data())
def test_every_address_reads_back(slug: str, data: Any):
    """Of any Setting with every section, for to draw a Setting takes longer than to read it."""
    lesson = ALL[slug]
    drawn = data.draw(st.from_type(lesson.setting))
    view = data.draw(st.from_type(View))
    view = replace(view, picture=view.picture or "brick")
    for part in lesson.sections:
        setting = replace(drawn, part=part)
        assert lesson.read(lesson.query(view, setting)) == (view, setting)
    assert lesson.read(lesson.query(view, drawn)) == (view, drawn)


@pytest.mark.parametrize(("slug", "part"), PARTS)
def test_what_the_opening_switches_on_can_be_switched_off_for_good(slug: str, part: str):
    lesson = ALL[slug]
    for name in [name for name in lesson.opening(part).fields if name in lesson.setting.controls()]:
        off = as_text(lesson.setting.controls()[name].default)
        view, setting = lesson.read({"part": part, name: off})
        assert as_text(getattr(setting, name)) == off
        assert lesson.query(view, setting)[name] == off


@pytest.mark.parametrize(("slug", "part"), PARTS)
def test_what_no_address_may_say_is_the_opening(slug: str, part: str):
    lesson = ALL[slug]
    junk = dict.fromkeys(lesson.opening().controls, "<b>")
    assert lesson.read({**junk, "part": part}) == lesson.read({"part": part})


def chosen(setting: Setting) -> dict[str, object]:
    """Every field but a stack that a chosen network fills."""
    return {
        name: getattr(setting, name)
        for name, control in setting.controls().items()
        if not isinstance(control, Layers)
        or all(getattr(setting, other) == value for other, value in control.by_hand.items())
    }


@pytest.mark.parametrize(("slug", "part"), PARTS)
def test_views_to_try_differ_from_the_opening_and_from_one_another(slug: str, part: str):
    lesson, opening = ALL[slug], ALL[slug].opening(part)
    own = {"part": part} if part else {}
    seen = [lesson.read(own), *(lesson.read({**own, **view.texts}) for view in opening.views)]
    for view in opening.views:
        assert all(opening.controls[name].read(t) is not None for name, t in view.texts.items())
        assert "part" not in view.fields
    for at, one in enumerate(seen):
        assert one not in seen[:at]
        assert chosen(lesson.outline(one[1]).setting) == chosen(one[1]), "nothing is clamped"
        assert images.find(one[0].picture) is not None
        assert one[0].stage in ("", "picture", *lesson.outline(one[1]).names)
