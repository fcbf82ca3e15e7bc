"""A stack built by hand: boxes, numbers and keys, the address that holds it, and the canvas that shows it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import lab_page as lab
from playwright.sync_api import Locator, Page
from test_pointer_stale import Line

from viz import lessons
from viz.settings import Layer, LayerValues, as_text

OPENING = lessons.load("receptive_field").setting().layers
POINT = Layer("c", 1)


def open_builder(page: Page, server: str, **query: str) -> Locator:
    """Opens the section; returns the strip of boxes."""
    lab.open_lab(page, f"{server}receptive_field", working_size_px="96", **query)
    strip = page.locator(".builder .strip")
    page.locator(".builder .strip[data-layers]").wait_for()
    strip.scroll_into_view_if_needed()
    return strip


def layers(strip: Locator) -> list[list[Any]]:
    return json.loads(strip.get_attribute("data-layers") or "null")


def in_address(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))


def comes_to(page: Page, strip: Locator, wanted: LayerValues) -> None:
    """Boxes and address have these layers, the canvas a chip for each, and nothing is on its way."""
    said = None if wanted == OPENING else as_text(wanted)
    lab.wait_until(page, lambda: in_address(page).get("layers") == said)
    lab.settle(page)
    assert layers(strip) == [list(layer) for layer in wanted]
    chips = page.locator(".stage-bar .chip .title").all_inner_texts()
    assert len(chips) == 1 + len(wanted)


def test_layers_are_removed_added_and_moved_by_buttons_and_keys(page: Page, server: str) -> None:
    strip = open_builder(page, server)
    comes_to(page, strip, OPENING)
    strip.locator("[data-at='1']").click()
    page.locator(".builder").get_by_role("button", name="Remove").click()
    comes_to(page, strip, (OPENING[0], *OPENING[2:]))
    strip.focus()
    page.keyboard.press("Insert")  # another one like the first, which is now selected
    comes_to(page, strip, (OPENING[0], OPENING[0], *OPENING[2:]))
    page.keyboard.press("End")
    page.keyboard.press("Alt+ArrowLeft")
    first, last = (OPENING[0], OPENING[0], *OPENING[2:6]), OPENING[6:]
    comes_to(page, strip, (*first, *last[::-1]))
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    comes_to(page, strip, (*first[1:], *last[::-1]))


def test_a_number_changes_the_box_at_once_and_the_field_on_the_canvas(
    page: Page, server: str
) -> None:
    strip = open_builder(page, server, layers=as_text((Layer("c", 3), POINT)))
    builder = page.locator(".builder")
    builder.get_by_label("Kernel").fill("5")
    assert strip.locator(".adds").all_inner_texts() == ["+4", "+0"], "before Python has answered"
    builder.get_by_label("Stride").fill("2")
    builder.get_by_label("Kind").select_option("d")
    comes_to(page, strip, (Layer("d", 5, 2), POINT))
    top, left, bottom, right = lab.box(page)
    assert (bottom - top, right - left) == (4, 4), "from the first pixel to the last of five"
    assert page.locator(".stage-bar .chip .title").nth(1).inner_text() == "depthwise 5×5: +4 px"
    page.reload()
    lab.wait_ready(page)
    comes_to(page, strip, (Layer("d", 5, 2), POINT))


def test_a_published_network_becomes_the_visitors_own_with_the_first_change(
    page: Page, server: str
) -> None:
    strip = open_builder(page, server, network="alexnet_v2")
    assert [layer[1] for layer in layers(strip)] == [11, 3, 5, 3, 3, 3, 3, 3]
    strip.locator("[data-at='7']").click()
    page.locator(".builder").get_by_role("button", name="Remove").click()
    lab.wait_until(page, lambda: "network" not in in_address(page))
    lab.settle(page)
    assert len(layers(strip)) == 7
    assert len(page.locator(".stage-bar .chip").all()) == 8


def test_the_bar_has_the_stages_of_the_maps_that_are_drawn_before_python_answers(
    page: Page, server: str
) -> None:
    line = Line()
    page.route_web_socket("**/_stcore/stream", line.join)
    strip = open_builder(page, server)
    strip.locator("[data-at='1']").click()
    page.locator(".builder").get_by_role("button", name="Remove").click()
    comes_to(page, strip, (OPENING[0], *OPENING[2:]))
    drawn = lab.drawn(page)
    line.hold_answers = True
    page.get_by_role("button", name="Undo", exact=True).click()
    lab.wait_until(page, lambda: lab.drawn(page) > drawn)
    chips = page.locator(".stage-bar .chip")
    assert chips.count() == 1 + len(OPENING)
    line.let_answers_go()
    comes_to(page, strip, OPENING)


def test_what_is_too_large_is_refused_in_a_sentence(page: Page, server: str) -> None:
    wide = (Layer("c", 15),) * 4
    strip = open_builder(page, server, layers=as_text(wide))
    page.locator(".builder").get_by_role("button", name="Add after").click()
    page.get_by_text("All windows together have more than 1024 taps.").wait_for()
    comes_to(page, strip, wide)
