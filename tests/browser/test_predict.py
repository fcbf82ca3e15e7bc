"""Predict, then reveal: alone, with keys and a click on the photo; and asked in a room."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import lab_page as lab
from playwright.sync_api import Browser, BrowserContext, Page, expect

# Every round that this tab is told, as it came from the server.
_KEEP_ROUNDS = """window.rounds = []
addEventListener("pointwise:round", (event) => window.rounds.push(event.detail))"""


def test_a_prediction_is_answered_on_the_canvas_and_nothing_is_lost(
    page: Page, server: str
) -> None:
    """By keys alone: a place on the photo, then a choice; then the view is as before."""
    view = {"picture": "chelsea", "stride": "3"}
    lab.open_lab(page, f"{server}strided", **view)
    card, stride = page.locator(".predict"), lab.slider(page, "Stride")
    expect(card.locator(".ask")).to_have_count(0)
    page.keyboard.press("q")
    expect(card.locator(".ask")).to_contain_text("Where will stride 5")
    box, photo = card.bounding_box(), page.locator(".field > canvas").bounding_box()
    assert box is not None
    assert photo is not None
    assert 0 <= box["y"] < box["y"] + box["height"] < photo["y"]
    assert photo["y"] + photo["height"] < 800, "the question and what it is about are seen together"
    square = page.locator(".choosing")
    square.focus()
    for key in ("ArrowRight", "ArrowUp", "Enter"):
        square.press(key)
    expect(card.locator(".verdict strong")).to_have_text(re.compile("Right|Not there"))
    assert square.locator(".true").count() >= 1
    assert "unit" not in lab.query(page), "it is no pin"
    card.get_by_role("button", name="Next question").click()
    expect(stride).to_have_value("3")
    expect(card.locator(".ask")).to_contain_text("How large are the maps at stride 5?")
    page.keyboard.press("1")
    expect(card.locator(".verdict strong")).to_contain_text("You said")
    expect(stride).to_have_value("5")
    expect(page.locator(".stage-bar [data-stage=strided]")).to_contain_text(
        card.locator(".option.right span").first.inner_text()
    )
    lab.settle(page)
    card.get_by_role("button", name="Back to where we were").click()
    expect(stride).to_have_value("3")
    card.get_by_role("button", name="Show it on the canvas").click()
    expect(stride).to_have_value("5")
    lab.settle(page)
    page.keyboard.press("q")
    expect(card.locator(".ask")).to_have_count(0)
    expect(stride).to_have_value("3")
    lab.settle(page)
    assert lab.query(page) == view


@contextmanager
def pages(browser: Browser, *addresses: str) -> Iterator[list[Page]]:
    """A page in a browser of its own for each address."""
    contexts: list[BrowserContext] = []
    try:
        opened = []
        for address in addresses:
            contexts.append(browser.new_context(viewport={"width": 1280, "height": 800}))
            contexts[-1].add_init_script(_KEEP_ROUNDS)
            opened.append(contexts[-1].new_page())
            opened[-1].set_default_timeout(lab.PATIENCE_MS)
            lab.open_lab(opened[-1], address)
        yield opened
    finally:
        for context in contexts:
            context.close()


def test_a_class_predicts_discusses_and_predicts_again(
    page: Page, server: str, browser: Browser
) -> None:
    """Nothing of answers or truth reaches a browser before the lecturer closes the question."""
    lab.open_lab(page, f"{server}strided")
    page.keyboard.press("s")
    code = page.locator(".invitation .code").inner_text().replace("-", "").strip()
    page.locator(".invitation").get_by_role("button", name="Close").click()
    page.keyboard.press("q")
    lecturer = page.locator(".predict")
    ask = lecturer.locator(".ask").inner_text()
    address = f"{server}strided?room={code}"
    with pages(browser, address, address) as (ann, bob):
        lecturer.get_by_role("button", name="Ask the class").click()
        for follower in (ann, bob):
            expect(follower.locator(".predict .ask")).to_have_text(ask)
        ann.keyboard.press("1")
        expect(ann.locator(".predict .note")).to_contain_text("Your answer: 9 × 9.")
        bob.locator(".predict").get_by_role("button", name="44 × 44").click()
        expect(lecturer.locator(".aside")).to_have_text("2 of 2 have answered")
        expect(lecturer.locator(".bars, .right")).to_have_count(0)
        for told in (page, ann, bob):
            assert told_of(told) in ([], [[]])

        again = ann.context.new_page()
        lab.open_lab(again, address)
        again.evaluate("localStorage.removeItem('pointwise-answered')")
        again.reload()
        expect(again.locator(".predict .ask")).to_have_text(ask)
        again.keyboard.press("3")
        expect(again.locator(".predict .note")).to_contain_text("this browser has answered already")
        again.close()

        lecturer.get_by_role("button", name="Close the question").click()
        expect(ann.locator(".predict .bars .row")).to_have_count(4)
        expect(ann.locator(".predict .right")).to_have_count(0)
        lecturer.get_by_role("button", name="Discuss, then ask again").click()
        expect(ann.locator(".predict h2")).to_have_text("Once more")
        for follower in (ann, bob):
            follower.keyboard.press("3")
            expect(follower.locator(".predict .note")).to_contain_text("Your answer: 45 × 45.")
        lecturer.get_by_role("button", name="Close the question").click()
        lecturer.get_by_role("button", name="Show the answer").click()
        for told in (page, ann, bob):
            card = told.locator(".predict")
            expect(card.locator(".row.right .name")).to_have_text("✓ 45 × 45")
            expect(card.locator(".row.right .line.before")).to_have_text("0 · 0 %")
            expect(card.locator(".row.right .line.after")).to_have_text("2 · 100 %")
        expect(ann.locator(".predict .verdict")).to_contain_text("Right: 45 × 45.")
        lecturer.get_by_role("button", name="Show it on the canvas").click()
        expect(lab.slider(bob, "Stride")).to_have_value("5")
        lecturer.get_by_role("button", name="Next question").click()
        expect(ann.locator(".predict .ask")).to_have_count(0)
        expect(lecturer.locator("h2")).to_have_text("Question 2 of 4")


def told_of(page: Page) -> list[list[str]]:
    """What the rounds that a tab was told of hold of answers and truth."""
    kept = page.evaluate("window.rounds ?? []")
    secret = {"tally", "before", "truth", "answers"}
    return [sorted(secret & set(told)) for told in kept if told]
