"""The stepper at two sizes: the colour and the number of every cell, against the arrays."""

from __future__ import annotations

import json
from typing import Any

import canvases
import numpy as np
import pytest
from expected import number, right_colours, stops, table
from panels_page import OUTPUTS, STEPPERS, arrays
from playwright.sync_api import Locator, Page

ARRAYS = arrays()
ROOM_FOR_NUMBERS = 30  # CSS px of a cell
TINTS = [
    np.array(ends)
    for ends in (
        [(0x1C, 0x05, 0x03), (0xFF, 0x5A, 0x48)],
        [(0x03, 0x16, 0x0A), (0x3F, 0xD0, 0x68)],
        [(0x05, 0x0A, 0x24), (0x5B, 0x97, 0xFF)],
    )
]
READINGS = [(name, n) for name, (_, steps) in STEPPERS.items() for n in range(len(steps))]


@pytest.fixture(scope="module")
def steppers(view: Page, panels: str) -> Page:
    view.goto(f"{panels}?show=stepper")
    view.locator(".stepper canvas[data-step]").nth(len(READINGS) - 1).wait_for()
    canvases.still(view)
    return view


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def canvas(page: Page, name: str, n: int) -> Locator:
    return group(page, name).locator("canvas").nth(n)


def said(drawn: Locator) -> dict[str, Any]:
    return {key: json.loads(text) for key, text in drawn.evaluate("e => ({...e.dataset})").items()}


def move(page: Page, name: str, step: int, output: int) -> None:
    group(page, name).get_by_role("slider").fill(str(step))
    group(page, name).get_by_role("radio", name=f"out {output}").check(force=True)


def scale(*stacks: np.ndarray) -> tuple[tuple[float, float], np.ndarray]:
    """The range and the colours that numbers share."""
    low, high = min(each.min() for each in stacks), max(each.max() for each in stacks)
    if low < 0:
        reach = max(-low, high)
        return (-reach, reach), table(stops("activation"))
    return (min(0, low), high), table(stops("sequential"))


def outputs_of(name: str) -> list[np.ndarray]:
    return [ARRAYS[f"{name}.outputs{n}"] for n in range(len(STEPPERS[name][1]))]


def colour_at(shown: np.ndarray, sheet: dict[str, Any], by: float, *cell: int) -> np.ndarray:
    """The colour of a cell near its upper left corner: its number stands in the middle."""
    n, row, column = cell
    x = sheet["x"] + n * sheet["dx"] + column * sheet["cell"] + 4
    y = sheet["y"] - n * sheet["dy"] + row * sheet["cell"] + 4
    return shown[int(y * by), int(x * by), :3].astype(int)


def number_at(words: list[tuple[str, float, float]], sheet: dict[str, Any], *cell: int) -> float:
    """The number that was written last in the middle of a cell."""
    n, row, column = cell
    x = sheet["x"] + n * sheet["dx"] + (column + 0.5) * sheet["cell"]
    y = sheet["y"] - n * sheet["dy"] + (row + 0.5) * sheet["cell"]
    found = [text for text, *at in words if np.abs(np.subtract(at, (x, y))).max() < 1]
    assert found, cell
    return number(found[-1])


def read_by(name: str, n: int, row: int, column: int) -> list[tuple[int, int, int]]:
    """Every number under the kernel: channel, row, column."""
    (channels, height, width), steps = STEPPERS[name]
    stride, kernel, padding = steps[n]
    rows, columns = ([at * stride - padding + i for i in range(kernel)] for at in (row, column))
    return [
        (channel, y, x)
        for channel in range(channels)
        for y in rows
        for x in columns
        if 0 <= y < height and 0 <= x < width
    ]


@pytest.mark.parametrize(("name", "n"), READINGS)
def test_what_is_read_has_its_colour_and_its_number(steppers: Page, name: str, n: int) -> None:
    inputs, outputs = ARRAYS[f"{name}.inputs"], ARRAYS[f"{name}.outputs{n}"]
    weights = ARRAYS[f"{name}.weights{n}"]
    between, colours = scale(inputs)
    for step, output in ((1, 0), (outputs[0].size // 2, 1), (outputs[0].size, 0)):
        move(steppers, name, step, output)
        drawn = canvas(steppers, name, n)
        now, shown, words = said(drawn), canvases.pixels(drawn), canvases.written(drawn)
        row, column = divmod(step - 1, outputs.shape[2])
        assert (now["at"], now["output"]) == ([row, column], output)
        cells = read_by(name, n, row, column)
        stride, kernel, padding = STEPPERS[name][1][n]
        total = 0.0
        for channel, y, x in cells:
            i, j = y - row * stride + padding, x - column * stride + padding
            total += float(inputs[channel, y, x] * weights[output, channel, i, j])
            if kernel > 1 and channel:
                continue  # the windows in front lie on it
            value = inputs[channel, y, x]
            colour = colour_at(
                shown, now["sheets"]["inputs"], canvases.ratio(steppers), channel, y, x
            )
            if name == "colour":
                assert right_colours(colour, value, (0, 1), table(TINTS[channel])).all()
            else:
                assert right_colours(colour, value, between, colours).all()
            if now["sheets"]["cell"] >= ROOM_FOR_NUMBERS:
                told = number_at(words, now["sheets"]["inputs"], channel, y, x)
                assert told == pytest.approx(value, abs=0.0051)
        assert f"{len(cells)} → 1" in [text for text, _, _ in words]
        assert now["sum"] == pytest.approx(total, abs=1e-5)
        assert now["told"] == pytest.approx(float(outputs[output, row, column]), abs=1e-6)


@pytest.mark.parametrize(("name", "n"), READINGS)
def test_what_came_out_so_far_has_its_colour_and_its_number(
    steppers: Page, name: str, n: int
) -> None:
    outputs = ARRAYS[f"{name}.outputs{n}"]
    between, colours = scale(*outputs_of(name))
    _, rows, columns = outputs.shape
    for step, output in ((rows * columns // 2 + 1, 1), (rows * columns, 0)):
        move(steppers, name, step, output)
        drawn = canvas(steppers, name, n)
        now, shown, words = said(drawn), canvases.pixels(drawn), canvases.written(drawn)
        sheet = now["sheets"]["outputs"]
        for at, (row, column) in enumerate(np.ndindex(rows, columns)):
            colour = colour_at(shown, sheet, canvases.ratio(steppers), output, row, column)
            right = right_colours(colour, outputs[output, row, column], between, colours)
            if at == step - 1:
                continue  # its frame lies on it
            assert right.all() == (at < step), (row, column)
            if at < step and sheet["cell"] >= ROOM_FOR_NUMBERS:
                told = number_at(words, sheet, output, row, column)
                assert told == pytest.approx(outputs[output, row, column], abs=0.0051)


@pytest.mark.parametrize(("name", "n"), READINGS)
def test_a_number_that_is_read_by_none_has_no_colour_of_a_number(
    steppers: Page, name: str, n: int
) -> None:
    inputs = ARRAYS[f"{name}.inputs"]
    _, rows, columns = ARRAYS[f"{name}.outputs{n}"].shape
    read = {cell[1:] for place in np.ndindex(rows, columns) for cell in read_by(name, n, *place)}
    move(steppers, name, 1, 0)
    drawn = canvas(steppers, name, n)
    now, shown = said(drawn), canvases.pixels(drawn)
    between, colours = ((0, 1), table(TINTS[0])) if name == "colour" else scale(inputs)
    below = STEPPERS[name][1][n][1]  # what joins the windows lies on the rows beside them
    for row, column in np.ndindex(inputs.shape[1:]):
        if row < below:
            continue
        colour = colour_at(shown, now["sheets"]["inputs"], canvases.ratio(steppers), 0, row, column)
        right = right_colours(colour, inputs[0, row, column], between, colours)
        assert right.all() == ((row, column) in read), (row, column)
    assert now["never"] == inputs[0].size - len(read)


@pytest.mark.parametrize("name", STEPPERS)
def test_the_legend_says_from_where_to_where_the_colours_go(steppers: Page, name: str) -> None:
    told = {}
    for text in group(steppers, name).locator(".legend").all_inner_texts():
        what, low, *_, high = text.replace(", one scale for all", "").split()
        told[what] = [number(low), number(high)]
    wanted = {"Output": list(scale(*outputs_of(name))[0])}
    if name != "colour":
        wanted["Input"] = list(scale(ARRAYS[f"{name}.inputs"])[0])
    assert told.keys() == wanted.keys()
    for what, ends in wanted.items():
        assert told[what] == pytest.approx(ends, rel=0.006)


@pytest.mark.parametrize(("name", "n"), READINGS)
def test_a_click_on_an_output_takes_that_one_apart(steppers: Page, name: str, n: int) -> None:
    _, rows, columns = ARRAYS[f"{name}.outputs{n}"].shape
    drawn = canvas(steppers, name, n)
    for output, row, column in [(OUTPUTS - 1, 0, columns - 1), (OUTPUTS - 1, rows - 1, 0)]:
        sheet = said(drawn)["sheets"]["outputs"]
        x = sheet["x"] + output * sheet["dx"] + (column + 0.5) * sheet["cell"]
        y = sheet["y"] - output * sheet["dy"] + (row + 0.5) * sheet["cell"]
        move(steppers, name, 1, output)
        drawn.click(position={"x": x, "y": y})
        assert (said(drawn)["output"], said(drawn)["at"]) == (output, [row, column])
