"""The lesson on the 1×1: every number it shows has another way to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from looking import PICTURES, channel_names, leaving, noise, shipped, shown, title
from torch import Tensor, nn

from viz import devices, images
from viz.arithmetic import arithmetic
from viz.images import Picture
from viz.layers import recipes
from viz.layers.gabor import gabor_bank
from viz.layers.pointwise import Pointwise, mix_channels
from viz.lessons.blocks import Block, Button, Columns, Panels, Prose, Stepper
from viz.lessons.covariance import covariance
from viz.lessons.lesson import Unit
from viz.lessons.pointwise import LESSON
from viz.lessons.pointwise.bottleneck import bottleneck
from viz.lessons.pointwise.channel_reduction import channel_reduction, layers
from viz.lessons.pointwise.correlation import strongest_correlation
from viz.lessons.pointwise.fold import share_folded
from viz.lessons.pointwise.grouped import grouped
from viz.lessons.pointwise.merged import Merged, Pair, merged, pair
from viz.lessons.pointwise.race import Way, five_ways, raced
from viz.lessons.pointwise.sections.groups import reached
from viz.lessons.pointwise.sections.step import corner
from viz.lessons.pointwise.setting import Setting
from viz.lessons.pointwise.space import MAX_POINTS, Space, axis_names, space
from viz.lessons.pointwise.stepping import Stepping, stepping
from viz.lessons.ways import magnitude
from viz.run import compare, stage_facts
from viz.source import program
from viz.text import text
from viz.trace import cost

CPU = torch.device("cpu")
SIDES = st.integers(1, 12)
LAYERS = ("pointwise", "second")

OPPONENT = Setting(pointwise_recipe="opponent")
Make = Callable[[Tensor], Picture]


def photograph(slug: str = "coffee") -> Tensor:
    return shipped(slug, 96)


def clamped(setting: Setting) -> Setting:
    return LESSON.outline(setting).setting


def network(setting: Setting, pixels: Tensor) -> nn.Sequential:
    return LESSON.network(setting, pixels)


def stages(setting: Setting, pixels: Tensor) -> dict[str, Tensor]:
    return leaving(LESSON, setting, pixels)


def sizes(setting: Setting) -> dict[str, tuple[int, int]]:
    """How many channels reach every stage, and how many leave it, on or off."""
    each = LESSON.outline(setting).stages
    return {stage.name: (stage.arriving.size, stage.channels.size) for stage in each}


def stepped(setting: Setting, pixels: Tensor) -> Stepping:
    scene = LESSON.scene(setting, pixels)
    return stepping(scene.input_of("pointwise"), scene.mixing("pointwise").matrix, corner(scene))


def in_space(setting: Setting, pixels: Tensor, points: int = MAX_POINTS) -> Space:
    maps, mixed, _ = mixing(setting, pixels)
    return space(maps, mixed, pixels, setting.rectangle, points)


def mixing(setting: Setting, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What reaches the 1×1, what leaves it, and its matrix."""
    scene = LESSON.scene(setting, pixels)
    maps, matrix = scene.input_of("pointwise"), scene.mixing("pointwise").matrix
    return maps, mix_channels(maps, matrix), matrix


def moved(setting: Setting, pixels: Tensor) -> float:
    maps, mixed, matrix = mixing(setting, pixels)
    return share_folded(maps, matrix, mixed)


def two(setting: Setting, pixels: Tensor) -> Pair:
    return pair(LESSON.build(replace(setting, second=True), pixels))


def both_ways(setting: Setting, pixels: Tensor) -> Merged:
    return merged(two(setting, pixels), LESSON.scene(setting, pixels).input_of("pointwise"))


# ── Whatever is asked for, something is built ───────────────────────────────────────────────────


@given(setting=..., height=SIDES, width=SIDES)
def test_every_map_has_a_name_of_its_own_and_the_size_of_the_picture(
    setting: Setting, height: int, width: int
):
    maps, names = stages(setting, noise(height, width)), channel_names(LESSON, setting)
    for name, (_, count) in sizes(setting).items():
        assert len(names[name]) == len(set(names[name])) == count, name
        if name in maps:
            assert maps[name].shape == (count, height, width), name


@given(...)
def test_a_layer_may_have_as_many_rows_as_arrive(setting: Setting):
    outline = LESSON.outline(replace(setting, second=True))
    for layer in LAYERS:
        most = outline.allowed(f"{layer}_outputs").most
        assert most is not None
        assert outline[layer].channels.size <= most <= 32


@given(...)
def test_groups_are_common_divisors_of_what_arrives_and_leaves(setting: Setting):
    inputs, outputs = sizes(setting)["pointwise"]
    expected = [n for n in range(1, 40) if inputs % n == 0 and outputs % n == 0]
    allowed = LESSON.outline(setting).allowed("groups").options
    assert list(allowed) == (expected if len(expected) > 1 else [])
    groups = clamped(setting).groups
    assert groups == max(n for n in expected if n <= setting.groups)
    chain = network(setting, noise(4, 4))
    assert chain.pointwise.groups == groups
    if setting.second:
        second = chain.second
        divides = second.in_channels % groups == second.out_channels % groups == 0
        assert second.groups == groups if divides else second.groups < groups


@given(...)
def test_what_means_nothing_now_is_not_shown(setting: Setting):
    outline, every = LESSON.outline(setting), shown(LESSON, setting)
    built = outline.setting
    assert outline.names == ["bank", "pointwise", "relu", "shuffle", "second"]
    assert outline["shuffle"].on == built.shuffle == (setting.shuffle and built.groups > 1)
    assert ("shuffle" in every) == (built.groups > 1)
    assert ("wavelength_px" in every) == (setting.bank == "gabor")
    assert ("pointwise_seed" in every) == (built.pointwise_recipe == "random")
    assert ("second_outputs" in every) == setting.second
    assert ("second_seed" in every) == (setting.second and built.second_recipe == "random")
    section = list(LESSON.sections["groups"].controls(built))
    assert section == [name for name in ("groups", "shuffle") if name in every]


@given(...)
def test_titles_tell_the_groups(setting: Setting):
    built, (channels, _) = clamped(setting), sizes(setting)["pointwise"]
    said = {1: "1×1", channels: "1×1, depthwise"}.get(built.groups, f"1×1, {built.groups} groups")
    assert title(LESSON, setting, "pointwise") == said
    assert title(LESSON, setting, "second").startswith("Second 1×1")


@given(...)
def test_maps_of_one_group_stand_in_one_row(setting: Setting):
    outline = LESSON.outline(replace(setting, second=True))
    rows = {stage.name: stage.channels.row_length for stage in outline.stages}
    chain, groups = network(outline.setting, noise(4, 4)), outline.setting.groups
    of_group = outline["pointwise"].channels.size // groups if groups > 1 else 1
    several = chain.second.groups > 1
    assert rows == {
        "bank": 2 if setting.bank == "gabor" else 1,
        "pointwise": of_group,
        "relu": of_group,
        "shuffle": groups if outline.setting.shuffle else of_group,  # one of each group
        "second": chain.second.out_channels // chain.second.groups if several else 1,
    }


@given(setting=..., height=SIDES, width=SIDES)
def test_the_stage_bar_tells_the_macs(setting: Setting, height: int, width: int):
    chain = network(setting, noise(height, width))
    facts = stage_facts(chain, (3, height, width))
    for name, module in chain.named_children():
        weights = sum(weight.numel() for weight in module.parameters())
        assert facts[name]["macs"] == weights * height * width


@settings(max_examples=15)
@given(setting=..., stage=st.sampled_from(LESSON.outline(Setting()).names))
def test_every_number_of_every_stage_is_taken_apart(setting: Setting, stage: str):
    pixels = noise(5, 4)
    chain, before = network(setting, pixels), pixels
    for name, module in chain.named_children():
        after = module(before)
        if name == stage:
            for channel in range(len(after)):
                taken = arithmetic(module, before, (channel, 2, 3))
                scale = 1 + sum(abs(term) for term in taken.terms)
                assert taken.output == pytest.approx(float(after[channel, 2, 3]), abs=1e-5 * scale)
                if name != "bank":
                    assert taken.inputs == [float(before[place]) for place in taken.places]
        before = after


@settings(max_examples=15)
@given(...)
def test_the_code_card_gives_the_maps_up_to_rounding(setting: Setting):
    picture = images.find("zone_plate")
    seen = images.at_working_size(picture, 24)
    chain = network(setting, seen.pixels)
    left: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(program(chain, picture, 24), "program.py", "exec"), left)
    x = bound = seen.pixels
    for layer in (each for each in chain.modules() if not isinstance(each, nn.Sequential)):
        x = layer(x)
        if isinstance(layer, nn.Conv2d):
            settings_of = (None, layer.stride, layer.padding, layer.dilation, layer.groups)
            bound = F.conv2d(bound, layer.weight.abs(), *settings_of)
        elif not isinstance(layer, nn.Identity):
            bound = layer(bound)
    free = [m for m in chain.modules() if isinstance(m, Pointwise) and m.rows.numel() > 64]
    assert left["maps"].shape == x.shape
    # where components are computed anew, those that explain equally much are free to turn
    if not any(m.recipe.function is recipes.principal_rows for m in free if m.recipe):
        scale = 1000 if any(m.recipe and m.recipe.of_channels for m in free) else 1
        assert (left["maps"] - x).abs().max() <= scale * 16 * 1.2e-7 * bound.max()


# ── What the address says ───────────────────────────────────────────────────────────────────────


@given(...)
def test_an_address_gives_back_the_setting(setting: Setting):
    assert Setting.from_query(setting.to_query()) == setting


@given(...)
def test_rectangles_lie_in_the_picture_in_order(setting: Setting):
    top, left, bottom, right = setting.rectangle
    assert 0 <= top <= bottom <= 1
    assert 0 <= left <= right <= 1
    if setting.region:
        corners = [min(1, int(n) / 1000) for n in setting.region.split(".")]
        assert {top, bottom} == {corners[0], corners[2]}
        assert {left, right} == {corners[1], corners[3]}


# ── What the stages do ──────────────────────────────────────────────────────────────────────────


def test_the_opening_state_is_the_picture_in_sepia():
    """Colours through the browsers' own sepia(1), nothing else; W3C Filter Effects, section 8.3."""
    pixels = photograph()
    chain, maps = network(Setting(), pixels), stages(Setting(), pixels)
    assert [name for name, _ in chain.named_children()] == ["bank", "pointwise"]
    red, green, blue = pixels.numpy().astype(np.float64)
    expected = [
        0.393 * red + 0.769 * green + 0.189 * blue,
        0.349 * red + 0.686 * green + 0.168 * blue,
        0.272 * red + 0.534 * green + 0.131 * blue,
    ]
    np.testing.assert_allclose(maps["pointwise"].numpy(), expected, atol=1e-6)


def test_opponent_colours_are_three_plainly_different_maps():
    """Brightness, red − green, yellow − blue."""
    pixels = photograph()
    maps = stages(OPPONENT, pixels)
    red, green, blue = pixels.numpy().astype(np.float64)
    expected = [
        (red + green + blue) / 3**0.5,
        (red - green) / 2**0.5,
        (red + green - 2 * blue) / 6**0.5,
    ]
    np.testing.assert_allclose(maps["pointwise"].numpy(), expected, atol=1e-6)
    correlation = np.corrcoef(maps["pointwise"].flatten(1).numpy())
    assert np.abs(correlation - np.eye(3)).max() < 0.9


def test_oriented_maps_are_the_banks_of_the_brightness():
    pixels = noise(40, 31)
    setting = Setting(bank="gabor", wavelength_px=6.5)
    kernels = gabor_bank(8, phases=2, wavelength_px=6.5, sigma_px=3.25, size_px=21)
    grey = torch.einsum("c,chw->hw", torch.tensor([0.2126, 0.7152, 0.0722]), pixels)
    expected = F.conv2d(F.pad(grey[None], [10] * 4, mode="reflect"), kernels[:, None])
    torch.testing.assert_close(stages(setting, pixels)["bank"], expected, atol=1e-5, rtol=0)
    assert len(expected) == 16


def test_names_follow_copied_channels_through_swap_and_shuffle():
    assert channel_names(LESSON, Setting(pointwise_recipe="swap"))["pointwise"] == ["B", "G", "R"]
    assert channel_names(LESSON, OPPONENT)["pointwise"] == ["R+G+B", "R−G", "R+G−2B"]
    white = Setting(pointwise_recipe="whitening", pointwise_outputs=2)
    assert channel_names(LESSON, white)["pointwise"] == ["R′", "G′"]
    for numbered in (replace(white, groups=3, pointwise_outputs=3), Setting(groups=3)):
        assert channel_names(LESSON, numbered)["pointwise"] == ["1", "2", "3"]
    edited = Setting(pointwise_edits=((0, 0, 5),))
    assert channel_names(LESSON, edited)["pointwise"] == ["1", "2", "3"]
    setting = Setting(bank="gabor", pointwise_recipe="identity", groups=2, shuffle=True)
    names = channel_names(LESSON, setting)
    assert names["bank"][:3] == ["0° φ0°", "0° φ90°", "22.5° φ0°"]
    assert names["pointwise"] == names["bank"]
    assert names["shuffle"] == [names["bank"][n] for k in range(8) for n in (k, k + 8)]
    maps = stages(setting, noise())
    for name, source in zip(names["shuffle"], maps["shuffle"], strict=True):
        assert torch.equal(source, maps["bank"][names["bank"].index(name)])


@pytest.mark.parametrize("groups", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("outputs", [16, 32])
def test_groups_against_the_frameworks_and_a_matrix_of_blocks(groups, outputs):
    setting = Setting(
        bank="gabor", pointwise_recipe="random", pointwise_outputs=outputs, groups=groups
    )
    pixels = noise()
    chain, maps = network(setting, pixels), stages(setting, pixels)
    dense = recipes.random_rows(outputs, 16, 0)
    rows = outputs // groups
    wide = 16 // groups
    kept = torch.zeros(outputs, 16)
    for g in range(groups):
        block = slice(g * rows, (g + 1) * rows), slice(g * wide, (g + 1) * wide)
        kept[block] = dense[block]
    assert torch.equal(chain.pointwise.matrix, kept)
    theirs = F.conv2d(maps["bank"], chain.pointwise.weight, groups=groups)
    torch.testing.assert_close(maps["pointwise"], theirs, atol=1e-5, rtol=1e-5)
    expected = np.tensordot(kept.numpy(), maps["bank"].numpy(), 1)
    np.testing.assert_allclose(maps["pointwise"].numpy(), expected, atol=1e-5)


def test_edits_outside_the_blocks_are_passed_over():
    edits = ((0, 0, 250), (0, 9, 999), (40, 40, 1))
    setting = Setting(bank="gabor", pointwise_recipe="identity", groups=2, pointwise_edits=edits)
    matrix = network(setting, noise()).pointwise.matrix
    expected = torch.eye(16)
    expected[0, 0] = 0.25
    assert torch.equal(matrix, expected)


def test_relu_and_shuffle_are_torchs():
    setting = Setting(bank="gabor", pointwise_recipe="random", groups=4, relu=True, shuffle=True)
    maps = stages(setting, noise())
    assert torch.equal(maps["relu"], torch.relu(maps["pointwise"]))
    assert torch.equal(maps["shuffle"], nn.ChannelShuffle(4)(maps["relu"][None])[0])


def test_a_second_layer_whitens_what_reaches_it():
    setting = Setting(second=True, second_recipe="whitening", pointwise_recipe="random")
    maps = stages(setting, noise())
    covariance = np.cov(maps["second"].flatten(1).double().numpy(), bias=True)
    np.testing.assert_allclose(covariance, np.eye(3), atol=1e-4)


@given(setting=..., second=st.booleans())
def test_pixels_on_a_device_meet_no_weights_elsewhere(setting: Setting, second, one_device):
    """Recipes that read numbers are proved where there is a device."""
    drawn = replace(setting, pointwise_recipe="random", second_recipe="swap", second=second)
    with one_device():
        pixels = torch.empty(3, 7, 6, device="meta")
        maps = LESSON.scene(drawn, pixels).input_of("pointwise")
        assert maps.is_meta
        for way in five_ways(LESSON.build(drawn, pixels).mixing("pointwise").matrix)[:-1]:
            assert way.function(maps).is_meta
        matrices = two(drawn, pixels)
        shape = (len(matrices.second), 7, 6)
        ways = (matrices.both, matrices.both_with_relu, matrices.once, matrices.bound)
        for each in ways:
            assert each(maps).shape == shape


@pytest.mark.parametrize("bank", ["rgb", "gabor"])
@pytest.mark.parametrize("second_recipe", ["whitening", "swap"])
def test_what_is_measured_is_the_same_on_every_device(bank, second_recipe, device):
    """But for the axes of whitened maps: their variances are equal, so rounding would choose them."""
    setting = Setting(bank=bank, pointwise_recipe="whitening", second_recipe=second_recipe)
    pixels = photograph()
    measures: tuple[Callable[[Setting, Tensor], Any], ...] = (stepped, in_space, both_ways)
    for measure in measures:
        whitened = measure is not in_space or bank == "rgb"
        asked = setting if whitened else replace(setting, pointwise_recipe="random")
        here, there = measure(asked, pixels), measure(asked, pixels.to(device))
        for name, value in vars(here).items():
            found = getattr(there, name)
            if isinstance(value, Tensor):
                tall = 1e-2 * (1 + float(value.float().abs().max()))
                torch.testing.assert_close(found.cpu().float(), value.float(), atol=tall, rtol=1e-2)
            elif isinstance(value, bool):
                assert found == value


def test_cached_stages_serve_where_a_recipe_looks_at_maps():
    asked = []

    def through(chain: nn.Sequential, pixels: Tensor) -> Tensor:
        asked.append(list(dict(chain.named_children())))
        return chain(pixels)

    setting = Setting(pointwise_recipe="principal", relu=True, second=True, second_recipe="swap")
    LESSON.build(setting, noise(), through)
    assert asked == [["bank"]]


# ── Claims ──────────────────────────────────────────────────────────────────────────────────────

EVERYTHING = Setting(
    bank="gabor",
    pointwise_recipe="random",
    groups=4,
    relu=True,
    shuffle=True,
    second=True,
    second_recipe="whitening",
)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(
    ("setting", "count"),
    [
        (Setting(), 2),
        (Setting(second=True), 4),
        (Setting(bank="gabor", pointwise_recipe="whitening", groups=8), 3),
        (EVERYTHING, 6),
    ],
)
def test_claims_hold_on_pictures_of_every_kind(name, setting, count, picture, device):
    pixels = PICTURES[name]()
    rows = compare(LESSON.claims(setting, pixels), picture(pixels), device)
    assert len(rows) == count
    for row in rows:
        assert row.holds, row


@given(setting=..., height=SIDES, width=SIDES)
@settings(max_examples=60)
def test_claims_hold_for_any_setting(setting: Setting, height: int, width: int, picture):
    built = clamped(replace(setting, swapped=False))
    pixels = noise(height, width)
    claims = LESSON.claims(built, pixels)
    assert len(claims) == 2 + (built.groups > 1) + built.shuffle + 2 * built.second
    for row in compare(claims, picture(pixels), CPU):
        assert row.holds, row


def test_a_3x3_in_the_place_of_the_1x1_breaks_the_first_claim(picture):
    pixels = photograph()
    claims = LESSON.claims(Setting(swapped=True), pixels)
    first, second = compare(claims, picture(pixels), CPU)
    assert (first.equal, first.within, first.holds) == (False, False, True)
    assert first.difference > 1000 * first.bound
    assert second.holds


def test_a_relu_breaks_two_layers_only_where_it_cuts_something_off(picture):
    """Opponent colours are negative where a photograph is bluish or green; sepia never is."""
    pixels = photograph("astronaut")
    for recipe, breaks in (("opponent", True), ("sepia", False), ("grey", False)):
        claims = LESSON.claims(Setting(second=True, pointwise_recipe=recipe), pixels)
        one, fold = compare(claims, picture(pixels), CPU)[-2:]
        assert one.equal
        assert one.holds
        assert (fold.equal, fold.within) == (not breaks, not breaks)
        assert ("nothing" in str(fold.sentence)) == (not breaks)


@given(setting=...)
def test_both_ways_stay_on_the_device_of_what_they_are_given(setting: Setting, one_device):
    """All but the plain loop, which reads numbers."""
    pixels = noise(9, 7)
    for claim in LESSON.claims(setting, pixels):
        start = claim.given(pixels).to("meta")
        ways = [claim.left, claim.right, claim.magnitude]
        if "loop" in str(claim.sentence):
            ways.remove(claim.right)
        with one_device():
            shapes = {way(start).shape for way in ways if way is not None}
        assert len(shapes) == 1


def test_a_slip_in_a_matrix_is_seen(picture):
    """Every claim of equality is broken by a thousandth in what one side starts from."""
    pixels = noise()
    claims = LESSON.claims(EVERYTHING, pixels)
    for claim in claims:
        if claim.equal:
            left = claim.left
            wrong = replace(claim, left=lambda x, left=left: left(x * 1.001))
            (row,) = compare([wrong], picture(pixels), CPU)
            assert not row.holds, row


# ── Step by step ────────────────────────────────────────────────────────────────────────────────


@given(setting=..., height=SIDES, width=SIDES)
def test_every_number_of_the_crop_adds_up(setting: Setting, height: int, width: int):
    pixels = noise(height, width)
    found = stepped(setting, pixels)
    channels, outputs = (min(4, count) for count in sizes(setting)["pointwise"])
    top, left = corner(LESSON.scene(setting, pixels))
    assert found.crop.shape == (channels, min(6, height), min(8, width))
    assert found.pointwise.shape == found.window.shape == (outputs, *found.crop.shape[1:])
    assert found.pointwise_weight.shape == (outputs, channels, 1, 1)
    assert found.window_weight.shape == (outputs, channels, 3, 3)
    assert 0 <= top <= height - found.crop.shape[1]
    assert 0 <= left <= width - found.crop.shape[2]
    crop, pointwise_weight, window_weight = (
        tensor.numpy().astype(np.float64)
        for tensor in (found.crop, found.pointwise_weight, found.window_weight)
    )
    padded = np.pad(crop, ((0, 0), (1, 1), (1, 1)))
    row, column = crop.shape[1] - 1, crop.shape[2] // 2
    tall = 1 + np.abs(pointwise_weight).max() * np.abs(crop).max()
    for o in range(outputs):
        alone = (pointwise_weight[o, :, 0, 0] * crop[:, row, column]).sum()
        around = (window_weight[o] * padded[:, row : row + 3, column : column + 3]).sum()
        assert float(found.pointwise[o, row, column]) == pytest.approx(alone, abs=1e-5 * tall)
        assert float(found.window[o, row, column]) == pytest.approx(around, abs=1e-5 * tall)


def test_the_crop_is_what_reaches_the_1x1_and_the_window_its_matrix_times_a_binomial():
    pixels = photograph()
    found = stepped(OPPONENT, pixels)
    top, left = corner(LESSON.scene(OPPONENT, pixels))
    assert torch.equal(found.crop, pixels[:, top : top + 6, left : left + 8])
    assert torch.equal(found.pointwise_weight[:, :, 0, 0], recipes.opponent_rows(3))
    binomial = torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]) / 16
    expected = recipes.opponent_rows(3)[:, :, None, None] * binomial
    torch.testing.assert_close(found.window_weight, expected)


def test_the_planes_of_the_stepper_are_named_and_a_note_says_what_is_left_out():
    where, opponent = LESSON.section("step", OPPONENT, noise())
    assert isinstance(where, Prose)
    assert isinstance(opponent, Stepper)
    top, left = corner(LESSON.scene(OPPONENT, noise()))
    height, width = opponent.inputs.shape[-2:]
    ends = {"top": top, "bottom": top + height - 1, "left": left, "right": left + width - 1}
    assert where.text.values == ends
    assert list(opponent.channel_names) == ["R", "G", "B"]
    assert list(opponent.output_names) == ["R+G+B", "R−G", "R+G−2B"]
    assert opponent.colour
    _, many, note = LESSON.section("step", Setting(bank="gabor", pointwise_recipe="swap"), noise())
    assert isinstance(many, Stepper)
    assert isinstance(note, Prose)
    assert len(many.inputs) == len(many.channel_names) == len(many.output_names) == 4
    assert not many.colour
    assert str(note.text).startswith("Of 16 channels and 16 outputs, only the first 4")


def test_the_crop_lies_on_an_edge_or_where_it_was_put():
    pixels = torch.full((3, 40, 50), 0.5)
    pixels[:, 21:, 30:] = 1

    def at(**words: str) -> tuple[int, int]:
        return corner(LESSON.scene(Setting(**words), pixels))

    top, left = at()
    assert top < 21 < top + 6
    assert left <= 30 < left + 8
    assert at(crop_row="500", crop_column="100") == (17, 1)
    assert at(crop_row="9999", crop_column="0") == (34, 0)
    assert at(crop_row="0") == (top, left)


@given(height=SIDES, width=SIDES, row=st.integers(0, 20), column=st.integers(0, 20))
def test_the_crop_lies_around_the_number_that_was_clicked(height, width, row, column):
    """Its pixel is the middle one, and the crop as much as there is of the picture around it."""
    pixels, unit = noise(height, width), Unit("pointwise", 2, row, column)
    setting = Setting(crop_row="0", crop_column="0")
    top, left = corner(LESSON.scene(setting, pixels, unit))
    starts = [(max(1, height - 5), row - 3, top), (max(1, width - 7), column - 4, left)]
    for places, wanted, found in starts:
        assert found == min(range(places), key=lambda place: abs(place - wanted))


# ── Channel space ───────────────────────────────────────────────────────────────────────────────


def test_points_of_colours_are_the_pixels_themselves():
    pixels = photograph("astronaut")
    found = in_space(OPPONENT, pixels, points=500)
    at = pixels[:, found.rows, found.columns].T
    assert found.before.shape == found.after.shape == found.folded.shape == (500, 3)
    assert torch.equal(found.before, at)
    assert torch.equal(found.colours, at)
    expected = at.double() @ recipes.opponent_rows(3).double().T
    torch.testing.assert_close(found.after.double(), expected, atol=1e-6, rtol=0)
    assert torch.equal(found.folded, found.after.relu())
    assert found.after.min() < -0.01
    assert axis_names(channel_names(LESSON, OPPONENT)["bank"]) == ("R", "G", "B")
    assert len(set(zip(found.rows.tolist(), found.columns.tolist(), strict=True))) == 500


def test_covariances_and_the_share_that_a_relu_moves_are_of_all_pixels():
    pixels = photograph()
    maps, mixed, matrix = mixing(Setting(pointwise_recipe="whitening"), pixels)
    share = share_folded(maps, matrix, mixed)
    values = pixels.flatten(1).double().numpy()
    np.testing.assert_allclose(covariance(maps), np.cov(values, bias=True), atol=1e-6)
    np.testing.assert_allclose(covariance(mixed), np.eye(3), atol=1e-4)
    inverse_root = np.linalg.inv(scipy.linalg.sqrtm(np.cov(values, bias=True)))
    assert share == pytest.approx(((inverse_root @ values) < 0).any(0).mean(), abs=1e-3)
    assert 0.1 < share < 0.9


def test_a_grey_picture_has_no_colour_that_a_relu_could_move():
    assert moved(Setting(), photograph("zone_plate")) == 0


def test_more_channels_are_projected_after_the_relu_not_before_it():
    setting = Setting(bank="gabor", pointwise_recipe="random")
    pixels = noise(30, 20)
    found = in_space(setting, pixels, points=100)
    maps = stages(replace(setting, relu=True), pixels)
    names = channel_names(LESSON, setting)
    for stage in ("bank", "pointwise"):
        assert axis_names(names[stage]) == ("PC 1", "PC 2", "PC 3")
    for points, name, of in (
        (found.before, "bank", "bank"),
        (found.after, "pointwise", "pointwise"),
        (found.folded, "relu", "pointwise"),
    ):
        centred = maps[of].flatten(1).double().numpy()
        centred -= centred.mean(1, keepdims=True)
        axes = np.linalg.svd(centred, full_matrices=False)[0][:, :3]
        at = maps[name][:, found.rows, found.columns].double().numpy()
        np.testing.assert_allclose(np.abs(points.numpy()), np.abs(at.T @ axes), atol=1e-4)


@given(setting=..., height=SIDES, width=SIDES)
def test_any_setting_has_a_space(setting: Setting, height: int, width: int):
    found = in_space(setting, noise(height, width), points=50)
    points = min(50, height * width)
    for each in (found.before, found.after, found.folded, found.colours):
        assert each.shape == (points, 3)
        assert each.isfinite().all()
    assert found.lit.any()
    assert found.lit.dtype == torch.bool
    axes, (_, outputs) = (
        axis_names(channel_names(LESSON, setting)["pointwise"]),
        sizes(setting)["pointwise"],
    )
    assert axes.count("") == max(0, 3 - outputs)
    for axis, name in enumerate(axes):
        assert name or not found.after[:, axis].any()


def test_the_rectangle_lights_its_pixels_and_a_click_the_nearest():
    pixels = noise(20, 40)
    found = in_space(Setting(region="0.0.500.250"), pixels)
    inside = (found.rows < 10) & (found.columns < 10)
    assert torch.equal(found.lit, inside)
    assert int(found.lit.sum()) == 100
    turned = in_space(Setting(region="500.250.0.0"), pixels)
    assert torch.equal(turned.lit, inside)
    click = in_space(Setting(region="512.512.512.512"), pixels)
    (at,) = click.lit.nonzero().flatten().tolist()
    assert (int(click.rows[at]), int(click.columns[at])) == (10, 20)


def test_the_same_pixels_whatever_the_matrix():
    first = in_space(Setting(), noise(90, 80), points=100)
    other = in_space(Setting(pointwise_recipe="random"), noise(90, 80), points=100)
    assert torch.equal(first.rows, other.rows)
    assert torch.equal(first.columns, other.columns)
    assert first.rows.max() > 80  # they lie all over the picture, not in its first rows


@given(channels=st.integers(1, 6), constant=st.integers(0, 6), seed=st.integers(0, 99))
def test_the_strongest_correlation_by_numpy(channels: int, constant: int, seed: int):
    maps = noise(5, 4, seed, channels)
    maps[:constant] = 0.5
    found = strongest_correlation(covariance(maps))
    if channels - constant < 2:
        assert found is None
    else:
        every = np.corrcoef(maps[constant:].flatten(1).double().numpy())
        apart = every[~np.eye(len(every), dtype=bool)]
        assert found == pytest.approx(apart[np.abs(apart).argmax()], abs=1e-5)


def folds(blocks: list[Block]) -> list[Button]:
    """The buttons of a section, in columns or not."""
    columns = [block for block in blocks if isinstance(block, Columns)]
    inside = [each for block in columns for column in block.columns for each in column]
    return [each for each in [*blocks, *inside] if isinstance(each, Button)]


@pytest.mark.parametrize("section", ["space", "merge"])
def test_weights_that_fold_are_offered_where_hardly_anything_folds(section: str):
    flat = Setting(groups=3, pointwise_seed=5, pointwise_edits=((0, 0, 1),))
    (button,) = folds(LESSON.section(section, flat, photograph()))
    folding = replace(flat, **button.fields)
    assert folding == Setting(pointwise_recipe="random")
    assert moved(folding, photograph()) > 0.05
    assert folds(LESSON.section(section, folding, photograph())) == []
    assert folds(LESSON.section(section, Setting(), torch.zeros(3, 20, 20))) == []


def test_the_photo_shows_the_rectangle_that_is_lit():
    setting = Setting(region="900.100.200.4000")
    (columns,) = LESSON.section("space", setting, noise())
    assert isinstance(columns, Columns)
    photo = columns.columns[0][0]
    assert isinstance(photo, Panels)
    assert photo.region == ("region", (200, 100, 900, 1000))


# ── Five methods ────────────────────────────────────────────────────────────────────────────────


@given(...)
def test_all_ways_give_the_sum_over_channels_within_their_bound(setting: Setting):
    maps, _, matrix = mixing(setting, noise(11, 9))
    found = five_ways(matrix)
    assert [way.name for way in found] == ["conv2d", "nn.Linear", "einsum", "matmul", "loop"]
    for way in found:
        x = way.crop(maps)
        expected = np.tensordot(matrix.double().numpy(), x.double().numpy(), 1)
        bound = max(4, matrix.shape[1]) * 1.2e-7 * magnitude(matrix)(x).numpy()
        assert (np.abs(way.function(x).numpy() - expected) <= bound + 1e-12).all(), way.name
        assert str(way.sentence).endswith(".")
    assert found[-1].crop(maps).shape[1:] == (8, 8)


@given(setting=...)
def test_all_ways_but_the_loop_run_where_there_are_no_numbers(setting: Setting, one_device):
    maps, mixed, matrix = mixing(setting, noise(5, 4))
    for way in five_ways(matrix)[:-1]:
        with one_device():
            assert way.function(maps.to("meta")).shape == mixed.shape


def test_ways_on_every_device(device):
    pixels = noise()
    for way in five_ways(network(Setting(), pixels).pointwise.matrix):
        there = way.function(way.crop(pixels.to(device)))
        assert there.device.type == device.type
        torch.testing.assert_close(there.cpu(), way.function(way.crop(pixels)))


def test_a_way_that_differs_is_found_out(device: torch.device):
    maps, matrix = torch.rand(2, 5, 6) + 1, 2 * torch.eye(2)
    ways = (
        Way("same", text("Twice."), lambda x: 2 * x),
        Way("other", text("Not twice."), lambda x: 2 * x + 1e-3),
    )
    same, other = raced(ways, matrix, maps, [device])
    assert (same.within, same.difference) == (True, 0.0)
    assert not other.within
    assert other.difference == pytest.approx(1e-3, rel=1e-2)
    assert other.bound < 1e-5
    assert other.pixels == 30
    assert list(other.milliseconds) == [devices.title(device)]


def test_the_five_ways_agree_on_every_device(device: torch.device):
    racing = list(dict.fromkeys([device, CPU]))
    for setting in (Setting(), Setting(bank="gabor", groups=4)):
        maps, _, matrix = mixing(setting, noise(20, 30))
        rows = raced(five_ways(matrix), matrix, maps, racing)
        assert all(row.within for row in rows)
        assert rows[0].way.name == "conv2d"
        assert all(len(row.milliseconds) == len(racing) for row in rows)


# ── Two layers are one ──────────────────────────────────────────────────────────────────────────


def greatest(one: Tensor, other: Tensor) -> float:
    return float((one - other).abs().max())


@given(setting=..., height=SIDES, width=SIDES)
def test_two_layers_are_their_product_whether_switched_on_or_not(
    setting: Setting, height: int, width: int
):
    pixels = noise(height, width)
    found, matrices = both_ways(setting, pixels), two(setting, pixels)
    both = network(replace(setting, second=True), pixels)
    first, second = (both.get_submodule(name).matrix.double().numpy() for name in LAYERS)
    order = np.arange(len(first))
    if clamped(setting).shuffle:
        order = order.reshape(clamped(setting).groups, -1).T.flatten()
    expected = second @ np.eye(len(first))[order] @ first
    weights = np.abs(second) @ np.eye(len(first))[order] @ np.abs(first)
    terms = max(4, sum(first.shape))
    assert (np.abs(matrices.product.numpy() - expected) <= terms * 1.2e-7 * weights + 1e-12).all()
    maps = both.bank(pixels).double().numpy()
    theirs = np.tensordot(expected, maps, 1)
    scale = np.tensordot(weights, np.abs(maps), 1)
    for through in (found.through_both, found.through_product):
        assert (np.abs(through.numpy() - theirs) <= terms * 1.2e-7 * scale + 1e-12).all()
    mixed = np.tensordot(first, maps, 1)
    rectified = np.tensordot(second @ np.eye(len(first))[order], np.maximum(mixed, 0), 1)
    assert (np.abs(found.with_relu.numpy() - rectified) <= terms * 1.2e-7 * scale + 1e-12).all()
    assert found.within
    assert found.largest_difference == greatest(found.through_both, found.through_product)
    assert found.largest_relu_difference == greatest(found.through_both, found.with_relu)
    assert 0 <= found.folded <= 1


def test_a_relu_in_between_changes_a_photograph_a_thousand_times_more_than_rounding():
    found = both_ways(OPPONENT, photograph("astronaut"))
    assert found.within
    assert found.largest_difference <= found.bound < 1e-5
    assert found.largest_relu_difference > 1000 * found.bound
    assert 0 < found.folded < 1
    matrices = two(OPPONENT, photograph("astronaut"))
    torch.testing.assert_close(matrices.product, matrices.second @ matrices.first)


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_shuffle_between_two_layers_is_part_of_their_product(shuffle):
    """Two grouped layers alone never leave their groups; with a shuffle every output reads all."""
    setting = Setting(bank="gabor", pointwise_recipe="random", groups=4, shuffle=shuffle)
    pixels = noise()
    found = both_ways(setting, pixels)
    assert found.within
    assert bool((two(setting, pixels).product != 0).all()) == shuffle
    shuffled = stages(replace(setting, second=True), pixels)["second"]
    torch.testing.assert_close(found.through_product, shuffled, atol=1e-5, rtol=0)


def test_sepia_has_nothing_for_a_relu_to_cut_off():
    found = both_ways(Setting(pointwise_recipe="sepia"), photograph())
    assert found.folded == found.largest_relu_difference == 0


# ── Which channels two grouped layers reach ─────────────────────────────────────────────────────


def read_by(outputs: int, inputs: int, groups: int) -> list[list[bool]]:
    """Whether an output of a grouped layer reads an input: both lie in the group of one number."""
    return [
        [groups * o // outputs == groups * i // inputs for i in range(inputs)]
        for o in range(outputs)
    ]


def leads_to(second: list[list[bool]], between: list[int], first: list[list[bool]]) -> Tensor:
    """Which inputs reach which outputs; place m between the layers holds channel `between[m]`."""
    inputs = range(len(first[0]))
    return torch.tensor(
        [
            [any(row[m] and first[c][i] for m, c in enumerate(between)) for i in inputs]
            for row in second
        ]
    )


@pytest.mark.parametrize(
    ("groups", "shares"),
    [
        (1, (1, 1, 1)),
        (2, (1 / 2, 1 / 2, 1)),
        (4, (1 / 4, 1 / 4, 1)),
        (8, (1 / 8, 1 / 8, 1 / 4)),
        (16, (1 / 16, 1 / 16, 1 / 16)),
    ],
)
@pytest.mark.parametrize("outputs", [16, 32])
def test_a_shuffle_lets_a_signal_leave_its_group(groups, outputs, shares):
    """Of 16 channels in 8 groups of two a signal reaches two groups: one for each of its group."""
    setting = Setting(
        bank="gabor",
        pointwise_recipe="random",
        pointwise_outputs=16,
        groups=groups,
        second_outputs=outputs,
        second_seed=1,
    )
    one, both, dealt = reached(LESSON.scene(setting, noise())).values()
    first, second = read_by(16, 16, groups), read_by(outputs, 16, groups)
    dealt_out = [g * 16 // groups + k for k in range(16 // groups) for g in range(groups)]
    plain = leads_to(second, list(range(16)), first)
    shuffled = leads_to(second, dealt_out, first)
    assert torch.equal(one.matrix != 0, torch.tensor(first))
    assert torch.equal(both.matrix != 0, plain)
    assert torch.equal(dealt.matrix != 0, shuffled)
    told = one.share, both.share, dealt.share
    expected = (one.matrix != 0, plain, shuffled)
    assert told == tuple(float(each.float().mean()) for each in expected)
    assert told == shares


def test_a_way_counts_where_what_comes_along_it_cancels():
    """Two channels copied, one with its sign turned, and added: the product is 0, the reach is not."""
    setting = Setting(
        pointwise_recipe="identity",
        pointwise_edits=((1, 0, 1000), (1, 1, 0)),
        second_recipe="identity",
        second_edits=((0, 1, -1000),),
    )
    _, both, _ = reached(LESSON.scene(setting, noise())).values()
    assert both.matrix.tolist() == [[0, 0, 0], [1, 0, 0], [0, 0, 1]]
    assert both.share == pytest.approx(3 / 9)


@given(setting=..., second=st.booleans(), shuffle=st.booleans())
def test_reach_does_not_mind_what_is_switched_on(setting: Setting, second: bool, shuffle: bool):
    found = reached(LESSON.scene(setting, noise(5, 4)))
    switched = replace(setting, second=second, shuffle=shuffle)
    for way, other in reached(LESSON.scene(switched, noise(5, 4))).items():
        assert torch.equal(other.matrix, found[way].matrix), way
        assert other.share == found[way].share, way


# ── Dense to depthwise, and channel reduction ───────────────────────────────────────────────────


def test_what_groups_save_by_hand():
    rows = grouped(16, 16, 10, 20)
    assert [(row.groups, row.reads, row.parameters, row.macs) for row in rows] == [
        (1, 16, 256, 51_200),
        (2, 8, 128, 25_600),
        (4, 4, 64, 12_800),
        (8, 2, 32, 6_400),
        (16, 1, 16, 3_200),
    ]
    assert [row.share for row in rows] == [Fraction(1, n) for n in (1, 2, 4, 8, 16)]


@given(setting=..., height=SIDES, width=SIDES)
def test_groups_cost_what_the_network_on_screen_costs(setting: Setting, height: int, width: int):
    layer = network(setting, noise(height, width)).pointwise
    rows = {
        row.groups: row for row in grouped(layer.in_channels, layer.out_channels, height, width)
    }
    counts = cost(layer, (layer.in_channels, height, width))
    row = rows[clamped(setting).groups]
    assert (row.parameters, row.macs) == (counts.parameters, counts.macs)
    assert (row.parameters, row.reads) == (layer.weight.numel(), layer.weight.shape[1])
    for groups in rows:
        assert clamped(replace(clamped(setting), groups=groups)).groups == groups


def test_the_textbook_example():
    """A. Prakash 2016: 200×200×50 through twenty 1×1 filters; counts computed independently."""
    found = channel_reduction(50, 20, 200)
    assert (found.input_shape, found.output_shape) == ((50, 200, 200), (20, 200, 200))
    assert found.pointwise.parameters == 1_000
    assert found.with_bias.parameters == 1_020
    assert found.pointwise.macs == found.with_bias.macs == 40_000_000
    assert (found.input_bytes, found.output_bytes) == (8_000_000, 3_200_000)
    assert (found.window.parameters, found.window.macs) == (9_000, 360_000_000)
    for layer in layers(50, 20).values():
        assert all(weight.is_meta for weight in layer.parameters())


@given(st.integers(1, 512), st.integers(1, 512), st.integers(1, 64))
def test_a_bottleneck_by_the_formula(channels, reduced, eighth):
    pixels = (8 * eighth) ** 2
    found = bottleneck(channels, reduced, 8 * eighth)
    weights = [channels * reduced, 9 * reduced**2, reduced * channels]
    assert [layer.parameters for layer in found.layers] == weights
    assert [layer.macs for layer in found.layers] == [each * pixels for each in weights]
    assert (found.parameters, found.macs) == (sum(weights), sum(weights) * pixels)
    assert (found.direct.parameters, found.direct.macs) == (
        9 * channels**2,
        9 * channels**2 * pixels,
    )


@given(st.integers(1, 512), st.integers(1, 512), st.integers(1, 64))
def test_channel_reduction_by_the_formula(inputs, outputs, eighth):
    side = 8 * eighth
    found = channel_reduction(inputs, outputs, side)
    assert found.pointwise.parameters == inputs * outputs
    assert found.with_bias.parameters == inputs * outputs + outputs
    assert found.pointwise.macs == inputs * outputs * side**2
    assert found.window.macs == 9 * found.pointwise.macs
    assert found.output_bytes == 4 * outputs * side**2
    assert found.input_bytes == 4 * inputs * side**2
