"""The field on the canvas where it has holes: told and painted as it is really read."""

from __future__ import annotations

import lab_page as lab
import numpy as np
import pytest
from expected import faded
from playwright.sync_api import Locator, Page

from viz import images
from viz.lessons.strided import LESSON as strided
from viz.lessons.strided.setting import Setting
from viz.reads import read_mask

SIZE_PX = 96
UNREAD, COVER = 90, 0.8  # grey, and how much of the photo it covers


def photo() -> np.ndarray:
    """The picture, `(H, W, 3)`, 0 to 255."""
    found = images.find("coffee")
    assert found is not None
    return 255 * images.at_working_size(found, SIZE_PX).pixels.permute(1, 2, 0).numpy()


def is_read(setting: Setting, height: int, width: int) -> np.ndarray:
    shape = (3, height, width)
    return read_mask(strided.network(setting, images.zone_plate(8)), shape).numpy()


def painted(field: Locator, height: int, width: int) -> np.ndarray:
    """The middle of every pixel of the photo as the canvas shows it, `(height, width, 3)`."""
    pixels = lab.pixels(field)
    rows = ((np.arange(height) + 0.5) * pixels.shape[0] / height).astype(int)
    columns = ((np.arange(width) + 0.5) * pixels.shape[1] / width).astype(int)
    return pixels[rows][:, columns, :3]


def whole(length: int, drawn_px: int) -> np.ndarray:
    """Of which pixels the canvas's pixel in the middle shows nothing else; `(length,)`."""
    edges = np.arange(length + 1) * drawn_px / length
    middle = ((edges[:-1] + edges[1:]) / 2).astype(int)
    clear: np.ndarray = (edges[:-1] <= middle) & (middle + 1 <= edges[1:])
    return clear


@pytest.mark.parametrize(("stride", "small"), [(2, True), (5, False)])
def test_what_a_3x3_behind_a_stride_never_reads(
    stride: int, small: bool, page: Page, server: str
) -> None:
    query = {
        "window": "1",
        "stride": str(stride),
        "working_size_px": str(SIZE_PX),
        "picture": "coffee",
    }
    lab.open_lab(page, f"{server}strided", **query)
    field, pixels = page.locator(".field > canvas"), photo()
    height, width, _ = pixels.shape
    read = is_read(strided.setting(window=True, stride=stride), height, width)
    never = f"{(~read).sum():,} of the picture's {read.size:,} pixels"
    assert page.locator(".comb .note").inner_text() == f"No output reads {never} (grey)."
    # the box has a frame, which lies over what is beside it
    top, left, bottom, right = lab.box(page)
    beside = np.ones_like(read)
    beside[max(0, top - 4) : bottom + 5, max(0, left - 4) : right + 5] = False
    tall, wide, _ = lab.pixels(field).shape
    beside &= np.outer(whole(height, tall), whole(width, wide))
    assert beside.mean() > 0.3
    pale = faded(pixels, small=small)
    expected = np.where(read[..., None], pale, COVER * UNREAD + (1 - COVER) * pale)
    difference = np.abs(painted(field, height, width) - expected).max(2)
    assert (difference[beside] < 4).all()


def test_where_a_bank_fills_the_holes_every_pixel_is_seen(page: Page, server: str) -> None:
    query = {"window": "1", "bank": "gabor", "working_size_px": str(SIZE_PX), "picture": "coffee"}
    lab.open_lab(page, f"{server}strided", **query)
    said = page.locator(".comb .note").inner_text()
    assert said == "Every pixel of the picture is still read: the receptive fields overlap."
