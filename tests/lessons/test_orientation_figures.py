"""The kernels and the tuning curve: what is drawn is what the bank has and what gratings say."""

from __future__ import annotations

from typing import Any, TypeVar

import pytest
import torch
from looking import noise
from torch import nn

from viz import lessons
from viz.layers.activation import Square
from viz.layers.gabor import GaborBank, gabor_bank
from viz.lessons.blocks import Block, Chart, Columns, Download, Panels, Prose, Surface, Table
from viz.lessons.lesson import Unit
from viz.tuning import gabor_response, tuning_curve

LESSON = lessons.load("orientation")
B = TypeVar("B", bound=Block)


def blocks_of(name: str, kind: type[B], unit: Unit | None = None, **fields: Any) -> list[B]:
    setting = LESSON.setting(**fields)
    found: list[B] = []

    def collect(each: Block) -> None:
        if isinstance(each, Columns):
            for column in each.columns:
                for inner in column:
                    collect(inner)
        elif isinstance(each, kind):
            found.append(each)

    for block in LESSON.section(name, setting, noise(), unit=unit):
        collect(block)
    return found


@pytest.mark.parametrize(
    ("unit", "channel"),
    [
        (None, 4),  # upright bars
        (Unit("bank", 3, 0, 0), 3),
        (Unit("rectifier", 6, 0, 0), 6),
        (Unit("bank", 99, 0, 0), 7),  # the last one
        (Unit("pooling", 3, 0, 0), 6),
    ],
)
def test_the_surface_is_the_kernel_of_the_map_that_was_clicked(unit: Unit | None, channel: int):
    kernels = gabor_bank(**LESSON.setting(orientations=4).gabor._asdict())
    (surface,) = blocks_of("kernels", Surface, unit, orientations=4)
    torch.testing.assert_close(torch.as_tensor(surface.numbers), kernels[channel])
    (pictures,) = blocks_of("kernels", Panels, unit, orientations=4)
    assert len(pictures.panels[0].names) == len(kernels)
    assert pictures.panels[0].names[channel] in str(surface.title.values)


def test_the_file_has_a_plain_name_and_is_an_animation():
    (file,) = blocks_of("kernels", Download, orientations=4, size_px=9)
    assert file.file_name == "gabor-90-phase-0.gif"
    assert file.make().startswith(b"GIF89a")


def test_points_are_measured_and_lines_are_the_formula():
    (polar,) = [chart for chart in blocks_of("tuning", Chart) if chart.key == "polar_tuning"]
    setting, drawn = LESSON.setting(), polar.arguments
    at = setting.orientations // 2
    bank = GaborBank(setting.gabor)
    angles = drawn["measured_degrees"]
    simple, complex_ = drawn["measured"].values()
    linear = tuning_curve(nn.Sequential(bank, nn.ReLU()), angles, wavelengths_px=(8.0,))
    squared = tuning_curve(nn.Sequential(bank, Square()), angles, wavelengths_px=(8.0,))
    own = slice(2 * at, 2 * at + 2)
    energy = squared.response[own].mean(0)
    torch.testing.assert_close(
        torch.tensor(simple),
        linear.response[2 * at] / linear.response[2 * at].max(),
        atol=2e-3,
        rtol=0,
    )
    torch.testing.assert_close(torch.tensor(complex_), energy / energy.max(), atol=2e-3, rtol=0)
    curve, narrow = drawn["curves"].values()
    offsets = torch.tensor(drawn["degrees"]) - 90
    expected = gabor_response(offsets, wavelength_px=8.0, sigma_px=4.0)
    torch.testing.assert_close(torch.tensor(curve), expected)
    torch.testing.assert_close(torch.tensor(narrow), expected.square())
    assert drawn["preferred_degrees"] == 90


def test_the_table_has_the_half_widths_of_the_formula():
    (table,) = blocks_of("tuning", Table, wavelength_px=10.0, sigma_px=5.0, size_px=61)
    (simple, complex_) = table.rows
    assert [simple[3], complex_[3]] == ["21.6°", "15.2°"]
    for row in table.rows:
        measured, formula = (float(str(cell).rstrip("°")) for cell in row[2:])
        assert measured == pytest.approx(formula, abs=0.3)
        assert row[1] == "90.0°"


@pytest.mark.parametrize(
    ("fields", "agree"),
    [
        ({}, True),
        ({"aspect": 2.0, "size_px": 41}, True),
        ({"size_px": 9}, False),
        ({"sigma_px": 1.0}, False),
    ],
)
def test_it_says_where_the_formula_does_not_hold(fields: dict[str, Any], agree: bool):
    (*_, caption) = blocks_of("tuning", Prose, **fields)
    assert caption.text.message.startswith("**Here the points leave") is not agree
