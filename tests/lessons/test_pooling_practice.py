"""The pool branch of Inception and the growth of GoogLeNet without its 1×1, counted otherwise."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from looking import PICTURES, noise
from torch import nn

from viz import lessons
from viz.lessons.blocks import Block, Chart, Columns, Panels, Prose, Table
from viz.lessons.pooling_order.growth import counted
from viz.lessons.pooling_order.pool_branch import pool_branch
from viz.lessons.pooling_order.setting import Setting
from viz.networks.googlenet import MODULES, Inception, inception

LESSON = lessons.load("pooling_order")
SECTION = LESSON.sections["practice"]
OPENING: dict[str, Any] = dict(SECTION.opening)

# Multiply-adds of 3a to 5b, recomputed independently of this repository.
EXACT_MACS = [128049152, 304267264, 73608192, 87908352, 99850240, 118515712, 169996288]
EXACT_MACS += [51079168, 70697984]
OUTPUTS = [256, 480, 512, 512, 512, 528, 832, 832, 1024]
# By hand: what the three other branches give, and all that reached the module.
GROWN = [416, 832, 1280, 1728, 2176, 2640, 3344, 4048, 4944]


def by_hand(module: Inception, inputs: int, projected: bool) -> int:
    """Multiply-adds from the published channels, as a sum of products."""
    a_pixel = inputs * (module.one + module.reduce_three + module.reduce_five)
    a_pixel += 9 * module.reduce_three * module.three + 25 * module.reduce_five * module.five
    a_pixel += inputs * module.projection if projected else 0
    return a_pixel * module.side_px**2


def test_the_modules_are_the_published_ones():
    assert [module.name for module in MODULES] == [
        "3a",
        "3b",
        "4a",
        "4b",
        "4c",
        "4d",
        "4e",
        "5a",
        "5b",
    ]
    first = MODULES[0]
    assert (first.inputs, first.convolved, first.projection) == (192, 64 + 128 + 32, 32)
    assert [module.side_px for module in MODULES] == [28] * 2 + [14] * 5 + [7] * 2
    for before, after in zip(counted(projected=True), MODULES[1:], strict=False):
        assert before.outputs == after.inputs, "what leaves a module reaches the next one"


@pytest.mark.parametrize("projected", [True, False])
def test_channels_and_macs_are_exact(projected: bool):
    found = counted(projected=projected)
    assert [each.outputs for each in found] == (OUTPUTS if projected else GROWN)
    assert [each.inputs for each in found] == [192, *(each.outputs for each in found)][:-1]
    for each in found:
        assert each.macs == by_hand(each.module, each.inputs, projected)
    if projected:
        assert [each.macs for each in found] == EXACT_MACS


@pytest.mark.parametrize("projected", [True, False])
@pytest.mark.parametrize("module", MODULES[::4], ids=lambda module: module.name)
def test_a_module_that_really_runs_gives_these_channels_at_the_same_size(
    module: Inception, projected: bool
):
    x = torch.zeros(1, module.inputs, module.side_px, module.side_px, device="meta")
    with torch.device("meta"):
        maps = inception(module, projected=projected)(x)
    passed = module.projection if projected else module.inputs
    assert maps.shape == (1, module.convolved + passed, module.side_px, module.side_px)


@pytest.mark.parametrize("size", [(1, 1), (7, 4), (24, 20)])
def test_the_branch_is_torchs_max_pool_and_a_convolution(size: tuple[int, int]):
    maps, matrix = noise(*size, channels=5) - 0.5, noise(2, 5, channels=1)[0] - 0.5
    found = pool_branch(maps, matrix)
    pool = nn.MaxPool2d(3, stride=1, padding=1)
    mixed = F.conv2d(maps, matrix[:, :, None, None])
    expected = F.conv2d(pool(maps[None]), matrix[:, :, None, None])[0]
    assert found.pooled.equal(pool(maps))
    assert torch.allclose(found.after, expected, atol=1e-6)
    assert found.swapped == pytest.approx(float((expected - pool(mixed)).abs().max()), abs=1e-6)
    assert (found.pool.macs, found.pool.parameters) == (0, 0)
    assert found.mix.macs == 5 * 2 * size[0] * size[1]


def shown(pixels: Any, **fields: Any) -> list[Block]:
    return LESSON.section("practice", Setting(**{**OPENING, **fields}), pixels)


def charts(blocks: list[Block]) -> list[Chart]:
    return [block for block in flat(blocks) if isinstance(block, Chart)]


def flat(blocks: list[Block]) -> list[Block]:
    """The blocks one after the other, also those side by side."""
    columns = [each.columns if isinstance(each, Columns) else [[each]] for each in blocks]
    return [block for each in columns for column in each for block in column]


def test_it_opens_with_eight_channels_that_become_two_at_the_same_size():
    pixels = noise(30, 40)
    panels = next(block for block in shown(pixels) if isinstance(block, Panels)).panels
    titles = [str(panel.title) for panel in panels]
    assert titles == [
        "Before: 8 × 30 × 40",
        "After the 3×3 max: 8 × 30 × 40",
        "After the 1×1: 2 × 30 × 40",
    ]
    sizes = [tuple(panel.maps.shape) for panel in panels]
    assert sizes == [(4, 30, 40), (4, 30, 40), (2, 30, 40)]
    assert str(panels[2].note) == f"16 weights, {16 * 30 * 40:,} MACs"
    scene = LESSON.scene(Setting(**OPENING), pixels)
    largest = F.max_pool2d(scene.input_of("orders")[None], 3, 1, 1)[0]
    assert torch.equal(torch.as_tensor(panels[1].maps), largest[::2])
    assert list(panels[1].names) == list(scene.channels("bank").names[::2])


def test_four_of_many_maps_are_drawn_under_their_own_numbers():
    panels = next(block for block in shown(noise(), mix_outputs=8) if isinstance(block, Panels))
    after = panels.panels[2]
    assert (len(after.maps), list(after.names)) == (4, ["1", "3", "5", "7"])


def test_the_charts_and_the_table_have_the_counts():
    blocks = shown(noise())
    channels, macs = charts(blocks)
    assert list(channels.arguments["counts"].values()) == [OUTPUTS, GROWN]
    assert channels.arguments["written"][1][-1] == "4,944"
    kept, grown = macs.arguments["counts"].values()
    assert kept == EXACT_MACS
    assert macs.arguments["written"][0][0] == "128.0 M"
    table = next(block for block in flat(blocks) if isinstance(block, Table))
    _, exact, without = zip(*table.rows, strict=True)
    assert [int(str(cell).replace(",", "")) for cell in exact] == EXACT_MACS
    assert [int(str(cell).replace(",", "")) for cell in without] == grown
    assert all(len(row) == len(table.head) for row in table.rows)


def test_the_words_say_what_the_counts_say():
    said = " ".join(str(block.text) for block in flat(shown(noise())) if isinstance(block, Prose))
    assert "5b would put out **4,944** channels instead of 1,024, **4.83 times** as many" in said
    more = sum(each.macs for each in counted(projected=False))
    assert f"need {more:,} MACs instead of {sum(EXACT_MACS):,}, 1.48 times as many" in said
    assert "Only 3a would need fewer, for it computes one 1×1 less" in said
    assert "for 5a (54 M) its number does not belong to its channels" in said


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("outputs", [0, 1, 8])
def test_any_picture_and_any_number_of_channels(name: str, outputs: int):
    blocks = shown(PICTURES[name](), mix_outputs=outputs)
    assert len(charts(blocks)) == 2
