"""What stands beside the maps: kernels, the mixing matrix, the bars of one pixel, and the stage bar."""

from __future__ import annotations

from typing import Any

import canvases
import numpy as np
import pytest
from expected import (
    FIELD,
    number,
    right_colours,
    step_of,
    stops,
    table,
    telling_places,
)
from PIL import ImageColor
from playwright.sync_api import Locator
from scenes import Seen

from viz.figures.groups import orientation_colour
from viz.kernels import effective_kernels
from viz.layers.pointwise import mixing_layer
from viz.trace import cost

GAP, TEXT = 14, 17  # CSS px between groups of bars, and of a value above them
SHOWN_BELOW = 0.3  # of what lies below 0


def only(*scenes: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("seen", scenes, indirect=True)


def tile_of(canvas: Locator) -> list[list[int]]:
    return canvas.evaluate("canvas => JSON.parse(canvas.dataset.tiles)")


@only("averaged")
def test_kernels_have_the_colours_of_their_weights(seen: Seen) -> None:
    kernels = effective_kernels(seen.upto("bank"))
    assert kernels is not None
    canvas = seen.page.locator(".filters .stack canvas").first
    reach = float(kernels.abs().max())
    tiles, shown = tile_of(canvas), canvases.pixels(canvas)
    assert [at for at, *_ in tiles] == list(range(len(kernels)))
    for (_, *tile), kernel in zip(tiles, kernels.numpy(), strict=True):
        colour = canvases.middles(shown, tile, kernel.shape)
        assert right_colours(colour, kernel, (-reach, reach), table(stops("weight"))).all()
    ends = seen.page.locator(".filters .stack + .bar .ends span").all_inner_texts()
    assert [number(text) for text in ends] == pytest.approx([-reach, 0, reach], rel=0.006)


@only("mixed", "strided")
def test_a_cell_of_the_matrix_is_its_weight(seen: Seen) -> None:
    matrix = mixing_layer(seen.upto(seen.scene.view.stage)[-1]).matrix.detach().numpy()
    canvas = seen.page.locator("canvas.matrix")
    shown, by = canvases.pixels(canvas), canvases.ratio(seen.page)
    side, reach = shown.shape[1] / matrix.shape[1], np.abs(matrix).max()
    at = [(np.arange(length) * side + 4 * by).astype(int) for length in matrix.shape]
    colour = shown[np.ix_(*at)][..., :3].astype(int)
    assert right_colours(colour, matrix, (-reach, reach), table(stops("weight"))).all()
    if side / by >= 44:
        words = canvases.written(canvas)[-matrix.size :]
        told = np.array([number(text) for text, _, _ in words]).reshape(matrix.shape)
        assert np.abs(told - matrix).max() <= 0.0051 + step_of(matrix) / 2
        places = np.array([(y, x) for _, x, y in words]) * by // side
        assert (places == list(np.ndindex(matrix.shape))).all()


@only("mixed", "strided")
def test_a_chosen_cell_is_named_by_its_row_and_column(seen: Seen) -> None:
    stages = ["picture", *dict(seen.network.named_children())]
    layer = mixing_layer(seen.upto(seen.scene.view.stage)[-1])
    incoming = seen.scene.names(stages[stages.index(seen.scene.view.stage) - 1])
    canvas = seen.page.locator("canvas.matrix")
    rect = canvas.bounding_box()
    assert rect is not None
    side = rect["width"] / layer.matrix.shape[1]
    for row, column in [(0, 1), (2, 0)]:
        canvas.click(position={"x": (column + 0.5) * side, "y": (row + 0.5) * side})
        weight = seen.page.get_by_label(f"Weight from {incoming[column]} to {seen.names[row]}")
        exact = float(layer.matrix[row, column])
        assert float(weight.input_value()) == pytest.approx(exact, abs=0.03)  # its slider's step
        shown, by = canvases.pixels(canvas), canvases.ratio(seen.page)
        corner = np.array([column, row]) * side + 1
        frame = tuple(by * np.concatenate([corner, corner + side - 3]))
        for edge in canvases.edges(shown, frame):
            assert np.abs(edge - FIELD).max() <= 3


@only("pooled")
def test_bars_are_the_numbers_of_the_pixel_under_the_pointer(seen: Seen) -> None:
    setting: Any = seen.scene.setting
    size = setting.group
    bank = seen.stages["bank"]
    high = max(0, bank.max())
    low = max(min(0, bank.min()), -SHOWN_BELOW * high)
    for place in telling_places(seen.drawn):
        seen.hover(place)
        down, across = seen.unit_of(place)
        groups = bank[:, down, across].reshape(-1, size)
        canvas = seen.page.locator("canvas[data-kept]")
        head = float(canvas.get_attribute("data-head") or 0)  # of the kernels below the bars
        assert head >= 14
        kept = list(map(int, (canvas.get_attribute("data-kept") or "").split()))
        assert kept == groups.argmax(1).tolist()
        best = groups.max(1)
        words = canvases.written(canvas)
        told = [number(text) for text, _, _ in words]
        assert told == pytest.approx(best, rel=0.006, abs=1e-6)
        by, shown = canvases.ratio(seen.page), canvases.pixels(canvas)
        tops = np.linspace(0, len(shown), len(groups) + 1)
        for n, values in enumerate(groups):
            row = shown[round(tops[n]) : round(tops[n + 1] - (GAP + head) * by)]
            assert_bars(row, values, kept[n], (low, high), by)
            tall = len(row) * (best[n] / (high - low)) > 4 * by
            assert_hue(row, 180 * n / len(groups), tall)


def assert_bars(
    row: np.ndarray, values: np.ndarray, lit: int, between: tuple[float, float], by: float
) -> None:
    """Every bar goes from 0 to its value, and only the largest is solid."""
    low, high = between
    zero, *to = len(row) * (1 - (np.clip([0, *values], low, high) - low) / (high - low))
    step, clear = row.shape[1] / len(values), round(TEXT * by)
    for n, value in enumerate(to):
        column = row[:, int((n + 0.5) * step - 0.25 * by), 3]
        painted = np.nonzero(column[clear:] > 25)[0] + clear
        ends = np.clip([min(value, zero), max(value, zero + by)], clear, len(row))
        assert np.abs([painted[0] - ends[0], painted[-1] + 1 - ends[1]]).max() <= 1.6, n
        if zero - max(value, clear) > 4 * by:
            assert (column[int((max(value, clear) + zero) / 2)] == 255) == (n == lit)


def assert_hue(row: np.ndarray, degrees: float, tall: bool) -> None:
    """Of the hues that stand for orientations a row has its own alone, if its bar is seen."""
    wheel = np.array([ImageColor.getrgb(orientation_colour(each)) for each in range(180)])
    solid = row[row[..., 3] == 255][:, :3].astype(int)
    found = [n for n in range(180) if (np.abs(solid - wheel[n]).max(1) <= 1).any()]
    assert all(abs((each - degrees + 90) % 180 - 90) <= 2 for each in found)
    assert found or not tall


@only("strided", "mixed")
def test_the_stage_bar_counts_what_torch_counts(seen: Seen) -> None:
    shape = (3, *seen.pictures[0].shape[:2])
    before = 0, 0
    for stage in dict(seen.network.named_children()):
        upto = cost(seen.upto(stage), shape)
        parameters, macs = upto.parameters - before[0], upto.macs - before[1]
        before = upto.parameters, upto.macs
        chip = seen.page.locator(f"[data-stage={stage}] .facts")
        size = " × ".join(map(str, seen.stages[stage].shape))
        assert chip.locator(".shape").text_content() == size
        titles = chip.locator("[title]").evaluate_all("all => all.map(e => e.title)")
        assert titles[:2] == [f"{parameters:,} weights and biases", f"{macs:,} multiply-adds"]
        field = seen.field(stage=stage)
        told = chip.locator("span").last.text_content()
        assert told == f"field {field.size[0]}, stride {field.stride[0]}"
