"""A picture pasted from the clipboard."""

from __future__ import annotations

import base64
import io

import lab_page as lab
from PIL import Image
from playwright.sync_api import Page

_PASTE = """(encoded) => {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))
  const data = new DataTransfer()
  data.items.add(new File([bytes], "clipboard.png", { type: "image/png" }))
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }))
}"""


def test_a_pasted_picture_comes_into_focus(page: Page, server: str) -> None:
    lab.open_lab(page, server)
    data = io.BytesIO()
    Image.radial_gradient("L").save(data, "PNG")
    page.evaluate(_PASTE, base64.b64encode(data.getvalue()).decode())
    page.get_by_text("clipboard.png").wait_for()
    lab.wait_until(page, lambda: len(lab.query(page).get("picture", "")) == 64)
    page.get_by_role("button", name="Picture 3 × 224 × 224").wait_for()
