"""Effective fields, the law of their spread, both directions and the framed photo, by other routes."""

from __future__ import annotations

from fractions import Fraction
from math import comb, sqrt
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from looking import noise
from torch import Tensor, nn

from viz.lessons.blocks import Panels
from viz.lessons.effective_field import effective, side_holding, squared_gradient
from viz.lessons.framing import FIELD, STRIPES, Box, cut, framed
from viz.lessons.lesson import Unit
from viz.lessons.receptive_field import LESSON
from viz.lessons.receptive_field.directions import reached, seen
from viz.lessons.receptive_field.law import law, spread
from viz.lessons.receptive_field.sections.photo import DENSE, HOLES
from viz.lessons.receptive_field.setting import ONE, OPENING, Setting
from viz.reads import unit_mask
from viz.settings import Layer
from viz.trace import receptive_field

STACKS = {
    "opening": OPENING,
    "padded": (Layer("c", 3, 2, 1, 1), Layer("m", 3, 2, 1, 1), ONE, Layer("c", 5, 1, 2, 2)),
    "one-sided": (Layer("c", 3, 2, 0, 1), Layer("d", 3, 2, 0, 1), ONE),
    "dilated": (Layer("c", 3, 1, 2, 2, 2), Layer("c", 3, 1, 4, 4, 4)),
    "averaged": (Layer("a", 2, 2), Layer("c", 3)),
}


def built(name: str, pixels: Tensor) -> nn.Sequential:
    return LESSON.network(Setting(layers=STACKS[name]), pixels)


# ── The effective field ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", STACKS)
@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_the_cropped_gradient_is_that_of_the_whole_picture(name: str, place: float):
    pixels = noise(70, 61)
    network = built(name, pixels)
    height, width = network(pixels).shape[1:]
    unit = round(place * (height - 1)), round(place * (width - 1))
    *_, found = effective(lambda _: network, pixels, unit, 2)
    whole = (
        squared_gradient(network, pixels, unit, 0) + squared_gradient(network, pixels, unit, 1)
    ) / 2
    field = receptive_field(network, (3, 70, 61))
    (top, bottom), (left, right) = field.rows.seen(unit[0]), field.columns.seen(unit[1])
    box = nn.functional.pad(whole, (-left, right - 60, -top, bottom - 69))
    torch.testing.assert_close(found.energy, box, rtol=1e-5, atol=1e-12)
    inside = whole[max(0, top) : bottom + 1, max(0, left) : right + 1]
    assert float(inside.sum()) == pytest.approx(float(whole.sum()))


def test_the_gradient_of_one_channel_is_its_row_of_the_jacobian():
    pixels = noise(12, 12).double()
    network = nn.Sequential(*built("dilated", noise(12, 12)).double(), nn.ReLU6())
    before_relu = network[:-1][-1][0]
    network[-2] = before_relu  # its own ReLU would be left out too
    whole = torch.autograd.functional.jacobian(network[:-1], pixels)
    for channel in (0, 5):
        expected = whole[channel, 1, 2].square().sum(0)
        found = squared_gradient(network, pixels, (1, 2), 0, channel)
        torch.testing.assert_close(found, expected)
        assert found.any()


def test_the_gradient_is_that_of_small_changes():
    pixels = noise(12, 12).double()
    network = built("padded", noise(12, 12)).double()
    (*before, last) = [layer for layer in network.modules() if not isinstance(layer, nn.Sequential)]
    before_relu = nn.Sequential(*before)
    assert isinstance(last, nn.ReLU)
    signs = torch.randint(0, 2, (8,), generator=torch.Generator().manual_seed(3)) * 2.0 - 1

    def value(x: Tensor) -> float:
        return float((before_relu(x)[:, 1, 1] * signs).sum())

    found = squared_gradient(network, pixels, (1, 1), 3)
    for row, column in ((2, 3), (5, 5), (11, 0)):
        slopes = []
        for colour in range(3):
            step = torch.zeros_like(pixels)
            step[colour, row, column] = 1e-6
            slopes.append((value(pixels + step) - value(pixels - step)) / 2e-6)
        assert float(found[row, column]) == pytest.approx(sum(s * s for s in slopes), abs=1e-9)


def test_energy_lies_where_the_unit_reads():
    """The holes of the mask are holes of the gradient; of a dense stack there are none."""
    for layers, holes in ((HOLES, True), (DENSE, False)):
        pixels = noise(60, 60)
        network = LESSON.network(Setting(layers=layers), pixels)
        reading = unit_mask(network, (3, 60, 60))
        unit = tuple(length // 2 for length in network(pixels).shape[1:])
        *_, found = effective(lambda _, network=network: network, pixels, unit, 4)
        assert torch.equal(found.energy > 0, reading.mask)
        assert (reading.read < reading.inside) == holes


@given(st.integers(1, 12), st.floats(0.05, 1.0), st.integers(0, 99))
def test_no_smaller_square_around_the_middle_holds_the_share(side: int, share: float, seed: int):
    energy = torch.rand(side, side, generator=torch.Generator().manual_seed(seed)).double()
    held = side_holding(energy, share)
    ring = torch.arange(side).sub((side - 1) / 2).abs()
    shells = torch.maximum(ring[:, None], ring)
    sums = {n: float(energy[shells <= (n - 1) / 2].sum()) for n in range(2 - side % 2, side + 1, 2)}
    assert held in sums
    assert sums[held] >= share * float(energy.sum()) * (1 - 1e-9)
    assert held == min(sums) or sums[held - 2] < share * float(energy.sum())


def test_other_weights_in_every_draw_and_those_on_screen_first():
    # of a depthwise layer the random signs of the channels change nothing, only weights do
    alone = (Layer("d", 3),)
    scene = LESSON.scene(Setting(layers=alone, draws=3), noise(40, 40))
    shown = list(LESSON.sections["photo"].show(scene))
    assert [round(3 * each.fraction) for each in shown] == [1, 2, 3]
    once = LESSON.section("photo", Setting(layers=alone, draws=1), noise(40, 40))
    first = panels_of(shown[0].newest)[2].maps
    assert torch.equal(first, panels_of(once)[2].maps)
    assert not torch.equal(first, panels_of(shown[1].newest)[2].maps)


def panels_of(blocks: Any) -> list[Any]:
    (found,) = (block for block in blocks if isinstance(block, Panels))
    return list(found.panels)


def test_the_photo_tells_its_box_and_what_lies_beyond_the_border():
    setting = Setting(layers=(Layer("c", 9, 1, 4, 4),), draws=1)
    middle = LESSON.section("photo", setting, noise(30, 30), Unit("layer1", 0, 15, 15))
    corner = LESSON.section("photo", setting, noise(30, 30), Unit("layer1", 0, 0, 0))
    notes = [[str(panel.note) for panel in panels_of(each)] for each in (middle, corner)]
    assert "beyond" not in notes[0][0]
    beyond = 100 * (1 - 25 / 81)
    assert f"{beyond:.3g} % lies beyond the border" in notes[1][0]
    assert notes[0][1].startswith("81 of 81 pixels")
    assert notes[1][1].startswith("25 of 25 pixels")


# ── The law ─────────────────────────────────────────────────────────────────────────────────────


def trinomial(n: int) -> list[Fraction]:
    """(x⁻¹ + 1 + x)ⁿ / 3ⁿ, by binomials: j of n steps move, k of them to the right."""
    found = [Fraction(0)] * (2 * n + 1)
    for moving in range(n + 1):
        for right in range(moving + 1):
            found[n + 2 * right - moving] += comb(n, moving) * comb(moving, right)
    return [each / 3**n for each in found]


@pytest.mark.parametrize("n", [1, 2, 3, 7, 40])
def test_the_gradient_is_a_trinomial_and_its_deviation_the_law(n: int):
    exact, found = trinomial(n), spread(n)
    assert sum(exact) == 1
    variance = sum(p * (x - n) ** 2 for x, p in enumerate(exact))
    assert variance == Fraction(2 * n, 3)
    along = torch.tensor([float(each) for each in exact], dtype=torch.float64)
    torch.testing.assert_close(found.gradient, torch.outer(along, along))
    torch.testing.assert_close(found.along, along)
    assert found.deviation == pytest.approx(sqrt(variance), rel=1e-12)
    assert law(n) == pytest.approx(sqrt(variance), rel=1e-12)
    squares = [each * each for each in exact]
    for side in (found.side, found.side - 2):
        edge = (len(exact) - side) // 2
        share = (sum(squares[edge : edge + side]) / sum(squares)) ** 2 if side > 0 else 0
        assert (share >= Fraction(95, 100)) == (side == found.side)


# ── Two directions ──────────────────────────────────────────────────────────────────────────────

NO_HOLES = ("opening", "padded", "one-sided", "averaged")


def units_changed(network: nn.Sequential, pixel: tuple[int, int], size: int) -> list[Tensor]:
    """Of every stage whether a unit changes if one pixel does, with all weights 1."""
    maps, found = torch.zeros(3, size, size, dtype=torch.float64), []
    maps[:, pixel[0], pixel[1]] = 1
    for stage in network.children():
        for layer in stage.children():
            if isinstance(layer, nn.ReLU):
                continue
            if isinstance(layer, nn.Conv2d):
                layer.weight = nn.Parameter(torch.ones_like(layer.weight, dtype=torch.float64))
            if isinstance(layer, nn.MaxPool2d):
                layer = nn.AvgPool2d(layer.kernel_size, layer.stride, layer.padding)
            maps = layer(maps)
        found.append(maps.sum(0) > 0)
    return found


@settings(max_examples=20)
@given(st.sampled_from(NO_HOLES), st.integers(0, 39), st.integers(0, 39))
def test_whom_a_pixel_reaches_is_whom_it_changes(name: str, row: int, column: int):
    network = built(name, torch.zeros(3, 40, 40))
    last = [child for child, _ in network.named_children()][-1]
    found = reached(network, (3, 40, 40), last, (row, column))
    assert found[0].rows == range(row, row + 1)
    assert found[0].columns == range(column, column + 1)
    for each, changed in zip(found[1:], units_changed(network, (row, column), 40), strict=True):
        mask = torch.zeros_like(changed)
        mask[each.rows.start : each.rows.stop, each.columns.start : each.columns.stop] = True
        assert torch.equal(mask, changed), each.name


@pytest.mark.parametrize("name", NO_HOLES)
def test_a_unit_sees_a_pixel_if_and_only_if_the_pixel_reaches_it(name: str):
    network = built(name, torch.zeros(3, 40, 40))
    stage = [child for child, _ in network.named_children()][-1]
    height, width = network(torch.zeros(3, 40, 40)).shape[1:]
    unit = height // 2, width // 3
    area = seen(network, (3, 40, 40), stage, unit)[0]
    for row, column in ((20, 13), (area.rows.start, 5), (area.rows.stop, area.columns.start)):
        if not (0 <= row < 40 and 0 <= column < 40):
            continue
        units = reached(network, (3, 40, 40), stage, (row, column))[-1]
        there = unit[0] in units.rows and unit[1] in units.columns
        assert there == (row in area.rows and column in area.columns)


def test_neighbours_see_areas_one_effective_stride_apart():
    said = LESSON.section("directions", Setting(apart=2), noise(90, 90))[0].text
    assert said.values["stride"] == 4
    assert said.values["px"] == 8
    assert said.values["shared"] == 23 - 8
    assert said.values["all"] == 23


def test_forwards_the_panel_counts_the_units_of_both_pixels():
    setting = Setting(direction="reached", apart=8, layers=(Layer("c", 5, 1, 2, 2),))
    blocks = LESSON.section("directions", setting, noise(40, 40), Unit("layer1", 0, 20, 10))
    panel = blocks[1].columns[1][0].panels[0]
    expected = torch.zeros(40, 40)
    expected[18:23, 8:13] += 1
    expected[18:23, 16:21] += 2
    assert torch.equal(panel.maps[0], expected)
    assert "25 by A, 25 by B, 0 by both" in str(panel.note)
    assert "Exactly these units" in str(blocks[0].text)


def test_holes_are_not_passed_over_in_silence():
    dilated = Setting(direction="reached", layers=(Layer("c", 3, 1, 2, 2, 2),))
    said = str(LESSON.section("directions", dilated, noise(40, 40))[0].text)
    assert "in a hole" in said
    between = Setting(direction="reached", layers=(Layer("c", 1, 4),), apart=1)
    missed = LESSON.section("directions", between, noise(40, 40), Unit("layer1", 0, 2, 2))
    assert "1 × 1 units" in str(missed[0].text)


# ── The framed photo ────────────────────────────────────────────────────────────────────────────


def test_a_box_is_cut_from_the_picture_and_striped_beyond_it():
    pixels = noise(6, 7)
    found = cut(pixels, Box(-2, 3, 4, 9))
    assert torch.equal(found[:, 2:, :4], pixels[:, :4, 3:])
    outside = torch.cat([found[:, :2].flatten(), found[:, 2:, 4:].flatten()])
    assert {round(float(each), 4) for each in outside} <= set(STRIPES)


def test_what_is_lit_keeps_its_colours_and_the_rest_is_dark():
    pixels = noise(20, 20)
    box = Box(4, 5, 12, 13)
    found = framed(pixels, [(box, FIELD)], [box])
    assert found.shape == pixels.shape
    assert torch.equal(found[:, 5:11, 6:12], pixels[:, 5:11, 6:12])
    for edge in (found[:, 4, 5:13], found[:, 11, 5:13], found[:, 4:12, 5], found[:, 4:12, 12]):
        assert torch.allclose(edge, torch.tensor(FIELD)[:, None].expand(3, 8))
    assert torch.allclose(found[:, 15:], pixels[:, 15:] * 0.35)
    around = framed(pixels, [], [box], box.inner(16))
    assert around.shape == (3, 16, 16)


def test_boxes_share_what_both_hold():
    assert Box(0, 0, 4, 4).shared(Box(2, 3, 9, 9)) == Box(2, 3, 4, 4)
    assert Box(0, 0, 4, 4).shared(Box(4, 0, 9, 9)) is None
    assert Box(0, 0, 5, 5).inner(1) == Box(2, 2, 3, 3)


# ── Why not begin with 1×1 ──────────────────────────────────────────────────────────────────────


def test_shuffling_changes_nothing_without_space_and_much_with_it():
    setting = LESSON.read({"part": "first"})[1]
    blocks = LESSON.section("first", setting, noise(40, 40))
    said = blocks[0].text.values
    assert said["alone"] == "0" or "10⁻" in str(said["alone"])
    assert float(str(said["spatial"])) > 5
    photo, alone, spatial, mixed, alone_mixed, spatial_mixed = panels_of(blocks)
    assert torch.equal(photo.maps.flatten(1).sort(1).values, mixed.maps.flatten(1).sort(1).values)
    torch.testing.assert_close(
        alone.maps.flatten(1).sort(1).values, alone_mixed.maps.flatten(1).sort(1).values
    )
    assert not torch.allclose(
        spatial.maps.flatten(1).sort(1).values, spatial_mixed.maps.flatten(1).sort(1).values
    )
    assert "7" in str(spatial.title)
    assert list(alone.names) == list(alone_mixed.names)
