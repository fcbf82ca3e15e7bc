"""What a canvas shows, as arrays, and what was written on it, word by word."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import numpy as np
from expected import FIELD
from PIL import Image
from playwright.sync_api import Locator, Page

Pixels = np.ndarray  # (height, width, 4) uint8, in device pixels
Box = tuple[float, float, float, float]  # left, top, right, bottom, in device pixels

# Before any script of the page: every text is kept with its place until its canvas is cleared, and
# an answer counts as under way until two frames after it came, when it has been drawn.
WATCH = """(() => {
  const drawing = CanvasRenderingContext2D.prototype
  const { fillText, clearRect } = drawing
  drawing.fillText = function (text, x, y, ...rest) {
    (this.canvas.written ??= []).push([text, x, y])
    return fillText.call(this, text, x, y, ...rest)
  }
  drawing.clearRect = function (...box) {
    this.canvas.written = []
    return clearRect.call(this, ...box)
  }
  const { fetch } = window
  window.underWay = 0
  window.fetch = async (...asked) => {
    window.underWay += 1
    const landed = () => requestAnimationFrame(() => requestAnimationFrame(() => { window.underWay -= 1 }))
    try {
      const answer = await fetch(...asked)
      answer.clone().arrayBuffer().then(landed, landed)
      return answer
    } catch (error) {
      landed()
      throw error
    }
  }
})()"""


def still(page: Page) -> None:
    """Waits until nothing is asked for any more, and all that came has been drawn."""
    page.wait_for_function(
        "() => window.underWay === 0 && !document.querySelector('[data-testid=stStatusWidget]')"
    )


def pixels(canvas: Locator) -> Pixels:
    """What it shows, `(height, width, 4)`."""
    data = canvas.evaluate("canvas => canvas.toDataURL()").split(",")[1]
    return np.array(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))


def written(canvas: Locator) -> list[tuple[str, float, float]]:
    """Every text on it, with the x and y where it was put, in CSS pixels."""
    return [tuple(each) for each in canvas.evaluate("canvas => canvas.written ?? []")]


def ratio(page: Page) -> float:
    """Device pixels to a CSS pixel."""
    return page.evaluate("window.devicePixelRatio")


def hover(canvas: Locator, x: float, y: float) -> None:
    """Moves the mouse to a place on a canvas, in device pixels from its corner."""
    by = ratio(canvas.page)
    canvas.hover(position={"x": x / by, "y": y / by}, force=True)


def middles(shown: Pixels, tile: Sequence[int], shape: tuple[int, int]) -> np.ndarray:
    """The colour in the middle of every pixel of a map, `(rows, columns, 3)` int.

    Args:
        tile: left, top, width and height of the map on the canvas.
        shape: rows and columns of the map.
    """
    left, top, wide, tall = tile
    y = top + ((np.arange(shape[0]) + 0.5) * tall / shape[0]).astype(int)
    x = left + ((np.arange(shape[1]) + 0.5) * wide / shape[1]).astype(int)
    return shown[np.ix_(y, x)][..., :3].astype(int)


def painted(shown: Pixels, within: Box) -> Box:
    """What encloses all that is painted on a transparent canvas inside a box."""
    left, top, right, bottom = (max(0, round(edge)) for edge in within)
    ys, xs = np.nonzero(shown[top:bottom, left:right, 3] > 25)
    assert len(ys), f"nothing is painted within {within}"
    return left + xs.min(), top + ys.min(), left + xs.max() + 1, top + ys.max() + 1


def edges(shown: Pixels, box: Box, out: float = 0) -> list[np.ndarray]:
    """The colours along the four edges of a box, each `(n, 3)` int, or of one that lies `out` further.

    The corners are left out, and edges that lie beyond the canvas.
    """
    tall, wide = shown.shape[:2]
    left, top, right, bottom = box
    columns = np.arange(max(0, int(left) + 1), min(wide, int(right)))
    rows = np.arange(max(0, int(top) + 1), min(tall, int(bottom)))
    across = [int(min(at, tall - 1)) for at in (top - out, bottom + out) if 0 <= at <= tall]
    down = [int(min(at, wide - 1)) for at in (left - out, right + out) if 0 <= at <= wide]
    lines = [shown[y, columns] for y in across] + [shown[rows, x] for x in down]
    return [line[:, :3].astype(int) for line in lines]


def assert_framed(
    shown: Pixels,
    tile: Sequence[int],
    shape: tuple[int, int],
    place: tuple[int, int, int],
    by: float,
) -> None:
    """One pixel of a map is framed: orange if the map is pointed at, else white; or there is none.

    Args:
        shown: the overlay.
        tile: map, left, top, width and height on the canvas.
        shape: rows and columns of the map.
        place: map, row and column that are pointed at.
        by: device pixels to a CSS pixel.
    """
    at, left, top, wide, tall = tile
    _, row, column = place
    if row >= shape[0] or column >= shape[1]:
        assert not shown[top : top + tall, left : left + wide, 3].any()
        return
    side = max(wide / shape[1], 5 * by)
    x = left + (column + 0.5) * wide / shape[1] - side / 2
    y = top + (row + 0.5) * tall / shape[0] - side / 2
    half = ((2.5 if at == place[0] else 1.5) + 2) / 2 * by
    box = np.array([x - half, y - half, x + side + half, y + side + half])
    floor = min(top + tall + by, shown.shape[0])  # below it stands the value
    expected = np.clip(box, 0, [shown.shape[1], floor, shown.shape[1], floor])
    within = np.clip(box + 3 * by * np.array([-1, -1, 1, 1]), 0, [1e5, 1e5, 1e5, floor])
    assert np.abs(np.array(painted(shown, tuple(within))) - expected).max() <= 1.5, (tile, place)
    line = np.median(np.concatenate(edges(shown, (x, y, x + side, y + side))), 0)
    if at == place[0]:
        assert np.abs(line - FIELD).max() <= 40, line
    else:
        assert line.max() - line.min() <= 12, line
        assert line.min() >= 90, line
