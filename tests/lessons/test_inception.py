"""The lesson on Inception modules: its numbers by plain products, its maps branch by branch."""

from __future__ import annotations

import json
from dataclasses import replace
from math import prod
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from looking import leaving, noise, shipped
from torch import Tensor

from viz import devices
from viz.lessons.diagram import Diagram
from viz.lessons.inception import LESSON
from viz.lessons.inception.boxes import traced
from viz.lessons.inception.costs import counted, total
from viz.lessons.inception.googlenet import fields_of
from viz.lessons.inception.module import BRANCH_OF, BRANCHES, boxes, chain, module
from viz.lessons.inception.published import K, M, published
from viz.lessons.inception.recipes import leaning_rows, oriented_kernels
from viz.lessons.inception.setting import BOXES, MOST_INPUTS, Setting
from viz.lessons.inception.timing import RUNS, milliseconds
from viz.networks.googlenet import MODULES, Inception
from viz.networks.reference import reference
from viz.numbers import exact
from viz.run import drawing
from viz.run.stages import finished
from viz.trace import cost, receptive_field
from viz.ui.text import translated
from viz.view import View

ROWS = {row["module"]: row for row in reference("googlenet_inception")}
THREE_A = Setting(**fields_of(MODULES[0]))
every_module = pytest.mark.parametrize("of", MODULES, ids=lambda each: each.name)


def plain(of: Inception, *, reduced: bool, projected: bool) -> dict[str, int]:
    """The MACs of every branch as products of sizes."""
    before_three = of.reduce_three if reduced else of.inputs
    before_five = of.reduce_five if reduced else of.inputs
    weights = {
        "one": of.inputs * of.one,
        "three": before_three * 9 * of.three + reduced * of.inputs * of.reduce_three,
        "five": before_five * 25 * of.five + reduced * of.inputs * of.reduce_five,
        "pool": projected * of.inputs * of.projection,
    }
    return {branch: count * of.side_px**2 for branch, count in weights.items()}


# ── Costs ───────────────────────────────────────────────────────────────────────────────────────


@every_module
def test_exact_counts_are_those_of_the_reference(of: Inception):
    found, row = total(counted(of)), ROWS[of.name]
    assert found.weights == int(row["exact_weights"])
    assert found.weights + found.biases == int(row["exact_weights_and_biases"])
    assert found.macs == int(row["exact_macs"])
    assert found.outputs == int(row["out_channels"])


@every_module
@pytest.mark.parametrize("reduced", [True, False])
@pytest.mark.parametrize("projected", [True, False])
def test_every_branch_costs_the_product_of_its_sizes(of, reduced, projected):
    found = counted(of, reduced=reduced, projected=projected)
    macs = {branch: each.macs for branch, each in found.items()}
    assert macs == plain(of, reduced=reduced, projected=projected)
    assert all(each.weights * of.side_px**2 == each.macs for each in found.values())


def test_activations_are_what_leaves_the_layers():
    found, of = counted(MODULES[0]), MODULES[0]
    channels = {
        "one": of.one,
        "three": of.reduce_three + of.three,
        "five": of.reduce_five + of.five,
        "pool": of.inputs + of.projection,
    }
    expected = {branch: 4 * count * of.side_px**2 for branch, count in channels.items()}
    assert {branch: each.activation_bytes for branch, each in found.items()} == expected


def test_the_naive_3a_widens_to_416_channels():
    found = total(counted(MODULES[0], reduced=False, projected=False))
    assert found.outputs == 64 + 128 + 32 + 192 == 416


@every_module
def test_a_print_is_marked_exactly_if_it_is_not_that_of_its_channels(of: Inception):
    (each,) = (each for each in published() if each.module is of)
    apart = [
        abs(each.exact.weights / K - float(each.printed_weights.removesuffix("K"))),
        abs(each.exact.macs / M - float(each.printed_macs.removesuffix("M"))),
    ]
    assert (each.why is not None) == (max(apart) >= 0.95)


def test_two_prints_fit_other_channels_better():
    """Of 4a a narrower 3×3, of 5a a wider reduction before the 5×5."""
    four_a, five_a = MODULES[2], MODULES[7]
    for of, other in (
        (four_a, four_a._replace(three=204)),
        (five_a, five_a._replace(reduce_five=48)),
    ):
        printed = float(ROWS[of.name]["printed_ops"].removesuffix("M"))
        here, there = (abs(total(counted(each)).macs / M - printed) for each in (of, other))
        assert there < 0.5 < here


# ── The network on the canvas ───────────────────────────────────────────────────────────────────


def test_3a_runs_on_a_photograph_with_the_published_channels():
    """And the canvas shows the first maps of each branch, as the branch alone gives them."""
    pixels = shipped("camera")
    maps = leaving(LESSON, THREE_A, pixels)
    assert maps["stem"].shape == (192, 28, 28)
    whole = module(THREE_A)(maps["stem"])
    assert whole.shape == (64 + 128 + 32 + 32, 28, 28)
    shown = THREE_A.shown
    rows = [chain(branch, THREE_A)(maps["stem"])[:shown] for branch in BRANCHES]
    assert torch.equal(maps["joined"], torch.cat(rows))
    for branch, row in zip(BRANCHES, rows, strict=True):
        assert float(row.std()) > 0, branch


@pytest.mark.parametrize("switches", [{}, {"reduced": False, "projected": False}])
def test_a_path_ends_with_the_maps_of_its_branch(switches: dict[str, Any]):
    pixels = noise(60, 60)
    for box in BOXES:
        setting = LESSON.outline(Setting(box=box, **switches)).setting
        maps = leaving(LESSON, setting, pixels)
        if box == "joined":
            continue
        branch = chain(BRANCH_OF[setting.box], replace(setting, box="joined"))
        names = [name for name, _ in branch.named_children()]
        upto = branch[: names.index(setting.box) + 1]
        assert torch.equal(maps[setting.box], upto(maps["stem"]))


def test_a_box_that_is_switched_off_opens_the_one_of_its_branch_that_is_left():
    naive: dict[str, Any] = {"reduced": False, "projected": False}
    opened = {box: LESSON.outline(Setting(box=box, **naive)).setting.box for box in BOXES}
    moved = {box: to for box, to in opened.items() if box != to}
    assert moved == {"reduce_three": "three", "reduce_five": "five", "projection": "pool"}


@given(st.from_type(Setting))
def test_no_setting_reads_more_numbers_than_the_larger_maps_of_googlenet(setting: Setting):
    clamped = LESSON.outline(setting).setting
    numbers = clamped.inputs * clamped.side_px**2
    assert numbers <= max(most * side**2 for side, most in MOST_INPUTS.items())
    assert clamped.inputs <= MOST_INPUTS[clamped.side_px]


@every_module
def test_every_module_of_googlenet_is_built_as_it_is(of: Inception):
    setting = replace(Setting(), **fields_of(of))
    clamped = LESSON.outline(setting).setting
    assert clamped == setting
    assert Setting.from_query(setting.to_query()) == setting


@pytest.mark.parametrize("size", [(224, 224), (149, 224), (224, 100)])
@pytest.mark.parametrize("side", MOST_INPUTS)
def test_the_module_gets_square_maps_of_the_asked_side(size, side):
    maps = leaving(LESSON, Setting(side_px=side, inputs=4, shown=1), noise(*size))
    assert maps["stem"].shape == (4, side, side)


# ── The diagram ─────────────────────────────────────────────────────────────────────────────────


def diagram(setting: Setting, pixels: Tensor) -> tuple[Diagram, Any]:
    built = LESSON.build(setting, pixels)
    assert LESSON.diagram is not None
    return LESSON.diagram(built, tuple(pixels.shape)), built


@pytest.mark.parametrize("switches", [{}, {"reduced": False}, {"projected": False}])
def test_a_box_tells_what_the_chain_that_it_opens_gives(switches: dict[str, Any]):
    pixels, setting = noise(224, 224), replace(THREE_A, **switches)
    shown, built = diagram(setting, pixels)
    facts = traced(built.network, setting, tuple(pixels.shape))
    clickable = [box for box in shown.boxes if "box" in box.fields and box.key != "joined"]
    assert [box.key for box in clickable] == list(boxes(setting))
    for box in clickable:
        network = LESSON.network(replace(setting, box=str(box.fields["box"])), pixels)
        stage = network.get_submodule(box.key)
        found = facts[box.key]
        assert found.shape == network(pixels).shape
        assert found.weights == sum(weight.numel() for weight in stage.parameters())
        assert found.macs == found.weights * prod(found.shape[1:])
        assert found.field_px == receptive_field(network, (3, 224, 224)).size[0]


def test_the_boxes_before_the_module_tell_what_all_their_layers_do():
    shown, built = diagram(Setting(), noise(224, 224))
    facts = traced(built.network, Setting(), (3, 224, 224))
    assert facts["bank"].macs == cost(built.network.bank, (3, 224, 224)).macs
    assert facts["bank"].field_px == receptive_field(built.network[:1], (3, 224, 224)).size[0]
    assert facts["bank"].field_px == facts["stem"].field_px == 17 + 4 - 1
    assert [box.key for box in shown.boxes][:3] == ["picture", "bank", "stem"]


def test_each_map_of_the_module_has_the_field_of_its_own_branch(picture):
    """Not the union, which the field of the whole module is."""
    view = View(working_size_px=224, stage="joined")
    buffer = drawing.draw(LESSON, Setting(shown=2), view, picture(noise(224, 224)), 64)
    header = json.loads(buffer[4 : 4 + int.from_bytes(buffer[:4], "little")])
    sides = [found["size"] for found in header["map_fields"]]
    last = {branch: names[-1] for branch, names in BRANCHES.items()}
    for at, branch in enumerate(BRANCHES):
        network = LESSON.network(Setting(box=last[branch]), noise(224, 224))
        field = receptive_field(network, (3, 224, 224))
        assert sides[2 * at] == sides[2 * at + 1] == list(field.size)
    assert header["stages"]["joined"]["size"] == max(sides)
    alone = drawing.draw(
        LESSON, Setting(box="five"), View(stage="five"), picture(noise(60, 60)), 64
    )
    assert b"map_fields" not in alone


def test_the_joined_box_compares_both_modules():
    for naive, words in ((False, "naive: 303 M"), (True, "reduced: 128 M")):
        setting = replace(THREE_A, reduced=not naive, projected=not naive)
        shown, built = diagram(setting, noise(224, 224))
        (joined,) = (box for box in shown.boxes if box.key == "joined")
        assert str(joined.facts[-1]) == words
        macs = sum(plain(MODULES[0], reduced=not naive, projected=not naive).values())
        assert str(joined.exact) == f"{exact(macs)} MACs"
        assert cost(built.network.joined, (192, 28, 28)).macs == macs


def test_arrows_join_boxes_that_are_there_from_left_to_right():
    for setting in (Setting(), Setting(reduced=False), Setting(reduced=False, projected=False)):
        shown, _ = diagram(setting, noise(60, 60))
        places = {box.key: box.column for box in shown.boxes}
        assert all(places[one] < places[other] for one, other in shown.arrows)
        assert {key for arrow in shown.arrows for key in arrow} == set(places)
        taken = [(box.row, box.column) for box in shown.boxes]
        assert len(set(taken)) == len(taken)
        assert set(places.values()) == set(range(1 + max(places.values())))


# ── Sections ────────────────────────────────────────────────────────────────────────────────────


def blocks(name: str, setting: Setting = THREE_A) -> list[Any]:
    return LESSON.section(name, setting, shipped("camera"))


def test_the_5x5_of_3a_is_named_with_both_of_its_exact_costs():
    heading, here = (str(block.text) for block in blocks("naive", Setting())[:2])
    naive, reduced = 192 * 32 * 25 * 28**2, (192 * 16 + 16 * 32 * 25) * 28**2
    assert (naive, reduced) == (120_422_400, 12_443_648)
    assert f"**{exact(naive)}**" in here
    assert f"**{exact(reduced)}**, 9.68 times fewer" in here
    assert f"**{exact(24 * 8 * 25 * 56**2)}**" in heading


def test_a_reduction_that_does_not_pay_is_not_praised():
    wide = replace(THREE_A, inputs=16, reduce_five=48)
    assert "not fewer" in str(blocks("naive", wide)[0].text)


def test_naive_and_reduced_are_drawn_and_counted_side_by_side():
    _, _, columns, table, _ = blocks("naive")
    (_, naive), (_, reduced) = columns.columns
    assert {box.key for box in reduced.boxes} - {box.key for box in naive.boxes} == {
        *("reduce_three", "reduce_five", "projection")
    }
    assert all(box.fields["reduced"] is False for box in naive.boxes)
    assert [row[1] for row in table.rows] == ["416", "256"]


def test_the_desk_has_every_branch_its_sum_and_all_nine_prints():
    strip, _, chart, table, _, printed, _ = blocks("budget")
    assert [box.key for box in strip.boxes if box.state == "current"] == ["3a"]
    assert [dict(box.fields) for box in strip.boxes if box.fields] == [*map(fields_of, MODULES)]
    counts = [[int(cell.replace(",", "")) for cell in row[1:6]] for row in table.rows]
    columns = list(zip(*counts, strict=True))
    assert all(sum(column[:4]) == column[4] for column in columns)
    assert [row[1] for row in printed.rows].count("≠") == 8
    figure = chart.figure(**translated(chart.arguments))
    macs = [bar.customdata[0] for bar in figure.data[:4]]
    expected = plain(MODULES[0], reduced=True, projected=True)
    assert macs == [exact(expected[branch]) for branch in BRANCHES]


def test_the_shares_of_a_quantity_are_those_of_the_naive_module():
    chart = blocks("budget")[2]
    parts = chart.arguments["parts"]
    sums = [sum(parts[branch][at] for branch in BRANCHES) for at in range(10)]
    assert sums[1::2] == pytest.approx([1.0] * 5)
    both = [sum(plain(MODULES[0], reduced=on, projected=on).values()) for on in (True, False)]
    assert sums[0] == pytest.approx(both[0] / both[1])


@pytest.mark.parametrize(("ms", "runs"), [(1.0, RUNS), (80.0, 1)])
def test_a_fast_branch_is_timed_several_times_and_a_slow_one_once(monkeypatch, ms, runs):
    ran: list[float] = []

    def timed_once(function: Any, _: torch.device) -> tuple[Tensor, float]:
        ran.append(ms)
        return function(), ms

    monkeypatch.setattr(devices, "timed_once", timed_once)
    times = finished(milliseconds(Setting(inputs=4), torch.zeros(4, 9, 9)))
    assert times == dict.fromkeys(BRANCHES, ms)
    assert len(ran) == len(BRANCHES) * runs


# ── Weights ─────────────────────────────────────────────────────────────────────────────────────


def test_bars_have_unit_norm_no_mean_and_their_orientation():
    kernels = oriented_kernels(2, 3, side=5, seed=4)
    mixture = torch.randn(2, 3, generator=torch.Generator().manual_seed(4)) / 3**0.5
    flat, upright = (kernels / mixture[:, :, None, None])[:, 1]
    for bar in (flat, upright):
        assert float(bar.norm()) == pytest.approx(1, abs=1e-5)
        assert float(bar.sum()) == pytest.approx(0, abs=1e-5)
    torch.testing.assert_close(flat, upright.T, atol=1e-5, rtol=1e-5)
    assert float(flat[2].sum()) > 0.5 > float(flat[:, 2].sum())  # bright along the middle row


def test_rows_lean_to_the_positive_side():
    rows = leaning_rows(200, 100, seed=1) * 10
    assert float(rows.mean()) == pytest.approx(0.4, abs=0.03)
    assert float(rows.std()) == pytest.approx(1, abs=0.03)
