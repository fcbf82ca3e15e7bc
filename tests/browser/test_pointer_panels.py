"""Panels side by side under the pointer: every number, frame and colour against the arrays."""

from __future__ import annotations

import re

import canvases
import numpy as np
import pytest
from expected import FIELD, averaged, number, ranges, right_colours, step_of, stops, table
from lab_page import wait_until
from panels_page import PANELS, REGION, SHOWN_PX, arrays
from playwright.sync_api import Locator, Page

ARRAYS = {title: arrays()[title] for title in PANELS}
MEAN_OF = -(-max(ARRAYS["Averaged"].shape) // SHOWN_PX)
DRAWN = {
    **ARRAYS,
    "Averaged": np.stack([averaged(one, MEAN_OF) for one in ARRAYS["Averaged"]]),
}
ALIKE = [title for title, maps in DRAWN.items() if maps.shape[1:] == DRAWN["Signed"].shape[1:]]
MASK = np.array([[0x6E, 0x6E, 0x6E], FIELD])
PLACES = [(0, 0, 0), (0, 11, 17), (1, 3, 14), (0, 7, 2)]


@pytest.fixture(scope="module")
def comparison(view: Page, panels: str) -> Page:
    view.mouse.move(0, 0)
    view.goto(f"{panels}?show=panels")
    view.wait_for_selector(".panels[data-drawn]")
    view.wait_for_selector(".panels canvas[data-tiles]")
    canvases.still(view)
    return view


def panel(page: Page, title: str) -> Locator:
    return page.locator(".panels section").filter(has=page.get_by_text(title, exact=True))


def canvas(page: Page, title: str) -> Locator:
    return panel(page, title).locator("canvas:not(.under)").first


def overlay(page: Page, title: str) -> Locator:
    return panel(page, title).locator("canvas.overlay")


def tiles(page: Page, title: str) -> list[list[int]]:
    return canvas(page, title).evaluate("canvas => JSON.parse(canvas.dataset.tiles)")


def hover(page: Page, title: str, place: tuple[int, int, int]) -> None:
    at, row, column = place
    left, top, wide, tall = tiles(page, title)[at][1:]
    rows, columns = DRAWN[title].shape[1:]
    x, y = left + (column + 0.75) * wide / columns, top + (row + 0.75) * tall / rows
    in_the_middle(overlay(page, title))
    canvases.hover(overlay(page, title), x, y)


def in_the_middle(canvas: Locator) -> None:
    """Scrolls it there: the page's header lies over what is scrolled to the top."""
    canvas.evaluate("canvas => canvas.scrollIntoView({ block: 'center' })")


def between(title: str) -> tuple[float, float]:
    """The range that a panel is drawn with."""
    shown = PANELS[title]
    if shown.classes:
        return 0, len(shown.classes) - 1
    sharing = [other for other, each in PANELS.items() if shown.scale and each.scale == shown.scale]
    maps = [one for other in sharing or [title] for one in DRAWN[other]]
    if shown.kind == "weight":
        reach = max(np.abs(one).max() for one in maps)
        return -reach, reach
    return ranges(maps, "shared")[0][0]


def colours(title: str) -> np.ndarray:
    kind = PANELS[title].kind
    if kind == "mask":
        return table(MASK)
    named = {"class": "classes", "weight": "weight"}.get(kind)
    return table(stops(named or ("activation" if between(title)[0] < 0 else "sequential")))


@pytest.mark.parametrize("title", [title for title in PANELS if title not in ("Picture", "Named")])
def test_every_pixel_has_the_colour_of_its_number(comparison: Page, title: str) -> None:
    shown, maps = canvases.pixels(canvas(comparison, title)), DRAWN[title]
    found = tiles(comparison, title)
    assert [at for at, *_ in found] == list(range(len(maps)))
    for at, left, top, wide, tall in found:
        rows, columns = maps.shape[1:]
        y = top + (np.arange(rows) + 0.15) * tall / rows  # a weight stands in the middle
        x = left + (np.arange(columns) + 0.15) * wide / columns
        colour = shown[np.ix_(y.astype(int), x.astype(int))][..., :3].astype(int)
        assert right_colours(colour, maps[at], between(title), colours(title)).all()


def test_three_maps_are_one_picture(comparison: Page) -> None:
    ((_, *tile),) = tiles(comparison, "Picture")
    colour = canvases.middles(canvases.pixels(canvas(comparison, "Picture")), tile, (12, 18))
    assert np.abs(colour - 255 * DRAWN["Picture"].transpose(1, 2, 0)).max() <= 1.5


def test_a_map_lies_on_a_picture_that_a_slider_lets_through(comparison: Page) -> None:
    over = panel(comparison, "Over")
    under, slider = over.locator("canvas.under"), over.get_by_role("slider")
    ((_, *tile),) = under.evaluate("canvas => JSON.parse(canvas.dataset.tiles)")
    assert tile == tiles(comparison, "Over")[0][1:]
    colour = canvases.middles(canvases.pixels(under), tile, (12, 18))
    assert np.abs(colour - 255 * DRAWN["Picture"].transpose(1, 2, 0)).max() <= 1.5
    opacity = "canvas => Number(getComputedStyle(canvas).opacity)"
    before = canvas(comparison, "Over").evaluate(opacity)
    assert 0 < before < 1
    slider.press("ArrowRight")
    assert canvas(comparison, "Over").evaluate(opacity) > before
    slider.press("Home")
    assert canvas(comparison, "Over").evaluate(opacity) == 0
    assert slider.get_attribute("aria-label") == "Opacity of the map"
    assert slider.get_attribute("aria-valuetext") == "0 %"
    assert panel(comparison, "Positive").get_by_role("slider").count() == 0


def test_the_last_class_lets_the_picture_through(comparison: Page) -> None:
    shown, (labels,) = canvases.pixels(canvas(comparison, "Named")), DRAWN["Named"]
    ((_, left, top, wide, tall),) = tiles(comparison, "Named")
    y = (top + (np.arange(4) + 0.5) * tall / 4).astype(int)
    x = (left + (np.arange(6) + 0.5) * wide / 6).astype(int)
    assert ((shown[np.ix_(y, x)][..., 3] == 0) == (labels == 2)).all()
    assert panel(comparison, "Named").locator(".class").all_inner_texts() == ["a", "b"]


@pytest.mark.parametrize("title", ["Signed", "Positive", "Weights", "Averaged"])
def test_the_scale_says_from_where_to_where_the_colours_go(comparison: Page, title: str) -> None:
    ends = [
        number(text) for text in panel(comparison, title).locator(".ends span").all_inner_texts()
    ]
    low, high = between(title)
    middle = [0] if low < 0 < high else []
    assert ends == pytest.approx([low, *middle, high], rel=0.006)


def test_panels_of_one_scale_have_one_bar_a_row(comparison: Page) -> None:
    first, second = (panel(comparison, title) for title in ("Signed", "Larger"))
    same_row = first.bounding_box()["y"] == second.bounding_box()["y"]
    assert first.locator(".bar").is_visible()
    assert second.locator(".bar").is_visible() is not same_row


@pytest.mark.parametrize("title", ["Winners", "Read"])
def test_the_key_has_the_colours_of_the_classes(comparison: Page, title: str) -> None:
    key, names = panel(comparison, title).locator(".class"), PANELS[title].classes
    assert key.all_inner_texts() == list(names)
    swatches = key.locator(".swatch").evaluate_all(
        "all => all.map(e => getComputedStyle(e).backgroundColor.match(/\\d+/g).map(Number))"
    )
    steps = np.linspace(0, 255, len(names)).round().astype(int)
    assert np.abs(np.array(swatches) - colours(title)[steps]).max() <= 1


def test_weights_stand_in_their_cells(comparison: Page) -> None:
    (weights,) = DRAWN["Weights"]
    ((_, left, top, wide, tall),) = tiles(comparison, "Weights")
    by = canvases.ratio(comparison)
    words = [each for each in canvases.written(canvas(comparison, "Weights")) if each[0]]
    assert len(words) == weights.size
    for text, x, y in words:
        row = int((y * by - top) * len(weights) / tall)
        column = int((x * by - left) * weights.shape[1] / wide)
        assert abs(number(text) - weights[row, column]) <= 0.0051 + step_of(weights) / 2


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_panels_alike_are_read_at_the_same_place(
    comparison: Page, place: tuple[int, int, int]
) -> None:
    hover(comparison, "Signed", place)
    for title in PANELS:
        said = panel(comparison, title).locator(".value").inner_text()
        if title not in ALIKE:
            assert said == ""
            continue
        maps = DRAWN[title]
        at = min(place[0], len(maps) - 1)
        assert_read(said, title, at, place[1:])
        shown, by = canvases.pixels(overlay(comparison, title)), canvases.ratio(comparison)
        if title != "Picture":  # on it lies the rectangle
            for tile in tiles(comparison, title):
                canvases.assert_framed(shown, tile, maps.shape[1:], (at, *place[1:]), by)


def test_of_a_mean_the_first_row_and_column_are_told(comparison: Page) -> None:
    for place in [(0, 12, 17), (0, 2, 9)]:
        hover(comparison, "Averaged", place)
        said = panel(comparison, "Averaged").locator(".value").inner_text()
        assert_read(said, "Averaged", place[0], place[1:])
        assert panel(comparison, "Signed").locator(".value").inner_text() == ""


def assert_read(said: str, title: str, at: int, block: tuple[int, int]) -> None:
    maps = DRAWN[title]
    mean_of = MEAN_OF if title == "Averaged" else 1
    where, told = said.split(": ")
    assert where == f"row {block[0] * mean_of}, column {block[1] * mean_of}"
    exact = maps[(slice(None), *block)]
    if PANELS[title].classes:
        assert told == PANELS[title].classes[int(exact[at])]
    elif title == "Picture":
        numbers = [number(text) for text in told.split(", ")]
        assert np.abs(numbers - exact).max() <= 0.006
    else:
        assert abs(number(told) - exact[at]) <= 1.01 * step_of(maps[at])


def region(page: Page) -> list[int]:
    return list(map(int, re.findall(r"\d+", page.get_by_text("Region:").inner_text())))


def assert_rectangle(page: Page, thousandths: list[int]) -> None:
    """Orange, on the picture, from top to bottom and from left to right."""
    shown = canvases.pixels(overlay(page, "Picture"))
    ((_, left, top, wide, tall),) = tiles(page, "Picture")
    up, before, down, after = np.array(thousandths) / 1000
    box = (left + before * wide, top + up * tall, left + after * wide, top + down * tall)
    half = 2.5 * canvases.ratio(page)
    limits = [*shown.shape[1::-1], *shown.shape[1::-1]]
    expected = np.clip(np.array(box) + half * np.array([-1, -1, 1, 1]), 0, limits)
    assert np.abs(np.array(canvases.painted(shown, (0, 0, *limits[:2]))) - expected).max() <= 1.5
    for edge in canvases.edges(shown, box):
        assert np.abs(edge - FIELD).max() <= 3


def test_the_rectangle_is_where_it_was_said_to_be_drawn_and_moved(comparison: Page) -> None:
    comparison.mouse.move(0, 0)
    assert region(comparison) == list(REGION)
    assert_rectangle(comparison, list(REGION))
    ((_, left, top, wide, tall),) = tiles(comparison, "Picture")
    by, on = canvases.ratio(comparison), overlay(comparison, "Picture")
    in_the_middle(on)
    canvases.hover(on, left + 0.9 * wide, top + 0.3 * tall)
    comparison.mouse.down()
    canvases.hover(on, left + 0.2 * wide, top + 0.75 * tall)
    comparison.mouse.up()
    drawn = [300, 200, 750, 900]
    fine = 1000 / (min(wide, tall) / by)  # of a CSS pixel
    wait_until(comparison, lambda: np.abs(np.subtract(region(comparison), drawn)).max() <= fine)
    now = region(comparison)
    assert_rectangle(comparison, now)
    for key, moved in [
        ("ArrowDown", [20, 0, 20, 0]),
        ("ArrowRight", [0, 20, 0, 20]),
        ("Shift+ArrowUp", [0, 0, -20, 0]),
        ("Shift+ArrowLeft", [0, 0, 0, -20]),
    ]:
        now = [at + by for at, by in zip(now, moved, strict=True)]
        on.press(key)
        wait_until(comparison, lambda now=now: region(comparison) == now)
    canvases.still(comparison)
    comparison.mouse.move(0, 0)
    assert_rectangle(comparison, now)
