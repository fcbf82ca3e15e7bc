"""The link to a view, copied where the browser lets a page copy and where it does not."""

from __future__ import annotations

import lab_page as lab
import pytest
from playwright.sync_api import Page, expect

# over plain http in a network there is no clipboard, and a browser may refuse the old way, too
WITHOUT = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
NOR_THE_OLD_WAY = f"{WITHOUT}; document.execCommand = () => false"


@pytest.mark.parametrize("before", ["", WITHOUT], ids=["https", "http"])
def test_the_full_address_is_copied(page: Page, server: str, before: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script(before)
    lab.open_lab(page, server, stage="bank", wavelength_px="12")
    button = page.get_by_role("button", name="Copy link")
    button.click()
    said = page.get_by_role("status").filter(has_text="Link copied.")
    said.wait_for()
    said.wait_for(state="detached")
    expect(button).to_be_focused()
    field = page.context.new_page()
    field.set_content("<textarea></textarea>")
    field.locator("textarea").press("Control+v")
    expect(field.locator("textarea")).to_have_value(page.url)


def test_a_link_that_cannot_be_copied_stands_ready(page: Page, server: str) -> None:
    page.add_init_script(NOR_THE_OLD_WAY)
    lab.open_lab(page, server, stage="bank", wavelength_px="12")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("Press Ctrl+C").wait_for()
    link = page.get_by_label("Link to this view")
    expect(link).to_be_focused()
    expect(link).to_have_value(page.url)
    assert page.url == link.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
    page.keyboard.press("Escape")
    link.blur()
    expect(link).to_be_hidden()
