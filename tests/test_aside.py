"""Fields that are `aside` change nothing on the canvas, which therefore asks for nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from viz import experiments
from viz.lessons import LESSONS
from viz.run.drawing import _changed
from viz.run.stages import fingerprint

PIXELS = torch.rand(3, 12, 16, generator=torch.Generator().manual_seed(0))


def canvas(experiment: Any, setting: Any) -> dict[str, Any]:
    """All that a buffer's header and maps come from."""
    stages = ["picture", *experiment.STAGES]
    extras = getattr(experiment, "extras", lambda *_: {})
    network = experiment.network(setting, PIXELS)
    return {
        "layers": {name: fingerprint(each) for name, each in network.named_children()},
        "titles": experiment.titles(setting),
        "controls": experiment.shown_controls(setting),
        "limits": experiment.limits(setting),
        "names": experiment.channel_names(setting),
        "families": experiment.families(setting),
        "values": _changed(setting, experiment.resolved(setting)),
        "extras": [extras(setting, stage) for stage in stages],
    }


@pytest.mark.parametrize("slug", [lesson.slug for lesson in LESSONS])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_aside_changes_nothing_on_the_canvas(slug: str, data: st.DataObject):
    experiment = experiments.load(slug)
    one, other = (data.draw(st.from_type(experiment.Setting)) for _ in range(2))
    controls = experiment.Setting.controls().items()
    aside = {name: getattr(other, name) for name, of in controls if of.aside}
    assert canvas(experiment, replace(one, **aside)) == canvas(experiment, one)


def test_every_lesson_but_the_lab_has_its_part_aside():
    for lesson in LESSONS[1:]:
        assert experiments.load(lesson.slug).Setting.controls()["part"].aside, lesson.slug
