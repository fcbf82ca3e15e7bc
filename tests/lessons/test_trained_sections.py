"""The sections on trained networks: what they say against the network itself, and any network of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from looking import noise, shipped
from torch import Tensor

from viz.layers.part import Part
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table
from viz.lessons.lesson import Unit, finished
from viz.lessons.trained import LESSON, tuned
from viz.lessons.trained import subject as subjects
from viz.lessons.trained.networks import usable
from viz.lessons.trained.sections import SECTIONS, drives
from viz.lessons.trained.sections.off import percent
from viz.lessons.trained.sections.tuning import share_at_least
from viz.lessons.trained.setting import Setting
from viz.lessons.trained.stages import open_piece
from viz.networks import own
from viz.networks.efficientnet_lite import trained_lite0
from viz.networks.imagenet import class_names
from viz.numbers import number
from viz.tuning import Screen, Sweep, curve_of, responses

PARTS = ("classifier", "tuning", "off", "drives", "field")
CODE = """
import torch
from torch import nn

def small():
    torch.manual_seed(3)
    return nn.Sequential(
        nn.Conv2d(3, 6, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(6, 5, 1), nn.ReLU(inplace=True),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, 4),
    )
small.input_shape = (3, 16, 16)

def grey():
    torch.manual_seed(4)
    return nn.Sequential(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.Conv2d(6, 5, 1), nn.Flatten(), nn.Linear(5 * 14 * 14, 3))
grey.input_shape = (1, 16, 16)
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuned, "SWEEP", Sweep.evenly(4, (4.0, 8.0), phases=4))
    monkeypatch.setattr(tuned, "LARGEST_PX", 32)
    monkeypatch.setattr(drives, "SIZE_PX", 64)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_trained.py").write_text(CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("POINTWISE_NETWORK", "my_trained:small,my_trained:grey")
    own._loaded.cache_clear()


def opened(part: str, pixels: Tensor, unit: Unit | None = None, **fields: Any) -> list[Block]:
    setting = Setting(**{"part": part, **fields})
    return LESSON.section(part, setting, pixels, unit)


def every(blocks: list[Block], kind: type) -> list[Any]:
    found = []
    for block in blocks:
        if isinstance(block, Columns):
            found += [each for column in block.columns for each in every([*column], kind)]
        elif isinstance(block, kind):
            found.append(block)
    return found


def panels(blocks: list[Block]) -> list[Panel]:
    return [panel for block in every(blocks, Panels) for panel in block.panels]


def words(blocks: list[Block]) -> list[str]:
    return [str(block.text) for block in every(blocks, Prose)]


# ── Where they open ─────────────────────────────────────────────────────────────────────────────

LAYERS = {
    ("tuning", ""): "block1.expand.conv",
    ("tuning", "The first 1×1"): "block0.project.conv",
    ("tuning", "Less selective than shuffled"): "block2.expand.conv",
    ("tuning", "Block 5: some seconds"): "block5.project.conv",
    ("off", ""): "block5.project.conv",
    ("off", "Behind a shortcut"): "block10.project.conv",
    ("off", "Means before the mean"): "head.conv",
    ("off", "At random"): "block5.project.conv",
    ("drives", ""): "block12.project.conv",
    ("drives", "Block 10"): "block10.project.conv",
    ("drives", "Block 5"): "block5.project.conv",
    ("drives", "The first 1×1"): "block0.project.conv",
    ("field", ""): "block10.project.conv",
    ("field", "Block 5"): "block5.project.conv",
    ("field", "The last block"): "block15.project.conv",
}


@pytest.mark.parametrize(("part", "view"), LAYERS)
def test_a_view_opens_the_layer_that_it_means(part: str, view: str):
    shown = next((each.texts for each in SECTIONS[part].views if each.label == view), {})
    _, setting = LESSON.read({"part": part, **shown})
    trained = usable(setting.network)
    assert trained is not None
    assert open_piece(trained, setting).name == LAYERS[part, view]


# ── Against the network itself ──────────────────────────────────────────────────────────────────


def test_the_map_of_classes_is_the_networks_linear_layer_at_every_place():
    pixels = shipped("camera")
    network = trained_lite0()
    maps = network[:-3](pixels[None])[0]
    scores = torch.einsum("kc,chw->khw", network.linear.weight, maps)
    probable = (scores + network.linear.bias[:, None, None]).softmax(0)
    blocks = opened("classifier", pixels)
    labels, *single = panels(blocks)[:4]
    named = [str(each) for each in labels.classes]
    best = [class_names()[each] for each in probable.argmax(0).flatten().tolist()]
    shown = [named[int(each)] for each in labels.maps.flatten()]
    assert [each if each in named else named[-1] for each in best] == shown
    assert named[0] == "tripod"
    for panel in single:
        expected = probable[class_names().index(str(panel.title))]
        torch.testing.assert_close(panel.maps[0], expected, atol=1e-5, rtol=1e-3)
    answer = network(pixels[None])[0].softmax(0)
    (table,) = every(blocks, Table)
    for name, places, top, whole in table.rows:
        at = class_names().index(str(name))
        assert int(str(places)) == best.count(name)
        assert top == f"{number(100 * float(probable[at].max()))}\u00a0%"
        assert whole == f"{number(100 * float(answer[at]), 2)}\u00a0%"


def test_the_mean_of_the_map_is_the_answer_to_the_last_digits_that_are_claimed():
    said = next(
        each for each in words(opened("classifier", noise(224, 224))) if "by at most" in each
    )
    mantissa, power = said.split("**")[3].split(" × 10")
    assert (
        float(mantissa)
        * 10 ** -int(power.strip("⁻").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))
        < 1e-4
    )


@pytest.mark.parametrize("by", ["zero", "mean"])
def test_a_clicked_channel_is_switched_off_in_the_network(by: str):
    pixels, unit = shipped("coffee", 96), Unit("layer", 3, 1, 1)
    blocks = opened("off", pixels, unit, layer=19, first=20, off_order="clicked", off_by=by)
    network = trained_lite0()

    def replaced(_module: Any, _inputs: Any, maps: Tensor) -> Tensor:
        maps = maps.clone()
        maps[:, 22] = 0 if by == "zero" else maps[:, 22].mean()
        return maps

    before = network(pixels[None])[0].softmax(0)
    hook = network.block5.project.norm.register_forward_hook(replaced)
    after = network(pixels[None])[0].softmax(0)
    hook.remove()
    top = int(before.argmax())
    heading = words(blocks)[0]
    assert "channel 23 of block5.project" in heading
    assert (
        f"“{class_names()[top]}” goes from **{percent(float(before[top]))} %** to **{percent(float(after[top]))} %**"
        in heading
    )
    (panel,) = panels(blocks)
    torch.testing.assert_close(panel.maps[0], network[: 2 + 6](pixels[None])[0, 22])


def test_all_channels_behind_a_shortcut_leave_its_input():
    """Without them the block gives what reached it."""
    pixels = shipped("coffee", 96)
    network = trained_lite0()
    maps = network[: 2 + 10](pixels[None])  # up to block 9; block 10 adds to it
    expected = network[2 + 11 :](maps)[0].softmax(0)
    blocks = opened("off", pixels, layer=34, off=7)
    top = int(network(pixels[None])[0].argmax())
    assert "all 112 channels" in words(blocks)[0]
    assert f"to **{percent(float(expected[top]))} %**" in words(blocks)[0]


def test_tuning_says_what_is_measured():
    blocks = opened("tuning", noise(), layer=5, first=20)
    layer = trained_lite0().block1.expand.conv
    trained = usable("")
    assert trained is not None
    node = trained.nodes[trained.pieces[4].source]
    part = Part(trained.network, node)
    screen = Screen(3, 0.5, 0.5, tuned.shown_px(part, 3))
    before = responses(part, tuned.SWEEP, screen)
    after = torch.einsum("oc,cwtp->owtp", layer.weight[:, :, 0, 0], before)
    curve = curve_of(after, tuned.SWEEP, silent_below=0.01 * float(after.abs().max()))
    mean = float(curve.selectivity[~curve.is_silent].mean())
    assert f"to **{number(mean)}**" in words(blocks)[0]
    shares, one = every(blocks, Chart)
    assert shares.arguments["thick"][1][0] == 100
    own = curve.response[19] / curve.response[19].max()
    shown = next(iter(one.arguments["lines"].values()))
    assert shown == pytest.approx([*(100 * own).tolist(), 100 * float(own[0])], rel=1e-3)


def test_the_share_of_channels_counts_those_that_answer():
    curve = curve_of(
        torch.randn(9, *tuned.SWEEP.shape, generator=torch.Generator().manual_seed(1)), tuned.SWEEP
    )
    levels = torch.linspace(0, 1, 5, dtype=torch.float64)
    expected = [(curve.selectivity >= level).double().mean().item() for level in levels]
    assert share_at_least(curve, levels).tolist() == pytest.approx(expected)


def test_a_layer_that_mixes_nothing_has_no_matrix_to_shuffle():
    (said,) = words(opened("tuning", noise(), layer=9))
    assert said.startswith("block2.depthwise is no 1×1")


def test_the_strongest_patch_is_cut_around_the_strongest_place():
    blocks = opened("drives", noise(), layer=4, first=9, shown=4)
    heading, patches = words(blocks)[0], panels(blocks)[2:]
    assert "channel 9 of block0.project" in heading
    notes = [float(str(panel.note).replace("−", "-")) for panel in patches]
    assert notes == sorted(notes, reverse=True)
    assert f"**{number(notes[0])}**" in heading
    sides = {tuple(panel.maps.shape) for panel in patches}
    assert len(sides) == 1


def test_the_field_is_that_of_the_clicked_unit():
    pixels = shipped("coffee", 64)
    blocks = opened("field", pixels, Unit("layer", 0, 1, 2), layer=10, gradients=2)
    assert "block2.project, row 1, column 2: the box has **19 × 19 px**" in words(blocks)[0]
    (chart,) = every(blocks, Chart)
    box, held = chart.arguments["lines"].values()
    assert box[-1] == 19
    assert all(inner <= outer for inner, outer in zip(held, box, strict=True))


# ── Any network ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("layer", [1, 2, 3, 4])
def test_a_network_of_ones_own_gets_all_of_this(part: str, layer: int, mine: None):
    blocks = opened(part, shipped("coffee", 48), network="my_trained.small", layer=layer)
    assert blocks
    if part in ("classifier", "drives"):
        assert panels(blocks)


def test_its_classes_are_numbers(mine: None):
    blocks = opened("classifier", noise(40, 40), network="my_trained.small")
    (table,) = every(blocks, Table)
    assert {str(row[0]) for row in table.rows} <= {"1", "2", "3", "4"}


def test_a_network_of_brightness_without_an_average_says_so_calmly(mine: None):
    (said,) = words(opened("classifier", noise(16, 16), network="my_trained.grey"))
    assert "does not end in the mean of its maps" in said
    for part in ("tuning", "drives", "field", "off"):
        assert opened(part, noise(16, 16), network="my_trained.grey", layer=2)


@pytest.mark.parametrize("part", PARTS)
def test_without_any_network_there_is_one_sentence(part: str, monkeypatch: pytest.MonkeyPatch):
    scene = LESSON.scene(Setting(), noise())
    monkeypatch.setattr(subjects, "usable", lambda name: None)
    monkeypatch.setattr(subjects, "notes", lambda: ("It is not installed.",))
    blocks = finished(SECTIONS[part].show(scene))
    assert [block.text for block in blocks if isinstance(block, Prose)] == ["It is not installed."]
    assert len(blocks) == 1
