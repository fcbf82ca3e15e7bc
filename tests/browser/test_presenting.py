"""Presenting: what a room sees, what a clicker does, the page's theme, and the printed sheet."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import lab_page as lab
import pytest
from playwright.sync_api import Page, expect

from viz.qr_code import svg

SIDEBAR = "[data-testid=stSidebar]"
LEAST_PX = 18

# The smallest type in the figure, and how far it reaches beyond the window.
_LETTERS = """() => {
  const lab = document.querySelector(".st-key-canvas [data-testid=stBidiComponentIsolated]").shadowRoot.querySelector(".lab")
  const written = [...lab.querySelectorAll("*")].filter((each) =>
    each.checkVisibility() && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  return written.map((each) => [Number.parseFloat(getComputedStyle(each).fontSize), each.getBoundingClientRect().right])
}"""

# Every ground that is on screen while the page loads, from its first frame on.
_GROUNDS = """(() => {
  window.grounds = new Set()
  const look = () => {
    const shown = document.querySelector("#skeleton main") ?? document.querySelector("[data-testid=stApp]")
    if (shown) window.grounds.add(getComputedStyle(shown).backgroundColor)
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})()"""


def top_of_section(page: Page) -> float:
    box = page.locator(".st-key-sections").bounding_box()
    assert box
    return box["y"]


def test_a_lecturer_presents_with_a_clicker(page: Page, server: str):
    lab.open_lab(page, f"{server}strided", stride="3")
    wide = page.locator(".lab").bounding_box()
    page.keyboard.press("f")
    expect(page.locator(SIDEBAR)).to_be_hidden()
    lab.settle(page)
    assert urlsplit(page.url).query == "present=1&stride=3"
    wider = page.locator(".lab").bounding_box()
    assert wide
    assert wider
    assert wider["width"] > wide["width"] + 200
    letters = page.evaluate(_LETTERS)
    assert min(px for px, _ in letters) >= LEAST_PX
    assert max(right for _, right in letters) <= 1280
    _turns_pages(page)
    _is_black(page)
    _has_a_laser(page)
    _stays_and_ends(page)


def _turns_pages(page: Page) -> None:
    assert top_of_section(page) > 400
    slider = page.get_by_role("slider", name="Stride")
    slider.click(position={"x": 2, "y": 10})  # a clicker turns pages, whatever was clicked last
    lab.settle(page)
    page.keyboard.press("PageDown")
    assert top_of_section(page) < 30
    page.keyboard.press("PageDown")
    lab.settle(page)
    assert "part=lost" in page.url
    assert slider.input_value() == "1"
    page.keyboard.press("PageUp")
    lab.settle(page)
    assert "part" not in page.url
    page.keyboard.press("PageUp")
    assert top_of_section(page) > 400


def _is_black(page: Page) -> None:
    before = page.url
    status = page.locator(".shell .said")
    for key, back in (("b", "PageDown"), (".", "")):
        page.keyboard.press(key)
        expect(page.locator("#black")).to_be_visible()
        assert "black" in status.inner_text()
        if back:
            page.keyboard.press(back)
        else:
            page.mouse.click(640, 400)
        expect(page.locator("#black")).to_have_count(0)
        assert status.inner_text() == ""
    assert top_of_section(page) > 400, "the key that ended it did nothing else"
    assert page.url == before


def _has_a_laser(page: Page) -> None:
    page.keyboard.press("l")
    page.mouse.move(600, 300)
    page.mouse.move(640, 400, steps=4)
    page.wait_for_function("() => document.querySelector('#laser').width > 600")
    page.wait_for_timeout(100)
    pixel = """() => {
      const canvas = document.querySelector("#laser")
      return [...canvas.getContext("2d").getImageData(640 * devicePixelRatio, 400 * devicePixelRatio, 1, 1).data]
    }"""
    red, green, blue, opaque = page.evaluate(pixel)
    assert (red, opaque) == (255, 255)
    assert max(green, blue) < 60
    shown = (
        "() => getComputedStyle(document.querySelector('.st-key-canvas').querySelector('*')).cursor"
    )
    assert page.evaluate(shown) == "none"
    page.keyboard.press("l")
    expect(page.locator("#laser")).to_have_count(0)


def _stays_and_ends(page: Page) -> None:
    """Another lesson, Back and a reload stay; what is ended does not come back."""
    page.locator(".st-key-next_lesson a").evaluate("link => link.click()")
    page.wait_for_url("**/pooling_order**")
    lab.wait_ready(page)
    assert "present=1" in page.url
    expect(page.locator(SIDEBAR)).to_be_hidden()
    page.go_back()
    page.wait_for_url("**/strided**")
    lab.wait_ready(page)
    assert "present=1" in page.url
    page.reload()
    lab.wait_ready(page)
    expect(page.locator(SIDEBAR)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(SIDEBAR)).to_be_visible()
    lab.settle(page)
    assert urlsplit(page.url).query == "stride=1"
    page.go_forward()
    page.wait_for_url("**/pooling_order**")
    lab.wait_ready(page)
    assert "present" not in page.url


def luminance(colour: str) -> float:
    red, green, blue = (int(each) for each in re.findall(r"\d+", colour)[:3])
    return (0.3 * red + 0.6 * green + 0.1 * blue) / 255


def test_a_theme_is_shown_at_once_and_never_flashes_again(page: Page, server: str):
    lab.open_lab(page, server)
    colour = "getComputedStyle(document.querySelector('.st-key-canvas *')).color"
    menu = page.get_by_label("Theme")
    assert menu.input_value() == "light"
    light = lab.canvas_pixels(page)
    menu.select_option("dark")
    page.wait_for_function(f"() => !{colour}.startsWith('rgb(4')")
    assert luminance(page.evaluate(colour)) > 0.8
    page.wait_for_timeout(200)  # until the canvas has been drawn again
    assert (lab.canvas_pixels(page) != light).any(), "names of maps are light now"
    page.add_init_script(_GROUNDS)
    lab.open_lab(page, f"{server}strided")
    assert max(luminance(ground) for ground in page.evaluate("[...window.grounds]")) < 0.3
    assert menu.input_value() == "dark"
    menu.select_option("contrast")
    page.wait_for_function(f"() => {colour} === 'rgb(0, 0, 0)'")
    page.reload()
    lab.wait_ready(page)
    page.wait_for_function(f"() => {colour} === 'rgb(0, 0, 0)'")
    assert min(luminance(ground) for ground in page.evaluate("[...window.grounds]")) == 1


@pytest.mark.parametrize("paper", [{"format": "A4"}, {"format": "Letter", "landscape": True}])
def test_a_sheet_has_the_view_its_address_and_its_code(page: Page, server: str, paper: dict):
    lab.open_lab(page, f"{server}inception", present="1", scale="own", card="proof")
    sheet = page.pdf(**paper)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    address = f"{server}inception?scale=own"
    assert page.locator(".sheet .foot").text_content().endswith(address)
    code = page.locator(".sheet .qr").inner_html()
    assert re.findall(r' d="([^"]+)"', code) == re.findall(r' d="([^"]+)"', svg(address).decode())
    assert page.locator(".sheet .view svg text", has_text="Inception").count() > 0
    dark = page.locator(".sheet .view svg rect[fill='rgb(0, 0, 0)']")
    assert dark.count() > 0, "the ground of a chosen option"
    _fits(page, *((718, 1047) if paper["format"] == "A4" else (980, 740)))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".sheet").inner_html() == ""


def _fits(page: Page, width: int, height: int) -> None:
    """Whether nothing of the sheet is beyond a paper without its margins, CSS px."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": width, "height": height})
    assert page.locator(SIDEBAR).is_hidden()
    for part in (".sheet .view svg", ".sheet .qr", ".sheet .foot"):
        box = page.locator(part).first.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
