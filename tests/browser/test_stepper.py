"""The stepper under a hand: every number it lights and adds up, against torch and a plain loop."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import product
from typing import Any, Literal

import numpy as np
import pytest
import torch
from lab_page import settle, wait_until
from playwright.sync_api import Browser, Locator, Page
from serving import served
from torch.nn import functional as F

ACCENT = (242, 140, 40)
# (stride, kernel, padding) of every reading, over random inputs (C, h, w) with O outputs.
CASES: dict[str, tuple[tuple[int, int, int], int, list[tuple[int, int, int]]]] = {
    "beside": ((3, 12, 12), 2, [(1, 1, 0), (1, 3, 1)]),
    "unlike": ((3, 6, 7), 2, [(1, 1, 0), (1, 3, 0)]),
    "strided": ((2, 5, 5), 1, [(2, 1, 0)]),
    "left_over": ((1, 8, 7), 1, [(3, 1, 0)]),
    "largest": ((4, 16, 16), 4, [(1, 1, 0), (1, 3, 1)]),
    "wrong": ((1, 3, 3), 1, [(1, 1, 0)]),
    "lesson": ((3, 6, 8), 3, [(1, 1, 0), (1, 3, 1)]),
    "max": ((1, 5, 5), 1, [(1, 1, 0), (1, 3, 0), (2, 1, 0)]),
    "mean": ((1, 5, 5), 1, [(1, 1, 0), (1, 3, 0), (2, 1, 0)]),
}
POOLS = {"max": F.max_pool2d, "mean": F.avg_pool2d}

SCRIPT = """
from pathlib import Path
import numpy as np
import streamlit as st
from viz.lessons.blocks import Reading
from viz.ui.stepper import stepper

st.set_page_config(layout="wide")
st.html(Path("viz/ui/frame.css"))
case = st.query_params["case"]
numbers = np.load(Path(__file__).with_name("numbers.npz"))
inputs = numbers[f"{case}.inputs"]
if st.toggle("Other numbers"):
    inputs = inputs[:, ::-1, ::-1]
readings = [
    Reading(f"Layer {n}", int(stride), int(padding), numbers[f"{case}.weights{n}"],
            numbers[f"{case}.outputs{n}"], operation=case if case in ("max", "mean") else "sum")
    for n, (stride, _, padding) in enumerate(numbers[f"{case}.steps"])
]
channels = [f"{n + 1}" for n in range(len(inputs))]
outputs = [f"{n + 1}" for n in range(len(readings[0].outputs))]
stepper(
    inputs, readings, key="stepper", channel_names=channels, output_names=outputs,
    colour=case == "beside", alt="Random numbers", complete=case == "max",
)
st.button("Again")
st.session_state.runs = st.session_state.get("runs", 0) + 1
st.markdown(f"Runs: {st.session_state.runs}")
"""


@pytest.fixture(scope="module")
def numbers() -> dict[str, np.ndarray]:
    """The arrays of every case; the outputs by torch, but for one that is wrong on purpose."""
    rng = np.random.default_rng(7)
    made: dict[str, np.ndarray] = {}
    for case, (shape, outputs, steps) in CASES.items():
        inputs = rng.random(shape, np.float32) - (0 if case == "beside" else 0.5)
        made[f"{case}.inputs"], made[f"{case}.steps"] = inputs, np.array(steps)
        for n, (stride, kernel, padding) in enumerate(steps):
            weights = rng.standard_normal((outputs, shape[0], kernel, kernel), np.float32)
            maps = F.conv2d(
                torch.tensor(inputs)[None], torch.tensor(weights), stride=stride, padding=padding
            )
            if case in POOLS:
                weights = np.ones((1, 1, kernel, kernel), np.float32)
                maps = POOLS[case](torch.tensor(inputs)[None], kernel, stride)
            made[f"{case}.weights{n}"], made[f"{case}.outputs{n}"] = weights, maps[0].numpy()
    made["wrong.outputs0"][0, 1, 2] += 0.5
    return made


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, numbers: dict[str, Any]) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("stepper")
    np.savez(folder / "numbers.npz", **numbers)
    (folder / "page.py").write_text(SCRIPT, encoding="utf-8")
    with served(str(folder / "page.py")) as server:
        yield server.address
        said = server.said()
    assert "Traceback" not in said, said


def opened(page: Page, address: str, case: str) -> None:
    page.goto(f"{address}?case={case}")
    page.wait_for_selector(".stepper canvas[data-step]")
    settle(page)


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Output pixel")


def move(page: Page, step: int) -> None:
    slider(page).fill(str(step))


def choose(page: Page, output: int) -> None:
    channels = page.get_by_role("radiogroup", name="Output channel")
    channels.get_by_text(str(output), exact=True).click()


def seen(page: Page, n: int = 0) -> dict[str, Any]:
    """What a canvas says of itself, as numbers."""
    text = page.locator(".stepper canvas").nth(n).evaluate("e => ({...e.dataset})")
    return {name: json.loads(value) for name, value in text.items()}


def runs(page: Page) -> str:
    return page.get_by_text(re.compile(r"Runs: \d+")).inner_text()


def cells_read(case: str, n: int, row: int, column: int) -> set[tuple[int, int, int]]:
    """What one output reads, by a plain loop: channel, row, column."""
    (channels, h, w), _, steps = CASES[case]
    stride, kernel, padding = steps[n]
    read = set()
    for c, i, j in product(range(channels), range(kernel), range(kernel)):
        y, x = row * stride + i - padding, column * stride + j - padding
        if 0 <= y < h and 0 <= x < w:
            read.add((c, y, x))
    return read


def some_steps(count: int) -> list[int]:
    return sorted({1, 2, count // 3, count // 2 + 1, count - 1, count} & set(range(1, count + 1)))


@pytest.mark.parametrize("case", [case for case in CASES if case != "wrong"])
def test_cells_and_sums_are_those_of_the_layer(
    page: Page, address: str, numbers: dict[str, np.ndarray], case: str
) -> None:
    opened(page, address, case)
    (_, h, w), _, steps = CASES[case]
    counts = [numbers[f"{case}.outputs{n}"][0].size for n in range(len(steps))]
    assert slider(page).get_attribute("max") == str(max(counts))
    for step in some_steps(max(counts)):
        move(page, step)
        assert slider(page).get_attribute("aria-valuetext") == f"{step} of {max(counts)}"
        for n, count in enumerate(counts):
            maps = numbers[f"{case}.outputs{n}"]
            row, column = divmod(min(step, count) - 1, maps.shape[2])
            now, expected = seen(page, n), cells_read(case, n, row, column)
            assert (now["step"], now["at"]) == (step, [row, column])
            assert sorted(map(tuple, now["cells"])) == sorted(expected)
            assert now["sum"] == pytest.approx(float(maps[0, row, column]), abs=1e-5)
            words = page.locator(".reads").nth(n).inner_text()
            assert f"reads {len(expected)} of {CASES[case][0][0] * h * w} numbers" in words
            zeros = CASES[case][0][0] * steps[n][1] ** 2 - len(expected)
            sum_ = page.locator(".sum").nth(n).inner_text().replace("\u00a0", " ")
            assert (f"+ {zeros} zeros of the padding =" in sum_) == (zeros > 0)
    assert page.locator(".differs:visible").count() == 0


def test_a_pool_in_words(page: Page, address: str, numbers: dict[str, np.ndarray]) -> None:
    """The second pool has a window of nine; with the last output, rows and columns 2 to 4."""
    for case in POOLS:
        opened(page, address, case)
        assert seen(page)["step"] == (25 if case == "max" else 1)
        move(page, 25)
        told = page.locator(".sum").nth(1).inner_text().replace("\u00a0", " ")
        left, right = told.replace("−", "-").split(" = ")
        window = numbers[f"{case}.inputs"][0, 2:, 2:].flatten()
        named = [
            float(each) for each in re.findall(r"-?[\d.]+(?:e-?\d+)?", left.removesuffix("/ 9"))
        ]
        assert named == pytest.approx(window.tolist(), abs=0.006)
        value = window.max() if case == "max" else window.mean()
        assert float(right) == pytest.approx(float(value), abs=0.006)
        assert left.startswith("max(") == left.endswith(")") == (case == "max")


TERM = r"\(?(−?[\d.]+(?:e−?\d+)?)\)?\s×\s\(?(−?[\d.]+(?:e−?\d+)?)\)?"


def test_the_sum_in_words_comes_out(page: Page, address: str) -> None:
    opened(page, address, "largest")
    used = set()
    for step, output in product((1, 100, 256), (1, 2, 3, 4)):
        move(page, step)
        choose(page, output)
        left, told = page.locator(".sum").first.inner_text().replace("\u00a0", " ").split(" = ")
        signs = [1, *(-1 if sign == "−" else 1 for sign in re.findall(r" ([+−]) ", left))]
        terms = [
            float(a.replace("−", "-")) * float(b.replace("−", "-"))
            for a, b in re.findall(TERM, left)
        ]
        assert len(terms) == len(signs) == 4
        total = sum(sign * term for sign, term in zip(signs, terms, strict=True))
        assert total == pytest.approx(float(told.replace("−", "-")), abs=0.02)
        used.update(signs)
    assert used == {1, -1}, "else nothing was ever taken away"
    move(page, 100)
    assert "+ … 33 more =" in page.locator(".sum").nth(1).inner_text().replace("\u00a0", " ")


def test_a_layer_that_says_otherwise_is_contradicted(
    page: Page, address: str, numbers: dict[str, np.ndarray]
) -> None:
    opened(page, address, "wrong")
    for step in range(1, 10):
        move(page, step)
        assert (page.locator(".differs:visible").count() == 1) == (step == 6)
    move(page, 6)
    told = float(page.locator(".differs").inner_text().rstrip(".").split()[-1].replace("−", "-"))
    assert told == pytest.approx(float(numbers["wrong.outputs0"][0, 1, 2]), abs=0.01)


@pytest.mark.parametrize("case", ["strided", "left_over", "beside"])
def test_what_is_never_read_is_counted_and_left_over_is_named(
    page: Page, address: str, case: str
) -> None:
    opened(page, address, case)
    (_, h, w), _, steps = CASES[case]
    stride, kernel, padding = steps[0]
    rows, columns = ((length + 2 * padding - kernel) // stride + 1 for length in (h, w))
    places = product(range(rows), range(columns))
    read = {cell[1:] for row, column in places for cell in cells_read(case, 0, row, column)}
    never = h * w - len(read)
    assert seen(page)["never"] == never
    line = page.locator(".never").first
    if case == "beside":
        assert never == 0
        assert line.is_hidden()
    elif case == "strided":
        assert line.inner_text() == "16 of 25 pixels are never read."
    else:
        assert line.inner_text() == (
            f"{never} of 56 pixels are never read. Left over after the last window: row 7."
        )


_PIXELS = """(canvas, points) => {
  const context = canvas.getContext('2d')
  const ratio = window.devicePixelRatio
  return points.map(([x, y]) => Array.from(context.getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1).data.slice(0, 3)))
}"""


@pytest.mark.parametrize("case", ["beside", "left_over"])
def test_what_is_read_is_framed_in_every_channel(page: Page, address: str, case: str) -> None:
    """Two px left of it runs the frame of a window, seen in every channel above the one before."""
    opened(page, address, case)
    move(page, 5)
    channels = CASES[case][0][0]
    for n in range(len(CASES[case][2])):
        now = seen(page, n)
        top, left = (min(cell[axis] for cell in now["cells"]) for axis in (1, 2))
        bottom = max(cell[1] for cell in now["cells"])
        sheet, cell = now["sheets"]["inputs"], now["sheets"]["cell"]
        stride, kernel, padding = CASES[case][2][n]
        first = now["at"][0] * stride - padding  # the frame holds the padding too
        assert (first, first + kernel - 1) == (top - (first < 0), bottom)
        points = [
            (
                sheet["x"] + channel * sheet["dx"] + left * cell - 2,
                sheet["y"]
                - channel * sheet["dy"]
                + first * cell
                + min(kernel * cell, sheet["dy"]) / 2,
            )
            for channel in range(channels)
        ]
        pixels = page.locator(".stepper canvas").nth(n).evaluate(_PIXELS, points)
        assert np.abs(np.array(pixels) - ACCENT).max() < 12, (n, points, pixels)


COLOUR_OF = """(canvas, cells) => {
  const context = canvas.getContext('2d')
  const ratio = window.devicePixelRatio
  const { inputs } = JSON.parse(canvas.dataset.sheets)
  return cells.map(([row, column]) => Array.from(context.getImageData(
    Math.round((inputs.x + column * inputs.cell + 4) * ratio),
    Math.round((inputs.y + row * inputs.cell + 4) * ratio), 1, 1).data))
}"""


@pytest.mark.parametrize("case", ["beside", "unlike", "left_over"])
def test_a_colour_means_a_value_whether_it_is_read_now_or_not(
    page: Page, address: str, case: str
) -> None:
    opened(page, address, case)
    stride, kernel, _ = CASES[case][2][0]
    assert kernel == 1
    _, rows, columns = CASES[case][0]
    # What joins the channels of the first and of the last window lies on other cells of the first
    # row and of the last column.
    others = product(range(stride, rows, stride), range(0, columns - 1, stride))
    read = [(0, 0), *others]
    canvas = page.locator(".stepper canvas").first
    drawn = []
    for step in (1, int(slider(page).get_attribute("max") or 0)):
        move(page, step)
        drawn.append(canvas.evaluate(COLOUR_OF, read))
    assert drawn[0] == drawn[1]
    assert all(alpha == 255 for *_, alpha in drawn[0])


def test_a_pixel_that_is_never_read_has_no_colour(page: Page, address: str) -> None:
    opened(page, address, "strided")
    cells = [(1, 0), (1, 1), (2, 3), (3, 4)]
    canvas = page.locator(".stepper canvas").first
    for red, green, blue, _ in canvas.evaluate(COLOUR_OF, cells):
        assert max(red, green, blue) - min(red, green, blue) < 12


NAMES = """canvas => {
  const context = canvas.getContext('2d')
  const ratio = window.devicePixelRatio
  const { inputs, cell } = JSON.parse(canvas.dataset.sheets)
  return Array.from({ length: inputs.count }, (_, n) => {
    const right = inputs.x + n * inputs.dx + inputs.columns * inputs.cell + PADDING * cell
    const bottom = inputs.y - n * inputs.dy + inputs.rows * inputs.cell + PADDING * cell
    const box = [right + 9, bottom - 13, 9, 13].map((px) => Math.round(px * ratio))
    const { data } = context.getImageData(...box)
    const pixels = Array.from({ length: data.length / 4 }, (_, i) => Array.from(data.slice(4 * i, 4 * i + 4)))
    return pixels.filter(([,,, alpha]) => alpha > 0)
  })
}"""


@pytest.mark.parametrize("case", ["beside", "largest"])
def test_no_window_ever_lies_on_a_name(page: Page, address: str, case: str) -> None:
    """Names are written on nothing, and look the same wherever the window is."""
    opened(page, address, case)
    _, h, w = CASES[case][0]
    for n, (_, _, padding) in enumerate(CASES[case][2]):
        canvas = page.locator(".stepper canvas").nth(n)
        names = NAMES.replace("PADDING", str(padding))
        move(page, 1)
        first = canvas.evaluate(names)
        assert all(first)
        for step in (w // 2, w, h * w // 2, h * w - w + 1, h * w - 1, h * w):
            move(page, step)
            assert canvas.evaluate(names) == first, (n, step)


def test_cells_of_the_lesson_are_seen_from_the_last_row(browser: Browser, address: str) -> None:
    """As wide as beside the open sidebar of a window of 1280 px."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    opened(page, address, "lesson")
    for _ in range(2):  # narrower windows have narrower margins
        wide = page.locator(".stepper").evaluate("e => e.clientWidth")
        page.set_viewport_size({"width": page.evaluate("innerWidth") - wide + 893, "height": 800})
        settle(page)
    wait_until(page, lambda: page.locator(".stepper").evaluate("e => e.clientWidth") == 893)
    settle(page)
    assert seen(page)["sheets"]["cell"] >= 22
    assert seen(page, 1)["sheets"] == seen(page)["sheets"], "drawn to one plan"
    page.close()


def test_keys_buttons_and_the_ends(page: Page, address: str) -> None:
    opened(page, address, "strided")
    slider(page).focus()
    for key, step in [("ArrowRight", 2), ("ArrowUp", 3), ("ArrowLeft", 2), ("End", 9), ("Home", 1)]:
        page.keyboard.press(key)
        assert seen(page)["step"] == step
    back = page.get_by_role("button", name="One output back")
    forward = page.get_by_role("button", name="One output forward")
    assert back.is_disabled()
    forward.click()
    forward.click()
    back.click()
    assert seen(page)["step"] == 2
    move(page, 9)
    assert forward.is_disabled()


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_stops_at_the_end_and_starts_over(
    page: Page, address: str, motion: Literal["no-preference", "reduce"]
) -> None:
    page.emulate_media(reduced_motion=motion)
    opened(page, address, "strided")
    page.wait_for_timeout(900)
    assert seen(page)["step"] == 1, "it never starts by itself"
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pause").wait_for()
    wait_until(page, lambda: seen(page)["step"] >= 2)
    page.keyboard.press("Space")
    page.get_by_role("button", name="Play").wait_for()
    paused = seen(page)["step"]
    page.wait_for_timeout(900)
    assert seen(page)["step"] == paused
    move(page, 8)
    page.get_by_role("button", name="Play").click()
    wait_until(page, lambda: seen(page)["step"] == 9)
    page.get_by_role("button", name="Play").wait_for()
    page.get_by_role("button", name="Play").click()
    assert seen(page)["step"] == 1
    slider(page).focus()
    page.keyboard.press("ArrowRight")  # a hand on the slider takes over
    page.get_by_role("button", name="Play").wait_for()


def test_nothing_goes_back_and_all_survives_a_rerun_and_a_theme(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="light")
    opened(page, address, "unlike")
    before = runs(page)
    move(page, 11)
    choose(page, 2)
    settle(page)
    assert runs(page) == before
    now = seen(page)
    assert (now["step"], now["output"]) == (11, 1)

    page.get_by_role("button", name="Again").click()
    wait_until(page, lambda: runs(page) != before)
    assert seen(page) == now

    page.locator(".stepper canvas").first.evaluate("e => { e.kept = e.toDataURL() }")
    page.emulate_media(color_scheme="dark")
    canvas = page.locator(".stepper canvas").first
    wait_until(page, lambda: canvas.evaluate("e => e.toDataURL() !== e.kept"))
    assert seen(page) == now

    page.get_by_text("Other numbers").click()
    wait_until(page, lambda: seen(page)["sum"] != now["sum"])
    assert (seen(page)["step"], seen(page)["output"]) == (11, 1)


def test_a_click_on_an_output_takes_it_apart(
    page: Page, address: str, numbers: dict[str, np.ndarray]
) -> None:
    opened(page, address, "unlike")
    maps = numbers["unlike.outputs0"]
    sheet = seen(page)["sheets"]["outputs"]
    right = sheet["x"] + sheet["dx"] + (maps.shape[2] - 0.5) * sheet["cell"]
    top = sheet["y"] - sheet["dy"] + 0.5 * sheet["cell"]
    page.locator(".stepper canvas").first.click(position={"x": right, "y": top})
    now = seen(page)
    assert (now["output"], now["at"]) == (1, [0, maps.shape[2] - 1])
    assert now["sum"] == pytest.approx(float(maps[1, 0, -1]), abs=1e-5)
    assert page.get_by_role("radio", name="2").is_checked()
    page.locator(".stepper canvas").first.click(position={"x": 4, "y": 4})
    assert seen(page) == now


def test_the_canvas_says_what_it_shows(page: Page, address: str) -> None:
    opened(page, address, "strided")
    move(page, 5)
    canvas = page.get_by_role("img", name=re.compile("Layer 0"))
    label = canvas.get_attribute("aria-label") or ""
    assert "Output pixel 5 of 9" in label
    assert "row 1, column 1 reads 2 of 50 numbers" in label
    assert "16 of 25 pixels are never read" in label
    assert page.get_by_role("group", name="Random numbers").count() == 1


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("case", ["beside", "largest", "left_over"])
def test_it_fits(browser: Browser, address: str, case: str, width: int, height: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    opened(page, address, case)
    move(page, 30)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    for part in (".stepper", ".stepper .canvas"):
        wide = page.locator(part).evaluate_all(
            "all => Math.max(...all.map(e => e.scrollWidth - e.clientWidth))"
        )
        assert wide <= 0
    tall = page.locator(".stepper").bounding_box()
    for step in (1, 2, 9, 56):
        move(page, step)
        assert page.locator(".stepper").bounding_box() == tall, "nothing jumps"
    if (width, height) == (1280, 800):
        box = page.locator(".stepper").bounding_box()
        assert box is not None
        assert box["height"] <= 420
    boxes = [one.bounding_box() for one in page.locator("figure").all()]
    across = {round(box["x"] if box else 0) for box in boxes}
    assert len(across) == (1 if width < 560 else len(CASES[case][2]))
    page.close()
