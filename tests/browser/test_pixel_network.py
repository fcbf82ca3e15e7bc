"""The perceptron that follows the pointer: over the maps, over its own photo, and by keys."""

from __future__ import annotations

from functools import cache

import lab_page as lab
import pytest
import torch
from playwright.sync_api import Locator, Page

from viz import images, lessons

SLUG = "network_in_network"
SIZE_PX = 96
Pixel = tuple[int, int]


@cache
def layers() -> list[torch.Tensor]:
    """The maps of the filters, the hidden units and the outputs, by the network itself."""
    lesson = lessons.load(SLUG)
    view, setting = lesson.read({"working_size_px": str(SIZE_PX)})
    picture = images.find(view.picture)
    assert picture is not None
    maps = images.at_working_size(picture, SIZE_PX).pixels
    found = {}
    with torch.inference_mode():
        for name, stage in lesson.network(setting, maps).named_children():
            maps = found[name] = stage(maps)
    return [found[name] for name in ("filters_relu", "hidden_relu", "outputs_relu")]


@pytest.fixture
def network(page: Page, server: str) -> Locator:
    lab.open_lab(page, f"{server}{SLUG}", working_size_px=str(SIZE_PX))
    found = page.locator(".network[data-pixel]")
    found.wait_for()
    lab.settle(page)
    return found


def shown(network: Locator, part: str) -> list[float]:
    """The numbers in its boxes."""
    told = network.locator(f".{part} title").all_text_contents()
    return [float(each.rpartition(": ")[2]) for each in told]


def pixel_of(network: Locator) -> Pixel:
    row, column = (network.get_attribute("data-pixel") or "").split(".")
    return int(row), int(column)


def comes_to(network: Locator, pixel: Pixel) -> None:
    """It shows this pixel, with the numbers of the network, and so do the maps beside it."""
    lab.wait_until(network.page, lambda: pixel_of(network) == pixel)
    row, column = pixel
    expected = [float(value) for maps in layers() for value in maps[:, row, column]]
    assert shown(network, "unit") == pytest.approx(expected, abs=2e-5)
    maps = [float(value) for value in layers()[-1][:, row, column]]
    assert shown(network, "map") == pytest.approx(maps, rel=1e-5)


def told_by_the_maps(page: Page) -> Pixel:
    """Row and column in the readout of the maps."""
    _, row, column = page.locator(".reading").inner_text().split(":")[0].split(" · ")
    return int(row.split()[-1]), int(column.split()[-1])


def over_the_maps(page: Page, across: float, down: float) -> Pixel:
    """Moves the mouse to a place on the first map; returns what the maps call it."""
    _, left, top, wide, tall = lab.tiles(page)[0]
    x, y = left + across * wide, top + down * tall
    lab.pointer(page).hover(position={"x": x, "y": y}, force=True)
    return told_by_the_maps(page)


def over_the_photo(network: Locator, row: int, column: int) -> None:
    photo = network.locator(".photo")
    photo.scroll_into_view_if_needed()
    rect = photo.bounding_box()
    assert rect is not None
    _, rows, columns = layers()[0].shape
    x, y = (column + 0.5) / columns * rect["width"], (row + 0.5) / rows * rect["height"]
    photo.hover(position={"x": x, "y": y})


def test_it_opens_at_the_unit_that_the_maps_show(network: Locator):
    comes_to(network, pixel_of(network))
    assert pixel_of(network) != (0, 0)


def test_it_follows_the_pointer_on_the_maps_and_goes_back(network: Locator, page: Page):
    before = pixel_of(network)
    places = [over_the_maps(page, *at) for at in ((0.2, 0.3), (0.5, 0.5), (0.8, 0.6))]
    assert len(set(places)) == 3
    comes_to(network, places[-1])
    lab.pointer(page).focus()
    page.keyboard.press("ArrowRight")
    comes_to(network, (places[-1][0], places[-1][1] + 1))
    page.mouse.move(0, 0)
    page.locator("h1").first.hover()
    comes_to(network, before)


def test_a_click_on_the_maps_stays(network: Locator, page: Page):
    clicked = over_the_maps(page, 0.4, 0.4)
    page.mouse.down()
    page.mouse.up()
    page.locator("h1").first.hover()
    lab.settle(page)
    comes_to(network, clicked)
    page.reload()
    lab.wait_ready(page)
    comes_to(page.locator(".network[data-pixel]"), clicked)


def test_it_follows_the_pointer_on_its_photo(network: Locator, page: Page):
    before, photo = pixel_of(network), network.locator(".photo")
    over_the_photo(network, 20, 30)
    comes_to(network, (20, 30))
    page.mouse.down()
    page.mouse.up()
    over_the_photo(network, 40, 50)
    comes_to(network, (40, 50))
    page.mouse.move(0, 0)
    comes_to(network, (20, 30))  # the click keeps it
    photo.focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("ArrowLeft")
    comes_to(network, (30, 29))
    page.keyboard.press("Escape")
    comes_to(network, before)


def test_other_weights_come_with_the_next_run(network: Locator, page: Page):
    over_the_photo(network, 20, 30)
    comes_to(network, (20, 30))
    page.locator(".suggestion", has_text="No ReLU between").click()
    lab.settle(page)
    either, both = shown(network, "unit")[-4:-2]
    assert either == pytest.approx(both, abs=1e-6)  # without the ReLU “or” is “and”
