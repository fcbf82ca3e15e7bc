"""The messages that lessons declare: titles, claims, labels, options, views to try, steps."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from viz.assets import ROOT
from viz.images import titles
from viz.lessons import LESSONS, load
from viz.lessons.lesson import Lesson
from viz.settings import Control
from viz.view import View


def declared() -> Iterator[tuple[str, str]]:
    """Each message with the file that declares it."""
    for entry in LESSONS:
        yield from ((each, "viz/lessons/__init__.py") for each in (entry.title, entry.claim))
        yield from _of_lesson(load(entry.slug))
    yield from ((each, "viz/images/shipped.py") for each in titles().values())
    yield from ((each, _file(View)) for each in _of_controls(View.controls()))


def _of_lesson(lesson: Lesson[Any]) -> Iterator[tuple[str, str]]:
    setting = _file(lesson.setting)
    yield from ((each, setting) for each in _of_controls(lesson.setting.controls()))
    for part in ("", *lesson.sections):
        for view in lesson.opening(part).views:
            yield view.label, f"viz/lessons/{lesson.slug}/sections/__init__.py"
    for step in getattr(lesson, "tour", ()):
        yield step.title, f"viz/lessons/{lesson.slug}/tour.py"


def _of_controls(controls: Mapping[str, Control[Any]]) -> Iterator[str]:
    for control in controls.values():
        options = getattr(control, "options", {}).values()
        words, classes = getattr(control, "words", ()), getattr(control, "classes", ())
        shown = (
            control.label,
            control.help,
            getattr(control, "zero", ""),
            *options,
            *words,
            *classes,
        )
        yield from (str(each) for each in shown if each)


def _file(kind: type) -> str:
    return Path(inspect.getfile(kind)).relative_to(ROOT).as_posix()
