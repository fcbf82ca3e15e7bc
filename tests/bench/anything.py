"""Random legal requests: any lesson, any value of any of its controls."""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from typing import Any

from servers import ROOT

sys.path.insert(0, str(ROOT))
from viz import images, lessons
from viz.lessons import LESSONS
from viz.settings import Choice, Control, Layer, Layers, LayerValues, Slider, Switch, as_text
from viz.view import View

SHOWN_PX = (48, 96, 128, 160, 224, 320)
CHANGED = 0.5  # the chance of a control to be moved from its default


def request(chance: random.Random) -> tuple[str, dict[str, str], int]:
    """A lesson, values for it, and how large its maps are shown.

    >>> slug, query, _ = request(random.Random(0))
    >>> View.invalid_fields(query), lessons.load(slug).setting.invalid_fields(query)
    ([], [])
    """
    slug = chance.choice(LESSONS).slug
    lesson = lessons.load(slug)
    controls: Mapping[str, Control[Any]] = {**View.controls(), **lesson.setting.controls()}
    query = {
        name: as_text(value)
        for name, control in controls.items()
        if chance.random() < CHANGED and (value := _value(control, chance)) is not None
    }
    query["picture"] = chance.choice(images.samples()).key
    query["showing"] = "now"  # nothing is pinned
    query["stage"] = chance.choice(["", *lesson.outline(lesson.setting()).names])
    return slug, query, chance.choice(SHOWN_PX)


def _value(control: Control[Any], chance: random.Random) -> str | float | bool | LayerValues | None:
    """Any value of a control; None where it takes words, which only a page knows."""
    if isinstance(control, Slider):
        steps = round((control.high - control.low) / control.step)
        value = control.low + control.step * chance.randint(0, steps)
        return type(control.default)(round(value, 6))
    if isinstance(control, Choice):
        return chance.choice(list(control.options))
    if isinstance(control, Layers):
        kinds = [Layer("c", 3, 1, 1, 1), Layer("c", 1), Layer("d", 5), Layer("m", 2)]
        return tuple(chance.choice(kinds) for _ in range(chance.randint(1, 12)))
    return chance.random() < 0.5 if isinstance(control, Switch) else None
