"""What stands under the pointer: every number, box and colour of the canvas, against the arrays."""

from __future__ import annotations

import re

import canvases
import lab_page as lab
import numpy as np
import pytest
from expected import (
    Place,
    Range,
    number,
    ranges,
    right_colours,
    step_of,
    stops,
    table,
    telling_places,
)
from scenes import Seen

READING = re.compile(r"map (.+) · row (\d+) · column (\d+): ([^(]+)")
DIGITS = 0.006  # of three; a number below 0.001 is written with two


def drawn_with(seen: Seen) -> tuple[list[Range], str]:
    """The range of every map, and the name of the colour map."""
    if seen.scene.classes:
        return [(0, len(seen.scene.classes) - 1)] * len(seen.drawn), "classes"
    return ranges(seen.drawn, seen.scene.view.scale)


def test_every_pixel_of_every_map_has_the_colour_of_its_number(seen: Seen) -> None:
    shown, tiles = canvases.pixels(lab.maps(seen.page)), lab.tiles(seen.page)
    between, colours = drawn_with(seen)
    assert [tile[0] for tile in tiles[: len(seen.drawn)]] == list(range(len(seen.drawn)))
    for (at, *tile), values in zip(tiles, seen.drawn, strict=False):
        assert tile[0] + tile[2] <= shown.shape[1]
        colour = canvases.middles(shown, tile, values.shape)
        right = right_colours(colour, values, between[at], table(stops(colours)))
        assert right.mean() >= (0.998 if seen.scene.classes else 1), at  # a tie may fall either way


def test_every_map_has_its_name_below_it(seen: Seen) -> None:
    words = canvases.written(lab.maps(seen.page))
    tiles, by = lab.tiles(seen.page), canvases.ratio(seen.page)
    told = [*seen.names, *(["as a picture"] if seen.scene.slug == "pointwise" else [])]
    if not words:  # maps narrower than a name, or many that names would make much smaller
        assert min(tile[3] for tile in tiles) / by < 56 or len(tiles) >= 16
        return
    assert [text for text, _, _ in words] == told
    for (_, left, top, wide, tall), (_, x, y) in zip(tiles, words, strict=True):
        assert left - 1 <= x * by < left + max(wide, 56 * by)
        assert top + tall <= y * by <= top + tall + 6 * by


def test_red_green_and_blue_make_the_picture_beside_the_maps(seen: Seen) -> None:
    behind = lab.tiles(seen.page)[len(seen.maps) :]
    assert len(behind) == (seen.scene.slug == "pointwise")
    for _, *tile in behind:
        shown = canvases.middles(canvases.pixels(lab.maps(seen.page)), tile, seen.maps[0].shape)
        mixed = 255 * np.clip(np.stack(seen.drawn, -1), 0, 1)
        assert np.abs(shown - mixed).max() <= 1.5


def test_the_scale_says_from_where_to_where_the_colours_go(seen: Seen) -> None:
    bar = seen.page.locator(".maps .bar")
    if seen.scene.classes:
        assert bar.locator(".class").all_inner_texts() == seen.scene.classes
        swatches = bar.locator(".swatch").evaluate_all(
            "all => all.map(e => getComputedStyle(e).backgroundColor.match(/\\d+/g).map(Number))"
        )
        last = len(swatches) - 1
        colours = table(stops("classes"))[[round(255 * i / last) for i in range(last + 1)]]
        assert np.abs(np.array(swatches) - colours).max() <= 1
        return
    between, name = ranges(seen.drawn, seen.scene.view.scale)
    for at in (0, len(seen.maps) - 1):
        seen.hover((at, 0, 0))
        ends = bar.locator(".ends span").all_inner_texts()
        assert [number(ends[0]), number(ends[-1])] == pytest.approx(between[at], rel=0.006)
    gradient = bar.locator(".gradient").evaluate("e => getComputedStyle(e).backgroundImage")
    along = re.findall(r"rgb\((\d+), (\d+), (\d+)\)", gradient)
    assert (np.array(along, int) == stops(name)).all()


def test_the_reading_is_of_the_unit_under_the_pointer(seen: Seen) -> None:
    for place in telling_places(seen.drawn):
        seen.hover(place)
        assert_read(seen, place)
        assert_value_inside_maps(seen, place)


def assert_read(seen: Seen, place: Place) -> None:
    at = place[0]
    said = READING.fullmatch(seen.page.locator(".reading").inner_text())
    assert said, seen.page.locator(".reading").inner_text()
    name, row, column, value = said.groups()
    assert name == seen.names[at]
    assert [int(row), int(column)] == seen.unit_of(place)
    exact = seen.exact(at, place)
    title = seen.page.locator(".reading").get_attribute("title")
    assert float(title) == pytest.approx(exact, rel=1e-4, abs=1e-6)
    if seen.scene.classes:
        assert value == seen.scene.classes[int(exact)]
    else:
        assert number(value) == pytest.approx(exact, rel=DIGITS, abs=6e-6)


def assert_value_inside_maps(seen: Seen, place: Place) -> None:
    """Inside every map that has such a place, if it is wide enough, and in that under the pointer."""
    words = canvases.written(lab.pointer(seen.page))
    having = [n for n, one in enumerate(seen.drawn) if (np.array(place[1:]) < one.shape).all()]
    if seen.scene.classes:
        assert not words
        return
    by, tiles = canvases.ratio(seen.page), lab.tiles(seen.page)
    told = set()
    for text, x, y in words:
        inside = [
            n
            for n in having
            for _, left, top, wide, tall in [tiles[n]]
            if left <= x * by <= left + wide and top <= y * by <= top + max(tall, 20 * by)
        ]
        (n,) = inside or [place[0]]  # of a narrow map at the edge it begins before the map
        if text.startswith("≈"):  # of a picture that has the block, but not the unit itself
            assert seen.scene.view.others
            exact = seen.drawn[n][tuple(place[1:])]
            assert abs(number(text[1:]) - exact) <= 1.01 * step_of(seen.drawn[n]), n
        else:
            assert number(text) == pytest.approx(seen.exact(n, place), rel=DIGITS, abs=6e-6), n
        told.add(n)
    large = {n for n in having if tiles[n][3] >= 61 * by and tiles[n][4] >= 41 * by}
    small = {n for n in having if tiles[n][3] < 59 * by or tiles[n][4] < 39 * by}
    assert large | {place[0]} <= told <= set(having) - small | {place[0]}


def test_the_same_place_is_framed_in_every_map(seen: Seen) -> None:
    for place in telling_places(seen.drawn):
        seen.hover(place)
        shown, by = canvases.pixels(lab.pointer(seen.page)), canvases.ratio(seen.page)
        for n, tile in enumerate(lab.tiles(seen.page)):
            map_ = n if n < len(seen.drawn) else 0  # behind the maps lies the picture of all
            canvases.assert_framed(shown, tile, seen.drawn[map_].shape, place, by)


def test_one_map_enlarged_is_that_map(seen: Seen) -> None:
    last = len(seen.maps) - 1
    seen.hover((last, 0, 0))
    lab.pointer(seen.page).press("Enter")
    canvases.still(seen.page)
    large = seen.drawn_anew()
    ((at, *tile),) = lab.tiles(seen.page)
    assert at == last
    between, colours = drawn_with(large)
    colour = canvases.middles(canvases.pixels(lab.maps(seen.page)), tile, large.drawn[at].shape)
    right = right_colours(colour, large.drawn[at], between[at], table(stops(colours)))
    assert right.mean() >= (0.998 if seen.scene.classes else 1)
    place = telling_places(large.drawn[at:])[-1]
    large.hover((last, *place[1:]))
    assert_read(large, (last, *place[1:]))
    lab.pointer(seen.page).press("Escape")
    canvases.still(seen.page)


def test_a_click_pins_the_unit_that_was_read(seen: Seen) -> None:
    """Once a scene: then the page scrolls to the arithmetic, under the pointer."""
    place = telling_places(seen.drawn)[-1]
    seen.hover(place)
    said = seen.page.locator(".reading").inner_text()
    seen.page.mouse.down()
    assert seen.page.locator(".reading").inner_text() == said
    seen.page.mouse.up()
    if seen.scene.view.others:
        assert "unit" not in lab.query(seen.page)
        return
    unit = ".".join(map(str, (place[0], *seen.unit_of(place))))
    lab.wait_until(seen.page, lambda: lab.query(seen.page).get("unit") == unit)
