"""A file's name on the canvas: the visitor's own, also where maps come from what all share."""

from __future__ import annotations

import base64
import io

import lab_page as lab
from PIL import Image
from playwright.sync_api import Browser, Page

_GIVE = """([name, encoded]) => {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))
  const data = new DataTransfer()
  data.items.add(new File([bytes], name, { type: "image/png" }))
  const input = document.querySelector('[data-testid="stFileUploaderDropzoneInput"]')
  input.files = data.files
  input.dispatchEvent(new Event("change", { bubbles: true }))
}"""


def give(page: Page, name: str, side: int) -> None:
    """Uploads a picture as the browser does; `set_input_files` takes no NUL in a name."""
    data = io.BytesIO()
    Image.radial_gradient("L").resize((side, side)).save(data, "PNG")
    page.evaluate(_GIVE, [name, base64.b64encode(data.getvalue()).decode()])
    lab.wait_until(page, lambda: len(lab.query(page).get("picture", "")) == 64)
    lab.settle(page)


def read_at_the_first_map(page: Page) -> str:
    left, top, wide, tall = lab.tiles(page)[0][1:]
    rect = lab.pointer(page).bounding_box()
    assert rect is not None
    page.mouse.move(rect["x"] + left + wide / 2, rect["y"] + top + tall / 2)
    lab.wait_until(page, lambda: page.locator(".reading").inner_text() != "")
    return page.locator(".reading").inner_text()


def test_side_by_side_each_reads_the_own_name(page: Page, browser: Browser, server: str) -> None:
    lab.open_lab(page, server)
    give(page, "Klausur.png", 90)
    second = browser.new_page()
    lab.open_lab(second, server)
    give(second, "cat.png", 90)
    third = browser.new_page()
    lab.open_lab(third, server, picture=lab.query(page)["picture"])
    names = ("Klausur.png", "cat.png", "Uploaded picture")
    for tab, own in zip((page, second, third), names, strict=True):
        tab.get_by_text("Several side by side").click()
        lab.wait_until(tab, lambda tab=tab: "others" in lab.query(tab))
        lab.wait_until(tab, lambda tab=tab: len(lab.tiles(tab)) == 4)
        lab.settle(tab)
        assert own in read_at_the_first_map(tab)
        assert own in (tab.locator(".field > canvas").get_attribute("aria-label") or "")
        text = tab.locator("body").inner_text()
        assert not [name for name in names if name != own and name in text]
    second.close()
    third.close()


def test_a_nul_in_a_name_is_left_out(page: Page, server: str) -> None:
    lab.open_lab(page, server)
    give(page, "le\0af.png", 91)
    page.get_by_text("leaf.png").wait_for()
    assert "3 × 224 × 224" not in page.get_by_role("button", name="Picture 3").inner_text()
    assert "3 × 91 × 91" in page.get_by_role("button", name="Picture 3").inner_text()
