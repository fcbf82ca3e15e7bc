"""Files to take along, downloaded by a click, opened and checked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import lab_page as lab
import numpy as np
import pytest
from looking import stage_names
from PIL import Image
from playwright.sync_api import Page

from viz import devices, images, run, source
from viz.lessons.lab import LESSON
from viz.lessons.lab.setting import Setting

SETTING = Setting(wavelength_px=12.0)
PICTURE = images.at_working_size(images.find("chelsea") or images.samples()[0], 64)
NETWORK = LESSON.network(SETTING, PICTURE.pixels)


def png(file: Path) -> None:
    with Image.open(file) as image:
        assert image.width >= 2000
        assert len(image.convert("RGB").getcolors(2**24) or []) > 100


def npz(file: Path) -> None:
    expected = run.maps(NETWORK, PICTURE, devices.chosen("cpu"))
    with np.load(file, allow_pickle=False) as arrays:
        for stage, maps in expected.items():
            np.testing.assert_array_equal(arrays[stage], maps)


def table(file: Path) -> None:
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert [row[0] for row in rows[1:]] == ["picture", *stage_names(LESSON)]


def program(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == source.program(NETWORK, PICTURE, 64, stage="pooling")


def notebook(file: Path) -> None:
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    compile("\n".join(code), file.name, "exec")
    assert "gabor_bank(" in "".join(code)


@pytest.mark.parametrize(
    ("ending", "check"),
    [("png", png), ("npz", npz), ("csv", table), ("py", program), ("ipynb", notebook)],
)
def test_a_file_is_made_at_the_click(
    page: Page, server: str, tmp_path: Path, ending: str, check: Callable[[Path], None]
) -> None:
    query = {"picture": "chelsea", "working_size_px": "64", "wavelength_px": "12"}
    lab.open_lab(page, server, stage="pooling", **query)
    page.get_by_role("button", name="Save").click()
    button = page.get_by_test_id("stDownloadButton").filter(has_text=f"(.{ending})")
    with page.expect_download() as download:
        button.get_by_role("button").click()
    file = tmp_path / download.value.suggested_filename
    assert file.name == f"lab-pooling.{ending}"
    download.value.save_as(file)
    check(file)
