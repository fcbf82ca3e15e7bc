"""An uploaded picture is removed by its visitor, who goes on with another one."""

from __future__ import annotations

import lab_page as lab
from playwright.sync_api import Page, expect
from test_canvas import photograph, upload

from viz import images, lessons
from viz.lessons import LESSONS


def uploaded(page: Page, *files: tuple[str, bytes]) -> None:
    upload(page, *files)
    page.get_by_text(files[0][0]).first.wait_for()
    lab.wait_until(page, lambda: len(lab.query(page).get("picture", "")) == 64)
    lab.settle(page)


def remove(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Remove “{name}”").press("Enter")
    lab.settle(page)


def test_a_removed_picture_is_gone_and_the_next_one_is_shown(page: Page, server: str) -> None:
    first, second = photograph(90), photograph(250)
    lab.open_lab(page, server, stage="bank")
    uploaded(page, ("first.jpg", first), ("second.jpg", second))
    page.keyboard.press("p")
    lab.settle(page)
    assert "pinned" in lab.query(page)
    address = images.decode(first).digest
    assert lab.query(page)["picture"] == address

    remove(page, "first.jpg")
    assert lab.query(page) == {"stage": "bank", "picture": images.decode(second).digest}
    expect(page.get_by_role("radio", name="second.jpg")).to_be_checked()
    expect(page.get_by_role("radio", name="second.jpg")).to_be_focused()
    expect(page.get_by_role("radio", name="first.jpg")).to_have_count(0)
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)
    assert page.request.get(f"{server}pictures/{address}?working_size_px=224").status == 404

    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("no longer here")
    lab.settle(page)
    lab.slider(page, "Wavelength").press("ArrowRight")
    said = "“first.jpg” is no longer here; please upload it again."
    expect(page.locator(".notice")).to_have_text(said)
    lab.settle(page)
    page.get_by_role("radio", name="second.jpg").check(force=True)
    expect(page.locator(".notice")).to_be_hidden()
    lab.settle(page)
    assert lab.query(page)["picture"] == images.decode(second).digest
    page.keyboard.press("Control+z")
    expect(page.locator(".notice")).to_have_text(said)
    lab.settle(page)
    page.keyboard.press("Control+Shift+Z")
    expect(page.locator(".notice")).to_be_hidden()
    lab.settle(page)

    page.get_by_test_id("stSidebarNav").get_by_role("link", name=LESSONS[1].title).click()
    page.get_by_role("heading", name=LESSONS[1].title, exact=True).wait_for()
    lab.settle(page)
    remove(page, "second.jpg")
    page.get_by_role("link", name=f"← {LESSONS[0].title}").click()
    page.get_by_role("heading", name=LESSONS[0].title, exact=True).wait_for()
    lab.settle(page)
    assert "picture" not in lab.query(page), "the Lab, too, has forgotten it"
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)


def test_a_picture_beside_others_is_removed_without_them(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="bank")
    uploaded(page, ("mine.jpg", photograph(170)))
    page.get_by_text("Several side by side").click()
    lab.wait_until(page, lambda: len(lab.tiles(page)) == 4)
    lab.settle(page)
    others = lab.query(page)["others"].split(".")
    remove(page, "mine.jpg")
    lab.wait_until(page, lambda: len(lab.tiles(page)) == 3)
    assert [
        lab.query(page).get("picture", lessons.load("lab").picture),
        *lab.query(page)["others"].split("."),
    ] == others
