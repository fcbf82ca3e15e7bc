"""How the canvas asks among many others: in steps of size, without its token, in small while it moves."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import lab_page as lab
import pytest
from playwright.sync_api import Browser, Page, Request, Route

from viz import packing
from viz.assets import ROOT
from viz.ui.linker import link

SIDES = [*range(1, 40), 75, 104, 112, 113, 150, 224, 240, 256, 449, 512]
PIXELS = [*range(1, 520), 1024, 2048]


def test_the_size_asked_for_is_in_steps_and_averages_as_the_room_asks(page: Page) -> None:
    """Against what the server makes of the exact size; never more than there is room for."""
    script = link(ROOT / "viz" / "ui" / "canvas" / "resolution.js")
    header = "{ stage: 's', stages: { s: { shape: [1, 1, side] } } }"
    table = page.evaluate(
        f"([sides, pixels]) => {{ {script}\n"
        f"return sides.map((side) => pixels.map((px) => shownStep({header}, px))) }}",
        [SIDES, PIXELS],
    )
    for side, row in zip(SIDES, table, strict=True):
        for px, shown in zip(PIXELS, row, strict=True):
            room = min(512, max(8, px))
            assert shown <= room
            mean = packing.averaged_over((side,), room)
            assert packing.averaged_over((side,), shown) == mean, (side, px)
        assert len({shown for shown in row if shown % 16}) <= side


def asked(page: Page) -> list[Request]:
    """Every request for maps from now on."""
    requests: list[Request] = []
    page.on("request", lambda each: requests.append(each) if "/maps/lab" in each.url else None)
    return requests


def query(request: Request) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.url).query))


def test_two_who_look_at_the_same_ask_for_the_same(browser: Browser, server: str) -> None:
    """Another session, another window of nearly the same size: the same address, and no second ask."""
    addresses = []
    for width in (1280, 1284):
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        requests = asked(page)
        lab.open_lab(page, server, stage="bank", stride="3")
        assert {"token", "settled"}.isdisjoint(query(requests[-1]))
        assert len({each.headers["x-pointwise-token"] for each in requests}) == 1
        addresses.append(requests[-1].url)
        number = len(requests)
        lab.settle(page)
        assert len(requests) == number
        context.close()
    assert addresses[0] == addresses[1]


def in_small(route: Route) -> None:
    """Answers a moving hand as the server does when many wait."""
    if "x-pointwise-dragging" not in route.request.headers:
        route.continue_()
        return
    shown = int(query(route.request)["shown_px"])
    smaller = route.request.url.replace(f"shown_px={shown}", f"shown_px={shown // 2}")
    reply = route.fetch(url=smaller)
    route.fulfill(response=reply, headers={**reply.headers, "x-pointwise-reduced": "1"})


def rest(page: Page) -> None:
    """The hand stays where it is, the button down."""


@pytest.mark.parametrize("end", [rest, lambda page: page.mouse.up()], ids=["rests", "lets go"])
def test_a_moving_hand_gets_small_maps_and_then_the_full_ones(
    page: Page, server: str, end: Callable[[Page], object]
) -> None:
    lab.open_lab(page, server, stage="bank")
    badge = page.locator(".badge")
    assert "≈" not in badge.inner_text()
    page.route("**/maps/lab?**", in_small)
    requests = asked(page)
    slider = lab.slider(page, "Wavelength")
    rect = slider.bounding_box()
    assert rect is not None
    page.mouse.move(rect["x"] + rect["width"] * 0.3, rect["y"] + rect["height"] / 2)
    page.mouse.down()
    seen = False
    for step in range(40):
        page.mouse.move(rect["x"] + rect["width"] * (0.3 + step / 100), rect["y"] + 8)
        page.wait_for_timeout(20)
        seen = seen or "≈" in badge.inner_text()
    assert seen
    end(page)
    lab.wait_until(page, lambda: "≈" not in badge.inner_text())
    lab.settle(page)
    assert "x-pointwise-dragging" not in requests[-1].headers
    number = len(requests)
    page.wait_for_timeout(700)
    assert len(requests) == number, "nothing is asked for again and again"
    full = lab.maps(page).get_attribute("aria-label")
    page.mouse.up()
    lab.settle(page)
    assert lab.maps(page).get_attribute("aria-label") == full
