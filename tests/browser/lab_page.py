"""The Lab as a visitor's hand meets it; what the tests say instead of selectors."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, Response

PATIENCE_MS = 60_000  # for what comes soon, on a machine that is slow and busy

# Before any script of the page: a request counts until what came of it is drawn and committed, and
# what is said to Python until it has begun to answer.
_COUNT_REQUESTS = """(() => {
  if (window.underWay !== undefined) return
  window.underWay = 0
  const { fetch } = window
  const frame = () => new Promise(requestAnimationFrame)
  const done = async () => {
    await frame()
    await frame()
    setTimeout(() => { window.underWay -= 1 })
  }
  window.fetch = async (...asked) => {
    window.underWay += 1
    try {
      const answer = await fetch(...asked)
      answer.clone().arrayBuffer().then(done, done)
      return answer
    } catch (error) {
      done()
      throw error
    }
  }
  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (...said) {
    window.unanswered = true
    for (const end of ["message", "close"]) {
      this.addEventListener(end, () => { window.unanswered = false }, { once: true })
    }
    return send.apply(this, said)
  }
})()"""

# Moments without other work are counted, not milliseconds: a slow browser has none before it is done.
_AT_REST = """async ({ moments, patience }) => {
  const rests = () => {
    const { testConnectionState, testScriptState } = document.querySelector("[data-testid=stApp]")?.dataset ?? {}
    return testConnectionState === "CONNECTED" && testScriptState === "notRunning" && !window.underWay && !window.unanswered
  }
  const until = performance.now() + patience
  for (let idle = 0; idle < moments; idle = rests() ? idle + 1 : 0) {
    if (performance.now() > until) throw new Error("it never came to rest")
    await new Promise((done) => setTimeout(done, 20))
    await scheduler.postTask(() => null, { priority: "background" })
  }
}"""
IDLE_MOMENTS = 5


def open_lab(page: Page, address: str, **query: str) -> None:
    """Opens the Lab and waits for its maps."""
    page.add_init_script(_COUNT_REQUESTS)
    search = "&".join(f"{name}={value}" for name, value in query.items())
    page.goto(f"{address}?{search}" if search else address)
    wait_ready(page)


def wait_ready(page: Page) -> None:
    page.wait_for_selector(".canvas[data-ready]")
    settle(page)


def settle(page: Page) -> None:
    """Waits until nothing is asked for, drawn or run any more, neither here nor in Python."""
    page.evaluate(_AT_REST, {"moments": IDLE_MOMENTS, "patience": PATIENCE_MS})


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


def pixels(canvas: Locator) -> np.ndarray:
    """What a canvas shows, `(height, width, 4)` uint8, in device pixels."""
    data = canvas.evaluate("canvas => canvas.toDataURL()").split(",")[1]
    return np.array(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))


def canvas_pixels(page: Page) -> np.ndarray:
    """What the maps' canvas shows."""
    return pixels(maps(page))


def colours(page: Page, rows: int, columns: int) -> np.ndarray:
    """The middle of every unit of every map drawn, `(maps, rows, columns, 4)`, however large."""
    shown = canvas_pixels(page)
    drawn_at = []
    for _, left, top, wide, tall in tiles(page):
        y = top + ((np.arange(rows) + 0.5) * tall / rows).astype(int)
        x = left + ((np.arange(columns) + 0.5) * wide / columns).astype(int)
        drawn_at.append(shown[np.ix_(y, x)])
    return np.array(drawn_at)


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name)


class Thumb:
    """The thumb of a slider, held from now until it is released.

    Args:
        page: where the slider is.
        name: what it is called.
    """

    def __init__(self, page: Page, name: str) -> None:
        self._page, self.slider = page, slider(page, name)
        self.slider.scroll_into_view_if_needed()
        rect = self.slider.bounding_box()
        assert rect is not None
        self._left, self._along = rect["x"] + 8, rect["width"] - 16
        self._y = rect["y"] + rect["height"] / 2
        self._low, high = (float(self.slider.get_attribute(end) or 0) for end in ("min", "max"))
        self._range = high - self._low
        self.to(float(self.slider.input_value()))
        page.mouse.down()

    def to(self, value: float) -> None:
        self.at((value - self._low) / self._range)

    def at(self, share: float) -> None:
        """Moves it to a share of the slider's width."""
        self._page.mouse.move(self._left + self._along * share, self._y)

    def release(self) -> None:
        self._page.mouse.up()


def query(page: Page) -> dict[str, str]:
    """What the address says."""
    return dict(parse_qsl(urlsplit(page.url).query))


def wait_until(page: Page, true: Callable[[], bool]) -> None:
    """Waits until something seen from here is true."""
    for _ in range(PATIENCE_MS // 20):
        if true():
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"still not true after {PATIENCE_MS} ms")


def unpacked(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Header and pixels of an answer of the maps' route."""
    length = int.from_bytes(data[:4], "little")
    return json.loads(data[4 : 4 + length]), data[4 + length :]


def bytes_of(header: dict[str, Any], body: bytes, name: str = "maps") -> np.ndarray:
    """The bytes of one block, `(count, rows, columns)`, wherever in the answer it stands."""
    blocks = header["blocks"]
    before = list(blocks)[: list(blocks).index(name)]
    start = sum(int(np.prod(blocks[each]["shape"])) for each in before)
    shape = blocks[name]["shape"]
    return np.frombuffer(body, np.uint8, int(np.prod(shape)), start).reshape(shape)


def is_maps(response: Response) -> bool:
    return re.search(r"/maps/lab", response.url) is not None and response.status == 200
