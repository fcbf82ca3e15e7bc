"""The questions about a strided 1×1: every right answer by another method, also on tiny pictures."""

from __future__ import annotations

from functools import partial

import numpy as np
import predicting
import pytest
import torch
import torch.nn.functional as F
from looking import noise, shipped
from predicting import option as right

from viz.lessons.question import Number, Question, Where
from viz.lessons.strided import LESSON
from viz.lessons.strided.questions import another_stride, strided_error
from viz.lessons.strided.setting import Setting

PICTURES = {
    "divides": lambda: shipped("zone_plate", 96),
    "does not divide": lambda: shipped("chelsea", 96),
    "narrow": lambda: noise(1, 17),
    "small": lambda: noise(5, 3),
}
SETTINGS = (Setting(), Setting(stride=1), Setting(stride=5, again=True, window=True))
every_view = [
    pytest.param(setting, name, id=f"{name}, stride {setting.stride}")
    for setting in SETTINGS
    for name in PICTURES
]


asked = partial(predicting.asked, LESSON)


def stride_of(question: Question) -> int:
    stride = question.reveal["stride"]
    assert isinstance(stride, int)
    return stride


@pytest.mark.parametrize(("setting", "name"), every_view)
def test_sizes_and_pixels_are_those_of_a_convolution(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    found = asked(setting, pixels)
    one = torch.ones(1, 1, 1, 1)
    if "size" in found:
        s = stride_of(found["size"])
        rows, columns = F.conv2d(pixels[:1], one, stride=s).shape[-2:]
        assert right(found["size"]) == f"{rows} × {columns}"
    if "pixels" in found:
        s = stride_of(found["pixels"])
        twice = pixels[0, ::s, ::s][::s, ::s]
        assert right(found["pixels"]).replace(",", "") == str(twice.numel())


@pytest.mark.parametrize(("setting", "name"), every_view)
def test_the_last_column_is_the_last_that_a_unit_depends_on(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    question = asked(setting, pixels)["last_column"]
    assert isinstance(question.answer, Number)
    reads = range(0, pixels.shape[-1], stride_of(question))
    assert question.answer.right == reads[-1]


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_field_is_as_tall_as_the_pixels_with_a_gradient(setting: Setting) -> None:
    question = asked(setting, noise(96, 96))["field"]
    changed = {name: value for name, value in question.reveal.items() if name != "stage"}
    setting = LESSON.scene(setting, noise(96, 96)).changed(**changed).setting
    pixels = torch.rand(3, 96, 96, requires_grad=True)
    maps = LESSON.network(setting, pixels.detach())(pixels)
    maps[0, maps.shape[1] // 2, maps.shape[2] // 2].backward()
    assert pixels.grad is not None
    rows = pixels.grad.abs().sum((0, 2)).nonzero().flatten()
    assert right(question) == f"{int(rows[-1] - rows[0]) + 1} px"


def test_false_patterns_are_where_the_enlarged_map_is_wrong() -> None:
    pixels = shipped("chelsea", 96)
    question = asked(Setting(), pixels)["false_patterns"]
    assert isinstance(question.answer, Where)
    matrix = LESSON.build(Setting(), pixels).mixing("strided").matrix
    s, (rows, columns) = stride_of(question), question.answer.grid
    everywhere = torch.einsum("oc,chw->ohw", matrix, pixels)[0].double().numpy()
    height, width = everywhere.shape
    kept = everywhere[::s, ::s]
    along = np.stack([np.interp(range(width), range(0, width, s), row) for row in kept])
    large = np.stack([np.interp(range(height), range(0, height, s), line) for line in along.T]).T
    wrong = (large - everywhere) ** 2
    means = {
        (row, column): np.mean(
            [
                wrong[y, x]
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
    measured = strided_error(pixels, matrix, s)
    assert float(measured.mean()) == pytest.approx(wrong.mean(), rel=1e-4)


def test_a_flat_picture_has_no_false_patterns() -> None:
    assert "false_patterns" not in asked(Setting(), torch.full((3, 20, 20), 0.5))


def test_another_stride_leaves_an_incomplete_block_where_it_can() -> None:
    strides = {
        size: another_stride(LESSON.scene(Setting(stride=4), noise(size, size)))
        for size in (30, 96, 210)
    }
    assert strides == {30: 7, 96: 5, 210: 5}
