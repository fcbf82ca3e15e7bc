"""A page as a visitor opens it, without a browser; what the tests of pages say alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from looking import stage_names
from proof_lines import proof_lines
from streamlit.testing.v1 import AppTest

from viz import images
from viz.assets import ROOT
from viz.lessons import LESSONS, page_path
from viz.lessons.lab import LESSON as lab
from viz.settings import (
    Boxes,
    Cells,
    Choice,
    Control,
    Layer,
    Layers,
    Placements,
    Slider,
    Switch,
)

FRAME = ROOT / "viz" / "ui" / "frame.py"
ALONE = page_path(LESSONS[0].slug)
GONE = "The picture of this address is no longer here. Please upload it again."
SECONDS = 60


HOSTILE = ["NaN", "-Infinity", "9" * 400, "１２", "²", "0X10", "3\n", "\x00", "<b>", "../..", "%00"]


def opened(query: dict[str, str] | None = None, script: Path = FRAME) -> AppTest:
    """A tab that has just been opened at this address; nothing in it may have gone wrong."""
    page = AppTest.from_file(str(script), default_timeout=SECONDS)
    page.query_params.update(query or {})
    return run_again(page)


def run_again(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception, (dict(page.query_params), page.exception)
    return page


def data(page: AppTest, key: str = "canvas") -> dict[str, Any]:
    """What a component was given."""
    protos = [each.proto for each in page.get("bidi_component") if each.key == key]
    assert len(protos) == 1
    return json.loads(protos[0].json)


def proof(page: AppTest) -> list[list[str]]:
    """The lines of the proof, see `proof_lines`."""
    bodies = [each.proto.body for each in page.get("html")]
    tables = [body for body in bodies if body.startswith("<table")]
    assert len(tables) <= 1
    return proof_lines(tables[0]) if tables else []


def texts(page: AppTest) -> str:
    return "\n".join(each.value for each in page.markdown)


def ends(name: str, control: Control[Any]) -> list[Any]:
    """The values of a field at which something may break: its ends, or every option if few."""
    words = {
        "picture": [each.key for each in images.samples()],
        "device": ["", "cpu", "abacus"],
        "stage": ["", "picture", *stage_names(lab), "nowhere"],
        "unit": ["", "0.0.0", "2.10.7", "999.9999.9999"],
        "card": ["", "proof", "code", "take", "predict"],
        "others": ["", "zone_plate.brick"],
        "channel": ["0", "3"],
        "pinned": ["", "picture=brick&stage=bank&wavelength_px=12"],
        "region": ["", "0.0.1000.1000", "900.900.100.100", "500.500.500.500", "0.0.9999.9999"],
        "crop_row": ["", "0", "1000", "9999"],
        "crop_column": ["", "0", "1000", "9999"],
    }
    if isinstance(control, Slider):
        kind = type(control.default)
        return [kind(control.low), kind(control.high)]
    if isinstance(control, Choice):
        options = list(control.options)
        return (
            options if len(options) < 10 else [options[0], options[len(options) // 2], options[-1]]
        )
    if isinstance(control, Switch):
        return [False, True]
    if isinstance(control, Cells):
        return [(), ((0, 0, -1500),), ((0, 0, 1), (63, 63, 99999))]
    if isinstance(control, Boxes):
        return [(), ((0, 0, 0, 1000, 1000),), ((0, 0, 0, 1, 1), (1, 999, 999, 1000, 1000))]
    if isinstance(control, Layers):
        return [control.default, (Layer("m", 15),), (Layer("c", 3, 1, 1, 1, 12), Layer("d", 2, 8))]
    if isinstance(control, Placements):
        last = (control.kinds - 1, control.rows - 1, control.columns - 1)
        return [(), (last,), ((0, 0, 0), last)]
    return words[name]
