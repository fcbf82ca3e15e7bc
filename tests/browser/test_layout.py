"""What is seen at once: slider and maps in every window, and what a click opened below them."""

from __future__ import annotations

from collections.abc import Iterator

import lab_page as lab
import pytest
from playwright.sync_api import Browser, Page

# A laptop, a projector, a phone, and the laptop at 150 % zoom.
WINDOWS = {
    "1280x800": (1280, 800),
    "1920x1080": (1920, 1080),
    "390x844": (390, 844),
    "853x533": (853, 533),
}
VIEWS = {
    "4 maps": "",
    "5 maps": "cross_channel_pooling",
    "16 maps": "?stage=rectifier",
    "64 maps": "?orientations=16&phases=4&stage=rectifier",
    "a photo": "strided",
}
SEEN_OF_MAPS = 0.75  # where a window is so low that not all are


@pytest.fixture(params=WINDOWS)
def window(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in a window of one of the sizes."""
    width, height = WINDOWS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.set_default_timeout(lab.PATIENCE_MS)
    yield page
    context.close()


def span(page: Page, selector: str) -> tuple[float, float]:
    """Top and bottom of an element in the window, CSS px."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return box["y"], box["y"] + box["height"]


def height_of(page: Page) -> int:
    size = page.viewport_size
    assert size is not None
    return size["height"]


def in_view(page: Page, selector: str) -> bool:
    """Whether the whole of an element is in the window, or its top is at the window's top."""
    top, bottom = span(page, selector)
    return top >= 0 and (bottom <= height_of(page) or top <= 60)


def test_controls_and_maps_are_seen_together(window: Page, server: str) -> None:
    for name, path in VIEWS.items():
        lab.open_lab(window, server + path)
        end = height_of(window)
        top, bottom = span(window, ".maps > .stack")
        first, last = span(window, ".controls")
        seen = (min(bottom, end) - top) / (bottom - top)
        assert first >= 0, name
        assert last <= end, name
        assert seen >= (1 if end >= 800 else SEEN_OF_MAPS), (name, seen)
        sideways = window.evaluate(
            "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".map(each => each.scrollWidth - each.clientWidth)"
        )
        assert sideways == [0, 0], name


def test_a_card_that_a_click_opened_is_scrolled_to(page: Page, server: str) -> None:
    lab.open_lab(page, f"{server}cross_channel_pooling")
    button = page.get_by_role("button", name="Proof")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    lab.wait_until(page, lambda: page.locator(".st-key-opened table").count() == 1)
    lab.wait_until(page, lambda: in_view(page, ".st-key-opened"))
    assert span(page, ".st-key-opened")[1] <= span(page, ".st-key-sections")[0]
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    lab.wait_until(page, lambda: page.locator(".st-key-opened table").count() == 0)


def test_a_reload_stays_at_the_top(page: Page, server: str) -> None:
    lab.open_lab(page, f"{server}cross_channel_pooling", card="proof", part="winners")
    page.reload()
    lab.wait_ready(page)
    page.locator(".st-key-opened table").wait_for()
    assert span(page, "h1")[0] >= 0


def test_a_link_to_a_section_scrolls_there(page: Page, server: str) -> None:
    lab.open_lab(page, f"{server}cross_channel_pooling", part="winners")
    lab.wait_until(page, lambda: 0 <= span(page, ".st-key-sections")[0] <= 60)


def test_a_chosen_section_is_scrolled_to(page: Page, server: str) -> None:
    lab.open_lab(page, f"{server}cross_channel_pooling")
    top, bottom = span(page, ".st-key-sections button")
    assert 0 <= top < bottom <= height_of(page)
    page.locator(".st-key-sections button").nth(1).click()
    lab.wait_until(page, lambda: 0 <= span(page, ".st-key-sections")[0] <= 60)


def test_the_keyboard_follows_a_card_and_comes_back(page: Page, server: str) -> None:
    lab.open_lab(page, server)
    button = page.get_by_role("button", name="Save")
    button.focus()
    page.keyboard.press("Enter")
    lab.wait_until(page, lambda: page.evaluate("document.activeElement.matches('.st-key-opened')"))
    page.keyboard.press("Escape")
    lab.wait_until(page, lambda: button.get_attribute("aria-pressed") == "false")
    assert button.evaluate("button => button.getRootNode().activeElement === button")


def test_the_facts_of_a_stage_are_told_on_its_chip(page: Page, server: str) -> None:
    lab.open_lab(page, server)
    facts = page.locator(".focus")
    own = facts.inner_text()
    page.locator("[data-stage=bank]").hover()
    assert facts.inner_text() != own
    assert "weights" in facts.inner_text()
    page.locator("h1").hover()
    assert facts.inner_text() == own
