"""A cold load: what is on screen before the first maps, and what is asked for."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from viz.lessons import entry

READY = "[data-ready=yes]"


@pytest.mark.parametrize("path", ["", "strided"])
def test_nothing_is_asked_for_in_vain(page: Page, server: str, path: str):
    """Streamlit's client looks for its routes below the page's own path, unless it is told better."""
    refused: list[str] = []

    def note(answer: Response) -> None:
        if answer.status >= 400:
            refused.append(f"{answer.status} {answer.url}")

    page.on("response", note)
    page.goto(f"{server}{path}")
    page.locator(READY).wait_for()
    assert refused == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lesson_is_on_screen_before_any_script(
    browser: Browser, server: str, theme: Literal["light", "dark"]
):
    context = browser.new_context(color_scheme=theme)
    page = context.new_page()
    page.route("**/static/js/**", lambda route: route.abort())
    page.goto(f"{server}strided", wait_until="commit")
    skeleton = page.locator("#skeleton")
    expect(skeleton.get_by_role("heading")).to_have_text(entry("strided").title)
    expect(skeleton).to_contain_text(entry("strided").claim)
    ground = skeleton.locator("main").evaluate("e => getComputedStyle(e).backgroundColor")
    red = int(ground.removeprefix("rgb(").split(",")[0])
    assert (red > 200) == (theme == "light")
    context.close()


def test_the_skeleton_stays_until_there_are_maps(page: Page, server: str):
    """Nothing of the page is seen half built; then all of it is there."""
    page.add_init_script(
        "addEventListener('pointwise-ready', () => {"
        " window.atMaps ??= document.querySelector('#skeleton') !== null })"
    )
    page.goto(server)
    page.locator(READY).wait_for()
    expect(page.locator("#skeleton")).to_have_count(0)
    assert page.evaluate("window.atMaps")


def test_a_page_without_a_server_is_not_hidden_for_ever(page: Page, server: str):
    page.route("**/_stcore/**", lambda route: route.abort())  # the server cannot be reached
    page.clock.install()
    page.goto(server)
    expect(page.locator("#skeleton")).to_have_count(1)
    page.clock.run_for(21_000)
    expect(page.locator("#skeleton")).to_have_count(0)
