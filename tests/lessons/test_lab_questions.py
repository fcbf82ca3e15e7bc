"""The questions of the Lab: every right answer by another method."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import predicting
import pytest
import torch
import torch.nn.functional as F
from looking import noise, shipped
from predicting import as_read as right
from torch import Tensor, nn

from viz.layers.gabor import gabor_bank
from viz.lessons.lab import LESSON
from viz.lessons.lab.setting import Setting
from viz.lessons.question import Question, Where

SETTINGS = (
    Setting(),
    Setting(bank="rgb", pooling="none", strided=False, pointwise=False),
    Setting(rectifier="none", pooling="mean", phases=4, wavelength_px=4.0, stride=3),
    Setting(pool_over="orientations", orientations=6, phases=2, pointwise_outputs=8),
    Setting(orientations=1, phases=1),
)
every_setting = pytest.mark.parametrize("setting", SETTINGS)


asked = partial(predicting.asked, LESSON)


def revealed(setting: Setting, question: Question) -> Setting:
    """The Setting that shows the answer."""
    fields: dict[str, Any] = {n: value for n, value in question.reveal.items() if n != "stage"}
    return LESSON.scene(setting, noise()).changed(**fields).setting


def filtered(setting: Setting, pixels: Tensor) -> Tensor:
    """What the Gabor filters make of the picture, straight from their definition."""
    kernels = gabor_bank(
        setting.orientations,
        phases=setting.phases,
        wavelength_px=setting.wavelength_px,
        sigma_px=setting.sigma_px,
        size_px=setting.size_px,
        aspect=setting.aspect,
    ).double()
    grey = torch.tensor([0.2126, 0.7152, 0.0722]).double() @ pixels.double().flatten(1)
    margin = setting.size_px // 2
    padded = F.pad(grey.view(1, 1, *pixels.shape[1:]), [margin] * 4, mode="reflect")
    return F.conv2d(padded, kernels[:, None])[0]


@every_setting
def test_a_max_over_orientations_leaves_a_map_for_each_phase(setting: Setting) -> None:
    question = asked(setting, noise(40, 40))["count"]
    shown = revealed(setting, question)
    maps = LESSON.network(shown, noise(40, 40))[:3](noise(40, 40))
    assert len(maps) == shown.phases
    assert right(question) == str(shown.phases)


@every_setting
def test_the_mean_cancels_where_every_filter_has_its_negative(setting: Setting) -> None:
    pixels = shipped("retina", 96)
    question = asked(setting, pixels)["mean"]
    shown = revealed(setting, question)
    kernels = gabor_bank(
        shown.orientations,
        phases=shown.phases,
        wavelength_px=shown.wavelength_px,
        sigma_px=shown.sigma_px,
        size_px=shown.size_px,
        aspect=shown.aspect,
    )
    means = kernels.view(shown.orientations, shown.phases, -1).mean(1).abs().max()
    assert right(question) == ("0 everywhere" if means < 1e-6 else "weak edges")


def test_on_a_black_picture_nothing_can_cancel() -> None:
    assert not {"mean", "place"} & set(asked(Setting(), torch.zeros(3, 32, 32)))


@pytest.mark.parametrize("setting", SETTINGS[:1])
def test_the_place_is_where_the_filters_answer_most(setting: Setting) -> None:
    pixels = shipped("retina", 96)
    question = asked(setting, pixels)["place"]
    assert isinstance(question.answer, Where)
    shown = revealed(setting, question)
    answers = filtered(shown, pixels).relu()
    strength = answers.view(shown.orientations, shown.phases, *pixels.shape[1:]).amax(1).mean(0)
    values, (rows, columns) = strength.numpy(), question.answer.grid
    height, width = values.shape
    means = {
        (row, column): np.mean(
            [
                values[y, x]
                for y in range(height)
                for x in range(width)
                if (y * rows // height, x * columns // width) == (row, column)
            ]
        )
        for row in range(rows)
        for column in range(columns)
    }
    worst = max(means.values())
    assert question.answer.right == {cell for cell, mean in means.items() if mean >= 0.75 * worst}


@every_setting
def test_the_field_is_that_of_the_filters_and_weights_are_rows_times_columns(
    setting: Setting,
) -> None:
    found = asked(setting, noise(64, 64))
    shown = revealed(setting, found["field"])
    assert right(found["field"]) == f"{shown.size_px} px"
    after = LESSON.outline(revealed(setting, found["weights"]))["pointwise"]
    layer = nn.Conv2d(after.arriving.size, after.channels.size, 1, bias=False)
    assert right(found["weights"]) == str(layer.weight.numel())
