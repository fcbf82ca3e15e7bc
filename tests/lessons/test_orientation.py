"""The lesson on orientation tuning: cells, polarity, tuning and ripple, each by another route."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from looking import channel_names, leaving, noise, shipped, title

from viz import lessons
from viz.layers.gabor import GaborParameters, gabor_bank
from viz.layers.recipes import group_mean_rows
from viz.lessons.blocks import Chart, Columns, Prose, Table
from viz.lessons.lesson import Unit
from viz.lessons.orientation.canvas_unit import canvas_cell, canvas_polarity
from viz.lessons.orientation.cells import STEPS, UNITS, cell, drifted
from viz.lessons.orientation.polarity import phases_on, polarity
from viz.lessons.orientation.published import MEDIAN_HALF_WIDTH_DEGREES, V1
from viz.lessons.orientation.sections import complex as simple_to_complex
from viz.lessons.orientation.sections import cortex
from viz.lessons.orientation.sections.looked_at import shown_orientation
from viz.lessons.orientation.setting import Setting
from viz.lessons.orientation.tuned import UNITS as TUNED
from viz.lessons.orientation.tuned import ripple, ripples, tuned

LESSON = lessons.load("orientation")
LARGE = GaborParameters(8, 2, 10.0, 5.0, 61, 1.0)
LUMINANCE = torch.tensor([0.2126, 0.7152, 0.0722])


def bank_maps(setting: Setting, pixels: torch.Tensor) -> torch.Tensor:
    """The filters slid over the brightness and its mirror image, `(C, H, W)`."""
    kernels = gabor_bank(**setting.gabor._asdict())
    half = setting.size_px // 2
    brightness = torch.einsum("c,chw->hw", LUMINANCE, pixels)[None, None]
    return F.conv2d(F.pad(brightness, [half] * 4, mode="reflect"), kernels[:, None])[0]


# ── The layers ──────────────────────────────────────────────────────────────────────────────────


def test_complex_cells_are_the_mean_of_the_squares_of_a_pair():
    setting, pixels = Setting(size_px=13), noise(30, 26)
    squares = bank_maps(setting, pixels).square()
    expected = torch.stack([(squares[n] + squares[n + 1]) / 2 for n in range(0, 8, 2)])
    found = leaving(LESSON, setting, pixels)["pooling"]
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def test_edge_strength_is_the_mean_over_all_channels():
    setting, pixels = Setting(size_px=13, pooling="orientations"), noise(30, 26)
    expected = bank_maps(setting, pixels).square().mean(0, keepdim=True)
    found = leaving(LESSON, setting, pixels)["pooling"]
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def test_a_max_over_the_phases_has_no_weights_and_keeps_the_largest():
    setting, pixels = Setting(size_px=13, rectifier="relu", pooling="max"), noise(30, 26)
    expected = bank_maps(setting, pixels).clamp(min=0).view(4, 2, 30, 26).max(1).values
    network = LESSON.network(setting, pixels)
    torch.testing.assert_close(network(pixels), expected, atol=1e-5, rtol=1e-5)
    assert not list(network.pooling.parameters())


@pytest.mark.parametrize(
    ("fields", "names", "said"),
    [
        ({"orientations": 3}, ["0°", "60°", "120°"], "1×1 over 2"),
        ({"orientations": 3, "pooling": "max", "phases": 4}, ["0°", "60°", "120°"], "Max over 4"),
        ({"orientations": 3, "pooling": "orientations"}, ["edge strength"], "1×1 over 6"),
    ],
)
def test_maps_and_layers_say_what_they_are(fields: dict[str, Any], names: list[str], said: str):
    setting = Setting(**fields)
    assert channel_names(LESSON, setting)["pooling"] == names
    assert title(LESSON, setting, "pooling") == said


def test_a_first_phase_is_in_the_names_of_the_filters():
    names = channel_names(LESSON, Setting(orientations=2, first_phase_degrees=45))["bank"]
    assert names == ["0° φ45°", "0° φ135°", "90° φ45°", "90° φ135°"]


def test_weights_of_the_pooling_can_be_set_by_hand():
    setting = Setting(pooling_edits=((0, 7, 250),))
    matrix = LESSON.build(setting, noise()).mixing("pooling").matrix
    expected = group_mean_rows(4, 8)
    expected[0, 7] = 0.25
    assert torch.equal(matrix, expected)


# ── While a grating drifts ──────────────────────────────────────────────────────────────────────

PHI = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
WAVES = np.stack([np.cos(PHI + n * np.pi / 2) for n in range(4)])
FIRED = WAVES.clip(min=0)
CLOSED = {
    "simple": FIRED[0],
    "two": FIRED[:2].max(0),
    "four": FIRED.max(0),
    "rectified": FIRED.mean(0),
    "energy": (WAVES[:2] ** 2).mean(0),
    "squared": WAVES[0] ** 2,
}


def statistics(response: np.ndarray) -> tuple[float, float]:
    """Modulation depth and F1/F0 by numpy's transform."""
    depth = (response.max() - response.min()) / (response.max() + response.min())
    spectrum = np.abs(np.fft.rfft(response))
    return float(depth), float(2 * spectrum[1] / spectrum[0])


@pytest.mark.parametrize("name", UNITS)
@pytest.mark.parametrize("first_phase_degrees", [0.0, 30.0])
def test_every_unit_does_what_its_waves_do(name: str, first_phase_degrees: float):
    found = cell(name, drifted(LARGE._replace(first_phase_degrees=first_phase_degrees), at=3))
    depth, ratio = statistics(CLOSED[name])
    assert found.modulation_depth == pytest.approx(depth, abs=0.015)
    assert found.f1_f0 == pytest.approx(ratio, abs=0.015)


def test_the_figures_that_are_stated():
    stated = {"simple": (1, math.pi / 2), "two": (1, 0.98), "energy": (0, 0), "squared": (1, 0)}
    stated["four"] = stated["rectified"] = ((1 - 0.5**0.5) / (1 + 0.5**0.5), 0)
    for name, numbers in stated.items():
        assert statistics(CLOSED[name]) == pytest.approx(numbers, abs=0.01), name


def test_a_drifting_grating_is_multiplied_with_the_kernel():
    gabor = GaborParameters(4, 2, 6.0, 2.0, 9, 1.5)
    kernel = gabor_bank(**gabor._replace(phases=4)._asdict())[4 + 2].double()  # 45°, third phase
    total = 0.0
    for row in range(9):
        for column in range(9):
            across = (column - 4) * math.sin(math.pi / 4) + (row - 4) * math.cos(math.pi / 4)
            wave = math.cos(2 * math.pi * across / 6 + math.radians(35))
            total += float(kernel[row, column]) * wave
    assert float(drifted(gabor, at=1)[2, round(35 * STEPS / 360)]) == pytest.approx(total, abs=1e-5)


def test_no_unit_of_a_silent_filter_has_statistics():
    silent = cell("energy", torch.zeros(4, STEPS))
    assert math.isnan(silent.modulation_depth)
    assert math.isnan(silent.f1_f0)


# ── Polarity ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "channels"), [("simple", 1), ("two", 2), ("four", 4)])
def test_a_unit_on_the_negative_is_that_of_the_lessons_layers(name: str, channels: int):
    pixels = shipped("camera", 64)
    setting = Setting(phases=4, size_px=13, wavelength_px=5, sigma_px=2.5)
    both = [phases_on(each, setting.gabor, at=1) for each in (pixels, 1 - pixels)]
    found = polarity(name, *both)
    maps = [
        bank_maps(setting, each)[4 : 4 + channels].clamp(min=0).amax(0).double()
        for each in (pixels, 1 - pixels)
    ]
    torch.testing.assert_close(found.negative.double(), maps[1], atol=1e-5, rtol=1e-5)
    expected = np.corrcoef(*(each.flatten().numpy() for each in maps))[0, 1]
    assert found.correlation == pytest.approx(expected, abs=1e-4)


def test_complex_cells_do_not_see_polarity_and_simple_cells_do():
    pixels = shipped("camera", 96)
    both = [phases_on(each, Setting().gabor, at=2) for each in (pixels, 1 - pixels)]
    blind = {name for name in UNITS if polarity(name, *both).correlation > 0.999}
    assert blind == {"four", "rectified", "energy", "squared"}
    assert polarity("simple", *both).correlation < 0.1


def test_a_picture_without_bars_has_no_polarity():
    flat = torch.full((3, 20, 20), 0.1)
    both = [phases_on(each, Setting().gabor, at=0) for each in (flat, 1 - flat)]
    assert math.isnan(polarity("energy", *both).correlation)


# ── Tuning and ripple ───────────────────────────────────────────────────────────────────────────


def fallen(offsets_degrees: np.ndarray, power: int) -> np.ndarray:
    """exp(−8π² σ² f² sin²(δ/2)) of `LARGE`, or its square."""
    shrinking = 8 * np.pi**2 * 25 * 0.01 * np.sin(np.radians(offsets_degrees) / 2) ** 2
    return np.exp(-power * shrinking)


def test_half_widths_are_those_of_the_formula():
    widths = tuned(LARGE, "square", at=2).half_width_degrees.tolist()
    assert widths[0] == pytest.approx(21.6, abs=0.3)
    assert widths[1] == pytest.approx(15.2, abs=0.3)
    assert math.isnan(widths[2])


@pytest.mark.parametrize(("name", "power"), [("simple", 1), ("complex", 2)])
def test_selectivity_is_the_length_of_the_vector_sum(name: str, power: int):
    offsets = np.arange(-90, 90, 0.1)
    response = fallen(offsets, power)
    expected = abs((response * np.exp(2j * np.radians(offsets))).sum()) / response.sum()
    found = tuned(LARGE, "square", at=5).selectivity[TUNED.index(name)]
    assert float(found) == pytest.approx(expected, abs=0.003)


def test_edge_strength_prefers_nothing():
    found = tuned(LARGE._replace(orientations=12), "square", at=0)
    assert float(found.selectivity[TUNED.index("edges")]) < 0.001


@pytest.mark.parametrize("orientations", [2, 3, 4, 6])
def test_ripple_is_that_of_a_sum_of_tuning_curves(orientations: int):
    step = 180 / orientations
    bars = np.linspace(0, step, 8, endpoint=False)
    turned = [(bars - step * each + 90) % 180 - 90 for each in range(orientations)]
    edges = sum(fallen(each, 2) for each in turned)
    expected = (edges.max() - edges.min()) / (edges.max() + edges.min())
    found = ripple(LARGE._replace(orientations=orientations), "square")
    assert found.depth == pytest.approx(expected, abs=0.005)


def test_the_bank_itself_is_among_the_ripples():
    found = ripples(GaborParameters(7, 2, 6.0, 3.0, 15, 1.0), "relu")
    assert [each.orientations for each in found] == [2, 3, 4, 5, 6, 7, 8, 10, 12, 16]
    assert found[0].depth > found[4].depth


# ── Sections ────────────────────────────────────────────────────────────────────────────────────


def blocks(name: str, setting: Setting, kind: type) -> list[Any]:
    found = LESSON.section(name, setting, noise(30, 26))
    beside = [each.columns if isinstance(each, Columns) else [[each]] for each in found]
    inside = [each for columns in beside for column in columns for each in column]
    return [each for each in inside if isinstance(each, kind)]


@pytest.mark.parametrize(
    ("stage", "channel", "pooling", "expected"),
    [
        ("bank", 5, "phases", 2),
        ("pooling", 3, "phases", 3),
        ("pooling", 0, "orientations", 2),
        ("bank", 999, "phases", 3),
        ("pooling", 999, "phases", 3),
    ],
)
def test_the_clicked_map_decides_the_orientation(
    stage: str, channel: int, pooling: str, expected: int
):
    setting = Setting(pooling=pooling)
    scene = LESSON.scene(setting, noise(), Unit(stage, channel, 0, 0))
    assert shown_orientation(scene) == expected
    assert shown_orientation(LESSON.scene(setting, noise())) == 2


def test_the_table_says_what_was_measured():
    (table,) = blocks("complex", Setting(), Table)
    rows = {str(row[0]): row[1:3] for row in table.rows[1:]}
    for name in UNITS:
        depth, ratio = statistics(CLOSED[name])
        assert [float(each) for each in rows[str(simple_to_complex.NAMES[name])]] == pytest.approx(
            [depth, ratio], abs=0.02
        )


def test_the_line_of_the_grating_stands_where_the_slider_does():
    charts = blocks("complex", Setting(grating_degrees=130), Chart)
    assert charts[0].arguments["at"] == 130
    assert len(charts[0].arguments["x"]) == STEPS + 1


def test_what_is_silent_has_dashes():
    """Four phases without a rectifier cancel one another."""
    tables = blocks("forgets", Setting(phases=4, rectifier="none"), Table)
    assert [row[1:] for row in tables[0].rows[1:]] == [["–", "–"], ["–", "–"]]


def test_a_trained_inception_has_a_1x1_over_64_maps_there():
    assert "a 1×1 over 64 maps" in str(simple_to_complex._in_a_network())


def test_every_number_of_the_cortex_has_a_source_and_one_of_ours_beside_it():
    assert f"median near {MEDIAN_HALF_WIDTH_DEGREES}°" in str(V1[0].found)
    (table,) = blocks("cortex", Setting(), Table)
    assert len(table.rows) == len(V1)
    assert [row[3] for row in table.rows] == [each.source for each in V1]
    assert str(table.rows[0][1]) == "simple 21.7°, complex 15.3°"
    references = str(blocks("cortex", Setting(), Prose)[-1].text)
    for each in V1:
        assert each.reference in references
        assert each.source.rstrip("ab")[-4:].isdigit()


def test_the_widths_of_the_chart_are_those_that_are_measured():
    setting = Setting(wavelength_px=10, sigma_px=4, size_px=49)
    arguments = blocks("cortex", setting, Chart)[0].arguments
    drawn = dict(zip(arguments["x"], arguments["lines"][cortex.BANK], strict=True))
    measured = tuned(setting.gabor, "square", at=0).half_width_degrees[0]
    assert arguments["at"] == 0.4
    assert drawn[0.4] == pytest.approx(float(measured), abs=0.3)


# ── Claims ──────────────────────────────────────────────────────────────────────────────────────


def sentences(setting: Setting) -> set[str]:
    return {str(claim.sentence) for claim in LESSON.claims(setting, noise(40, 31))}


def test_each_claim_stands_where_it_is_true():
    one_layer = (
        "Without a rectifier between them, the filters and the 1×1 are one layer of other filters."
    )
    assert one_layer in sentences(Setting(rectifier="none"))
    assert one_layer not in sentences(Setting())
    assert "A square does not see the sign." in sentences(Setting())
    assert "A ReLU sees the sign." in sentences(Setting(rectifier="relu"))
    assert len(sentences(Setting(pooling="max"))) == 3


def test_with_a_rectifier_no_bank_gives_complex_cells():
    """Twice the contrast is four times the response: no layer of filters does that."""
    setting, pixels = Setting(), noise(40, 31)
    once = LESSON.network(setting, pixels)(pixels)
    twice = LESSON.network(setting, pixels)(2 * pixels)
    torch.testing.assert_close(twice, 4 * once, atol=1e-4, rtol=1e-4)
    linear = replace(setting, rectifier="none")
    torch.testing.assert_close(
        LESSON.network(linear, pixels)(2 * pixels),
        2 * LESSON.network(linear, pixels)(pixels),
        atol=1e-4,
        rtol=1e-4,
    )


# ── The unit on the canvas ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "energy"),
        ({"rectifier": "relu", "pooling": "max"}, "two"),
        ({"rectifier": "relu", "pooling": "max", "phases": 4}, "four"),
        ({"rectifier": "relu", "phases": 4}, "rectified"),
        ({"phases": 1}, "squared"),
        ({"rectifier": "relu", "phases": 1}, "simple"),
    ],
)
def test_the_canvas_has_the_unit_of_its_layers(fields: dict[str, Any], name: str):
    scene = LESSON.scene(Setting(**fields), shipped("camera", 64))
    unit = cell(name, drifted(scene.setting.gabor, at=2))
    torch.testing.assert_close(canvas_cell(scene, 2).responses, unit.responses, atol=1e-4, rtol=0)
    both = [phases_on(each, scene.setting.gabor, at=2) for each in (scene.pixels, 1 - scene.pixels)]
    expected = polarity(name, *both)
    assert canvas_polarity(scene, 2).correlation == pytest.approx(expected.correlation, abs=1e-3)


def test_without_a_rectifier_the_canvas_has_another_simple_cell():
    scene = LESSON.scene(Setting(rectifier="none"), noise())
    found = canvas_cell(scene, 2)
    assert found.f1_f0 == pytest.approx(math.pi / 2, abs=0.01)
    assert found.modulation_depth == 1
