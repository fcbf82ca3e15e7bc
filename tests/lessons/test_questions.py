"""What holds of the questions of every lesson: they can be asked, answered and shown."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any, assert_never

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from looking import noise

from viz import images, lessons
from viz.images import Picture
from viz.lessons import LESSONS
from viz.lessons.lesson import Lesson
from viz.lessons.question import Number, OneOf, Question, Where
from viz.run import building
from viz.run.questions import questions
from viz.text import Text
from viz.ui.text import said
from viz.view import View

AT_THE_OPENING, ALWAYS = 4, 2
LONGEST = 170  # characters that the last row can read at a glance
SMALL_PX = 96
SIDES = st.integers(1, 14)
OTHERS = ("noise", "stripes")

asking = pytest.mark.parametrize("slug", [entry.slug for entry in LESSONS])


def picture(name: str, size_px: int) -> Picture:
    """A shipped picture, or noise."""
    found = images.find(name)
    if found is None:
        return Picture("noise", noise(40, 31), "n" * 64, None)
    return building.sized(found, size_px)


@cache
def opening(slug: str) -> tuple[View, Any, tuple[Question, ...]]:
    """A lesson as it opens, with its questions."""
    lesson = lessons.load(slug)
    view, setting = lesson.read({})
    asked = questions(lesson, setting, view, picture(view.picture, view.working_size_px))
    return view, setting, asked


@cache
def elsewhere(slug: str, name: str) -> tuple[View, Any, tuple[Question, ...]]:
    """The questions about one of its views to try, on another picture."""
    lesson = lessons.load(slug)
    views = lesson.opening().views
    view, setting = lesson.read(views[OTHERS.index(name) % len(views)].texts)
    view = replace(view, picture=name, working_size_px=SMALL_PX)
    return view, setting, questions(lesson, setting, view, picture(name, SMALL_PX))


def every_view(slug: str) -> list[tuple[View, Any, tuple[Question, ...]]]:
    return [opening(slug), *(elsewhere(slug, name) for name in OTHERS)]


def texts(question: Question) -> list[Text | str]:
    """All that is read of a question."""
    answer = question.answer
    shown: list[Text | str] = [question.ask, question.why]
    match answer:
        case OneOf():
            wrong = [one for n, one in enumerate(answer.instead) if n != answer.right]
            return [*shown, *answer.options, *wrong]
        case Number():
            return [*shown, answer.instead, *([answer.unit] if answer.unit else [])]
        case Where():
            return [*shown, answer.instead]
    assert_never(answer)


def in_english(words: Text | str) -> str:
    """What is read; a number that was said stands in its place."""
    if isinstance(words, Text) and "{said}" in words.message:
        words = Text(words.message, {**words.values, "said": "7"})
    return said(words)


@asking
def test_there_are_enough_questions_and_each_has_a_name(slug: str) -> None:
    assert len(opening(slug)[2]) >= AT_THE_OPENING
    for _, _, asked in every_view(slug):
        names = [question.name for question in asked]
        assert len(names) == len(set(names)) >= ALWAYS
        assert all(re.fullmatch(r"[a-z_]+", name) for name in names)


@asking
def test_a_question_is_short_and_says_everything(slug: str) -> None:
    for _, _, asked in every_view(slug):
        for question in asked:
            assert len(str(question.ask)) <= LONGEST, question.name
            assert str(question.ask).endswith("?"), question.name
            for words in texts(question):
                shown = in_english(words)
                assert shown.strip(), question.name
                assert not re.search(r"[{}]", shown), (question.name, shown)


@asking
def test_one_answer_is_right_and_others_are_wrong(slug: str) -> None:
    for _, _, asked in every_view(slug):
        for question in asked:
            assert well_formed(question.answer), question


def well_formed(answer: OneOf | Number | Where) -> bool:
    match answer:
        case OneOf(options, right, instead):
            different = len({said(option) for option in options}) == len(options)
            return (
                different and 2 <= len(options) <= 6 and 0 <= right < len(instead) == len(options)
            )
        case Number(right, _, _, within, low, high):
            return low <= right <= high and 0 <= within < high - low
        case Where(_, right, (rows, columns)):
            cells = {(row, column) for row in range(rows) for column in range(columns)}
            return bool(right) and right < cells
    assert_never(answer)


@asking
@settings(max_examples=8)
@given(data=st.data(), height=SIDES, width=SIDES, seed=st.integers(0, 2), flat=st.booleans())
def test_any_setting_and_the_smallest_pictures_have_sound_questions_or_none(
    slug: str, data: st.DataObject, height: int, width: int, seed: int, flat: bool
) -> None:
    lesson = lessons.load(slug)
    setting = data.draw(st.from_type(lesson.setting))
    pixels = torch.full((3, height, width), 0.5) if flat else noise(height, width, seed)
    with torch.no_grad():
        asked = lesson.questions(lesson.scene(setting, pixels))
    for question in asked:
        assert well_formed(question.answer), question
        for words in texts(question):
            assert not re.search(r"[{}]", in_english(words)), question


@asking
def test_what_reveals_the_answer_can_be_shown_and_was_not_there(slug: str) -> None:
    lesson = lessons.load(slug)
    for view, setting, asked in every_view(slug):
        for question in asked:
            if question.reveal:
                assert shows_something_new(lesson, view, setting, question), question.name


def shows_something_new(lesson: Lesson[Any], view: View, setting: Any, question: Question) -> bool:
    """Whether the fields of `reveal` are kept as they are, and change what is seen."""
    query = lesson.query(view, setting) | question.fields
    shown, changed = lesson.read(query)
    outline = lesson.outline(changed)
    whole = {**vars(shown), **vars(outline.setting)}
    kept = all(whole[name] == value for name, value in question.reveal.items())
    on = stages_on(lesson, changed)
    before = seen(lesson, view, setting)
    return kept and shown.stage in ("", "picture", *on) and before != seen(lesson, shown, changed)


def seen(lesson: Lesson[Any], view: View, setting: Any) -> tuple[View, Any]:
    """What is on the canvas; no stage in the address means the last one."""
    stage = view.stage or stages_on(lesson, setting)[-1]
    return replace(view, card="", stage=stage), lesson.outline(setting).setting


def stages_on(lesson: Lesson[Any], setting: Any) -> list[str]:
    return [stage.name for stage in lesson.outline(setting).stages if stage.on]
