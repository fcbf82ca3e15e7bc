"""The lesson on the 1×1: any Setting is built, and every number it shows has another way to it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from viz import images
from viz.arithmetic import arithmetic
from viz.experiments import pointwise
from viz.experiments.chain import apply, reaching
from viz.experiments.pointwise import Setting, arriving, channel_names, limits, network, resolved
from viz.experiments.pointwise.merged import pair
from viz.layers import recipes
from viz.layers.gabor import gabor_bank
from viz.layers.pointwise import Pointwise
from viz.run import compare, stage_facts
from viz.source import program
from viz.trace import cost
from viz.view import View

CPU = torch.device("cpu")
SIDES = st.integers(1, 12)
LAYERS = ("pointwise", "second")
PARTS = ("step", "space", "ways", "merge", "groups", "fewer")

OPPONENT = Setting(pointwise_recipe="opponent")


def noise(height: int = 24, width: int = 20, seed: int = 0) -> Tensor:
    return torch.rand(3, height, width, generator=torch.Generator().manual_seed(seed))


def photograph(slug: str = "coffee", size_px: int = 96) -> Tensor:
    return images.at_working_size(images.find(slug), size_px).pixels


def stages(setting: Setting, pixels: Tensor) -> dict[str, Tensor]:
    """What leaves every stage that is switched on."""
    maps = {}
    for name, module in network(setting, pixels).named_children():
        pixels = maps[name] = module(pixels)
    return maps


# ── Whatever is asked for, something is built ───────────────────────────────────────────────────


@given(...)
def test_what_can_be_built_is_left_as_it_is(setting: Setting):
    once = resolved(setting)
    assert resolved(once) == once


@given(setting=..., height=SIDES, width=SIDES)
def test_every_stage_has_the_channels_and_the_size_that_are_said(
    setting: Setting, height: int, width: int
):
    maps = stages(setting, noise(height, width))
    counts, names = arriving(resolved(setting)), channel_names(setting)
    assert names["picture"] == ["R", "G", "B"]
    for name, after in pairwise([*pointwise.STAGES, "out"]):
        assert len(names[name]) == len(set(names[name])) == counts[after], name
        if name in maps:
            assert maps[name].shape == (counts[after], height, width), name
            assert maps[name].isfinite().all()
            assert maps[name].dtype == torch.float32


@given(...)
def test_only_what_is_switched_on_is_there_in_the_order_of_the_rail(setting: Setting):
    built = resolved(setting)
    off = {"relu": not built.relu, "shuffle": not built.shuffle, "second": not built.second}
    there = [name for name in pointwise.STAGES if not off.get(name)]
    assert [name for name, _ in network(setting, noise(4, 4)).named_children()] == there
    assert built.shuffle == (setting.shuffle and built.groups > 1)


@given(...)
def test_limits_allow_what_is_resolved_and_are_built_as_asked(setting: Setting):
    built = resolved(setting)
    allowed = limits(built)
    for layer in LAYERS:
        (most,) = allowed[f"{layer}_outputs"]
        assert (getattr(built, f"{layer}_outputs") or arriving(built)[layer]) <= most <= 32
        assert getattr(built, f"{layer}_recipe") in allowed[f"{layer}_recipe"]
    assert built.groups in allowed["groups"]
    for name, options in allowed.items():
        for option in options:
            assert getattr(resolved(replace(built, **{name: option})), name) == option


@given(...)
def test_what_is_resolved_differs_only_where_it_must(setting: Setting):
    may_differ = {f"{layer}_{part}" for layer in LAYERS for part in ("recipe", "outputs")}
    built = resolved(setting)
    for name in Setting.controls().keys() - may_differ - {"groups", "shuffle"}:
        assert getattr(built, name) == getattr(setting, name)


@given(...)
def test_groups_are_common_divisors_of_what_arrives_and_leaves(setting: Setting):
    counts = arriving(resolved(setting))
    inputs, outputs = counts["pointwise"], counts["relu"]
    expected = [n for n in range(1, 40) if inputs % n == 0 and outputs % n == 0]
    assert limits(setting)["groups"] == expected
    assert resolved(setting).groups == max(n for n in expected if n <= setting.groups)
    chain = network(setting, noise(4, 4))
    assert chain.pointwise.groups == resolved(setting).groups
    if setting.second:
        asked, second = resolved(setting).groups, chain.second
        divides = second.in_channels % asked == second.out_channels % asked == 0
        assert second.groups == asked if divides else second.groups < asked


@given(...)
def test_controls_exist_once_and_what_means_nothing_is_not_shown(setting: Setting):
    shown, built = pointwise.shown_controls(setting), resolved(setting)
    assert tuple(shown) == pointwise.STAGES
    every = [name for names in shown.values() for name in names]
    assert len(set(every)) == len(every)
    assert set(every) <= set(Setting.controls())
    assert ("shuffle" in every) == (built.groups > 1)
    assert ("groups" in every) == (len(limits(setting)["groups"]) > 1)
    assert ("wavelength_px" in every) == (setting.bank == "gabor")
    assert ("pointwise_seed" in every) == (built.pointwise_recipe == "random")
    assert ("second_outputs" in every) == setting.second
    assert ("second_seed" in every) == (setting.second and built.second_recipe == "random")


@given(...)
def test_titles_can_be_put_into_words_and_tell_the_groups(setting: Setting):
    titles, built = pointwise.titles(setting), resolved(setting)
    assert tuple(titles) == pointwise.STAGES
    for text, values in titles.values():
        assert text.format(**values)
    text, values = titles["pointwise"]
    depthwise = built.groups == arriving(built)["pointwise"]
    assert ("depthwise" in text, values.get("n", 1)) == (
        depthwise,
        1 if depthwise else built.groups,
    )


@given(...)
def test_families_divide_the_maps_of_their_stage(setting: Setting):
    counts = arriving(resolved(setting))
    families = pointwise.families(setting)
    for name, after in pairwise([*pointwise.STAGES, "out"]):
        assert counts[after] % families[name] == 0, name


@given(setting=..., height=SIDES, width=SIDES)
def test_runs_where_there_are_no_numbers(setting: Setting, height: int, width: int, one_device):
    pixels = noise(height, width)
    chain = network(setting, pixels)
    expected = chain(pixels).shape
    with one_device():
        found = chain.to("meta")(pixels.to("meta"))
    assert found.shape == expected


@given(setting=..., height=SIDES, width=SIDES)
def test_the_rail_tells_shapes_weights_and_macs(setting: Setting, height: int, width: int):
    pixels = noise(height, width)
    chain = network(setting, pixels)
    facts = stage_facts(chain, tuple(pixels.shape))
    for name, of_stage in stages(setting, pixels).items():
        assert facts[name]["shape"] == list(of_stage.shape)
        weights = sum(weight.numel() for weight in chain.get_submodule(name).parameters())
        assert facts[name]["parameters"] == weights
        assert facts[name]["macs"] == weights * height * width


@settings(max_examples=15)
@given(setting=..., stage=st.sampled_from(pointwise.STAGES))
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
    left: dict = {"__name__": "__main__"}
    exec(compile(program(chain, picture, 24), "program.py", "exec"), left)
    x = bound = seen.pixels
    for layer in (each for each in chain.modules() if not isinstance(each, nn.Sequential)):
        x = layer(x)
        if isinstance(layer, nn.Conv2d):
            settings_of: Any = (None, layer.stride, layer.padding, layer.dilation, layer.groups)
            bound = F.conv2d(bound, layer.weight.abs(), *settings_of)
        elif not isinstance(layer, nn.Identity):
            bound = layer(bound)
    free = [m for m in chain.modules() if isinstance(m, Pointwise) and m.rows.numel() > 64]
    assert left["maps"].shape == x.shape
    # where components are computed anew, those that explain equally much are free to turn
    if not any(m.recipe.function is recipes.principal_rows for m in free if m.recipe):
        scale = 1000 if any(m.recipe and m.recipe.of_channels for m in free) else 1
        assert (left["maps"] - x).abs().max() <= scale * 16 * 1.2e-7 * bound.max()


@given(...)
def test_a_matrix_can_be_made_again_by_its_recipe(setting: Setting):
    pixels = noise(9, 7)
    chain, before = network(setting, pixels), pixels
    for module in chain:
        if isinstance(module, Pointwise):
            recipe = module.recipe
            arguments = (before,) if recipe.of_channels else ()
            again = recipes.edited(
                recipe.function(*arguments, **dict(recipe.arguments)), recipe.edits
            )
            blocks = again * torch.block_diag(
                *[torch.ones(again.shape[0] // module.groups, again.shape[1] // module.groups)]
                * module.groups
            )
            assert torch.equal(module.matrix, blocks)
        before = module(before)


# ── What the address says ───────────────────────────────────────────────────────────────────────


@given(...)
def test_an_address_gives_back_the_setting(setting: Setting):
    assert Setting.from_query(setting.to_query()) == setting


def test_no_field_is_the_views():
    assert not Setting.controls().keys() & View.controls().keys()


def test_the_parts_of_the_lesson():
    part = Setting.controls()["part"]
    assert (part.default, tuple(value for value, _ in part.options)) == ("step", PARTS)


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
    expected = F.conv2d(grey[None], kernels[:, None], padding=10)
    torch.testing.assert_close(stages(setting, pixels)["bank"], expected, atol=1e-5, rtol=0)
    assert len(expected) == 16


def test_names_follow_copied_channels_through_swap_and_shuffle():
    assert channel_names(Setting(pointwise_recipe="swap"))["pointwise"] == ["B", "G", "R"]
    assert channel_names(OPPONENT)["pointwise"] == ["R+G+B", "R−G", "R+G−2B"]
    white = Setting(pointwise_recipe="whitening", pointwise_outputs=2)
    assert channel_names(white)["pointwise"] == ["R′", "G′"]
    for numbered in (replace(white, groups=3, pointwise_outputs=3), Setting(groups=3)):
        assert channel_names(numbered)["pointwise"] == ["1", "2", "3"]
    edited = Setting(pointwise_edits=((0, 0, 5),))
    assert channel_names(edited)["pointwise"] == ["1", "2", "3"]
    setting = Setting(bank="gabor", pointwise_recipe="identity", groups=2, shuffle=True)
    names = channel_names(setting)
    assert names["bank"][:3] == ["0° 0°", "0° 90°", "22.5° 0°"]
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
    chain: Any = network(setting, pixels)
    maps = stages(setting, pixels)
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
    matrix: Any = network(setting, noise()).pointwise.matrix
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
    """What a lesson measures gets its pixels on the device of choice; recipes that read numbers
    are proved where there is one."""
    drawn = replace(setting, pointwise_recipe="random", second_recipe="swap", second=second)
    with one_device():
        pixels = torch.empty(3, 7, 6, device="meta")
        chain = network(drawn, pixels)
        maps = reaching("pointwise", chain, pixels)
        assert maps.is_meta
        assert apply(chain, pixels).is_meta
        for way in pointwise.ways(drawn, pixels)[:-1]:
            assert way.function(maps).is_meta
        layers = pair(network(replace(drawn, second=True), pixels))
        shape = (len(layers.second), 7, 6)
        for each in (layers.both, layers.both_with_relu, layers.once, layers.bound):
            assert each(maps).shape == shape


@pytest.mark.parametrize("bank", ["rgb", "gabor"])
@pytest.mark.parametrize("second_recipe", ["whitening", "swap"])
def test_what_is_measured_is_the_same_on_every_device(bank, second_recipe, device):
    setting = Setting(bank=bank, pointwise_recipe="whitening", second_recipe=second_recipe)
    pixels = photograph()
    for measure in (pointwise.stepping, pointwise.space, pointwise.merged):
        here, there = measure(setting, pixels), measure(setting, pixels.to(device))
        for name, value in vars(here).items():
            found = getattr(there, name)
            if isinstance(value, Tensor) and "difference" not in name:
                tall = 1e-2 * (1 + float(value.float().abs().max()))
                torch.testing.assert_close(found.cpu().float(), value.float(), atol=tall, rtol=1e-2)
            elif isinstance(value, tuple | bool):
                assert found == value


def test_remembered_stages_serve_where_a_recipe_looks_at_maps():
    asked = []

    def through(chain: nn.Sequential, pixels: Tensor) -> Tensor:
        asked.append(list(dict(chain.named_children())))
        return chain(pixels)

    setting = Setting(pointwise_recipe="principal", relu=True, second=True, second_recipe="swap")
    network(setting, noise(), through)
    assert asked == [["bank"]]


# ── Claims ──────────────────────────────────────────────────────────────────────────────────────

PICTURES = {
    "noise": lambda: noise(40, 31),
    "black": lambda: torch.zeros(3, 20, 20),
    "grey": lambda: torch.full((3, 20, 20), 0.1),
    "one pixel": lambda: noise(1, 1),
    "photograph": photograph,
    "zone plate": lambda: photograph("zone_plate"),
}
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
    rows = compare(pointwise.claims(setting, pixels), picture(pixels), device)
    assert len(rows) == count
    for row in rows:
        assert row.holds, row


@given(setting=..., height=SIDES, width=SIDES)
@settings(max_examples=60)
def test_claims_hold_for_any_setting(setting: Setting, height: int, width: int, picture):
    built = resolved(replace(setting, swapped=False))
    pixels = noise(height, width)
    claims = pointwise.claims(built, pixels)
    assert len(claims) == 2 + (built.groups > 1) + built.shuffle + 2 * built.second
    sentences = [claim.sentence for claim in claims]
    assert len(set(sentences)) == len(sentences)
    assert all(sentence.endswith(".") for sentence in sentences)
    for row in compare(claims, picture(pixels), CPU):
        assert row.holds, row


def test_a_3x3_in_the_place_of_the_1x1_breaks_the_first_claim(picture):
    pixels = photograph()
    claims = pointwise.claims(Setting(swapped=True), pixels)
    first, second = compare(claims, picture(pixels), CPU)
    assert (first.equal, first.within, first.holds) == (False, False, True)
    assert first.difference > 1000 * first.bound
    assert second.holds


def test_a_relu_breaks_two_layers_only_where_it_cuts_something_off(picture):
    """Opponent colours are negative where a photograph is bluish or green; sepia never is."""
    pixels = photograph("astronaut")
    for recipe, breaks in (("opponent", True), ("sepia", False), ("grey", False)):
        claims = pointwise.claims(Setting(second=True, pointwise_recipe=recipe), pixels)
        one, fold = compare(claims, picture(pixels), CPU)[-2:]
        assert one.equal
        assert one.holds
        assert (fold.equal, fold.within) == (not breaks, not breaks)
        assert ("nothing" in fold.sentence) == (not breaks)


@given(setting=...)
def test_both_ways_stay_on_the_device_of_what_they_are_given(setting: Setting, one_device):
    """All but the plain loop, which reads numbers."""
    pixels = noise(9, 7)
    for claim in pointwise.claims(setting, pixels):
        start = claim.given(pixels).to("meta")
        ways = [claim.left, claim.right, claim.magnitude]
        if "loop" in claim.sentence:
            ways.remove(claim.right)
        with one_device():
            shapes = {way(start).shape for way in ways if way is not None}
        assert len(shapes) == 1


def test_a_slip_in_a_matrix_is_seen(picture):
    """Every claim of equality is broken by a thousandth in what one side starts from."""
    pixels = noise()
    claims = pointwise.claims(EVERYTHING, pixels)
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
    found = pointwise.stepping(setting, pixels)
    channels, outputs = min(4, len(found.inputs)), min(4, len(found.outputs))
    assert found.crop.shape == (channels, min(6, height), min(8, width))
    assert found.pointwise.shape == found.window.shape == (outputs, *found.crop.shape[1:])
    assert found.pointwise_weight.shape == (outputs, channels, 1, 1)
    assert found.window_weight.shape == (outputs, channels, 3, 3)
    assert (len(found.inputs), len(found.outputs)) == (channels, outputs)
    assert 0 <= found.top <= height - found.crop.shape[1]
    assert 0 <= found.left <= width - found.crop.shape[2]
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
    found = pointwise.stepping(OPPONENT, pixels)
    assert found.note is None
    assert torch.equal(
        found.crop, pixels[:, found.top : found.top + 6, found.left : found.left + 8]
    )
    assert torch.equal(found.pointwise_weight[:, :, 0, 0], recipes.opponent_rows(3))
    binomial = torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]) / 16
    expected = recipes.opponent_rows(3)[:, :, None, None] * binomial
    torch.testing.assert_close(found.window_weight, expected)
    assert (found.inputs, found.outputs) == (("R", "G", "B"), ("R+G+B", "R−G", "R+G−2B"))


def test_many_channels_are_cut_to_four_and_the_note_says_so():
    found = pointwise.stepping(Setting(bank="gabor", pointwise_recipe="swap"), noise())
    assert len(found.crop) == len(found.pointwise) == 4
    text, values = found.note
    assert values == {"inputs": 16, "outputs": 16, "most": 4}
    assert text.format(**values)


def test_the_crop_lies_on_an_edge_or_where_it_was_put():
    pixels = torch.full((3, 40, 50), 0.5)
    pixels[:, 21:, 30:] = 1
    found = pointwise.stepping(OPPONENT, pixels)
    assert found.top < 21 < found.top + 6
    assert found.left <= 30 < found.left + 8
    put = pointwise.stepping(Setting(crop_row="500", crop_column="100"), pixels)
    assert (put.top, put.left) == (17, 1)
    corner = pointwise.stepping(Setting(crop_row="9999", crop_column="0"), pixels)
    assert (corner.top, corner.left) == (34, 0)
    half = pointwise.stepping(Setting(crop_row="0"), pixels)
    assert (half.top, half.left) == (found.top, found.left)


# ── Channel space ───────────────────────────────────────────────────────────────────────────────


def test_points_of_colours_are_the_pixels_themselves():
    pixels = photograph("astronaut")
    found = pointwise.space(OPPONENT, pixels, most=500)
    at = pixels[:, found.rows, found.columns].T
    assert found.before.shape == found.after.shape == found.folded.shape == (500, 3)
    assert torch.equal(found.before, at)
    assert torch.equal(found.colours, at)
    expected = at.double() @ recipes.opponent_rows(3).double().T
    torch.testing.assert_close(found.after.double(), expected, atol=1e-6, rtol=0)
    assert torch.equal(found.folded, found.after.relu())
    assert found.after.min() < -0.01
    assert found.axes_before == ("R", "G", "B")
    assert len(set(zip(found.rows.tolist(), found.columns.tolist(), strict=True))) == 500


def test_covariances_and_the_share_that_a_relu_moves_are_of_all_pixels():
    pixels = photograph()
    found = pointwise.space(Setting(pointwise_recipe="whitening"), pixels, most=10)
    values = pixels.flatten(1).double().numpy()
    np.testing.assert_allclose(found.covariance_before, np.cov(values, bias=True), atol=1e-6)
    np.testing.assert_allclose(found.covariance_after, np.eye(3), atol=1e-4)
    inverse_root = np.linalg.inv(scipy.linalg.sqrtm(np.cov(values, bias=True)))
    assert found.moved == pytest.approx(((inverse_root @ values) < 0).any(0).mean(), abs=1e-3)
    assert 0.1 < found.moved < 0.9


def test_a_grey_picture_has_no_colour_that_a_relu_could_move():
    found = pointwise.space(Setting(), photograph("zone_plate"))
    assert found.moved == 0


def test_more_channels_are_projected_after_the_relu_not_before_it():
    setting = Setting(bank="gabor", pointwise_recipe="random")
    pixels = noise(30, 20)
    found = pointwise.space(setting, pixels, most=100)
    maps = stages(replace(setting, relu=True), pixels)
    assert found.axes_before == found.axes_after == ("PC 1", "PC 2", "PC 3")
    assert found.covariance_after.shape == (16, 16)
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
    found = pointwise.space(setting, noise(height, width), most=50)
    points = min(50, height * width)
    for each in (found.before, found.after, found.folded, found.colours):
        assert each.shape == (points, 3)
        assert each.isfinite().all()
    assert found.lit.any()
    assert found.lit.dtype == torch.bool
    outputs = arriving(resolved(setting))["relu"]
    assert found.axes_after.count("") == max(0, 3 - outputs)
    for axis, name in enumerate(found.axes_after):
        assert name or not found.after[:, axis].any()


def test_the_rectangle_lights_its_pixels_and_a_click_the_nearest():
    pixels = noise(20, 40)
    found = pointwise.space(Setting(region="0.0.500.250"), pixels)
    inside = (found.rows < 10) & (found.columns < 10)
    assert torch.equal(found.lit, inside)
    assert int(found.lit.sum()) == 100
    turned = pointwise.space(Setting(region="500.250.0.0"), pixels)
    assert torch.equal(turned.lit, inside)
    click = pointwise.space(Setting(region="512.512.512.512"), pixels)
    (at,) = click.lit.nonzero().flatten().tolist()
    assert (int(click.rows[at]), int(click.columns[at])) == (10, 20)


def test_the_same_pixels_whatever_the_matrix():
    first = pointwise.space(Setting(), noise(90, 80), most=100)
    other = pointwise.space(Setting(pointwise_recipe="random"), noise(90, 80), most=100)
    assert torch.equal(first.rows, other.rows)
    assert torch.equal(first.columns, other.columns)
    assert first.rows.max() > 80  # they lie all over the picture, not in its first rows


# ── Five ways ───────────────────────────────────────────────────────────────────────────────────


@given(...)
def test_all_ways_give_the_sum_over_channels_within_their_bound(setting: Setting):
    pixels = noise(11, 9)
    maps = network(setting, pixels).bank(pixels)
    matrix = network(setting, pixels).pointwise.matrix
    found = pointwise.ways(setting, pixels)
    assert [way.name for way in found] == ["conv2d", "nn.Linear", "einsum", "matmul", "loop"]
    for way in found:
        x = way.crop(maps)
        expected = np.tensordot(matrix.double().numpy(), x.double().numpy(), 1)
        bound = max(4, way.terms) * 1.2e-7 * way.magnitude(x).numpy()
        assert (np.abs(way.function(x).numpy() - expected) <= bound + 1e-12).all(), way.name
        assert way.sentence.endswith(".")
    assert found[-1].crop(maps).shape[1:] == (8, 8)


@given(setting=...)
def test_all_ways_but_the_loop_run_where_there_are_no_numbers(setting: Setting, one_device):
    maps = network(setting, noise(5, 4)).bank(noise(5, 4)).to("meta")
    outputs = arriving(resolved(setting))["relu"]
    for way in pointwise.ways(setting, noise(5, 4))[:-1]:
        with one_device():
            assert way.function(maps).shape == way.magnitude(maps).shape == (outputs, 5, 4)


def test_ways_on_every_device(device):
    pixels = noise()
    for way in pointwise.ways(Setting(), pixels):
        there = way.function(way.crop(pixels.to(device)))
        assert there.device.type == device.type
        torch.testing.assert_close(there.cpu(), way.function(way.crop(pixels)))


# ── Two layers are one ──────────────────────────────────────────────────────────────────────────


@given(setting=..., height=SIDES, width=SIDES)
def test_two_layers_are_their_product_whether_switched_on_or_not(
    setting: Setting, height: int, width: int
):
    pixels = noise(height, width)
    found = pointwise.merged(setting, pixels)
    chain = network(replace(setting, second=True, relu=False), pixels)
    both = network(replace(setting, second=True), pixels)
    first, second = (both.get_submodule(name).matrix.double().numpy() for name in LAYERS)
    order = np.arange(len(first))
    if resolved(setting).shuffle:
        order = order.reshape(resolved(setting).groups, -1).T.flatten()
    expected = second @ np.eye(len(first))[order] @ first
    weights = np.abs(second) @ np.eye(len(first))[order] @ np.abs(first)
    terms = max(4, sum(first.shape))
    assert (np.abs(found.product.numpy() - expected) <= terms * 1.2e-7 * weights + 1e-12).all()
    maps = chain.bank(pixels).double().numpy()
    theirs = np.tensordot(expected, maps, 1)
    scale = np.tensordot(weights, np.abs(maps), 1)
    for through in (found.through_both, found.through_product):
        assert (np.abs(through.numpy() - theirs) <= terms * 1.2e-7 * scale + 1e-12).all()
    mixed = np.tensordot(first, maps, 1)
    rectified = np.tensordot(second @ np.eye(len(first))[order], np.maximum(mixed, 0), 1)
    assert (np.abs(found.with_relu.numpy() - rectified) <= terms * 1.2e-7 * scale + 1e-12).all()
    assert found.within
    assert found.largest_difference == float(found.difference.abs().max())
    assert found.largest_relu_difference == float(found.relu_difference.abs().max())
    assert 0 <= found.folded <= 1


def test_a_relu_in_between_changes_a_photograph_a_thousand_times_more_than_rounding():
    found = pointwise.merged(OPPONENT, photograph("astronaut"))
    assert found.within
    assert found.largest_difference <= found.bound < 1e-5
    assert found.largest_relu_difference > 1000 * found.bound
    assert 0 < found.folded < 1
    torch.testing.assert_close(found.product, found.second @ found.first)


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_shuffle_between_two_layers_is_part_of_their_product(shuffle):
    """Two grouped layers alone never leave their groups; with a shuffle every output reads all."""
    setting = Setting(bank="gabor", pointwise_recipe="random", groups=4, shuffle=shuffle)
    pixels = noise()
    found = pointwise.merged(setting, pixels)
    assert found.within
    assert bool((found.product != 0).all()) == shuffle
    shuffled = stages(replace(setting, second=True), pixels)["second"]
    torch.testing.assert_close(found.through_product, shuffled, atol=1e-5, rtol=0)


def test_sepia_has_nothing_for_a_relu_to_cut_off():
    found = pointwise.merged(Setting(pointwise_recipe="sepia"), photograph())
    assert found.folded == found.largest_relu_difference == 0


# ── Which channels two grouped layers reach ─────────────────────────────────────────────────────


def read_by(outputs: int, inputs: int, groups: int) -> list[list[bool]]:
    """Whether an output of a grouped layer reads an input: both lie in the group of one number."""
    return [
        [groups * o // outputs == groups * i // inputs for i in range(inputs)]
        for o in range(outputs)
    ]


def reached(second: list[list[bool]], between: list[int], first: list[list[bool]]) -> Tensor:
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
    found = pointwise.reach(setting, noise())
    first, second = read_by(16, 16, groups), read_by(outputs, 16, groups)
    dealt_out = [g * 16 // groups + k for k in range(16 // groups) for g in range(groups)]
    two = reached(second, list(range(16)), first)
    shuffled = reached(second, dealt_out, first)
    assert torch.equal(found.one != 0, torch.tensor(first))
    assert torch.equal(found.two != 0, two)
    assert torch.equal(found.shuffled != 0, shuffled)
    told = found.share_of_one, found.share_of_two, found.share_of_shuffled
    assert told == tuple(float(each.float().mean()) for each in (found.one != 0, two, shuffled))
    assert told == shares


def test_a_way_counts_where_what_comes_along_it_cancels():
    """Two channels copied, one with its sign turned, and added: the product is 0, the reach is not."""
    setting = Setting(
        pointwise_recipe="identity",
        pointwise_edits=((1, 0, 1000), (1, 1, 0)),
        second_recipe="identity",
        second_edits=((0, 1, -1000),),
    )
    found = pointwise.reach(setting, noise())
    assert found.two.tolist() == [[0, 0, 0], [1, 0, 0], [0, 0, 1]]
    assert found.share_of_two == pytest.approx(3 / 9)


@given(setting=..., second=st.booleans(), shuffle=st.booleans())
def test_reach_does_not_mind_what_is_switched_on(setting: Setting, second: bool, shuffle: bool):
    one = pointwise.reach(setting, noise(5, 4))
    other = pointwise.reach(replace(setting, second=second, shuffle=shuffle), noise(5, 4))
    for name, value in vars(one).items():
        found = getattr(other, name)
        assert torch.equal(found, value) if isinstance(value, Tensor) else found == value, name


# ── Dense to depthwise, and fewer channels ──────────────────────────────────────────────────────


def test_what_groups_save_by_hand():
    rows = pointwise.grouped(Setting(bank="gabor"), 10, 20)
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
    rows = {row.groups: row for row in pointwise.grouped(setting, height, width)}
    assert list(rows) == limits(setting)["groups"]
    chain: Any = network(setting, noise(height, width))
    counts = cost(chain.pointwise, (chain.pointwise.in_channels, height, width))
    row = rows[resolved(setting).groups]
    assert (row.parameters, row.macs) == (counts.parameters, counts.macs)
    assert row.parameters == chain.pointwise.weight.numel()


def test_the_textbook_example():
    """A. Prakash 2016: 200×200×50 through twenty 1×1 filters; counts computed independently."""
    found = pointwise.fewer(Setting())
    assert (found.input_shape, found.output_shape) == ((50, 200, 200), (20, 200, 200))
    assert found.pointwise.parameters == 1_000
    assert found.with_bias.parameters == 1_020
    assert found.pointwise.macs == found.with_bias.macs == 40_000_000
    assert (found.input_bytes, found.output_bytes) == (8_000_000, 3_200_000)
    assert (found.window.parameters, found.window.macs) == (9_000, 360_000_000)
    assert all(weight.is_meta for weight in found.network.parameters())


@given(st.integers(1, 512), st.integers(1, 512), st.integers(1, 64))
def test_fewer_channels_by_the_formula(inputs, outputs, eighth):
    side = 8 * eighth
    setting = Setting(fewer_inputs=inputs, fewer_outputs=outputs, fewer_side_px=side)
    found = pointwise.fewer(setting)
    assert found.pointwise.parameters == inputs * outputs
    assert found.with_bias.parameters == inputs * outputs + outputs
    assert found.pointwise.macs == inputs * outputs * side**2
    assert found.window.macs == 9 * found.pointwise.macs
    assert found.output_bytes == 4 * outputs * side**2
    assert found.input_bytes == 4 * inputs * side**2
