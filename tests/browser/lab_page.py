"""The Lab as a visitor's hand meets it; what the tests say instead of selectors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from playwright.sync_api import Locator, Page, Response


def open_lab(page: Page, address: str, **query: str) -> None:
    """Opens the Lab and waits for its maps."""
    search = "&".join(f"{name}={value}" for name, value in query.items())
    page.goto(f"{address}?{search}" if search else address)
    wait_ready(page)


def wait_ready(page: Page) -> None:
    page.wait_for_selector(".atlas[data-ready]")
    page.wait_for_function("() => document.querySelector('[data-testid=stStatusWidget]') === null")
    settle(page)


def settle(page: Page, still_ms: int = 350) -> None:
    """Waits until no map has been drawn and the address has not changed for a while."""
    before, since = "", 0
    while since < still_ms:
        page.wait_for_timeout(50)
        now = f"{drawn(page)} {page.url}"
        since = since + 50 if now == before else 0
        before = now


def drawn(page: Page) -> int:
    """How often the maps have been drawn."""
    return int(maps(page).get_attribute("data-drawn") or 0)


def maps(page: Page) -> Locator:
    return page.locator(".maps canvas").first


def pointer(page: Page) -> Locator:
    return page.locator(".maps canvas.pointer")


def box(page: Page) -> list[int]:
    """Top, left, bottom, right of the receptive field, in pixels of the picture."""
    text = page.locator(".field > canvas").get_attribute("data-box") or ""
    return [int(number) for number in text.split()]


def tiles(page: Page) -> list[list[int]]:
    """For every map drawn: its index and its box on the canvas, in device pixels."""
    return json.loads(maps(page).get_attribute("data-tiles") or "[]")


_CANVAS = """() => {
  const find = (root) => {
    for (const element of root.querySelectorAll('*')) {
      const inside = element.shadowRoot
      const found = inside && (inside.querySelector('.maps canvas') ?? find(inside))
      if (found) return found
    }
    return null
  }
  const maps = find(document)
  const data = maps.getContext('2d').getImageData(0, 0, maps.width, maps.height)
  return { width: maps.width, pixels: Array.from(data.data) }
}"""


def canvas_pixels(page: Page) -> np.ndarray:
    """What the maps' canvas shows, `(height, width, 4)` uint8, in device pixels."""
    canvas = page.evaluate(_CANVAS)
    return np.array(canvas["pixels"], np.uint8).reshape(-1, canvas["width"], 4)


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name)


def query(page: Page) -> dict[str, str]:
    """What the address says."""
    return dict(parse_qsl(urlsplit(page.url).query))


def wait_until(page: Page, true: Callable[[], bool], timeout_ms: int = 10_000) -> None:
    """Waits until something seen from here is true."""
    for _ in range(timeout_ms // 50):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"still not true after {timeout_ms} ms")


def unpacked(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Header and pixels of an answer of the maps' route."""
    length = int.from_bytes(data[:4], "little")
    return json.loads(data[4 : 4 + length]), data[4 + length :]


def is_maps(response: Response) -> bool:
    return re.search(r"/maps/lab", response.url) is not None and response.status == 200
