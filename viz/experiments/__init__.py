"""A package a lesson: its Setting, the network it means, its claims, and the words for both.

The files beside them are what several lessons have.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from viz.lessons import LESSONS


def load(slug: str) -> ModuleType:
    """The experiment of a lesson.

    Raises:
        KeyError: if there is no lesson of that name; nothing is imported then.

    >>> load("lab").Setting.__name__
    'Setting'
    """
    if slug not in {lesson.slug for lesson in LESSONS}:
        raise KeyError(slug)
    return import_module(f"viz.experiments.{slug}")
