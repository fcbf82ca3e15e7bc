"""Files to take along: each opened as whoever gets it would open it, and compared with the page."""

from __future__ import annotations

import ast
import csv
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from io import BytesIO, StringIO
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import nbformat
import numpy as np
import pytest
import streamlit
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from streamlit.testing.v1 import AppTest
from torch import nn

from viz import export, images, lessons, packing, run, source, trace
from viz.assets import ROOT
from viz.export.legend import short
from viz.export.paper import GAP, LABEL
from viz.export.tiles import Tile, arranged, tiled
from viz.figures.font import drawable, font
from viz.images.shipped import FOLDER, PHOTOGRAPHS
from viz.kernels import bank_kernels
from viz.lessons import LESSONS, page_path
from viz.lessons.lab import LESSON as lab
from viz.lessons.lab.setting import Setting as Lab
from viz.run import drawing
from viz.settings import as_text
from viz.ui import downloads
from viz.ui.lesson import Inputs
from viz.view import View

pytestmark = pytest.mark.slow

CPU = torch.device("cpu")
KINDS = ["png", "npz", "csv", "py", "ipynb"]
# One device: another one gives the same numbers only up to rounding.
SMALL = {"working_size_px": "64", "device": "cpu"}
VIEWS: dict[str, dict[str, str]] = {
    "opening": SMALL,
    "bank of a drawing": {**SMALL, "stage": "bank", "picture": "grating"},
    "mixed in colour": {
        **SMALL,
        "bank": "rgb",
        "pooling": "none",
        "stage": "pointwise",
        "pointwise_edits": "0.0.-500_1.2.1250",
        "scale": "symmetric",
    },
    "picture alone": {**SMALL, "stage": "picture", "scale": "own"},
}


# ── The page, and what its buttons give ─────────────────────────────────────────────────────────


def opened(query: dict[str, str]) -> AppTest:
    page = AppTest.from_file(str(page_path(LESSONS[0].slug)), default_timeout=60)
    page.query_params.update({**query, "card": "take"})
    page.run()
    assert not page.exception, page.exception
    return page


def offered(query: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable]:
    """By file name, what the button's click computes."""
    buttons: dict[str, Callable] = {}

    def record(label: str, data: Callable, *, file_name: str, **_: Any) -> None:
        buttons[file_name] = data

    monkeypatch.setattr(streamlit, "download_button", record)
    opened(query)
    return buttons


def clicked(button: Callable) -> Any:
    """What the file holds, made as Streamlit makes it: in a thread that knows no visitor."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(button).result()


class Taken:
    """One view: its files by their ending, and what the app computes for it."""

    def __init__(self, query: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        buttons = offered(query, monkeypatch)
        self.names = list(buttons)
        self.files = {name.partition(".")[2]: clicked(make) for name, make in buttons.items()}
        self.view, self.setting = lab.read(query)
        picture = images.find(self.view.picture)
        assert picture is not None
        self.picture = images.at_working_size(picture, self.view.working_size_px)
        self.network = lab.network(self.setting, self.picture.pixels)
        self.maps = run.maps(self.network, self.picture, CPU)
        self.stage = self.view.stage or list(self.maps)[-1]


@pytest.fixture(scope="module", params=VIEWS)
def taken(request: pytest.FixtureRequest) -> Iterator[Taken]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield Taken(VIEWS[request.param], monkeypatch)


def test_the_card_has_five_buttons():
    page = opened({})
    labels = [each.proto.label for each in page.get("download_button")]
    assert [re.search(r"\(\.(\w+)\)$", label)[1] for label in labels] == KINDS


def test_files_are_named_by_lesson_and_stage(taken: Taken):
    assert taken.names == [f"lab-{taken.stage}.{kind}" for kind in KINDS]
    assert all(re.fullmatch(r"[a-z_-]+\.[a-z]+", name) for name in taken.names)


def test_a_stage_that_is_off_names_no_file(monkeypatch: pytest.MonkeyPatch):
    names = [*offered({**SMALL, "stage": "strided", "strided": "0"}, monkeypatch)]
    assert names[0] == "lab-pointwise.png"


def test_a_busy_server_offers_nothing_and_says_so(monkeypatch: pytest.MonkeyPatch):
    buttons = offered(SMALL, monkeypatch)
    free = threading.Event()
    queue = run.WorkQueue(limit=1, prepare=free.wait)
    queue.ask("somebody", "something", int)
    monkeypatch.setattr(run, "QUEUE", queue)
    with pytest.raises(run.Busy):
        clicked(buttons["lab-pooling.csv"])
    page = opened(SMALL)
    assert ["busy" in each.value for each in page.info] == [True]
    free.set()


def test_what_was_taken_along_is_let_go(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    buttons = offered(SMALL, monkeypatch)
    monkeypatch.setattr(downloads.media_cleanup, "soon", lambda: asked.append("soon"))
    for n, button in enumerate(buttons.values()):
        clicked(button)
        assert len(asked) == n + 1


# ── Numbers ─────────────────────────────────────────────────────────────────────────────────────


def test_the_arrays_are_the_maps(taken: Taken):
    with np.load(BytesIO(taken.files["npz"]), allow_pickle=False) as arrays:
        assert {*taken.maps} | {"query"} <= {*arrays}
        for stage, maps in taken.maps.items():
            np.testing.assert_array_equal(arrays[stage], maps)
            assert arrays[stage].dtype == np.float32
        query = dict(parse_qsl(str(arrays["query"])))
    assert lab.read(query) == (replace(taken.view, stage=taken.stage), taken.setting)


def test_the_address_says_every_value_also_of_the_opening_view():
    """Whatever a lesson opens with one day, and whatever it was opened with."""
    query = dict(parse_qsl(downloads.query(taken_from("lab", {}), "strided")))
    own = lab.opening("").picture
    assert (query["picture"], query["working_size_px"], query["stage"]) == (own, "224", "strided")
    _, setting = lab.read({})
    said = {name: as_text(value) for name, value in asdict(setting).items() if value != ()}
    assert {name: query[name] for name in said} == said
    assert "card" not in query


def test_the_arrays_have_what_filters_the_stage(taken: Taken):
    with np.load(BytesIO(taken.files["npz"]), allow_pickle=False) as arrays:
        filters = {name: arrays[name] for name in {*arrays} - {*taken.maps, "query"}}
    layer = None if taken.stage == "picture" else taken.network.get_submodule(taken.stage)
    if taken.stage == "bank":
        assert [*filters] == ["kernels"]
        np.testing.assert_array_equal(filters["kernels"], layer[-1].weight[:, 0].numpy())
        return
    mixes = taken.stage in ("pointwise", "strided")
    banked = layer is not None and bank_kernels(taken.network) is not None
    behind_relu = ["bank_kernels"] * banked
    assert sorted(filters) == [*behind_relu, *["matrix"] * mixes]
    if mixes:  # one matrix times every pixel's channels
        before = taken.maps[list(taken.maps)[list(taken.maps).index(taken.stage) - 1]]
        stride = taken.setting.stride if taken.stage == "strided" else 1
        mixed = np.einsum("oc,chw->ohw", filters["matrix"], before[:, ::stride, ::stride])
        np.testing.assert_allclose(mixed, taken.maps[taken.stage], atol=1e-5)


def test_kernels_that_are_only_the_banks_are_called_so():
    network = lab.network(lab.setting(), torch.rand(3, 24, 24))
    assert [*export.filter_arrays(network, "pooling")] == ["bank_kernels"]
    assert [*export.filter_arrays(network, "picture")] == []


def test_no_array_hides_another():
    one = {"bank": np.zeros(1)}
    with pytest.raises(ValueError, match="bank would be in the file twice"):
        export.npz(one, one, "")
    with pytest.raises(ValueError, match="query would"):
        export.npz({"query": np.zeros(1)}, {}, "")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_the_table_adds_up_and_has_the_shapes_of_the_maps(taken: Taken):
    table = rows(taken.files["csv"])
    cost = trace.cost(taken.network, tuple(taken.picture.pixels.shape))
    assert sum(int(row["parameters"]) for row in table) == cost.parameters
    assert sum(int(row["macs"]) for row in table) == cost.macs
    assert [row["stage"] for row in table] == [*taken.maps]
    for row, maps in zip(table, taken.maps.values(), strict=True):
        assert tuple(int(row[side]) for side in ("channels", "height", "width")) == maps.shape
        assert float(row["milliseconds"]) >= 0


@settings(max_examples=20)
@given(setting=...)
def test_any_table_adds_up(setting: Lab):
    network = lab.network(setting, torch.rand(3, 20, 24))
    table = rows(export.stage_table(network, (3, 20, 24), {}))
    cost = trace.cost(network, (3, 20, 24))
    counts = [(int(row["parameters"]), int(row["macs"])) for row in table]
    assert tuple(map(sum, zip(*counts, strict=True))) == (cost.parameters, cost.macs)


def test_a_table_by_hand():
    mixed = nn.Sequential(nn.Conv2d(3, 2, (3, 5), stride=(1, 2), padding=(1, 0)), nn.ReLU())
    text = export.stage_table(nn.Sequential(mixed), (3, 7, 9), {"picture": 0.0, "0": 0.125})
    assert text.splitlines() == [
        "stage,kind,channels,height,width,parameters,macs,field_height_px,field_width_px,"
        "stride_down_px,stride_right_px,padding_top_px,padding_left_px,milliseconds",
        "picture,,3,7,9,0,0,1,1,1,1,0,0,0.0",
        "0,Conv2d + ReLU,2,7,3,92,1890,3,5,1,2,1,0,0.125",
    ]


# ── Programs ────────────────────────────────────────────────────────────────────────────────────

RUN_CELLS = """
import ast, importlib.util, json, pathlib
import numpy as np

assert importlib.util.find_spec("viz") is None
notebook = json.loads(pathlib.Path("it.ipynb").read_text(encoding="utf-8"))
cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
left = {}
for cell in cells:
    exec(cell, left)
shown = eval(ast.unparse(ast.parse(cells[-1]).body[-1]), left)
np.savez("left.npz", maps=left["maps"].numpy(), shown=np.asarray(shown))
"""


def beside(folder: Path, slug: str) -> None:
    """Puts the file of a shipped photograph where a program looks for it; a drawing has none."""
    if slug in PHOTOGRAPHS:
        file, _ = PHOTOGRAPHS[slug]
        (folder / file).write_bytes((FOLDER / file).read_bytes())


def in_fresh_process(script: str, folder: Path) -> None:
    """Runs a script isolated: no PYTHONPATH, no folder of ours, warnings are errors."""
    (folder / "script.py").write_text(script, encoding="utf-8")
    command = [sys.executable, "-I", "-W", "error", "script.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_program_is_that_of_the_code_card_and_gives_the_maps(taken: Taken, tmp_path: Path):
    text = taken.files["py"]
    size = taken.view.working_size_px
    assert text == source.program(taken.network, taken.picture, size, stage=taken.stage)
    beside(tmp_path, taken.picture.slug)
    in_fresh_process(f"{text}\nimport numpy\nnumpy.save('maps.npy', maps.numpy())\n", tmp_path)
    np.testing.assert_allclose(np.load(tmp_path / "maps.npy"), taken.maps[taken.stage], atol=1e-4)


def test_the_notebook_is_valid_and_says_what_it_is(taken: Taken):
    read = nbformat.reads(taken.files["ipynb"], as_version=nbformat.NO_CONVERT)
    nbformat.validate(read)
    assert (read.nbformat, read.nbformat_minor) == (4, 5)
    words, *cells = read.cells
    assert words.cell_type == "markdown"
    assert words.source.startswith("# Lab · ")
    query = dict(parse_qsl(re.search(r"`\?(.*)`", words.source)[1]))
    assert lab.setting.from_query(query) == taken.setting
    assert {cell.cell_type for cell in cells} == {"code"}
    squeezed = re.sub(r"\n+", "\n", "\n".join(cell.source for cell in cells[:-1]))
    assert squeezed == re.sub(r"\n+", "\n", taken.files["py"].strip())
    for cell in cells:
        ast.parse(cell.source)


def test_the_notebook_runs_cell_by_cell_and_gives_the_maps(taken: Taken, tmp_path: Path):
    beside(tmp_path, taken.picture.slug)
    (tmp_path / "it.ipynb").write_text(taken.files["ipynb"], encoding="utf-8")
    in_fresh_process(RUN_CELLS, tmp_path)
    maps = taken.maps[taken.stage]
    with np.load(tmp_path / "left.npz") as left:
        np.testing.assert_allclose(left["maps"], maps, atol=1e-4)
        shown = left["shown"]
    low, high = min(0, maps.min()), maps.max()
    first = shown[: maps.shape[1], : maps.shape[2]].astype(float) / 255 * (high - low) + low
    np.testing.assert_allclose(first, maps[0], atol=0.51 / 255 * (high - low) + 1e-4)
    columns = -(-shown.shape[1] // (maps.shape[2] + 4))
    assert columns * -(-shown.shape[0] // (maps.shape[1] + 4)) >= len(maps)


def test_a_blank_line_inside_a_function_divides_nothing():
    program = "import torch\n\n\ndef f(x):\n    y = x\n\n    return y\n\n\nmaps = f(1)\n"
    cells = json.loads(export.notebook(program, "", ""))["cells"]
    assert [cell["source"] for cell in cells[1:-1]] == [
        "import torch",
        "def f(x):\n    y = x\n\n    return y",
        "maps = f(1)",
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 9, 10, 16, 17, 64])
def test_the_last_cell_shows_every_map(count: int):
    maps = torch.arange(1.0, count + 1)[:, None, None].expand(-1, 2, 3)
    look = json.loads(export.notebook("pass", "", ""))["cells"][-1]["source"]
    *lines, picture = look.splitlines()
    left: dict[str, Any] = {"torch": torch, "maps": maps}
    exec("\n".join(lines), left)
    shown = np.asarray(eval(picture, left))
    tiles = shown.reshape(shown.shape[0] // 6, 6, shown.shape[1] // 7, 7)[:, 0, :, 0].flatten()
    expected = np.round(maps[:, 0, 0].numpy() / count * 255)
    np.testing.assert_array_equal(tiles[:count], expected)
    assert len(tiles) - count < shown.shape[1] // 7


# ── The panel ───────────────────────────────────────────────────────────────────────────────────

STOPS = json.loads((ROOT / "assets" / "colours.json").read_text(encoding="utf-8"))
ONE_STEP = 5  # a channel of a colour map changes by less from one of 256 colours to the next


def colour(values: np.ndarray, low: float, high: float, table: str) -> np.ndarray:
    """The colour of values on a continuous scale, straight from the stops."""
    stops = [[int(stop[at : at + 2], 16) for at in (1, 3, 5)] for stop in STOPS[table]]
    at = (values - low) / (high - low) * (len(stops) - 1)
    return np.stack([np.interp(at, range(len(stops)), of) for of in np.transpose(stops)], axis=-1)


def pixels_of(png: bytes) -> np.ndarray:
    with Image.open(BytesIO(png)) as image:
        assert image.width >= 2000
        assert [round(dpi) for dpi in image.info["dpi"]] == [300, 300]
        return np.asarray(image.convert("RGB"))


def runs(flags: np.ndarray, at_least: int = 1) -> list[slice]:
    """Where flags are set without a gap."""
    edges = np.flatnonzero(np.diff(np.pad(flags.astype(int), 1)))
    found = [slice(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [one for one in found if one.stop - one.start >= at_least]


def found(pixels: np.ndarray, *, bar: bool = True) -> Any:
    """The boxes of the maps and that of the colour bar: whatever is not paper for 200 px on end.

    Maps that stand in one row begin at one height, and each ends where its own ends.
    """
    ink = (pixels != 255).any(-1)
    solid = np.array([bool(runs(row, 200)) for row in ink])
    boxes = [
        (slice(band.start, band.start + runs(ink[band, columns].all(1))[0].stop), columns)
        for band in runs(solid)
        for columns in runs(ink[band.start], 200)
    ]
    return (boxes[:-1], boxes[-1]) if bar else boxes


def values_shown(pixels: np.ndarray, box: tuple[slice, slice], shape: tuple[int, ...]) -> Any:
    """One pixel for every value, of squares that are all of one colour and equally large."""
    tile = pixels[box]
    k, rest = divmod(tile.shape[0], shape[0])
    assert (rest, tile.shape) == (0, (k * shape[0], k * shape[1], 3))
    squares = tile.reshape(shape[0], k, shape[1], k, 3)
    assert (squares == squares[:, :1, :, :1]).all()
    return squares[:, 0, :, 0].astype(float)


def sent(map_: np.ndarray) -> np.ndarray:
    """The values of a map as a buffer has them, in 256 steps."""
    low, high = float(map_.min()), float(map_.max())
    step = (high - low) / 255 or 1.0
    return low + np.floor((map_ - low) / step + 0.5) * step


def of_nearly_all(values: np.ndarray, full: tuple[float, float]) -> tuple[float, float]:
    """Between the 0.5th and the 99.5th percentile of a small map's values, if they are many."""
    if len(np.unique(values)) < 16:
        return full
    beyond = values.size // 200
    near = np.sort(values, axis=None)[[beyond, -1 - beyond]]
    return float(near[0]), float(near[1])


def cut(near: tuple[float, float], full: tuple[float, float]) -> tuple[float, float]:
    share = (near[1] - near[0]) / (full[1] - full[0] or 1)
    return near if 0.05 < share < 0.9 else full


def ends(maps: Sequence[np.ndarray], map_: int, scale: str) -> tuple[float, float, str]:
    """By the rules of the canvas, case by case."""
    signed = min(each.min() for each in maps) < 0
    of = [maps[map_]] if scale == "own" else maps
    if signed or scale == "symmetric":
        far = [np.abs(sent(each)) for each in of]
        full = [(0.0, float(each.max())) for each in far]
        near = [of_nearly_all(*each) for each in zip(far, full, strict=True)]
        reach = cut((0, max(high for _, high in near)), (0, max(high for _, high in full)))[1]
        return (-reach, reach, "activation") if signed or scale != "own" else (0, 0, "")
    full = [(float(each.min()), float(each.max())) for each in of]
    near = [of_nearly_all(sent(each), both) for each, both in zip(of, full, strict=True)]
    low = near[0][0] if scale == "own" and full[0][0] else 0.0
    whole = (full[0][0] if scale == "own" else 0.0, max(high for _, high in full))
    return (*cut((low, max(high for _, high in near)), whole), "sequential")


def in_colour(maps: Any, map_: int, scale: str) -> np.ndarray:
    """A map in the colours that it should have."""
    return colour(sent(maps[map_]), *ends(list(maps), map_, scale))


def test_the_pixels_of_the_page_are_the_maps(taken: Taken):
    pixels = pixels_of(taken.files["png"])
    maps = taken.maps[taken.stage]
    boxes, _ = found(pixels)
    colours = taken.setting.bank == "rgb" and taken.stage != "picture"  # a tile more
    assert len(boxes) == len(maps) + colours
    for n, box in enumerate(boxes[: len(maps)]):
        expected = in_colour(maps, n, taken.view.scale)
        assert np.abs(values_shown(pixels, box, maps.shape[1:]) - expected).max() < ONE_STEP


def drawn(maps: np.ndarray, names: list[str], **more: Any) -> np.ndarray:
    header = {
        "names": names,
        "row_length": more.pop("row_length", 1),
        "classes": more.pop("classes", []),
    }
    buffer = packing.join(header, {"maps": packing.pack(torch.from_numpy(maps))})
    lines = more.pop("lines", [])
    return pixels_of(export.panel(buffer, more.pop("title", ""), lines, **more))


@pytest.mark.parametrize("scale", ["shared", "own", "symmetric"])
@pytest.mark.parametrize("lowest", [0.0, 1.0, -2.0], ids=["from 0", "above 0", "signed"])
def test_every_scale_is_that_of_the_canvas(scale: str, lowest: float):
    noise = np.random.default_rng(0).random((4, 6, 9), dtype=np.float32)
    maps = lowest + noise * np.array([1, 2, 3, 4], np.float32)[:, None, None]
    pixels = drawn(maps, list("abcd"), scale=scale)
    boxes, bar = found(pixels)
    for n, box in enumerate(boxes):
        expected = in_colour(maps, n, scale)
        assert np.abs(values_shown(pixels, box, (6, 9)) - expected).max() < ONE_STEP
    *_, table = ends(list(maps), 0, scale)
    middle = pixels[bar][22]
    expected = colour(np.linspace(0, 1, len(middle)), 0, 1, table)
    assert np.abs(middle - expected).max() < ONE_STEP


@pytest.mark.parametrize("scale", ["shared", "own", "symmetric"])
@pytest.mark.parametrize("value", [0.0, 1.0, -1.0])
def test_a_constant_map_looks_constant(scale: str, value: float):
    maps = np.full((2, 4, 4), value, np.float32)
    maps[0] += np.float32(1e-8) * np.eye(4, dtype=np.float32)
    pixels = drawn(maps, ["a", "b"], scale=scale)
    for box in found(pixels)[0]:
        assert (pixels[box] == pixels[box][0, 0]).all()


def test_nothing_is_neutral_among_signed_maps():
    maps = np.zeros((2, 4, 4), np.float32)
    maps[1] = -1
    pixels = drawn(maps, ["dead", "alive"], scale="own")
    assert pixels[found(pixels)[0][0]].min() >= 0xF6


def ink(pixels: np.ndarray, rows: slice, columns: slice) -> int:
    return int((pixels[rows, columns].min(-1) < 100).sum())


def below(box: tuple[slice, slice], height: int) -> tuple[slice, slice]:
    return slice(box[0].stop, box[0].stop + height), box[1]


def test_every_map_has_its_name_and_the_scale_its_numbers():
    maps = np.random.default_rng(0).random((4, 5, 5), dtype=np.float32)
    pixels = drawn(maps, ["0° 90°", "", "3", "W"], title="Title", lines=["A line"])
    boxes, bar = found(pixels)
    named = [ink(pixels, *below(box, LABEL + GAP)) > 20 for box in boxes]
    assert named == [True, False, True, True]
    assert ink(pixels, slice(0, boxes[0][0].start), slice(None)) > 1000
    numbers = below(bar, 60)[0]
    for end in (slice(bar[1].start, bar[1].start + 90), slice(bar[1].stop - 90, bar[1].stop)):
        assert ink(pixels, numbers, end) > 20
    own = drawn(maps, list("abcd"), scale="own")
    assert ink(own, *below(found(own)[1], 60)) == 0


@given(
    st.integers(1, 64), st.integers(1, 512), st.integers(1, 512), st.integers(1, 4), st.just(200)
)
def test_any_maps_are_arranged_without_shrinking(
    n: int, h: int, w: int, row_length: int, label: int
):
    plan = arranged((n, h, w), label, row_length)
    assert plan.scale >= 1
    assert 1 <= plan.across <= n
    assert plan.wide >= max(label, plan.scale * w)
    assert plan.tall > plan.scale * h
    down = -(-n // plan.across)
    assert plan.scale == 1 or (plan.across * w * plan.scale, down * h * plan.scale) <= (4800, 3200)


def test_maps_that_belong_in_one_row_stay_there_on_paper(monkeypatch: pytest.MonkeyPatch):
    setting, asked = Lab(phases=3), []

    def noting(tiles: Sequence[Tile], row_length: int) -> Image.Image:
        asked.append(row_length)
        return tiled(tiles, row_length)

    monkeypatch.setattr(sys.modules["viz.export.panel"], "tiled", noting)
    photo = images.shipped.shipped("coffee")
    buffer = drawing.draw(lab, setting, View(stage="bank"), photo, 32)
    export.panel(buffer, "", [])
    assert asked == [setting.phases]


HOSTILE = ["\u202egnp.exe", "new\nline", "图 🐈 é", "W" * 500, "", "{x}%s</b>", "\x00"]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_any_words_can_be_drawn(text: str):
    maps = np.ones((1, 4, 4), np.float32)
    assert drawn(maps, [text[:8]], title=text, lines=[text], caption=text).size


def test_signs_that_no_font_has_are_put_otherwise():
    built_in = font(24, names=())
    assert drawable("3 × −1.5°", built_in) == "3 x -1.5°"
    assert drawable("aé图b", built_in) == "a??b"
    assert drawable("a\nb\u202ec", built_in) == "a b c"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1.2345, "1.23"),
        (-0.5, "−0.5"),
        (999, "999"),
        (1000, "1.0e3"),
        (-0.00012, "−1.2e−4"),
    ],
)
def test_numbers_as_on_the_canvas(value: float, text: str):
    assert short(value) == text


def test_the_setting_in_words():
    setting = lab.setting(
        bank="rgb",
        stride=3,
        strided_recipe="identity",
        pointwise_edits=((0, 0, 5),),
        pointwise_relu=True,
    )
    focus = images.at_working_size(images.find("coffee"), 96)
    inputs = Inputs(lab, View(), setting, focus, False)
    assert downloads.in_words(inputs) == [
        "Cup of coffee, 96 px",
        "Colours: Filters colours",
        "ReLU: Rectifier ReLU",
        "Max over 3: Pooling max, Over consecutive channels, Group size 3",
        "1×1: 1×1 convolution on, Weights principal components, Output channels 1, "
        "ReLU after it on, weights set by hand: 1",
        "1×1, stride 3: Strided 1×1 on, Stride 3 px, Weights identity, Output channels all",
    ]


def test_a_difference_is_drawn_around_nothing(monkeypatch: pytest.MonkeyPatch):
    a = {**SMALL, "picture": "grating", "stage": "bank", "wavelength_px": "6"}
    b = {**a, "wavelength_px": "9"}
    pinned = "&".join(f"{name}={value}" for name, value in a.items())
    shown = {**b, "pinned": pinned, "showing": "difference", "scale": "own"}
    pixels = pixels_of(clicked(offered(shown, monkeypatch)["lab-bank.png"]))
    picture = images.at_working_size(images.find("grating"), 64)
    both = [
        run.maps(lab.network(lab.setting.from_query(query), picture.pixels), picture, CPU)["bank"]
        for query in (a, b)
    ]
    maps = both[1] - both[0]
    for n, box in enumerate(found(pixels)[0]):
        expected = in_colour(maps, n, "symmetric")
        assert np.abs(values_shown(pixels, box, maps.shape[1:]) - expected).max() < ONE_STEP


def taken_from(slug: str, query: dict[str, str]) -> Inputs:
    """What the buttons of a page get."""
    lesson = lessons.load(slug)
    view, setting = lesson.read(query)
    picture = images.find(view.picture)
    assert picture is not None
    focus = images.at_working_size(picture, view.working_size_px)
    return Inputs(lesson, view, setting, focus, False).drawn


def panel_of(slug: str, query: dict[str, str]) -> np.ndarray:
    """The panel of a view, made as the page makes it."""
    inputs = taken_from(slug, query)
    return pixels_of(downloads._panel(inputs, inputs.view.stage, lambda work: run.finished(work())))


def maps_of(slug: str, query: dict[str, str], key: str = "") -> np.ndarray:
    """The maps of the stage in view, of the picture in focus or of another through its network."""
    lesson = lessons.load(slug)
    view, setting = lesson.read(query)
    pictures = [images.find(view.picture), images.find(key or view.picture)]
    focus, picture = [images.at_working_size(each, view.working_size_px) for each in pictures]
    network = lesson.network(setting, focus.pixels)
    return run.maps(network, picture, CPU)[view.stage]


SEVERAL = {**SMALL, "picture": "coffee", "others": "zone_plate.chelsea", "channel": "2"}
KEYS = ("coffee", "zone_plate", "chelsea")


@pytest.mark.parametrize("scale", ["shared", "own", "symmetric"])
@pytest.mark.parametrize("stage", ["pooling", "pointwise", "picture"])
def test_of_several_pictures_every_one_shows_the_same_map(scale: str, stage: str):
    query = {**SEVERAL, "scale": scale, "stage": stage}
    maps = [maps_of("lab", query, key)[2] for key in KEYS]
    assert len({each.shape for each in maps}) > 1, "pictures keep their aspect"
    pixels = panel_of("lab", query)
    boxes, _ = found(pixels)
    assert len(boxes) == len(KEYS)
    for n, box in enumerate(boxes):
        expected = in_colour(maps, n, scale)
        assert np.abs(values_shown(pixels, box, maps[n].shape) - expected).max() < ONE_STEP
        assert ink(pixels, *below(box, LABEL + GAP)) > 20, "its name"


def test_of_several_averaged_pictures_the_last_block_is_kept():
    """Nine rows and seven columns in blocks of 2 are 5 × 4, not 4 × 3: a block cut off is one too."""
    sizes = ((9, 7), (12, 12))
    noise = np.random.default_rng(0)
    maps = [torch.from_numpy(noise.random(size, dtype=np.float32)) for size in sizes]
    block = packing.pack_ragged(maps, shown_px=6)
    beside = {"names": ["a", "b"], "keys": ["a", "b"], "shapes": sizes, "channel": 0}
    buffer = packing.join({"names": ["1"], "side_by_side": beside}, {"maps": block})
    pixels = pixels_of(export.panel(buffer, "", []))
    shapes = [tuple(ceil(side / block.mean_of) for side in size) for size in sizes]
    means = [F.avg_pool2d(each[None], 2, ceil_mode=True)[0].numpy() for each in maps]
    for n, box in enumerate(found(pixels)[0]):
        expected = in_colour(means, n, "shared")
        assert np.abs(values_shown(pixels, box, shapes[n]) - expected).max() < ONE_STEP


@pytest.mark.parametrize("showing", ["pinned", "difference"])
def test_a_and_what_changed_are_shown_alone(showing: str):
    pinned = "picture=coffee&working_size_px=64&stage=pooling&wavelength_px=6&others=chelsea"
    query = {**SEVERAL, "stage": "pooling", "pinned": pinned, "showing": showing}
    boxes, _ = found(panel_of("lab", query))
    assert len(boxes) == 4
    assert downloads.in_words(taken_from("lab", query))[0] == "Cup of coffee, 64 px"


def test_the_words_name_every_picture():
    inputs = taken_from(
        "lab", {**SMALL, "picture": "coffee", "others": f"zone_plate.{'ab' * 32}.chelsea"}
    )
    assert downloads.in_words(inputs)[0] == "Cup of coffee, Zone plate, Chelsea the cat, 64 px"


def test_a_stage_without_controls_is_named_alone():
    assert downloads.in_words(taken_from("cross_channel_pooling", SMALL))[1] == "Gabor"


WINNERS = {**SMALL, "stage": "pooling", "winner": "1"}


def class_colours(count: int) -> np.ndarray:
    """As the canvas has them: the nearest of the 256 colours of the colour map."""
    at = np.floor(255 * np.arange(count) / max(1, count - 1) + 0.5)
    return np.floor(colour(at, 0, 255, "classes") + 0.5)


def test_winners_have_the_colours_of_their_classes_and_a_key_names_them():
    maps = maps_of("cross_channel_pooling", WINNERS)
    assert {*np.unique(maps)} == {*range(10)}
    pixels = panel_of("cross_channel_pooling", WINNERS)
    boxes = found(pixels, bar=False)
    assert len(boxes) == len(maps) == 5
    colours = class_colours(10)
    for winners, box in zip(maps, boxes, strict=True):
        shown = values_shown(pixels, box, winners.shape)
        np.testing.assert_array_equal(shown, colours[winners.astype(int)])
    key = pixels[max(box[0].stop for box in boxes) + LABEL + GAP :]
    places = []
    for of_class in colours:
        rows, columns = np.nonzero((key == of_class).all(-1))
        assert len(rows) == 44 * 44, "one swatch"
        places.append((rows.min(), columns.min()))
        name = slice(columns.max() + 1, columns.max() + 200)
        assert ink(key, slice(rows.min(), rows.max()), name) > 100, "its name"
    assert places == sorted(places)


@pytest.mark.parametrize("scale", ["own", "symmetric"])
def test_classes_have_no_scale(scale: str):
    one, other = ({**WINNERS, "scale": each} for each in ("shared", scale))
    panels = [panel_of("cross_channel_pooling", query) for query in (one, other)]
    np.testing.assert_array_equal(panels[0], panels[1])


def test_of_several_pictures_winners_keep_their_colours():
    query = {**WINNERS, "others": "zone_plate", "channel": "1"}
    maps = [maps_of("cross_channel_pooling", query, key)[1] for key in KEYS[:2]]
    pixels = panel_of("cross_channel_pooling", query)
    colours = class_colours(10)
    for winners, box in zip(maps, found(pixels, bar=False), strict=True):
        shown = values_shown(pixels, box, winners.shape)
        np.testing.assert_array_equal(shown, colours[winners.astype(int)])


def test_what_changed_among_winners_is_a_number():
    """Classes less classes are none: the difference has a scale of its own."""
    pinned = "&".join(f"{name}={value}" for name, value in {**WINNERS, "group": "10"}.items())
    query = {**WINNERS, "shuffled": "1", "pinned": pinned, "showing": "difference"}
    after, before = (
        maps_of("cross_channel_pooling", one) for one in (query, dict(parse_qsl(pinned)))
    )
    pixels = panel_of("cross_channel_pooling", query)
    boxes, _ = found(pixels)
    for n, box in enumerate(boxes):
        expected = in_colour(after - before, n, "symmetric")
        assert np.abs(values_shown(pixels, box, after.shape[1:]) - expected).max() < ONE_STEP


@pytest.mark.parametrize("count", [1, 2, 3, 5, 25, 50])
def test_the_key_of_any_number_of_classes_has_their_colours(count: int):
    classes = np.tile(np.arange(count, dtype=np.float32), (1, 2, 1))
    names = [f"class {n}" for n in range(count)]
    pixels = drawn(classes, ["winner"], classes=names)
    (box,) = found(pixels, bar=False)
    shown = values_shown(pixels, box, classes.shape[1:])[0]
    np.testing.assert_array_equal(shown, class_colours(count))
    key = pixels[box[0].stop + LABEL + GAP :]
    assert len({*map(tuple, shown)}) == count
    for of_class in shown:
        assert (key == of_class).all(-1).sum() == 44 * 44


def test_a_pool_is_drawn_and_not_what_it_reads():
    """Its buffer ends with the numbers that it pools."""
    query = {**SMALL, "stage": "pooling"}
    maps = maps_of("cross_channel_pooling", query)
    pixels = panel_of("cross_channel_pooling", query)
    boxes, _ = found(pixels)
    assert len(boxes) == len(maps)
    for n, box in enumerate(boxes):
        expected = in_colour(maps, n, "shared")
        assert np.abs(values_shown(pixels, box, maps.shape[1:]) - expected).max() < ONE_STEP


COLOURS = {**SMALL, "picture": "chelsea", "stage": "pointwise"}


@pytest.mark.parametrize("scale", ["shared", "own"])
def test_three_maps_are_also_shown_as_one_picture(scale: str):
    query = {**COLOURS, "scale": scale}
    maps = maps_of("pointwise", query)
    assert len(maps) == 3
    pixels = panel_of("pointwise", query)
    boxes, _ = found(pixels)
    assert len(boxes) == 4
    for n, box in enumerate(boxes[:3]):
        expected = in_colour(maps, n, scale)
        assert np.abs(values_shown(pixels, box, maps.shape[1:]) - expected).max() < ONE_STEP
    shown = values_shown(pixels, boxes[3], maps.shape[1:])
    step = 255 * (maps.max() - maps.min()) / 255
    assert np.abs(shown - 255 * maps.clip(0, 1).transpose(1, 2, 0)).max() <= step / 2 + 1
    assert ink(pixels, *below(boxes[3], LABEL + GAP)) > 20, "its name"


@pytest.mark.parametrize("more", [{"others": "coffee"}, {"stage": "picture"}])
def test_where_the_canvas_shows_no_colour_picture_the_panel_shows_none(more: dict[str, str]):
    boxes, _ = found(panel_of("pointwise", {**COLOURS, **more}))
    assert len(boxes) == (2 if "others" in more else 3)


def test_a_long_name_pushes_no_map_apart():
    maps = np.ones((2, 8, 8), np.float32)
    boxes, _ = found(drawn(maps, ["W" * 500, "b"]))
    assert boxes[1][1].start - boxes[0][1].start <= 1300
