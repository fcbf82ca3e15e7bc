"""The view on screen as a file and on paper: opened and compared with the screen."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import lab_page as lab
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from viz.lessons import entry

SVG = "{http://www.w3.org/2000/svg}"
ADDRESS = "?working_size_px=64&stage=pointwise&bank=rgb&pooling=none&rectifier=none"
OPENED = f"{ADDRESS}&card=take"
Pixels = np.ndarray[Any, np.dtype[np.uint8]]
MARGIN, WIDTH = 24, 3000  # px


def pixels_of(data: bytes) -> Pixels:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


def saved(page: Page, ending: str, folder: Path) -> bytes:
    with page.expect_download() as download:
        page.locator(".saving button").filter(has_text=f"(.{ending})").click()
    assert download.value.suggested_filename == f"lab-pointwise-view.{ending}"
    download.value.save_as(folder / ending)
    return (folder / ending).read_bytes()


@pytest.fixture
def opened(page: Page, server: str) -> Page:
    lab.open_lab(page, f"{server}{OPENED}")
    page.locator(".saving button").first.wait_for()
    return page


def test_the_svg_is_the_screen_with_text_as_text(opened: Page, tmp_path: Path):
    before = lab.canvas_pixels(opened)
    root = ET.fromstring(saved(opened, "svg", tmp_path))
    said = [each.text or "" for each in root.iter(f"{SVG}text")]
    assert entry("lab").title in said
    assert entry("lab").claim in said
    matrix = [text for text in said if re.fullmatch(r"[−]?\d\.\d\d", text)]
    maps = len(lab.tiles(opened))
    assert len(matrix) >= maps
    foot = "".join(said)
    for parameter in ADDRESS[1:].split("&"):
        assert parameter in foot
    assert "card=take" not in foot
    np.testing.assert_array_equal(
        lab.canvas_pixels(opened), before
    )  # nothing on screen has changed


def test_the_maps_in_the_svg_are_those_on_screen(opened: Page, tmp_path: Path):
    root = ET.fromstring(saved(opened, "svg", tmp_path))
    screen = lab.canvas_pixels(opened)
    images = [
        pixels_of(base64.b64decode(each.attrib["href"].partition(",")[2]))
        for each in root.iter(f"{SVG}image")
    ]
    same = [image for image in images if image.shape == screen.shape]
    assert same
    for _, left, top, width, height in lab.tiles(opened):
        box = slice(top, top + height), slice(left, left + width)
        assert any((image[box] == screen[box]).all() for image in same)


def test_the_png_shows_the_same_maps_larger(opened: Page, tmp_path: Path):
    png = pixels_of(saved(opened, "png", tmp_path))
    assert png.shape[1] == WIDTH
    lab_box = opened.locator(".lab").bounding_box()
    maps_box = lab.maps(opened).bounding_box()
    assert lab_box
    assert maps_box
    scale = WIDTH / (lab_box["width"] + 2 * MARGIN)
    screen = lab.canvas_pixels(opened)
    for _, left, top, width, height in lab.tiles(opened):
        middle = (top + height // 2, left + width // 2)
        x = (maps_box["x"] - lab_box["x"] + MARGIN + middle[1] + 0.5) * scale
        y = (maps_box["y"] - lab_box["y"] + MARGIN + middle[0] + 0.5) * scale
        near = png[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3].reshape(-1, 4).astype(int)
        assert np.abs(near - screen[middle].astype(int)).max(axis=1).min() <= 2
