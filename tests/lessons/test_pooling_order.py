"""The order of pooling and 1×1: every number by another route than the lesson's."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from looking import channel_names, leaving, noise, shipped, shown, title
from torch import Tensor, nn

from viz import lessons
from viz.arithmetic import arithmetic
from viz.images import Picture
from viz.layers.pointwise import Pointwise
from viz.lessons.blocks import Block, Chart, Columns, Panels, Prose
from viz.lessons.lesson import Unit
from viz.lessons.lesson import finished as shown_blocks
from viz.lessons.measured import looking_at
from viz.lessons.pooling_order.agreement import CASES, cases
from viz.lessons.pooling_order.claims import single_inputs
from viz.lessons.pooling_order.drift import drift
from viz.lessons.pooling_order.one_window import one_window
from viz.lessons.pooling_order.orders import BIAS, ORDERS, pool_of
from viz.lessons.pooling_order.pools import AVERAGE, BETAS, MAX, MIDDLE, WORDS, pool
from viz.lessons.pooling_order.setting import Setting
from viz.numbers import number
from viz.run import compare, drawing, stage_facts, stages
from viz.run.filters import filters
from viz.run.sections import scene
from viz.run.stages import finished
from viz.ui.text import translated
from viz.view import View

LESSON = lessons.load("pooling_order")
SIDES = st.integers(1, 20)
CPU = torch.device("cpu")


def pooled(x: Tensor, setting: Setting) -> Tensor:
    """The pool by torch's own functions and, between its ends, in double precision."""
    size, beta = setting.pool_size, BETAS[setting.beta]
    padding = size // 2 if setting.padding or min(x.shape[-2:]) < size else 0
    if beta == 0:
        kept = setting.counted
        return F.avg_pool2d(x, size, setting.stride, padding, count_include_pad=kept)
    if beta == inf:
        return F.max_pool2d(x, size, setting.stride, padding)
    padded = F.pad(x.double(), [padding] * 4, value=-inf)
    windows = padded.unfold(1, size, setting.stride).unfold(2, size, setting.stride)
    read = windows.isfinite().sum((3, 4)).log()
    return (((beta * windows).logsumexp((3, 4)) - read) / beta).to(x)


def both(setting: Setting, pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Both orders by other routes, for colours."""
    matrix = LESSON.build(setting, pixels).mixing("orders").matrix
    bias = torch.full((len(matrix),), BIAS * setting.bias)

    def mixed(x: Tensor) -> Tensor:
        return F.conv2d(x, matrix[:, :, None, None], bias)

    return mixed(pooled(pixels, setting)), pooled(mixed(pixels), setting)


# ── The stages ──────────────────────────────────────────────────────────────────────────────────


@given(setting=..., height=SIDES, width=SIDES)
def test_the_maps_are_both_orders_and_their_difference(setting: Setting, height: int, width: int):
    setting, pixels = replace(setting, bank="rgb", mix_edits=()), noise(height, width)
    found = leaving(LESSON, setting, pixels)["orders"]
    first, second = both(LESSON.outline(setting).setting, pixels)
    expected = torch.cat([first, second, first - second])
    torch.testing.assert_close(found, expected, atol=2e-5, rtol=1e-5)


@given(...)
def test_controls_that_mean_something_now(setting: Setting):
    every = shown(LESSON, setting)
    assert ("counted" in every) == (setting.beta == AVERAGE and setting.padding)
    assert ("mix_seed" in every) == (setting.mix_recipe in ("random", "nonnegative"))
    assert ("wavelength_px" in every) == (setting.bank == "gabor")


def test_one_row_is_one_line_of_three_maps_and_several_are_three_lines():
    outline = LESSON.outline(Setting())
    assert outline["orders"].channels.names == ORDERS
    assert outline["orders"].channels.row_length == 3
    two = LESSON.outline(Setting(mix_outputs=2))["orders"].channels
    assert two.row_length == 2
    assert two.names[:3] == ("R−G: pool → 1×1", "G−B: pool → 1×1", "R−G: 1×1 → pool")
    assert channel_names(LESSON, Setting(bank="gabor", mix_outputs=0))["orders"][7].startswith(
        "157.5°−0°"
    )


def test_the_chip_says_which_pool():
    assert title(LESSON, Setting(), "orders") == "Max 5×5 and 1×1, both orders"
    assert title(LESSON, Setting(beta=AVERAGE), "orders") == "Average 5×5 and 1×1, both orders"
    assert title(LESSON, Setting(beta=MIDDLE), "orders") == "Pool 5×5, β = 10, and 1×1, both orders"


def test_the_weights_are_one_layer_that_works_in_both_orders():
    pixels = noise(20, 30)
    setting = Setting(pool_size=2, stride=2, padding=False, mix_outputs=2, bias=True)
    facts = stage_facts(LESSON.network(setting, pixels), (3, 20, 30))["orders"]
    assert facts["parameters"] == 2 * 3 + 2
    assert facts["macs"] == 2 * 3 * (10 * 15 + 20 * 30)  # a smaller map after the pool
    assert facts["shape"] == [6, 10, 15]
    assert (facts["size"], facts["stride"]) == ((2, 2), (2, 2))


# ── The pools ───────────────────────────────────────────────────────────────────────────────────


def test_the_steps_of_the_slider_are_even_on_a_logarithmic_scale():
    between = torch.tensor(BETAS[1:-1]).log10()
    assert (BETAS[AVERAGE], BETAS[MAX], BETAS[MIDDLE]) == (0, inf, 10)
    assert all(abs(float(b - a) - 0.25) < 0.015 for a, b in pairwise(between))
    assert len(WORDS) == len(BETAS)
    assert (WORDS[0], WORDS[1], WORDS[-1]) == ("average", "β = 1", "max")


@pytest.mark.parametrize("counted", [False, True])
def test_both_ends_are_torchs_own_pools(counted: bool):
    x = noise(9, 8) - 0.5
    average = pool(AVERAGE, 3, stride=2, padding=1, counted=counted)
    assert torch.equal(average(x), F.avg_pool2d(x, 3, 2, 1, count_include_pad=counted))
    assert torch.equal(pool(MAX, 4, stride=3, padding=2)(x), F.max_pool2d(x, 4, 3, 2))


# ── Both orders ─────────────────────────────────────────────────────────────────────────────────


def difference(**fields: Any) -> Tensor:
    pixels = shipped("coffee", 96)
    setting = Setting(**fields)
    maps = leaving(LESSON, setting, pixels)["orders"]
    return maps[2 * (len(maps) // 3) :]


def test_as_it_opens_the_two_orders_differ_by_most_of_the_range():
    first, second = both(Setting(), shipped("coffee"))
    expected = float((first - second).abs().max())
    maps = leaving(LESSON, Setting(), shipped("coffee"))["orders"]
    assert float(maps[2].abs().max()) == pytest.approx(expected, abs=1e-6)
    assert expected > 0.8 * float(second.abs().max())


def test_when_they_agree_and_when_not():
    assert difference(beta=AVERAGE).abs().max() < 1e-6
    assert difference(beta=AVERAGE, bias=True).abs().max() < 1e-6
    assert difference(beta=AVERAGE, bias=True, padding=False, counted=True).abs().max() < 1e-6
    border = difference(beta=AVERAGE, bias=True, counted=True)[0]
    # a corner of a 5×5 window holds 9 of 25 pixels: the other order averages the bias with zeros
    assert float(border[0, 0]) == pytest.approx(BIAS * (1 - 9 / 25), abs=1e-6)
    assert border[2:-2, 2:-2].abs().max() < 1e-6
    assert not difference(mix_recipe="identity", mix_outputs=0).any()
    assert difference(mix_recipe="nonnegative", mix_outputs=8).min() > -1e-6
    assert difference(mix_recipe="nonnegative", mix_outputs=8).max() > 0.01
    assert difference(mix_recipe="random", mix_outputs=8).abs().max() > 0.1


def test_a_difference_of_two_channels_is_never_above_the_largest_difference():
    """max R − max G reads G at its best, too: it is never more than max (R − G)."""
    assert difference().max() <= 0


def test_claims_name_what_they_compare(picture):
    pixels = shipped("coffee", 96)
    rows = {
        str(row.sentence): row
        for row in compare(LESSON.claims(Setting(), pixels), picture(pixels), CPU)
    }
    assert all(row.holds for row in rows.values())
    assert len(rows) == 12
    assert [row.equal for row in rows.values()] == [False, False, True, True, False, *[True] * 7]
    exact = "Max pooling commutes with a 1×1 of one non-negative weight a row."
    assert (rows[exact].difference, rows[exact].bound) == (0, 0)


def test_a_difference_is_not_claimed_where_there_is_none():
    single = Setting(mix_recipe="identity", mix_outputs=0)
    sentences = [str(claim.sentence) for claim in LESSON.claims(single, noise())]
    assert "Max pooling and this 1×1 do not commute." not in sentences
    assert len(sentences) == 10


def test_of_each_row_one_weight_is_left():
    matrix = torch.tensor([[0.5, -2.0, 1.0], [0.0, 0.0, 0.0]])
    assert single_inputs(matrix).tolist() == [[0.0, 2.0, 0.0], [0.0, 0.0, 0.0]]


# ── The canvas ──────────────────────────────────────────────────────────────────────────────────


def test_one_number_is_taken_apart_in_its_own_order():
    pixels = noise(9, 8)
    stage = LESSON.network(Setting(pool_size=3), pixels).get_submodule("orders")
    first, second, apart = (arithmetic(stage, pixels, (n, 4, 4)) for n in range(3))
    window = pixels[:, 3:6, 3:6]
    assert first.operation == "sum"
    assert first.inputs == pytest.approx(window.amax((1, 2)).tolist())
    assert second.operation == "max"
    assert sorted(second.inputs) == pytest.approx(
        sorted((window[0] - window[1]).flatten().tolist())
    )
    assert (apart.weights, apart.operation) == ([1.0, -1.0], "sum")
    assert apart.inputs == pytest.approx([first.output, second.output])


def test_the_unit_at_rest_is_where_the_orders_differ_most(picture):
    photo = picture(shipped("coffee", 96))
    header, _ = read(drawing.draw(LESSON, Setting(), View(working_size_px=96), photo, 96))
    difference = leaving(LESSON, Setting(), photo.pixels)["orders"][2].abs()
    row, column = header["rest"]
    inside = difference[2:-2, 2:-2]  # units whose window lies within the picture come first
    assert float(difference[row, column]) == float(inside.max())
    assert LESSON.scene(Setting(), photo.pixels).place() == (row, column)
    assert header["row_names"] == ["R−G"]
    assert header["as_picture"] is False


def read(buffer: bytes) -> tuple[dict[str, Any], bytes]:
    import json

    length = int.from_bytes(buffer[:4], "little")
    return json.loads(buffer[4 : 4 + length]), buffer[4 + length :]


def test_an_average_of_oriented_maps_has_kernels_and_the_difference_none():
    setting, pixels = Setting(bank="gabor", beta=AVERAGE), noise(40, 40)
    found = filters(LESSON.network(setting, pixels), "orders")
    assert found.stacks["matrix"].shape == (1, 1, 8)
    kernels = found.stacks["kernels"]
    torch.testing.assert_close(kernels[0], kernels[1], atol=1e-6, rtol=0)
    assert kernels[2].abs().max() < 1e-6 < kernels[0].abs().max()
    after_max = filters(LESSON.network(replace(setting, beta=MAX), pixels), "orders")
    assert after_max.of_bank
    assert after_max.feeds == [[0, 1]] * 3


# ── From average to max ─────────────────────────────────────────────────────────────────────────


def test_the_curve_is_the_difference_at_every_step():
    pixels = shipped("coffee", 64)
    matrix = LESSON.build(Setting(), pixels).mixing("orders").matrix
    found = finished(drift(looking_at(pixels), matrix, Setting(), tuple(pixels.shape)))
    for step in range(len(BETAS)):
        first, second = both(Setting(beta=step), pixels)
        apart = (first - second).abs()
        assert found.largest[step] == pytest.approx(float(apart.max()), abs=2e-6)
        assert found.mean[step] == pytest.approx(float(apart.mean()), abs=2e-6)
    assert all(a < b for a, b in pairwise(found.largest))


def test_at_another_step_the_curve_is_not_computed_again(monkeypatch: pytest.MonkeyPatch):
    """Beta moves under the hand, and the curve has every step of it already."""
    picture = Picture("a picture of this test", shipped("coffee", 64), "")
    ran: list[nn.Module] = []

    def curve(beta: int) -> str:
        given = scene(LESSON, Setting(beta=beta), View(working_size_px=64), picture, CPU)
        return str(shown_blocks(LESSON.sections["curve"].show(given)))

    first = curve(MAX)
    run = stages.with_what_fits
    monkeypatch.setattr(stages, "with_what_fits", lambda *a: ran.append(a[0]) or run(*a))
    assert curve(MIDDLE) != first
    assert not ran


def test_the_section_marks_the_present_step_and_says_its_number():
    pixels = shipped("coffee", 64)
    (columns,) = LESSON.section("curve", Setting(beta=MIDDLE), pixels)
    assert isinstance(columns, Columns)
    (chart,), (now, ends) = columns.columns
    assert isinstance(chart, Chart)
    assert chart.arguments["at"] == MIDDLE
    assert isinstance(now, Prose)
    assert isinstance(ends, Prose)
    apart = {}
    for step in (AVERAGE, MIDDLE, MAX):
        first, second = both(Setting(beta=step), pixels)
        apart[step] = (first - second).abs()
    assert str(now.text) == (
        f"The two orders differ by up to {number(float(apart[MIDDLE].max()))} (β = 10)"
    )
    assert f"all pixels {number(float(apart[MIDDLE].mean()))}." in str(ends.text)
    assert str(ends.text).endswith(f"the max pool {number(float(apart[MAX].max()))}.")
    figure = chart.figure(**translated(chart.arguments))
    assert list(figure.layout.xaxis.ticktext) == ["average", "10", "100", "max"]
    assert [BETAS[n] for n in figure.layout.xaxis.tickvals] == [0, 10, 100, inf]


def test_a_network_of_the_lesson_holds_one_1x1():
    chain = LESSON.network(Setting(), noise())
    assert sum(isinstance(each, nn.Conv2d) for each in chain.modules()) == 1


# ── When they agree ─────────────────────────────────────────────────────────────────────────────


def by_torch(name: str, x: Tensor, row: Tensor, setting: Setting) -> tuple[Tensor, Tensor]:
    """Both orders of a case by torch's own functions."""
    window = (setting.pool_size, setting.stride, setting.pool_size // 2)
    kept = name in ("average", "counted")
    bias = torch.tensor([BIAS if name in ("counted", "left_out") else 0.0])
    if name == "single":
        row = row.abs() * (row.abs() == row.abs().max())
    if name == "nonnegative":
        row = row.abs()

    def mix(x: Tensor) -> Tensor:
        return F.conv2d(x, row[:, :, None, None], bias)

    def pooled(x: Tensor) -> Tensor:
        if name in ("average", "counted", "left_out"):
            return F.avg_pool2d(x, *window, count_include_pad=kept)
        return F.max_pool2d(x, *window)

    if name == "relu":
        return pooled(mix(x)).relu(), pooled(mix(x).relu())
    return mix(pooled(x)), pooled(mix(x))


@pytest.mark.parametrize("stride", [1, 3])
@pytest.mark.parametrize("size", [2, 5])
def test_every_case_is_what_torch_gives(size: int, stride: int):
    setting, pixels = Setting(pool_size=size, stride=stride), shipped("coffee", 96)
    row = torch.tensor([[0.5, -1.0, 0.25]])
    found = cases(pixels, row, setting)
    assert [case.name for case in found] == list(CASES)
    for case in found:
        first, second = by_torch(case.name, pixels, row, setting)
        torch.testing.assert_close(case.first, first, atol=2e-6, rtol=1e-6)
        torch.testing.assert_close(case.second, second, atol=2e-6, rtol=1e-6)
    agree = {case.name: case.agrees for case in found}
    assert agree == {name: name not in ("counted", "nonnegative") for name in CASES}
    assert [case.name for case in found if case.largest == 0] == ["single", "relu"]


@given(setting=..., height=SIDES, width=SIDES)
def test_without_a_negative_weight_the_pool_first_is_never_smaller(
    setting: Setting, height: int, width: int
):
    (*_, ordered) = cases(noise(height, width), torch.ones(1, 3), setting)
    assert ordered.is_ordered
    assert float(ordered.difference.min()) > -1e-6


def test_every_case_has_its_map_and_what_is_left_of_it():
    (block,) = LESSON.section("agree", Setting(), shipped("astronaut", 96))
    assert isinstance(block, Panels)
    maps, differences = block.panels[::2], block.panels[1::2]
    assert [str(each.title) for each in differences] == [
        "Both orders agree up to rounding",
        "The orders differ",
        "Both orders agree up to rounding",
        *["Both orders agree exactly"] * 2,
        "Difference, nowhere negative",
    ]
    found = cases(shipped("astronaut", 96), torch.tensor([[1.0, -1.0, 0.0]]), Setting())
    for case, one, other in zip(found, maps, differences, strict=True):
        assert torch.equal(torch.as_tensor(one.maps), case.first)
        assert torch.equal(torch.as_tensor(other.maps), case.first - case.second)
    # rounding on a scale of its own would look like a picture
    assert {each.scale for each in differences} == {"difference"}
    largest = float(found[-1].difference.max())
    assert str(differences[-1].note).endswith(f"to {number(largest)}")


# ── One window ──────────────────────────────────────────────────────────────────────────────────


@given(st.integers(0, 8), st.integers(0, 7), st.sampled_from([AVERAGE, MIDDLE, MAX]))
def test_a_window_has_the_numbers_of_the_maps(row: int, column: int, step: int):
    pixels, setting = noise(9, 8) - 0.5, Setting(pool_size=3, beta=step, bias=True)
    matrix = torch.tensor([[0.5, -1.0, 0.25], [1.0, 1.0, 0.0]])
    mix = Pointwise(matrix, torch.full((2,), BIAS))
    found = one_window(pixels, pool_of(setting, (9, 8)), mix, 1, (row, column))
    rows, columns = (slice(max(0, at - 1), at + 2) for at in (row, column))
    assert found.channels == (0, 1)
    assert torch.equal(found.values, pixels[:2, rows, columns])
    torch.testing.assert_close(found.mixed, pixels[:2, rows, columns].sum(0) + BIAS)
    first = [float(pooled(pixels, setting)[c, row, column]) for c in (0, 1)]
    assert found.pooled == pytest.approx(first, abs=1e-5)
    assert found.first == pytest.approx(sum(first) + BIAS, abs=1e-5)
    assert found.others == pytest.approx(BIAS, abs=1e-5)
    mixed = (matrix @ pixels.flatten(1)).view(2, 9, 8) + BIAS
    assert found.second == pytest.approx(float(pooled(mixed, setting)[1, row, column]), abs=1e-5)


def test_of_many_channels_the_strongest_are_shown_and_the_others_added():
    maps = torch.arange(1.0, 6.0)[:, None, None].expand(5, 4, 4)
    mix = Pointwise(torch.tensor([[5.0, 0.0, -1.0, 1.0, 0.5]]))
    found = one_window(maps, nn.MaxPool2d(2), mix, 0, (9, 9))
    assert (found.channels, found.others) == ((0, 2, 3), 2.5)
    assert (found.rows, found.columns) == ((2, 3), (2, 3))


def test_the_section_shows_the_window_at_rest_and_each_best_pixel():
    pixels = shipped("coffee", 96)
    setting = Setting(pool_size=3)
    columns, first, second, _ = LESSON.section("window", setting, pixels)
    assert isinstance(columns, Columns)
    row, column = LESSON.scene(setting, pixels).place()
    red, green, _blue = pixels[:, row - 1 : row + 2, column - 1 : column + 2]
    charts = [chart for _, chart in columns.columns]
    for chart, values in zip(charts, (red, green, red - green), strict=True):
        assert np.array(chart.arguments["values"]).tolist() == values.tolist()
        down, right = chart.arguments["kept"]
        assert float(values[down, right]) == float(values.max())
    chosen = divmod(int((red - green).argmax()), 3)
    assert [chart.arguments["chosen"] for chart in charts] == [chosen, chosen, None]
    assert told(first) == f"Pool, then 1×1: {difference_of(red.max(), green.max())}"
    assert f"1×1, then pool: {difference_of(red[chosen], green[chosen])}" in told(second)
    assert red.max() - green.max() < (red - green).max()
    _, _, average, _ = LESSON.section("window", replace(setting, beta=AVERAGE), pixels)
    assert "may change places" in told(average)


def told(block: Block) -> str:
    assert isinstance(block, Prose)
    return str(block.text)


def difference_of(red: Tensor, green: Tensor) -> str:
    result = number(float(red) - float(green))
    return f"1 · {number(float(red))} − 1 · {number(float(green))} = **{result}**"


def test_a_clicked_map_shows_its_own_output():
    pixels, setting = noise(12, 12), Setting(mix_outputs=2, pool_size=2)
    for channel in (1, 3, 5):  # the second output, in every order
        columns, *_, where = LESSON.section(
            "window", setting, pixels, Unit("orders", channel, 4, 5)
        )
        values = np.array(columns.columns[-1][1].arguments["values"])
        np.testing.assert_allclose(values, pixels[1, 3:5, 4:6] - pixels[2, 3:5, 4:6], atol=1e-6)
        assert "Rows 3 to 4, columns 4 to 5" in told(where)
