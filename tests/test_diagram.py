"""Diagrams: what the browser is told, what a click may set, and the one of a lesson's canvas."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from viz import lessons
from viz.lessons.diagram import Box, Diagram, strip
from viz.run import drawing
from viz.text import text
from viz.ui import diagram as ui
from viz.view import View

BOXES = [
    Box("a", text("{n} maps", n=3), ["3 × 9 × 9"], text("exactly"), fields={"outputs": 3}),
    Box("b", "1×1", branch="five", state="current"),
]


@pytest.fixture
def placed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Places a diagram and gives what the component was called with."""

    def place(shown: Diagram, picked: object, on_pick: Callable[[Any], None]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        state = {shown.key: {"picked": picked}}
        monkeypatch.setattr(ui, "st", SimpleNamespace(session_state=state))
        fields = {box.key: box.fields for box in shown.boxes if box.fields}
        monkeypatch.setattr(ui, "_COMPONENT", lambda **each: given.update(each))
        ui.diagram(shown, key=shown.key, fields=fields, on_pick=on_pick)
        return given

    return place


def test_the_browser_gets_plain_words_and_which_boxes_can_be_clicked(placed):
    data = placed(strip("two", BOXES, text("Two boxes")), None, print)["data"]
    assert json.loads(json.dumps(data)) == data
    assert data["arrows"] == [["a", "b"]]
    assert data["wraps"] is False
    said = [(box["title"], box["facts"], box["exact"], box["clickable"]) for box in data["boxes"]]
    assert said == [("3 maps", ["3 × 9 × 9"], "exactly", True), ("1×1", [], "", False)]


@pytest.mark.parametrize(
    ("picked", "set_"), [("a", [{"outputs": 3}]), ("b", []), ("c", []), (7, []), ([], [])]
)
def test_a_click_sets_what_its_box_says_and_nothing_else_does(placed, picked, set_):
    found: list[Any] = []
    placed(strip("two", BOXES, text("Two boxes")), picked, found.append)["on_picked_change"]()
    assert found == set_


def test_the_diagram_of_a_lesson_comes_with_its_maps(picture):
    lab = lessons.load("lab")
    shown = Diagram("canvas", [replace(BOXES[0], fields={"relu": True})], [], text("One box"))
    lesson = replace(lab, slug="lab", diagram=lambda built, shape: shown)
    photo = picture(torch.rand(3, 20, 30))
    buffer = drawing.draw(lesson, lab.setting(), View(working_size_px=30), photo, 64)
    header = json.loads(buffer[4 : 4 + int.from_bytes(buffer[:4], "little")])
    (box,) = header["diagram"]["boxes"]
    assert box["fields"] == {"relu": "1"}
    assert box["title"] == ["{n} maps", {"n": 3}, ""]
    assert header["diagram"]["alt"][0] == "One box"
