"""Up to eight pictures side by side."""

from __future__ import annotations

import lab_page as lab
from playwright.sync_api import Page


def test_the_same_map_of_several_pictures(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="pooling")
    framed = page.locator(".gallery input:checked")
    before = framed.input_value()
    page.get_by_text("Several side by side").click()
    lab.wait_until(page, lambda: "others" in lab.query(page))
    lab.settle(page)
    assert len(lab.tiles(page)) == 4
    page.get_by_role("checkbox", name="Zone plate").check(force=True)
    lab.wait_until(page, lambda: lab.query(page)["others"].endswith("zone_plate"))
    lab.wait_until(page, lambda: len(lab.tiles(page)) == 5)
    lab.settle(page)

    sizes = {(tile[3], tile[4]) for tile in lab.tiles(page)}
    assert len(sizes) > 1, "pictures keep their aspect"
    page.get_by_role("button", name="Next map").click()
    lab.settle(page)
    assert lab.query(page)["channel"] == "1"
    page.get_by_text("map 45° of 4").wait_for()

    left, top, wide, tall = lab.tiles(page)[4][1:]
    rect = lab.pointer(page).bounding_box()
    assert rect is not None
    page.mouse.move(rect["x"] + left + wide * 0.5, rect["y"] + top + tall * 0.9)
    assert "Zone plate" in page.locator(".reading").inner_text()
    lab.wait_until(page, lambda: lab.box(page)[0] > 150)  # far down, on the square photo

    drawn = lab.drawn(page)
    page.get_by_role("button", name="Gabor").click()
    lab.wait_until(page, lambda: lab.drawn(page) > drawn)
    lab.settle(page)
    assert len(lab.tiles(page)) == 5, "another stage, the same pictures"
    page.reload()
    lab.wait_ready(page)
    assert len(lab.tiles(page)) == 5

    page.get_by_text("Several side by side").click()
    lab.wait_until(page, lambda: "others" not in lab.query(page))
    lab.wait_until(page, lambda: len(lab.tiles(page)) == 16)
    lab.wait_until(page, lambda: framed.count() == 1)
    assert framed.input_value() == before, "the picture in focus stays framed"
