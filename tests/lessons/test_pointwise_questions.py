"""The questions about a 1×1 convolution: every right answer by another method."""

from __future__ import annotations

from functools import partial
from typing import Any

import predicting
import pytest
import torch
from looking import noise, shipped
from predicting import as_read as right
from torch import nn

from viz.lessons.pointwise import LESSON
from viz.lessons.pointwise.setting import Setting
from viz.lessons.question import Question

SETTINGS = (
    Setting(),
    Setting(pointwise_recipe="opponent", relu=True),
    Setting(pointwise_outputs=2, second=True),
    Setting(bank="gabor", pointwise_outputs=4, groups=4),
)
every_setting = pytest.mark.parametrize("setting", SETTINGS)


asked = partial(predicting.asked, LESSON)


def revealed(setting: Setting, question: Question) -> Setting:
    """The Setting that shows the answer."""
    fields: dict[str, Any] = {n: value for n, value in question.reveal.items() if n != "stage"}
    return LESSON.scene(setting, noise()).changed(**fields).setting


@every_setting
def test_one_weight_changes_the_map_of_its_row_alone(setting: Setting) -> None:
    pixels = shipped("coffee", 96)
    question = asked(setting, pixels)["changed_maps"]
    inputs = LESSON.scene(setting, pixels).input_of("pointwise").double().flatten(1)
    one, other = (
        LESSON.build(each, pixels).mixing("pointwise").matrix.double() @ inputs
        for each in (setting, revealed(setting, question))
    )
    rows = [row for row in range(len(one)) if not torch.equal(one[row], other[row])]
    names = LESSON.outline(setting)["pointwise"].channels.names
    assert [f"only map {names[row]}" for row in rows] == [right(question)]


def test_on_a_black_picture_no_weight_changes_anything() -> None:
    assert "changed_maps" not in asked(Setting(), torch.zeros(3, 12, 12))


@pytest.mark.parametrize("name", ["coffee", "chelsea", "stripes"])
@every_setting
def test_a_relu_sets_the_negative_numbers_to_zero(setting: Setting, name: str) -> None:
    pixels = shipped(name, 96)
    question = asked(setting, pixels)["negative"]
    shown = revealed(setting, question)
    red, green, blue = pixels.double()
    if shown.pointwise_recipe == "opponent":
        maps = torch.stack([red + green + blue, red - green, red + green - 2 * blue])
        below = int((maps < -1e-6).sum())
    else:
        below = 0
    share = below / (3 * red.numel())
    limits = {"none": share == 0, "less than a quarter": 0 < share < 0.25}
    limits |= {"about half": 0.25 <= share <= 0.75, "more than three quarters": share > 0.75}
    assert limits[right(question)], share


@every_setting
def test_weights_are_counted_one_by_one(setting: Setting) -> None:
    found = asked(setting, noise(32, 32))
    for name in ("weights", "groups"):
        shown = revealed(setting, found[name])
        outputs = LESSON.outline(shown)["pointwise"].channels.size
        inputs = LESSON.outline(shown)["pointwise"].arriving.size
        layer = nn.Conv2d(inputs, outputs, 1, groups=shown.groups, bias=False)
        assert layer.weight is not None
        assert right(found[name]) == str(layer.weight.numel())


@every_setting
def test_the_field_is_as_tall_as_the_pixels_with_a_gradient(setting: Setting) -> None:
    question = asked(setting, noise(48, 48))["field"]
    shown = revealed(setting, question)
    pixels = torch.rand(3, 48, 48, requires_grad=True)
    maps = LESSON.network(shown, pixels.detach())(pixels)
    maps[:, 24, 24].sum().backward()
    assert pixels.grad is not None
    read = pixels.grad.abs().sum((0, 2))
    rows = (
        read.gt(1e-5 * read.max()).nonzero().flatten()
    )  # a transform rounds where nothing is read
    assert right(question) == f"{int(rows[-1] - rows[0]) + 1} px"
