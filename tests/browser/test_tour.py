"""A guided tour by keys: its steps move the sliders, light what they speak of, and are addresses."""

from __future__ import annotations

import lab_page as lab
from playwright.sync_api import Locator, Page, expect

from viz import lessons

SLUG = "pooling_order"
STEPS = lessons.load(SLUG).tour
SLIDES = 1  # the step after the first moves the slider from the max to the average
SECTION = next(n for n, step in enumerate(STEPS) if "section" in step.light)

WATCH_SLIDER = """input => {
  window.seen = new Set()
  const look = () => { window.seen.add(input.value); requestAnimationFrame(look) }
  look()
}"""


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Guided tour")


def shows(page: Page, n: int, slug: str = SLUG) -> None:
    """The bar shows a step, the address names it, and the bar covers nothing that is lit."""
    lesson = lessons.load(slug)
    step = lesson.tour[n]
    expect(bar(page).get_by_role("status")).to_contain_text(step.title)
    expect(bar(page)).to_contain_text(f"{n + 1} of {len(lesson.tour)}")
    there = {**lesson.query_of(step), "tour": str(n + 1)}
    lab.wait_until(page, lambda: lab.query(page) == there)  # after the sliders have run
    lab.settle(page)
    edge = bar(page).bounding_box()
    assert edge is not None
    lit = page.locator(".canvas [data-lit], .canvas .lit-maps > div").all()
    assert len(lit) == len([name for name in step.light if name != "section"])
    for each in lit:
        box = each.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= edge["y"]


def test_a_tour_by_keys(page: Page, server: str) -> None:
    lab.open_lab(page, f"{server}{SLUG}")
    expect(bar(page)).to_be_hidden()
    page.keyboard.press("g")
    shows(page, 0)
    beta = lab.slider(page, "Average to max")
    assert beta.input_value() == beta.get_attribute("max")
    beta.evaluate(WATCH_SLIDER)
    page.keyboard.press("PageDown")
    shows(page, SLIDES)
    assert beta.input_value() == "0"
    assert len(page.evaluate("[...window.seen]")) > 3, "it was seen to move"
    page.reload()
    lab.wait_ready(page)
    shows(page, SLIDES)
    again = bar(page).get_by_role("button", name="Show again")
    expect(again).to_be_hidden()
    beta.press("ArrowRight")
    lab.settle(page)
    again.click()
    shows(page, SLIDES)
    assert beta.input_value() == "0"
    page.keyboard.press("PageUp")
    shows(page, 0)
    page.keyboard.press("Escape")
    expect(bar(page)).to_be_hidden()
    lab.settle(page)
    assert lab.query(page) == {}


def test_a_step_that_opens_a_section_brings_it_into_view(page: Page, server: str) -> None:
    lab.open_lab(page, f"{server}{SLUG}", tour=str(SECTION))
    bar(page).get_by_role("button", name="Next").click()
    shows(page, SECTION)
    sections = page.locator(".st-key-sections")
    lab.wait_until(
        page, lambda: abs(sections.evaluate("it => it.getBoundingClientRect().top")) < 40
    )
    bar(page).get_by_role("button", name="Next").click()
    shows(page, SECTION + 1)


def test_a_link_to_a_step_shows_what_it_lights(page: Page, server: str) -> None:
    """A section is open at this step, but its words are about the maps above."""
    lesson = lessons.load("orientation")
    n = next(n for n, s in enumerate(lesson.tour) if "part" in s.fields and s.light == ("maps",))
    lab.open_lab(page, f"{server}orientation", **lesson.query_of(lesson.tour[n]), tour=str(n + 1))
    expect(page.locator(".st-key-sections")).to_contain_text("Selectivity for orientation")
    shows(page, n, "orientation")
