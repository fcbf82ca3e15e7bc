"""The figure "pooling with 1×1": its grids as they are known, any other against torch."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from looking import noise, shipped
from PIL import Image

from viz import lessons
from viz.lessons.blocks import Download, Prose, Stepper
from viz.lessons.lesson import Unit
from viz.lessons.pooling_order.circulating import NUMBERS, continued, windows_from_to
from viz.lessons.pooling_order.setting import Setting
from viz.run import compare

CPU = torch.device("cpu")
LESSON = lessons.load("pooling_order")
SIDES = st.integers(1, 12)


def shown(unit: Unit | None = None, pixels: Any = None, **fields: Any) -> list[Any]:
    pixels = noise() if pixels is None else pixels
    return list(LESSON.section("figure", Setting(**fields), pixels, unit))


def stepper(**fields: Any) -> Stepper:
    return next(block for block in shown(**fields) if isinstance(block, Stepper))


def outputs(**fields: Any) -> list[list[list[float]]]:
    return [reading.outputs[0].tolist() for reading in stepper(**fields).readings]


STRIDED = [[3, 2, 0], [3, 2, 3], [2, 0, 1]]


def test_the_three_cases_of_the_figure_as_they_are_known():
    same, drawn, strided = outputs()
    assert stepper().inputs[0].tolist() == same == [list(row) for row in NUMBERS]
    assert drawn == [[3, 3, 3], [3, 3, 3], [3, 2, 3]]
    assert strided == STRIDED


def test_the_mean_of_the_figure_as_it_is_known():
    same, drawn, strided = outputs(grid_pool="mean")
    rounded = [[f"{value:.2f}" for value in row] for row in drawn]
    assert rounded == [
        ["1.67", "1.67", "1.67"],
        ["1.00", "1.22", "1.78"],
        ["1.11", "0.78", "1.33"],
    ]
    assert same == [list(row) for row in NUMBERS]
    assert strided == STRIDED


@given(SIDES, SIDES, st.integers(1, 5), st.integers(1, 4), st.sampled_from(["max", "mean"]))
def test_any_window_over_any_grid(rows: int, columns: int, size: int, stride: int, pool: str):
    """A window that does not fit is made as large as fits."""
    fields = {"grid_rows": rows, "grid_columns": columns, "grid_window": size}
    block = stepper(**fields, grid_stride=stride, grid_pool=pool)
    grid = torch.from_numpy(block.inputs)
    assert grid.shape == (1, rows, columns)
    used = min(size, rows, columns)
    for reading, k, s in zip(block.readings, (1, used, 1), (1, stride, 2), strict=True):
        expected = (F.max_pool2d if pool == "max" else F.avg_pool2d)(grid, k, s)
        assert torch.allclose(torch.from_numpy(reading.outputs), expected)
        assert reading.weights.shape == (1, 1, k, k)
        assert (reading.stride, reading.operation) == (s, pool)
        assert str(reading.title) == f"{k}×{k}, stride {s}"


@given(SIDES, SIDES)
def test_a_larger_grid_continues_and_a_smaller_one_is_cut(rows: int, columns: int):
    grid, whole = continued(rows, columns)[0], continued(12, 12)[0]
    assert grid.equal(whole[:rows, :columns])
    assert set(whole.flatten().tolist()) == {0.0, 1.0, 2.0, 3.0}
    assert whole[:5, :5].tolist() == [list(row) for row in NUMBERS]


@pytest.mark.parametrize("side", range(1, 13))
def test_the_windows_that_lead_from_one_size_to_another(side: int):
    grid = torch.zeros(1, side, side)
    for wanted in range(1, side + 1):
        expected = [
            (k, s)
            for k in range(1, min(5, side) + 1)
            for s in range(1, 5)
            if F.max_pool2d(grid, k, s).shape[-1] == wanted
        ]
        assert windows_from_to(side, wanted) == expected


def test_the_sentence_names_both_windows_and_counts_what_stays():
    prose = next(block for block in shown() if isinstance(block, Prose))
    words = str(prose.text)
    assert "25 of 25 numbers stay" in words
    assert windows_from_to(5, 3) == [(1, 2), (3, 1)]
    assert (
        "Two windows lead from 5 × 5 to 3 × 3: 1×1 with stride 2, and **3×3 with stride 1**"
        in words
    )


def test_a_pool_of_one_pixel_is_claimed_to_be_the_identity_or_to_skip(picture: Any):
    made = {
        str(row.sentence): row
        for row in compare(LESSON.claims(Setting(), noise()), picture(noise()), CPU)
    }
    for stride, words in ((1, "changes nothing"), (2, "only skips pixels")):
        row = made[f"Max pooling with a 1×1 window and stride {stride} {words}."]
        assert (row.difference, row.bound, row.holds) == (0, 0, True)


def test_it_opens_with_every_output_and_says_what_each_case_is():
    block = stepper()
    assert block.complete
    notes = [str(reading.note) for reading in block.readings]
    assert notes == ["what its caption says", "what the figure draws", "every second number"]
    assert str(stepper(grid_window=2).readings[1].note) == "your window"
    mine = stepper(grid_window=1).readings
    assert [str(each.note) for each in mine[:2]] == ["what its caption says", "your window"]


def test_the_numbers_of_the_picture_are_those_around_the_unit_in_view():
    pixels = torch.arange(1200.0).view(1, 30, 40).expand(3, -1, -1) % 251 / 255
    fields = {"grid_numbers": "picture", "grid_rows": 3, "grid_columns": 3}
    grey = (pixels[0] * 255).round()

    def middle(unit: Unit, **more: Any) -> float:
        block = next(
            each for each in shown(unit, pixels, **fields, **more) if isinstance(each, Stepper)
        )
        return float(block.inputs[0, 1, 1])

    assert middle(Unit("bank", 0, 9, 11)) == grey[9, 11]
    assert middle(Unit("orders", 0, 9, 11)) == grey[9, 11]  # 5×5 with padding 2
    assert middle(Unit("orders", 0, 9, 11), stride=2) == grey[18, 22]
    assert middle(Unit("orders", 0, 9, 11), padding=False) == grey[11, 13]


def test_the_file_is_an_animation_of_the_window_that_was_chosen():
    blocks = shown(grid_window=2, grid_stride=2, grid_rows=6, grid_columns=8, grid_pool="mean")
    file = next(block for block in blocks if isinstance(block, Download))
    assert file.file_name == "mean-pooling-2x2-stride-2.gif"
    assert (file.mime, str(file.label)) == (
        "image/gif",
        "Save 2×2, stride 2 as an animation (.gif)",
    )
    image: Any
    with Image.open(BytesIO(file.make())) as image:
        assert (image.format, image.n_frames) == ("GIF", 12)


@pytest.mark.parametrize("pixels", [noise(1, 1), noise(3, 40), shipped("coffee", 96)])
def test_any_picture_has_numbers(pixels: Any):
    block = next(
        each
        for each in shown(None, pixels, grid_numbers="picture", grid_rows=12)
        if isinstance(each, Stepper)
    )
    assert block.inputs.shape == (1, 12, 5)
    assert (block.inputs == block.inputs.round()).all()
