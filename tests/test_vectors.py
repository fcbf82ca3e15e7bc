"""Python against the numbers that the browser's scripts are held to as well, see `tests/vectors`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import make
import numpy as np
import pytest
import torch

from viz import packing
from viz.export import colour, paper, tiles
from viz.export.nearly import nearly, step_of
from viz.geometry import Window, clipped, never_read, output_size
from viz.lessons import LESSONS, load
from viz.lessons.receptive_field.stack import field_of
from viz.numbers import exact, number
from viz.settings import Layer
from viz.shell import Shell


def vectors(name: str) -> Any:
    return json.loads((make.HERE / f"{name}.json").read_text(encoding="utf-8"))[name]


@pytest.mark.parametrize("name", make.MADE)
def test_the_files_are_those_that_are_made(name: str) -> None:
    """After a change: `python tests/vectors/make.py`."""
    assert (make.HERE / f"{name}.json").read_text(encoding="utf-8") == make.text(name)


def test_every_file_is_made() -> None:
    assert {file.stem for file in make.HERE.glob("*.json")} == set(make.MADE)


COLOURS = vectors("colours")


def written(colours: np.ndarray) -> list[str]:
    return ["#" + bytes(each).hex() for each in colours.tolist()]


@pytest.mark.parametrize("name", COLOURS["tables"])
def test_colour_maps(name: str) -> None:
    assert written(colour.lookup(name)) == COLOURS["tables"][name]


def named(case: dict[str, Any]) -> str:
    return f"{case['scale']} {case['low']}"


@pytest.mark.parametrize("case", COLOURS["ranges"], ids=named)
def test_ranges_and_the_colours_in_them(case: dict[str, Any]) -> None:
    low, high = np.array(case["low"]), np.array(case["high"])
    found = colour.ranges(low, high, case["scale"])
    assert found.table == case["table"]
    assert np.stack([found.low, found.high], 1).tolist() == case["each"]
    steps = np.tile(np.array(COLOURS["bytes"], np.uint8), (len(low), 1, 1))
    drawn = colour.coloured(steps, low, high, found)
    assert [written(each[0]) for each in drawn] == case["drawn"]


NEARLY = vectors("nearly")


@pytest.mark.parametrize("scale", ["shared", "own", "symmetric"])
@pytest.mark.parametrize("case", NEARLY["cases"])
def test_a_few_peaks_do_not_set_the_range(case: dict[str, Any], scale: str) -> None:
    low, high = np.array(case["low"]), np.array(case["high"])
    maps = [
        np.repeat(*np.array(runs).T).astype(np.uint8)[:, None]  # one column
        for runs in case["runs"]
    ]
    found = colour.ranges(low, high, scale, nearly(maps, low, high))
    ends = np.stack([found.low, found.high], 1)
    np.testing.assert_allclose(ends, case["each"][scale], rtol=1e-12)


@pytest.mark.parametrize(("shape", "step"), NEARLY["steps"])
def test_values_of_every_column_are_counted(shape: Sequence[int], step: int) -> None:
    assert step_of(*shape) == step


@pytest.mark.parametrize("colours", COLOURS["classes"], ids=len)
def test_colours_of_classes(colours: list[str]) -> None:
    assert written(colour.class_colours(len(colours))) == colours


@pytest.mark.parametrize("case", COLOURS["pictures"], ids=lambda case: str(case["low"]))
def test_three_maps_as_a_picture(case: dict[str, Any]) -> None:
    steps = np.array(case["pixels"], np.uint8).T[:, None]
    drawn = colour.as_picture(steps, np.array(case["low"]), np.array(case["high"]))
    assert written(drawn[0]) == case["colours"]


def test_numbers_of_three_digits() -> None:
    cases = vectors("numbers")["three_digits"]
    assert [[value, number(value)] for value, _ in cases] == cases


def test_whole_numbers() -> None:
    cases = vectors("numbers")["exact"]
    assert [[count, exact(count)] for count, _ in cases] == cases


@pytest.mark.parametrize("case", vectors("boxes"), ids=lambda case: str(case["layers"]))
def test_what_units_see(case: dict[str, Any]) -> None:
    length, outputs, window = case["length"], case["length"], Window()
    for kernel, stride, padding in case["layers"]:
        window = window.then(Window(kernel, stride, padding))
        outputs = output_size(outputs, kernel, stride, padding, padding)
    assert outputs == case["outputs"]
    assert [window.size, window.stride, window.padding] == [
        case[name] for name in ("size", "stride", "padding")
    ]
    seen = [window.seen(unit) for unit in range(outputs)]
    assert [list(interval) for interval in seen] == case["seen"]
    inside = [clipped(interval, length) for interval in seen]
    assert [interval and list(interval) for interval in inside] == case["clipped"]
    gaps = never_read(length, outputs, window)
    assert [position for gap in gaps for position in gap] == case["never_read"]
    assert seen[-1][1] + 1 == case["after_last"]


def test_sizes_of_what_is_sent() -> None:
    for side, shown_px, mean_of, sent in vectors("sizes"):
        block = packing.pack(torch.zeros(1, 1, side), shown_px)
        assert (block.mean_of, block.pixels.shape[2]) == (mean_of, sent), (side, shown_px)


ON_PAPER = [case for case in vectors("arrangements") if case["on"] == "paper"]


def test_the_paper_is_as_large_as_the_vectors_say() -> None:
    assert {(case["width"], case["height"]) for case in ON_PAPER} == {(paper.WIDE, paper.TALL)}
    assert (make.PAPER["gap"], make.PAPER["name"]) == (paper.GAP, paper.LEADING * paper.LABEL)


@pytest.mark.parametrize(
    "case", ON_PAPER, ids=lambda case: f"{case['count']} of {case['rows']}×{case['columns']}"
)
def test_arrangement_on_paper(case: dict[str, Any]) -> None:
    shape = (case["count"], case["rows"], case["columns"])
    assert tiles.arranged(shape, 0, case["row_length"]).across == case["across"]


@pytest.mark.parametrize("case", vectors("stacks"), ids=lambda case: str(len(case["layers"])))
def test_fields_of_stacks(case: dict[str, Any]) -> None:
    layers, before = tuple(Layer(*each) for each in case["layers"]), 1
    for n, expected in enumerate(case["fields"], 1):
        field = field_of(layers[:n])
        assert field.size[0] == expected["size"]
        assert field.size[0] - before == expected["adds"]
        assert field.stride[0] == expected["stride"]
        before = field.size[0]


@pytest.mark.parametrize(("query", "shell"), vectors("shells"), ids=str)
def test_the_shell_of_an_address(query: dict[str, str], shell: dict[str, str]) -> None:
    assert list(Shell.from_query(query).to_query().items()) == list(shell.items())


def test_the_shell_has_no_name_that_a_lesson_has() -> None:
    assert list(Shell.controls()) == list(make.SHELL)
    for entry in LESSONS:
        assert not Shell.controls().keys() & load(entry.slug).opening().controls.keys()
