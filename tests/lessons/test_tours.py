"""The guided tours: every step has its words, can be shown, and lights only what is there."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from looking import ended

from viz import images, lessons
from viz.lessons.lesson import Lesson
from viz.lessons.tour import LIGHT, Step
from viz.run import building, drawing
from viz.run.sections import section
from viz.settings import Setting
from viz.ui.text import passage, tour_texts
from viz.view import View

ALL: dict[str, Lesson[Any]] = {each.slug: lessons.load(each.slug) for each in lessons.LESSONS}
STEPS = [(slug, n) for slug, lesson in ALL.items() for n in range(len(lesson.tour))]
every_lesson = pytest.mark.parametrize("lesson", ALL.values(), ids=list(ALL))
every_step = pytest.mark.parametrize(("slug", "n"), STEPS)


@every_lesson
def test_a_tour_has_five_to_eight_steps_and_a_text_for_each(lesson: Lesson[Any]):
    titles = [step.title for step in lesson.tour]
    assert 5 <= len(titles) <= 8
    assert list(tour_texts(lesson.slug)) == titles
    assert passage(lesson.slug, "Tour").startswith("### ")


@every_lesson
def test_its_words_are_few_and_plain(lesson: Lesson[Any]):
    for title, words in tour_texts(lesson.slug).items():
        assert len(title.split()) <= 5, title
        assert 60 <= len(words) <= 190, (title, len(words))
        assert len(re.findall(r"[.?](?:\s|$)", words)) == 2, title
        assert not re.search(r"[_`\[\n#]|(?<!\*)\*(?!\*)", words), f"{title}: only bold is known"


@every_lesson
def test_steps_differ(lesson: Lesson[Any]):
    shown = [(lesson.query_of(step), step.light) for step in lesson.tour]
    assert all(one not in shown[:at] for at, one in enumerate(shown))


@every_step
def test_a_step_is_an_address_and_says_only_what_differs(slug: str, n: int):
    lesson, step = ALL[slug], ALL[slug].tour[n]
    query = lesson.query_of(step)
    part = step.texts.get("part", "")
    assert query == step.texts or part == next(iter(lesson.sections))
    assert "picture" not in step.fields
    view, setting = lesson.read({**query, "tour": str(n + 1)})
    for name, value in step.fields.items():
        assert getattr(view if name in View.controls() else setting, name) == value, name
    assert view.picture == (step.picture or lesson.opening(part).picture)
    assert images.find(view.picture) is not None
    kept = lesson.query(view, setting)
    assert {**kept, **query} == kept


@every_step
def test_a_step_is_drawn_with_all_that_it_lights(slug: str, n: int):
    lesson, step = ALL[slug], ALL[slug].tour[n]
    view, asked = lesson.read(lesson.query_of(step))
    outline = lesson.outline(asked)
    assert chosen(step, outline.setting) == chosen(step, asked), "nothing is clamped"
    picture = images.find(view.picture)
    assert picture is not None
    head = header(drawing.draw(lesson, asked, view, picture, 112))
    assert step.light
    for name in step.light:
        assert LIGHT.fullmatch(name), name
        assert is_there(name, head, view, lesson), name
    if "section" in step.light:
        small = building.sized(picture, view.working_size_px)
        assert ended(section(lesson, asked.part, outline.setting, view, small))


def chosen(step: Step, setting: Setting) -> dict[str, object]:
    """What a step says of the Setting."""
    return {name: getattr(setting, name) for name in step.fields if name in setting.controls()}


def header(buffer: bytes) -> dict[str, Any]:
    """What the canvas knows about its maps."""
    found: dict[str, Any] = json.loads(buffer[4 : 4 + int.from_bytes(buffer[:4], "little")])
    return found


def is_there(name: str, head: dict[str, Any], view: View, lesson: Lesson[Any]) -> bool:
    """Whether the canvas, or the page below it, shows what a step lights."""
    kind, _, of = name.partition(":")
    blocks, facts = head["blocks"], list(head["stages"].values())
    in_focus = view.stage if view.stage in head["titles"] else head["stage"]
    if kind == "map":
        return int(of) < blocks["maps"]["shape"][0]
    if kind == "stage":
        return of in [box["key"] for box in head.get("diagram", {}).get("boxes", [])] or (
            "diagram" not in head and of in head["titles"]
        )
    if kind == "slider":
        return of in head["controls"][in_focus]
    if kind == "comb":
        return bool(facts[-1]["stride"][0] > facts[-2]["stride"][0])
    shown = {
        "proof": view.card == "proof",
        "section": bool(lesson.sections) and not view.card,
        "filters": bool(
            head.get("groups") or head["filters_note"] or blocks.keys() & {"kernels", "matrix"}
        ),
    }
    return shown.get(kind, True)
