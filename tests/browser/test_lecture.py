"""A lecture by two keys: from section to section and on to the next lesson, each with its title."""

from __future__ import annotations

import lab_page as lab
from playwright.sync_api import Page, expect
from test_lessons import open_lesson

from viz import lessons
from viz.lessons import LESSONS, entry

PARTS = lessons.load("strided").setting.controls()["part"].options


def test_n_and_b_lead_through_the_lecture(page: Page, server: str) -> None:
    names = list(PARTS)
    open_lesson(page, server, "strided", part=names[1])
    title = f"{entry('strided').title} · Pointwise"
    expect(page).to_have_title(f"{PARTS[names[1]]} · {title}")
    page.keyboard.press("n")
    lab.wait_until(page, lambda: lab.query(page).get("part") == names[2])
    expect(page).to_have_title(f"{PARTS[names[2]]} · {title}")
    expect(page.get_by_text(f"3 of {len(names)}", exact=True)).to_be_visible()
    lab.settle(page)
    page.go_back()
    lab.wait_until(page, lambda: lab.query(page).get("part") == names[1])
    expect(page).to_have_title(f"{PARTS[names[1]]} · {title}")
    lab.settle(page)
    lab.pointer(page).focus()
    page.keyboard.press("b")
    lab.wait_until(page, lambda: "part" not in lab.query(page))
    expect(page).to_have_title(title)
    lab.settle(page)
    page.keyboard.press("b")
    page.get_by_role("heading", name=LESSONS[2].title, exact=True).wait_for()
    expect(page).to_have_title(f"{LESSONS[2].title} · Pointwise")
    lab.settle(page)
    page.go_back()
    page.get_by_role("heading", name=entry("strided").title, exact=True).wait_for()
    expect(page).to_have_title(title)


def test_the_lab_leads_on_and_writing_is_no_key(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="pointwise")
    expect(page).to_have_title("Lab · Pointwise")
    page.locator("canvas.matrix").click(position={"x": 8, "y": 8})
    page.get_by_label("Weight", exact=True).press("n")
    lab.settle(page)
    expect(page).to_have_title("Lab · Pointwise")
    lab.pointer(page).focus()
    page.keyboard.press("n")
    page.get_by_role("heading", name=LESSONS[1].title, exact=True).wait_for()
    expect(page).to_have_title(f"{LESSONS[1].title} · Pointwise")
