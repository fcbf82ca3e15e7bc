"""The orientation map under a hand: the responses at a pixel are those of the bank, squared and averaged."""

from __future__ import annotations

from functools import cache

import lab_page as lab
import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page

from viz import images, lessons
from viz.figures.groups import orientation_colour
from viz.lessons.orientation.direction import direction, energies

SLUG = "orientation"
SIZE_PX = 96
Pixel = tuple[int, int]


@cache
def responses() -> torch.Tensor:
    """To every orientation at every pixel, by the network itself."""
    lesson = lessons.load(SLUG)
    opening = lesson.opening("map")
    view, setting = opening.read({"working_size_px": str(SIZE_PX)})
    picture = images.find(view.picture)
    assert picture is not None
    pixels = images.at_working_size(picture, SIZE_PX).pixels
    with torch.inference_mode():
        bank = lesson.network(setting, pixels).get_submodule("bank")
        return energies(bank(pixels), setting.phases)


@pytest.fixture
def shown(page: Page, server: str) -> Locator:
    lab.open_lab(page, f"{server}{SLUG}", working_size_px=str(SIZE_PX), part="map")
    found = page.locator(".orientations[data-pixel]")
    found.wait_for()
    lab.settle(page)
    return found


def pixel_of(shown: Locator) -> Pixel:
    row, column = (shown.get_attribute("data-pixel") or "").split(".")
    return int(row), int(column)


def comes_to(shown: Locator, pixel: Pixel) -> None:
    """The wheel shows this pixel, with its responses, and says what it prefers."""
    lab.wait_until(shown.page, lambda: pixel_of(shown) == pixel)
    row, column = pixel
    expected = responses()[:, row, column]
    listed = shown.locator(".wheel svg").get_attribute("aria-label") or ""
    told = [each.split(": ") for each in listed.split(", ")]
    assert [name for name, _ in told] == [
        f"{180 * n / len(expected):g}°" for n in range(len(expected))
    ]
    assert [number(value) for _, value in told] == pytest.approx(expected.tolist(), rel=0.06)
    degrees = float(direction(expected[:, None, None], degrees_of()).degrees)
    assert f"preferred {round(degrees) % 180}°" in shown.locator(".said").inner_text()


def number(text: str) -> float:
    mantissa, _, power = text.partition(" × 10")
    return float(mantissa) * 10.0 ** int(power.translate(RAISED) or 0)


RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def degrees_of() -> list[float]:
    return [180 * n / len(responses()) for n in range(len(responses()))]


def over(shown: Locator, name: str, row: int, column: int) -> None:
    canvas = shown.locator(f"canvas.{name}")
    canvas.scroll_into_view_if_needed()
    rect = canvas.bounding_box()
    assert rect is not None
    _, rows, columns = responses().shape
    x, y = (column + 0.5) / columns * rect["width"], (row + 0.5) / rows * rect["height"]
    canvas.hover(position={"x": x, "y": y})


def test_it_opens_at_the_strongest_pixel_and_follows_the_pointer(shown: Locator, page: Page):
    strength = direction(responses(), degrees_of()).strength
    strongest = divmod(int(strength.argmax()), strength.shape[1])
    comes_to(shown, strongest)
    over(shown, "map", 20, 30)
    comes_to(shown, (20, 30))
    over(shown, "photo", 44, 61)
    comes_to(shown, (44, 61))
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(0, 0)
    comes_to(shown, (44, 61))  # the click keeps it
    shown.locator("canvas.map").focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowRight")
    comes_to(shown, (34, 62))
    page.keyboard.press("Escape")
    comes_to(shown, strongest)


def test_hue_is_the_orientation_and_light_its_strength(shown: Locator):
    drawn = lab.pixels(shown.locator("canvas.map")).astype(int)
    found = direction(responses(), degrees_of())
    rows, columns = found.strength.shape
    reach = np.quantile(found.strength.numpy(), 0.98)
    for row, column in ((10, 12), (20, 30), (44, 61), (70, 40), (85, 80)):
        hue = orientation_colour(round(float(found.degrees[row, column])))
        light = min(1.0, float(found.strength[row, column]) / reach) ** (1 / 2.2)
        expected = [int(hue[at : at + 2], 16) * light for at in (1, 3, 5)]
        y = int((row + 0.5) * len(drawn) / rows)
        x = int((column + 0.5) * drawn.shape[1] / columns)
        assert np.abs(drawn[y, x, :3] - expected).max() <= 3, (row, column)
