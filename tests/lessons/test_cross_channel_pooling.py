"""The lesson on cross-channel pooling: every Setting is built, every number has another way to it."""

from __future__ import annotations

import math
from contextlib import chdir
from dataclasses import replace
from importlib import import_module
from typing import Any

import looking
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from looking import channel_names, leaving, shown, title
from scipy import optimize
from torch import Tensor, nn

from viz import images, lessons, run
from viz.arithmetic import arithmetic
from viz.images import Picture
from viz.images.shipped import FOLDER, shipped
from viz.kernels import NotLinear, effective_kernels
from viz.layers import recipes
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, winning_channel
from viz.layers.gabor import GaborBank, gabor_bank
from viz.layers.pointwise import Pointwise
from viz.lessons.agreement import correlation, relative_error
from viz.lessons.bank_of_50 import BANK
from viz.lessons.blocks import Block, Chart, Panels, Table
from viz.lessons.chain import apply
from viz.lessons.cross_channel_pooling.complex_cell import (
    PHASES_OF_MIDDLE,
    WAYS,
    over_orientations,
    over_phases,
    phases_swept,
)
from viz.lessons.cross_channel_pooling.fitted_layers import (
    fitted_layer,
    maxout_layer,
    parametric_layer,
)
from viz.lessons.cross_channel_pooling.ladder import Rung, ladder
from viz.lessons.cross_channel_pooling.learning import learning
from viz.lessons.cross_channel_pooling.max_affine import (
    fitted_pieces,
    fitted_rectified,
    max_affine,
)
from viz.lessons.cross_channel_pooling.names import class_names, group_channels
from viz.lessons.cross_channel_pooling.pieces import around_the_bend, nearest_bend, piecewise
from viz.lessons.cross_channel_pooling.recipes import fitted_rows
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.cross_channel_pooling.shuffling import shuffle_order, shuffled
from viz.lessons.cross_channel_pooling.units import maxout_parameters, pooling_parameters
from viz.lessons.cross_channel_pooling.winners import winner_shares, winners_of_pixel
from viz.lessons.lesson import Unit
from viz.lessons.measured import Measured, looking_at
from viz.lessons.stage import Channels
from viz.marks import oriented, phased
from viz.progress import Progress
from viz.run import compare, drawing, stage_facts
from viz.run.building import built
from viz.run.filters import filters
from viz.source import LINE, program
from viz.trace import cost
from viz.view import View

LESSON = lessons.load("cross_channel_pooling")
network = LESSON.network
CPU = torch.device("cpu")
EPS = 1.2e-7
LUMINANCE = torch.tensor([0.2126, 0.7152, 0.0722])
GROUPS = (1, 2, 5, 10, 25, 50)
KINDS = ("max", "mean", "maxout", "fitted", "parametric")
SIDES = st.integers(1, 24)
SETTINGS = st.from_type(Setting)


def noise(height: int = 40, width: int = 33, seed: int = 0) -> Tensor:
    return looking.noise(height, width, seed)


def photograph(side: int = 96) -> Tensor:
    return images.at_working_size(shipped("coffee"), side).pixels


def stages(setting: Setting, pixels: Tensor) -> dict[str, Tensor]:
    """What leaves every stage that is switched on."""
    return leaving(LESSON, setting, pixels)


def bank_maps(pixels: Tensor) -> Tensor:
    return stages(Setting(), pixels)["bank"]


def rungs(setting: Setting, maps: Tensor) -> dict[str, Rung]:
    """The ladder with the layers that the Setting has."""
    measured = looking_at(maps)
    maxout, fitted = maxout_layer(setting, measured), fitted_layer(setting.group, measured)
    return ladder(setting, maps, maxout, fitted)


def grouped(maps: Tensor, group: int) -> np.ndarray:
    return maps.numpy().reshape(-1, group, *maps.shape[1:])


# ── Whatever is asked for, something is built ───────────────────────────────────────────────────


@given(SETTINGS)
def test_an_address_holds_every_setting_and_each_can_be_built_as_it_is(setting: Setting):
    assert Setting.from_query(setting.to_query()) == setting
    assert LESSON.outline(setting).setting == setting


@given(SETTINGS, SIDES, SIDES)
def test_maps_keep_the_size_of_the_picture(setting: Setting, height: int, width: int):
    maps = stages(setting, noise(height, width))
    assert list(maps) == ["bank", *["order"] * setting.shuffled, "pooling"]
    for of_stage in maps.values():
        assert of_stage.shape[1:] == (height, width)
    of_maxout = setting.units if setting.kind == "maxout" else 50 // setting.group
    assert [len(each) for each in maps.values()] == [50, *[50] * setting.shuffled, of_maxout]
    for names in channel_names(LESSON, setting).values():
        assert len(set(names)) == len(names)


@given(SETTINGS, SIDES, SIDES)
def test_the_stage_bar_tells_the_counts_by_hand(setting: Setting, height, width):
    pixels = noise(height, width)
    facts = stage_facts(network(setting, pixels), tuple(pixels.shape))
    assert facts["bank"]["parameters"] == 3 + 50 * 39 * 39 + 50
    assert facts["bank"]["size"] == (39, 39)
    per_pixel = {"max": 0, "mean": 0, "maxout": setting.units * setting.pieces * 50}
    macs = per_pixel.get(setting.kind, 50 // setting.group * 50)
    assert facts["pooling"]["macs"] == macs * height * width


@given(SETTINGS)
def test_controls_are_shown_where_they_mean_something(setting: Setting):
    every = shown(LESSON, setting)
    learned = setting.maxout_weights == "fitted"
    assert ("group" in every) == (setting.kind != "maxout" or learned)
    assert ("winner" in every) == (setting.kind == "max")
    assert ("units" in every) == ("pieces" in every) == (setting.kind == "maxout")
    assert ("seed" in every) == (setting.kind == "maxout" and setting.maxout_weights == "random")
    assert ("shuffle_seed" in every) == setting.shuffled


@given(SETTINGS)
def test_maps_of_one_orientation_stand_in_one_row(setting: Setting):
    for stage in LESSON.outline(setting).stages:
        names, together = stage.channels.names, stage.channels.row_length
        assert len(names) % together == 0
        if together == 1 or (stage.name == "order" and setting.shuffled):
            continue
        for row in range(0, len(names), together):
            assert len({name.split()[0] for name in names[row : row + together]}) == 1


@given(SETTINGS)
@settings(max_examples=10)
def test_a_batch_gives_what_its_pictures_give(setting: Setting):
    chain = network(setting, noise())
    batch = torch.stack([noise(), noise(seed=1)])
    for one, of_batch in zip(batch, chain(batch), strict=True):
        if setting.shows_winner:  # equals within rounding may change places
            assert (chain(one) != of_batch).float().mean() < 0.01
        else:
            torch.testing.assert_close(chain(one), of_batch, atol=1e-4, rtol=1e-4)


def test_the_opening_view_makes_its_point():
    """Fifty maps to five, one an orientation."""
    maps = stages(Setting(), noise())
    assert [(name, len(each)) for name, each in maps.items()] == [("bank", 50), ("pooling", 5)]
    names = channel_names(LESSON, Setting())
    assert names["pooling"] == ["0°", "36°", "72°", "108°", "144°"]
    assert names["bank"][:3] == ["0° 4 px φ0°", "0° 4 px φ90°", "0° 6 px φ0°"]
    assert names["bank"][15] == "36° 8 px φ90°"
    assert title(LESSON, Setting(), "pooling") == "Max over 10"
    assert LESSON.outline(Setting())["bank"].channels.row_length == 10
    assert Setting().part == "pixel"
    assert Setting().maxout_weights == "fitted"


@pytest.mark.parametrize(
    ("group", "names"),
    [
        (1, ["0° 4 px φ0°", "0° 4 px φ90°", "0° 6 px φ0°"]),
        (2, ["0° 4 px", "0° 6 px", "0° 8 px"]),
        (5, ["0° 1", "0° 2", "36° 1"]),
        (25, ["1", "2"]),
        (50, ["1"]),
    ],
)
def test_groups_are_called_by_what_they_have_in_common(group, names):
    assert list(group_channels(Setting(group=group)).names[:3]) == names
    assert group_channels(Setting(group=group, shuffled=True)) == Channels.numbered(50 // group)


def test_a_learned_unit_is_called_by_the_group_that_it_imitates():
    seven = channel_names(LESSON, Setting(kind="maxout", units=7))["pooling"]
    assert seven == ["0°", "36°", "72°", "108°", "144°", "0° (2)", "36° (2)"]
    picked = Setting(kind="maxout", units=3, maxout_weights="select")
    assert channel_names(LESSON, picked)["pooling"] == ["1", "2", "3"]


# ── The bank ────────────────────────────────────────────────────────────────────────────────────


def mirrored(grey: Tensor, margin: int) -> Tensor:
    """The picture with its mirror image around it, by numpy, which mirrors as often as needed."""
    edges = [(0, 0), (margin, margin), (margin, margin)]
    return torch.from_numpy(np.pad(grey.numpy(), edges, mode="reflect"))


def test_the_bank_is_fifty_gabors_of_the_luminance_at_unit_variance():
    pixels = noise()
    maps = bank_maps(pixels)
    grey = torch.einsum("c,chw->hw", LUMINANCE, pixels)[None].double()
    for w, wavelength_px in enumerate((4, 6, 8, 11, 15)):
        size_px = 2 * math.ceil(1.25 * wavelength_px) + 1
        kernels = gabor_bank(
            5, phases=2, wavelength_px=wavelength_px, sigma_px=wavelength_px / 2, size_px=size_px
        )
        slid = F.conv2d(mirrored(grey, size_px // 2), kernels[:, None].double())
        slid = slid / slid.flatten(1).std(1, correction=0)[:, None, None]
        for o in range(5):
            found = maps[o * 10 + w * 2 : o * 10 + w * 2 + 2]
            expected = slid[o * 2 : o * 2 + 2].float()
            torch.testing.assert_close(found, expected, atol=2e-5, rtol=0)
    spread = maps.numpy().reshape(50, -1).std(1)
    np.testing.assert_allclose(spread, np.ones(50), atol=1e-4)


CONSTANT = {
    "black": torch.zeros(3, 20, 20),
    "white": torch.ones(3, 50, 61),
    "grey": torch.full((3, 43, 57), 128 / 255),
    "red": torch.tensor([0.9, 0.3, 0.1]).view(3, 1, 1).repeat(1, 224, 149),
    "one pixel": noise(1, 1),
}


@pytest.mark.parametrize("name", CONSTANT)
def test_a_constant_picture_is_nothing_to_the_bank(name, device):
    """Nobody wins, every way to pool agrees, and no error is infinite."""
    pixels = CONSTANT[name].to(device)
    nothing = torch.zeros(50, *pixels.shape[1:], device=device)
    maps = apply(network(Setting(), pixels)[:1], pixels)
    assert torch.equal(maps, nothing)
    assert not winning_channel(maps, 10).any()
    for kind in KINDS:
        setting = Setting(kind=kind, shuffled=True)
        assert not apply(network(setting, pixels), pixels).any()
    assert all(rung.error == 0 for rung in rungs(Setting(), maps).values())
    linear = fitted_layer(10, looking_at(maps)).to(device)
    assert all(set(seen.errors) == {0} for seen in learning(Setting(), maps, linear))
    seen = shuffled(maps, group=10, seed=0)
    assert seen.wrecked_error == seen.fitted_error == seen.refitted_error == 0


def test_one_constant_map_among_others_stays_nothing():
    maps = torch.randn(3, 4, 5)
    maps[1] = 1e-9 * torch.rand(4, 5)
    weights = network(Setting(), noise()).bank.scale.recipe.function(maps)
    expected = 1 / maps.double().flatten(1).std(1, correction=0)
    torch.testing.assert_close(weights[[0, 2], 0].double(), expected[[0, 2]])
    assert weights[1, 0] == 0


def test_what_rounding_leaves_of_a_constant_picture_stays_nothing():
    """A picture lies between 0 and 1; its mean is taken off to within a few 1e-8."""
    scale = network(Setting(), noise()).bank.scale
    assert not scale.recipe.function(1e-6 * torch.randn(3, 40, 50)).any()


def test_shuffling_only_changes_the_order():
    maps = stages(Setting(shuffled=True, shuffle_seed=3), noise())
    order = torch.randperm(50, generator=torch.Generator().manual_seed(3))
    assert torch.equal(maps["order"], maps["bank"][order])
    names = channel_names(LESSON, Setting(shuffled=True, shuffle_seed=3))
    assert names["order"] == [names["bank"][channel] for channel in order]
    bars, _ = LESSON.section("pixel", Setting(shuffled=True, shuffle_seed=3), noise())
    degrees = [f"{each:g}°" for _, each in bars.arguments["marks"]]
    assert degrees == [name.split()[0] for name in names["order"]]
    assert sorted(order.tolist()) == list(range(50))
    assert order.tolist() != list(range(50))


# ── Pooling, each kind by another way ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("shuffled", [False, True])
def test_max_and_mean_by_numpy(group, shuffled):
    for kind, axis in (("max", np.max), ("mean", np.mean)):
        maps = stages(Setting(kind=kind, group=group, shuffled=shuffled), noise())
        before = maps["order" if shuffled else "bank"]
        expected = axis(grouped(before, group), axis=1)
        np.testing.assert_allclose(maps["pooling"].numpy(), expected, atol=1e-6)


@pytest.mark.parametrize(("units", "pieces"), [(5, 10), (10, 5), (25, 2), (50, 1)])
def test_maxout_whose_pieces_pick_the_channels_of_a_group_is_the_group_max(units, pieces):
    picked = Setting(kind="maxout", units=units, pieces=pieces, maxout_weights="select")
    pooled = Setting(kind="max", group=pieces)
    pixels = noise()
    assert torch.equal(stages(picked, pixels)["pooling"], stages(pooled, pixels)["pooling"])


# ── Maxout that has learned ─────────────────────────────────────────────────────────────────────


@given(st.sampled_from(GROUPS), st.integers(1, 64), st.integers(1, 10), st.booleans())
@settings(max_examples=10)
def test_with_as_many_pieces_as_channels_maxout_learns_the_group_max_itself(
    group, units, extra, shuffled
):
    pieces = min(10, group + extra - 1)
    setting = Setting(
        kind="maxout", group=group, units=units, pieces=pieces, shuffled=shuffled, shuffle_seed=3
    )
    pixels = noise(30, 20)
    maps = stages(setting, pixels)
    wanted = grouped(maps["bank"], group).max(1)[np.arange(units) % (50 // group)]
    found = maps["pooling"].numpy()
    if pieces >= group:
        np.testing.assert_array_equal(found, wanted)
    else:
        assert np.linalg.norm(found - wanted) < np.linalg.norm(
            wanted - wanted.mean((1, 2))[:, None, None]
        )


def drawn(maps: Tensor, most: int = 10_000) -> np.ndarray:
    """The pixels that a fit looks at, with a row of ones below."""
    chosen = torch.randperm(maps[0].numel(), generator=torch.Generator().manual_seed(0))[:most]
    values = maps.flatten(1)[:, chosen].double().numpy()
    return np.vstack([values, np.ones(values.shape[1])])


def learned(maps: Tensor, group: int, pieces: int) -> np.ndarray:
    """`(units, pieces, 51)`: weights and biases of the learned maxout."""
    setting = Setting(kind="maxout", group=group, units=50 // group, pieces=pieces)
    layer = maxout_layer(setting, looking_at(maps))
    return torch.cat([layer.weight, layer.bias[..., None]], dim=2).double().numpy()


def off(made: np.ndarray, wanted: np.ndarray) -> float:
    return float(
        np.linalg.norm(made - wanted) / np.linalg.norm(wanted - wanted.mean(1, keepdims=True))
    )


LADDER_ON = ("coffee", "chelsea", "grass", "brick", "zone_plate", "dead_leaves")


@pytest.mark.parametrize("slug", LADDER_ON)
@pytest.mark.parametrize("group", [2, 5, 10, 25])
def test_every_rung_is_as_near_as_what_it_can_also_be(slug, group):
    """On the pixels that were looked at: 1×1 by numpy, 1×1 with ReLU, maxout of 1, 2, 3 pieces."""
    maps = bank_maps(images.at_working_size(shipped(slug), 96).pixels)
    every = drawn(maps)
    wanted = every[:-1].reshape(50 // group, group, -1).max(1)
    solution = np.linalg.lstsq(every.T, wanted.T, rcond=None)[0].T
    one = (learned(maps, group, 1) @ every).max(1)
    np.testing.assert_allclose(one, solution @ every, atol=1e-4)
    seen, wanted = (each[:, : 60_000 * group // 50] for each in (every, wanted))
    linear = solution @ seen
    pieces = {k: (learned(maps, group, k) @ seen).max(1) for k in (2, 3)}
    layer = parametric_layer(group, looking_at(maps)).fitted
    affine = torch.cat([layer.matrix, layer.bias[:, None]], dim=1).double().numpy()
    rectified = np.maximum(affine @ seen, 0)
    assert off(pieces[2], wanted) <= off(linear, wanted) + 1e-6
    assert off(pieces[2], wanted) < (0.9 * off(linear, wanted) if group > 2 else 1e-9)
    assert off(pieces[3], wanted) < (off(pieces[2], wanted) if group > 2 else 1e-9)
    assert off(rectified, wanted) <= off(np.maximum(linear, 0), wanted) + 1e-6
    # a ReLU cannot follow below 0, and costs no more than what lies there
    below = np.linalg.norm(np.minimum(wanted, 0))
    least = np.linalg.norm(linear - wanted)
    assert np.linalg.norm(rectified - wanted) <= np.hypot(least, below) + 1e-6
    if group >= 10:
        assert off(rectified, wanted) <= off(linear, wanted) + 1e-3


@pytest.mark.parametrize("group", [5, 10, 25])
def test_of_few_pixels_a_learned_maxout_is_no_worse_than_the_1x1(group):
    """100 pixels for 51 weights a piece: what the pieces gain by turns they also lose."""
    maps = bank_maps(noise(10, 10))
    seen = drawn(maps)
    wanted = seen[:-1].reshape(50 // group, group, -1).max(1)
    linear = np.linalg.lstsq(seen.T, wanted.T, rcond=None)[0].T @ seen
    for pieces in (2, 3, 4):
        made = (learned(maps, group, pieces) @ seen).max(1)
        for unit in range(50 // group):
            one = slice(unit, unit + 1)
            assert off(made[one], wanted[one]) <= off(linear[one], wanted[one]) + 1e-5


@pytest.mark.parametrize(("pieces", "better"), [(1, 0.03), (2, 0.1)])
def test_another_optimiser_finds_nothing_much_better(pieces, better):
    """scipy's L-BFGS on the same squares, from two starts: a 1×1 with ReLU, and maxout of two."""
    maps = bank_maps(photograph(64))
    seen = drawn(maps)
    wanted = seen[:10].max(0)
    if pieces == 1:
        layer = parametric_layer(10, looking_at(maps)).fitted
        ours = np.maximum(float(layer.bias[0]) + layer.matrix[0].double().numpy() @ seen[:-1], 0)
    else:
        ours = (learned(maps, 10, 2)[0] @ seen).max(0)

    def squares(flat: np.ndarray) -> tuple[float, np.ndarray]:
        rows = np.vstack([flat.reshape(pieces, 51), np.zeros((2 - pieces, 51))])
        made = rows @ seen
        missed = made.max(0) - wanted
        of_piece = made.argmax(0) == np.arange(2)[:, None]
        slopes = 2 * (of_piece * missed) @ seen.T
        return float(missed @ missed), slopes[:pieces].ravel()

    starts = np.random.default_rng(0).normal(0, 0.3, (2, pieces * 51))
    found = min(
        optimize.minimize(squares, start, jac=True, method="L-BFGS-B", options={"maxiter": 150}).fun
        for start in starts
    )
    assert np.linalg.norm(ours - wanted) <= (1 + better) * found**0.5


def test_maxout_of_two_learns_the_absolute_value():
    """x and −x: by hand, two pieces are |x|, one piece is the mean of |x|."""
    x = torch.linspace(-1, 1, 201).view(1, 1, -1)
    maps = torch.cat([x, -x, x, -x])
    two = fitted_pieces(maps, group=4, units=1, pieces=2, seed=-1)
    made = (two[:, :-1] @ maps.flatten(1) + two[:, -1:]).amax(0)
    torch.testing.assert_close(made, x.flatten().abs(), atol=1e-6, rtol=0)
    one = fitted_pieces(maps, group=4, units=1, pieces=1, seed=-1)
    made = one[:, :-1] @ maps.flatten(1) + one[:, -1:]
    torch.testing.assert_close(made, torch.full((1, 201), float(x.abs().mean())), atol=1e-5, rtol=0)


@pytest.mark.parametrize("pieces", [2, 3])
def test_pixels_seen_twice_weigh_what_they_did(pieces):
    """Sums of squares double, and so does what holds a piece where it is."""
    values = noise(10, 12).flatten(1).unflatten(1, (4, 30)).flatten(0, 1).double()
    members = torch.arange(12).view(2, 6)
    once = list(max_affine(values, members, pieces, floor=-torch.inf))
    twice = list(max_affine(values.repeat(1, 2), members, pieces, floor=-torch.inf))
    torch.testing.assert_close(twice, once, atol=1e-6, rtol=1e-6)


def test_units_beyond_the_groups_begin_anew_from_another_start():
    maps = bank_maps(photograph())
    rows = fitted_pieces(maps, group=10, units=10, pieces=2, seed=-1).unflatten(0, (10, 2))
    made = (rows @ torch.cat([maps.flatten(1), torch.ones(1, maps[0].numel())])).amax(1).numpy()
    wanted = grouped(maps, 10).max(1).reshape(5, -1)
    for unit in range(10):
        assert off(made[unit : unit + 1], wanted[unit % 5 : unit % 5 + 1]) < 0.75
    assert not np.allclose(made[:5], made[5:], atol=0.1)


def test_a_shuffle_does_not_matter_to_what_is_learned():
    pixels = photograph()
    for kind in ("maxout", "parametric"):
        plain, other = (stages(Setting(kind=kind, shuffled=s), pixels) for s in (False, True))
        torch.testing.assert_close(other["pooling"], plain["pooling"], atol=1e-3, rtol=0)


@given(st.integers(1, 64), st.integers(1, 10))
def test_pieces_pick_one_channel_each_evenly_and_in_order(units, pieces):
    setting = Setting(kind="maxout", units=units, pieces=pieces, maxout_weights="select")
    layer = network(setting, noise(4, 4)).pooling
    rows = layer.matrix
    assert rows.shape == (units * pieces, 50)
    assert torch.equal(rows.sum(1), torch.ones(units * pieces))
    assert set(rows.unique().tolist()) <= {0.0, 1.0}
    picked = rows.argmax(1).tolist()
    assert picked == sorted(picked)
    assert picked == [n * 50 // (units * pieces) for n in range(units * pieces)]


@given(st.integers(1, 64), st.integers(1, 10), st.integers(0, 99))
def test_random_maxout_by_numpy(units, pieces, seed):
    setting = Setting(kind="maxout", units=units, pieces=pieces, maxout_weights="random", seed=seed)
    maps = stages(setting, noise(6, 5))
    rows = recipes.random_rows(units * pieces, 50, seed).numpy()
    mixed = np.tensordot(rows, maps["bank"].numpy(), 1).reshape(units, pieces, 6, 5)
    np.testing.assert_allclose(maps["pooling"].numpy(), mixed.max(1), atol=1e-5)


def fit(maps: Tensor, group: int, seed: int = -1) -> tuple[Pointwise, Rung]:
    """The fitted 1×1, and how near it is to the group max of the channels in order."""
    layer = fitted_layer(group, looking_at(maps), seed)
    order = range(50) if seed < 0 else shuffle_order(seed)
    wanted = maps[torch.tensor(order).argsort()].unflatten(0, (-1, group)).amax(1)
    made = layer(maps)
    counts = cost(layer, tuple(maps.shape))
    off = made - wanted
    return layer, Rung(made, counts.parameters, counts.macs, off, relative_error(made, wanted))


@pytest.mark.parametrize("group", GROUPS)
def test_the_fit_by_numpy(group):
    """Least squares with a column of ones, all pixels: fewer than are looked at."""
    maps = bank_maps(photograph())
    values = maps.flatten(1).double().numpy()
    wanted = grouped(maps, group).max(1).reshape(50 // group, -1)
    design = np.vstack([values, np.ones(values.shape[1])]).T
    solution = np.linalg.lstsq(design, wanted.T.astype(float), rcond=None)[0].T
    layer, fitted = fit(maps, group)
    np.testing.assert_allclose(layer.matrix.numpy(), solution[:, :-1], atol=1e-4)
    np.testing.assert_allclose(layer.bias.numpy(), solution[:, -1], atol=1e-4)
    by_numpy = (design @ solution.T).T
    np.testing.assert_allclose(fitted.maps.flatten(1).numpy(), by_numpy, atol=1e-3)
    error = np.linalg.norm(by_numpy - wanted)
    varies = np.linalg.norm(wanted - wanted.mean(1, keepdims=True))
    assert fitted.error == pytest.approx(error / varies, abs=1e-4)
    residual = fitted.residual.flatten(1).numpy()
    np.testing.assert_allclose(residual, by_numpy - wanted, atol=1e-3)


def test_of_many_pixels_some_are_enough():
    """The error of the fit is measured on all pixels, and hardly above the smallest there is."""
    maps = bank_maps(photograph(224))
    assert maps[0].numel() > 3 * 10_000
    values = maps.flatten(1).double().numpy()
    wanted = grouped(maps, 10).max(1).reshape(5, -1)
    design = np.vstack([values, np.ones(values.shape[1])]).T
    solution = np.linalg.lstsq(design, wanted.T.astype(float), rcond=None)[0]
    least = np.linalg.norm(design @ solution - wanted.T)
    least /= np.linalg.norm(wanted - wanted.mean(1, keepdims=True))
    assert least <= fit(maps, 10)[1].error <= 1.01 * least


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("group", [2, 10, 25])
def test_a_shuffle_does_not_matter_to_a_fit_made_anew(group, seed):
    maps = bank_maps(photograph())
    order = list(shuffle_order(seed))
    (plain, before), (anew, after) = fit(maps, group), fit(maps[order], group, seed)
    assert after.error == pytest.approx(before.error, abs=1e-6)
    torch.testing.assert_close(after.maps, before.maps, atol=1e-4, rtol=0)
    torch.testing.assert_close(anew.matrix, plain.matrix[:, order], atol=1e-4, rtol=0)


@pytest.mark.parametrize("pixels", [torch.zeros(3, 9, 9), noise(1, 1), noise(3, 2)])
def test_a_fit_of_almost_nothing_is_still_a_fit(pixels):
    """As few pixels as this are met exactly."""
    layer, fitted = fit(bank_maps(pixels), 10)
    assert layer.matrix.isfinite().all()
    assert float(fitted.residual.abs().max()) < 1e-4


@pytest.mark.parametrize("shuffled", [False, True])
def test_the_fitted_stages_on_the_stage_bar(shuffled):
    pixels = photograph()
    plain = stages(Setting(kind="fitted", shuffled=shuffled), pixels)["pooling"]
    expected = fit(bank_maps(pixels), 10)[1].maps
    torch.testing.assert_close(plain, expected, atol=1e-4, rtol=0)
    rectified = stages(Setting(kind="parametric", shuffled=shuffled), pixels)["pooling"]
    wanted = bank_maps(pixels).unflatten(0, (5, 10)).amax(1)
    assert float(rectified.min()) == 0
    assert (rectified - wanted).norm() < 0.95 * (plain.relu() - wanted).norm()


# ── Who wins ────────────────────────────────────────────────────────────────────────────────────


@given(SETTINGS)
@settings(max_examples=15)
def test_winners_by_numpy(setting: Setting):
    maps = stages(setting, noise())
    expected = grouped(maps["order" if setting.shuffled else "bank"], setting.group).argmax(1)
    panels, bars = LESSON.section("winners", setting, noise())
    (panel,) = panels.panels
    np.testing.assert_array_equal(panel.maps.numpy(), expected)
    assert (panel.names, panel.marks) == group_channels(setting)[::2]
    assert panel.classes == bars.arguments["classes"] == class_names(setting)
    shares = winner_shares(panel.maps, setting.group)
    assert bars.arguments["fractions"] == shares.tolist()
    for g in range(50 // setting.group):
        counted = np.bincount(expected[g].ravel(), minlength=setting.group)
        np.testing.assert_allclose(shares[g].numpy(), counted / expected[g].size, atol=1e-6)
    torch.testing.assert_close(shares.sum(1), torch.ones(len(shares)))


def test_the_winner_is_what_the_maps_show_when_asked_for():
    setting = Setting(winner=True, shuffled=True)
    pixels = noise()
    winners = stages(setting, pixels)["pooling"]
    expected = grouped(stages(setting, pixels)["order"], 10).argmax(1)
    np.testing.assert_array_equal(winners.numpy(), expected)
    assert torch.equal(
        stages(replace(setting, kind="mean"), pixels)["pooling"],
        stages(replace(setting, kind="mean", winner=False), pixels)["pooling"],
    )


@given(SETTINGS, st.integers(0, 39), st.integers(0, 32))
@settings(max_examples=15)
def test_one_pixel_by_a_loop(setting: Setting, row: int, column: int):
    maps = bank_maps(noise())
    bars, where = LESSON.section("pixel", setting, noise(), Unit("pooling", 0, row, column))
    seen = bars.arguments
    order = shuffle_order(setting.shuffle_seed) if setting.shuffled else range(50)
    assert seen["values"] == [float(maps[channel, row, column]) for channel in order]
    names = channel_names(LESSON, setting)["bank"]
    assert list(seen["names"]) == [names[channel] for channel in order]
    assert seen["marks"] == oriented(36.0 * (channel // 10) for channel in order)
    assert len(seen["winners"]) == 50 // setting.group == len(seen["group_names"])
    for g, winner in enumerate(seen["winners"]):
        of_group = seen["values"][g * setting.group : (g + 1) * setting.group]
        assert winner == g * setting.group + of_group.index(max(of_group))
    assert f"row {row}, column {column}." in str(where.text)


def test_the_first_of_equals_wins():
    assert winners_of_pixel(torch.tensor([2.0, 2.0, -1.0, 0.0, 3.0, 3.0]), 3) == (0, 4)


@pytest.mark.parametrize(
    ("unit", "place"),
    [
        (Unit("bank", 49, 3, 4), (3, 4)),
        (Unit("pooling", 0, 40, 999), (39, 32)),  # of a larger picture
    ],
)
def test_the_clicked_pixel_is_shown_and_beyond_the_edge_the_edge(unit, place):
    bars, _ = LESSON.section("pixel", Setting(), noise(), unit)
    assert bars.arguments["values"] == bank_maps(noise())[:, *place].tolist()


def test_without_a_click_the_strongest_unit_of_the_first_map_is_shown():
    """Every filter reads beyond so small a picture, so any unit may be it."""
    maps = bank_maps(noise())
    pooled = maps[:10].amax(0).abs()
    place = divmod(int(pooled.argmax()), pooled.shape[1])
    bars, _ = LESSON.section("pixel", Setting(), noise())
    assert bars.arguments["values"] == maps[:, *place].tolist()


# ── The ladder, the pieces, the shuffle, the units ──────────────────────────────────────────────


def test_the_ladder_counts_what_it_costs():
    """Parameters: 0; units · pieces · (50 + 1); units · (50 + 1), twice."""
    maps = bank_maps(noise())
    of_ten = rungs(Setting(pieces=10), maps)
    assert list(of_ten) == ["max", "maxout", "fitted", "parametric"]
    assert [rung.parameters for rung in of_ten.values()] == [0, 5 * 10 * 51, 5 * 51, 5 * 51]
    per_pixel = [0, 5 * 10 * 50, 5 * 50, 5 * 50]
    assert [rung.macs for rung in of_ten.values()] == [n * 40 * 33 for n in per_pixel]
    assert all(rung.maps.shape == (5, 40, 33) for rung in of_ten.values())
    assert of_ten["maxout"].error == 0  # ten pieces that learned to pick the ten channels
    assert torch.equal(of_ten["maxout"].maps, of_ten["max"].maps)
    picked = rungs(Setting(pieces=10, maxout_weights="select"), maps)["maxout"]
    assert torch.equal(picked.maps, of_ten["max"].maps)


def test_the_ladder_measures_against_the_group_max():
    maps = bank_maps(photograph())
    by_name = rungs(Setting(), maps)
    wanted = grouped(maps, 10).max(1)
    np.testing.assert_array_equal(by_name["max"].maps.numpy(), wanted)
    varies = np.linalg.norm(wanted - wanted.mean((1, 2), keepdims=True))
    for name in ("maxout", "fitted", "parametric"):
        rung = by_name[name]
        off = rung.maps.numpy() - wanted
        np.testing.assert_allclose(rung.residual.numpy(), off, atol=1e-6)
        assert rung.error == pytest.approx(np.linalg.norm(off) / varies, abs=1e-5)
    assert by_name["max"].error == 0
    errors = [by_name[name].error for name in ("maxout", "parametric", "fitted")]
    assert errors == sorted(errors)
    assert errors[0] < 0.6 < errors[1] < 0.75 < errors[2] < 1
    assert float(by_name["parametric"].maps.min()) == 0


def test_a_random_maxout_imitates_nothing():
    of_random = rungs(Setting(maxout_weights="random"), bank_maps(noise()))
    maxout = of_random.pop("maxout")
    assert maxout.error is maxout.residual is None
    assert maxout.maps.shape == of_random["max"].maps.shape
    assert all(rung.error is not None for rung in of_random.values())


def numbers(blocks: list[Block]) -> list[Any]:
    """What charts and panels show, in plain values."""
    found: list[Any] = []
    for block in blocks:
        if isinstance(block, Panels):
            found += [(panel.title, panel.note, panel.maps.tolist()) for panel in block.panels]
        elif isinstance(block, Chart):
            found.append(block.arguments)
    return found


HERE = Unit("pooling", 0, 9, 11)


@pytest.mark.parametrize("weights", ["fitted", "select", "random"])
def test_a_shuffle_does_not_count_on_the_ladder(weights):
    """But for the name of the map in the caption, for no group is an orientation then."""
    plain, other = (
        LESSON.section("ladder", Setting(maxout_weights=weights, shuffled=each), noise(), HERE)
        for each in (False, True)
    )
    assert [str(each[1].text)[:9] for each in (plain, other)] == ["Map 0° of", "Map 1 of "]
    assert numbers(plain[::2]) == numbers(other[::2])


def test_other_numbers_of_maps_are_not_compared():
    of_seven = rungs(Setting(units=7), bank_maps(noise()))
    assert of_seven["maxout"].maps.shape[0] == 7
    assert of_seven["maxout"].residual is of_seven["maxout"].error is None
    assert of_seven["fitted"].error is not None


@pytest.mark.parametrize(("group", "units", "pieces"), [(10, 5, 2), (10, 12, 3), (2, 3, 1)])
def test_maxout_says_how_far_it_is_while_it_learns(group, units, pieces):
    """After every unit: its map, and the error of all by numpy, the others still the 1×1."""
    maps = bank_maps(noise())
    setting = Setting(group=group, units=units, pieces=pieces)
    linear = fitted_layer(group, looking_at(maps))
    whole = maxout_layer(setting, looking_at(maps))
    imitated = [unit % (50 // group) for unit in range(units)]
    wanted = grouped(maps, group).max(1)[imitated]
    varies = np.linalg.norm(wanted - wanted.mean((1, 2), keepdims=True))
    made, final = linear(maps).numpy()[imitated], whole(maps).numpy()
    errors = [np.linalg.norm(made - wanted) / varies]
    steps = list(learning(setting, maps, linear))
    assert len(steps) == units
    for unit, seen in enumerate(steps):
        made[unit] = final[unit]
        errors.append(np.linalg.norm(made - wanted) / varies)
        assert seen.errors == pytest.approx(errors, abs=1e-5)
        np.testing.assert_allclose(seen.made[0].numpy(), final[unit], atol=1e-5)
        np.testing.assert_array_equal(seen.wanted[0].numpy(), wanted[unit])
    assert torch.equal(steps[-1].layer.weight, whole.weight)
    assert torch.equal(steps[-1].layer.bias, whole.bias)
    assert steps[-1].errors[-1] <= steps[0].errors[0] + 1e-6


@pytest.mark.parametrize(("weights", "learns"), [("fitted", 7), ("select", 0), ("random", 0)])
def test_the_ladder_pauses_after_every_unit_that_learned(weights, learns):
    scene = LESSON.scene(Setting(units=7, maxout_weights=weights), noise())
    steps = LESSON.sections["ladder"].show(scene)
    told = []
    while True:
        try:
            told += [each for each in [next(steps)] if each]  # None: only a pause
        except StopIteration as end:
            blocks = end.value
            break
    assert all(isinstance(each, Progress) for each in told)
    fractions = [each.fraction for each in told]
    assert fractions == [*(n / 8 for n in range(1, learns + 1)), 7 / 8]
    assert [str(each.sentence).split(",")[0] for each in told[:learns]] == [
        f"Maxout learns: {n} of 7 units" for n in range(1, learns + 1)
    ]
    for n, each in enumerate(told[:learns], 1):
        panels, chart = each.newest
        assert [str(panel.title) for panel in panels.panels] == ["Group max", f"Maxout, unit {n}"]
        ((_, errors),) = chart.arguments["lines"].items()
        assert len(errors) == len(chart.arguments["x"]) == 8
        assert sum(map(math.isnan, errors)) == 7 - n
    assert numbers(blocks) == numbers(LESSON.section("ladder", scene.setting, noise()))


@given(
    st.integers(1, 10),
    st.integers(0, 49),
    st.integers(0, 50),
    st.sampled_from(["fitted", "select", "random"]),
)
def test_a_unit_is_convex_along_any_channel(pieces, channel, seed, weights):
    setting = Setting(kind="maxout", units=3, pieces=pieces, maxout_weights=weights, seed=seed)
    maps = bank_maps(noise(6, 5))
    layer = maxout_layer(setting, looking_at(maps))
    unit = piecewise(layer.weight[1], layer.bias[1], maps[:, 2, 3], channel)
    x, y = unit.x.double(), unit.largest.double()
    assert torch.equal(y, unit.pieces.amax(0).double())
    assert unit.now == float(maps[channel, 2, 3])
    assert float(x[0]) <= min(-3, unit.now)
    assert float(x[-1]) >= max(3, unit.now)
    # convex: between two of its points it lies nowhere above the line through them
    share = (x - x[0]) / (x[-1] - x[0])
    assert bool((y <= y[0] + share * (y[-1] - y[0]) + 1e-4).all())
    apart = x.diff() > 1e-3
    slopes = y.diff()[apart] / x.diff()[apart]
    assert bool((slopes.diff() >= -1e-2).all())
    # each piece is a straight line
    for piece in unit.pieces.double():
        line = piece[0] + share * (piece[-1] - piece[0])
        torch.testing.assert_close(piece, line, atol=1e-4, rtol=0)


@pytest.mark.parametrize("weights", ["fitted", "select", "random"])
def test_the_function_is_what_the_layer_does_when_one_channel_moves(weights):
    setting = Setting(kind="maxout", units=4, pieces=3, maxout_weights=weights)
    pixels = noise(16, 15)
    maps = bank_maps(pixels)
    layer = network(setting, pixels).pooling
    unit = piecewise(layer.weight[2], layer.bias[2], maps[:, 1, 4], 17)
    values = maps[:, 1:2, 4:5].repeat(1, 1, len(unit.x))
    values[17, 0] = unit.x
    torch.testing.assert_close(layer(values)[2, 0], unit.largest, atol=1e-5, rtol=0)
    assert unit.now in unit.x.tolist()


@pytest.mark.parametrize("seed", [0, 1, 50])
@pytest.mark.parametrize("group", [2, 5, 10, 25])
def test_a_shuffle_wrecks_the_group_max_and_not_the_fit(group, seed):
    maps = bank_maps(photograph())
    seen = shuffled(maps, group, seed)
    wanted = grouped(maps, group).max(1)
    wrecked = grouped(maps[list(shuffle_order(seed))], group).max(1)
    np.testing.assert_array_equal(seen.wanted.numpy(), wanted)
    np.testing.assert_array_equal(seen.wrecked.numpy(), wrecked)
    centred = [each - each.mean((1, 2), keepdims=True) for each in (wrecked, wanted)]
    r = np.corrcoef(*(each.ravel() for each in centred))[0, 1]
    assert seen.wrecked_correlation == pytest.approx(r, abs=1e-5)
    error = np.linalg.norm(wrecked - wanted) / np.linalg.norm(centred[1])
    assert seen.wrecked_error == pytest.approx(error, abs=1e-5)
    assert seen.wrecked_error > 0.5
    assert seen.refitted_error == pytest.approx(seen.fitted_error, abs=1e-6)
    torch.testing.assert_close(seen.refitted, seen.fitted, atol=1e-4, rtol=0)
    # a least-squares fit with a bias: error² + r² = 1
    assert seen.refitted_error**2 + seen.refitted_correlation**2 == pytest.approx(1, abs=1e-3)


def test_over_all_channels_the_order_does_not_matter():
    assert shuffled(bank_maps(noise()), group=50, seed=0).wrecked_error == 0


def test_an_error_where_nothing_varies():
    flat = torch.ones(1, 2, 2)
    assert relative_error(flat, flat) == 0
    assert relative_error(flat + 1, flat) == math.inf
    assert correlation(flat, flat) == 0


@given(st.integers(1, 10))
def test_pooling_makes_at_most_what_it_gets_and_maxout_any_number(pieces):
    pooling, maxout = pooling_parameters(), maxout_parameters(pieces)
    assert pooling == {50 // group: 0 for group in GROUPS}
    assert maxout == {n: n * pieces * 51 for n in range(1, 65)}
    assert max(maxout) > max(pooling) == 50


# ── Phases and orientations ─────────────────────────────────────────────────────────────────────


def test_over_phases_and_orientations_by_numpy():
    maps = bank_maps(noise())
    x = maps.numpy().reshape(5, 5, 2, 40, 33)
    expected = (x**2).mean(2).reshape(25, 40, 33)
    np.testing.assert_allclose(over_phases(maps), expected, atol=1e-5)
    expected = x.max(0).reshape(10, 40, 33)
    np.testing.assert_array_equal(over_orientations(maps), expected)


def test_the_section_shows_the_middle_wavelength():
    maps, names = bank_maps(noise()), channel_names(LESSON, Setting())["bank"]
    *_, shown_maps = LESSON.section("phase", Setting(shuffled=True), noise())
    phases, energy, orientations = shown_maps.panels
    assert list(phases.names) == names[PHASES_OF_MIDDLE] == ["0° 8 px φ0°", "0° 8 px φ90°"]
    assert phases.marks == orientations.marks == phased([0, 90])
    assert torch.equal(phases.maps, maps[4:6])
    even, odd = phases.maps
    torch.testing.assert_close(energy.maps, ((even**2 + odd**2) / 2)[None])
    of_it = [i for i, name in enumerate(names) if name.endswith(" 8 px φ0°")]
    assert len(of_it) == 5
    assert torch.equal(orientations.maps[0], maps[of_it].amax(0))
    assert torch.equal(orientations.maps[1], maps[[i + 1 for i in of_it]].amax(0))
    assert list(orientations.names) == ["φ0°", "φ90°"]


def test_the_lesson_sweeps_the_filters_of_its_bank():
    """The middle wavelength, the even and the odd phase at 0°, and both with the signs turned."""
    sweep = phases_swept(steps=144)
    assert len(sweep.phases_degrees) == 144
    assert list(sweep.responses) == list(WAYS)
    kernels = GaborBank(BANK).weight[4:6, 0, 9:30, 9:30]
    row = torch.arange(21.0)[:, None] - 10
    phi = torch.deg2rad(sweep.phases_degrees)[:, None, None]
    shown = torch.cos(2 * math.pi * row / 8 + phi).expand(-1, 21, 21)
    even, odd = torch.einsum("khw,nhw->kn", kernels, shown)
    expected = torch.stack([even, odd]).relu().amax(0)
    torch.testing.assert_close(sweep.responses["two"], expected / expected.max(), atol=1e-5, rtol=0)
    depth = sweep.modulation_depth
    assert depth["two"] == 1
    assert depth["four"] == pytest.approx(0.1716, abs=1e-3)
    assert depth["energy"] < 0.003


# ── Claims ──────────────────────────────────────────────────────────────────────────────────────

PICTURES = {
    "noise": lambda: noise(),
    "black": lambda: torch.zeros(3, 20, 20),
    "white": lambda: torch.ones(3, 20, 20),
    "one pixel": lambda: noise(1, 1),
    "few pixels": lambda: noise(6, 8),
    "photograph": photograph,
    "zone plate": lambda: images.at_working_size(shipped("zone_plate"), 96).pixels,
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("group", GROUPS)
def test_claims_hold_on_pictures_of_every_kind(name, group, picture, device):
    pixels = PICTURES[name]()
    claims = LESSON.claims(Setting(group=group), pixels)
    rows = compare(claims, picture(pixels), device)
    assert [row.equal for row in rows[:5]] == [True] * 5
    for row in rows:
        assert row.holds, row
    plenty = name in ("noise", "photograph", "zone plate")
    differ = sum(not row.equal for row in rows)
    assert differ == plenty * ((group > 1) + (1 < group < 50))
    anew = [row for row in rows if "fitted again" in str(row.sentence)]
    assert len(anew) == plenty * (group > 1)
    assert all(row.equal for row in anew)


@pytest.mark.parametrize("group", [2, 10, 25])
def test_a_fit_to_another_shuffle_would_be_seen(group, picture, monkeypatch):
    """A claim that fits as though the channels were shuffled otherwise fails: it is no idle one."""
    pixels = photograph()
    claim = next(
        c for c in LESSON.claims(Setting(group=group), pixels) if "again" in str(c.sentence)
    )
    (row,) = compare([claim], picture(pixels), CPU)
    assert row.holds
    assert 0 < row.difference < row.bound
    module = import_module("viz.lessons.cross_channel_pooling.claims")
    monkeypatch.setattr(module, "shuffle_order", lambda seed: shuffle_order(seed + 1))
    assert not compare([claim], picture(pixels), CPU)[0].holds


def test_claims_do_not_depend_on_what_the_network_does(picture):
    pixels = noise()
    for kind in KINDS:
        setting = Setting(kind=kind, shuffled=True, winner=True)
        rows = compare(LESSON.claims(setting, pixels), picture(pixels), CPU)
        assert len(rows) == 8
        assert all(row.holds for row in rows)


# ── Cached, drawn, written out, taken apart ─────────────────────────────────────────────────


def test_what_looks_at_the_picture_goes_through_the_stages(picture):
    """What is measured is cached as what stages gave is."""
    asked: list[str] = []

    def through(chain: nn.Sequential, pixels: Tensor) -> Tensor:
        last = list(chain.modules())[-1]
        assert isinstance(last, Measured)
        asked.append(last.function.__name__)
        return apply(chain, pixels)

    fits = {
        "maxout": ["fitted_pieces"],
        "fitted": ["fitted_affine"],
        "parametric": ["fitted_rectified"],
    }
    for kind in KINDS:
        asked.clear()
        LESSON.build(Setting(kind=kind), noise(), through)
        assert asked == ["unit_variance_rows", *fits.get(kind, [])]


@pytest.mark.parametrize("kind", KINDS)
def test_a_network_of_cached_stages_is_the_same(kind, picture):
    pixels = photograph()
    setting = Setting(kind=kind, shuffled=True)
    for _ in range(2):
        made = built(LESSON, setting, picture(pixels), CPU).network
        plain = network(setting, pixels)
        for ours, theirs in zip(made.parameters(), plain.parameters(), strict=True):
            torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("stage", ["picture", "bank", "order", "pooling"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_canvas_gets_its_buffer(stage, kind, picture):
    setting = Setting(kind=kind, shuffled=True, winner=True)
    buffer = drawing.draw(LESSON, setting, View(stage=stage), picture(noise(30, 30)), 30)
    assert len(buffer) > 900


@pytest.mark.parametrize(
    ("changes", "kernels", "layer"),
    [
        ({}, 50, "max"),
        ({"winner": True}, 50, "max"),
        ({"kind": "maxout"}, 50, "Maxout"),
        ({"group": 1}, 50, None),
        ({"kind": "mean"}, 50, None),
        ({"kind": "fitted", "shuffled": True}, 5, None),
        ({"kind": "maxout", "pieces": 1, "units": 7}, 7, None),
    ],
)
def test_the_filters_panel(changes, kernels, layer):
    found = filters(network(Setting(**changes), noise()), "pooling")
    assert found.stacks["kernels"].shape == (kernels, 39, 39)
    assert (found.note and found.note.values) == (layer and {"layer": layer})
    assert found.of_bank == (kernels == 50)  # a pool shows what it pools, linear or not
    assert ("matrix" in found.stacks) == (changes.get("kind") == "fitted")


@pytest.mark.parametrize(
    "changes",
    [
        {"group": 1, "shuffled": True},
        {"kind": "mean"},
        {"kind": "mean", "shuffled": True, "group": 5},
        {"kind": "maxout", "pieces": 1, "units": 7, "maxout_weights": "random"},
    ],
)
def test_one_kernel_stands_for_a_linear_chain(changes):
    pixels = noise()
    chain = network(Setting(**changes), pixels)
    grey = torch.einsum("c,chw->hw", LUMINANCE, pixels)[None]
    once = F.conv2d(mirrored(grey, 19), effective_kernels(chain)[:, None])
    torch.testing.assert_close(chain(pixels), once, atol=1e-4, rtol=0)


def test_what_is_not_linear_has_no_kernel():
    with pytest.raises(NotLinear, match="Maxout"):
        effective_kernels(network(Setting(kind="maxout"), noise()))


def written(setting: Setting, picture: Picture, side: int, stage: str = "") -> tuple[str, Tensor]:
    """The program of a stage, and the maps that the app has of it."""
    seen = images.at_working_size(picture, side)
    chain = network(setting, seen.pixels)
    maps = run.maps(chain, seen, CPU)
    text = program(chain, picture, side, stage=stage)
    return text, torch.from_numpy(maps[stage or list(maps)[-1]])


def executed(text: str) -> Tensor:
    left: dict[str, Any] = {"__name__": "__main__"}
    with chdir(FOLDER):
        exec(compile(text, "program.py", "exec"), left)
    return left["maps"]


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"kind": "mean", "group": 25},
        {"kind": "maxout"},
        {"kind": "maxout", "units": 7, "pieces": 3, "group": 25, "shuffle_seed": 9},
        {"kind": "maxout", "pieces": 10},
        {"kind": "maxout", "maxout_weights": "select"},
        {"kind": "maxout", "units": 64, "pieces": 10, "maxout_weights": "random", "seed": 5},
        {"kind": "maxout", "units": 1, "pieces": 1},
        {"kind": "fitted"},
        {"kind": "fitted", "group": 50},
        {"kind": "fitted", "group": 1},
        {"kind": "parametric", "shuffle_seed": 4},
        {"kind": "parametric", "group": 50},
    ],
)
def test_the_program_gives_what_is_on_screen(changes, shuffled):
    text, on_screen = written(Setting(shuffled=shuffled, **changes), shipped("coffee"), 96)
    maps = executed(text)
    assert maps.dtype == torch.float32
    # the app multiplies spectra, the program slides: 3e-5 of a kernel's sum, times scale and weights
    torch.testing.assert_close(maps, on_screen, atol=2e-3 * float(on_screen.std()), rtol=0)
    assert max(map(len, text.splitlines())) <= LINE
    assert "viz" not in text


def test_the_program_of_the_winners():
    """Equals within rounding may change places, and hardly anything is equal."""
    text, on_screen = written(Setting(winner=True, shuffled=True), shipped("coffee"), 96)
    assert (executed(text) != on_screen).float().mean() < 1e-3


@pytest.mark.parametrize("stage", ["bank", "order"])
def test_the_program_of_the_stages_before(stage):
    text, on_screen = written(Setting(shuffled=True), shipped("zone_plate"), 64, stage)
    torch.testing.assert_close(executed(text), on_screen, atol=1e-4, rtol=0)


@given(SETTINGS, st.tuples(*[st.floats(0, 1)] * 3))
@settings(max_examples=20)
def test_every_number_of_every_stage_is_found_again(setting: Setting, place):
    before = noise(14, 19)
    for name, module in network(setting, before).named_children():
        after = module(before)
        unit = tuple(int(part * (n - 1)) for part, n in zip(place, after.shape, strict=True))
        taken = arithmetic(module, before, unit)
        scale = 1 + sum(abs(term) for term in taken.terms)
        if taken.rectifier != "WinningChannel":
            assert taken.output == pytest.approx(float(after[unit]), abs=2e-5 * scale)
        if taken.operation == "sum":
            assert taken.value == pytest.approx(sum(taken.terms) + taken.bias, abs=1e-9)
        if name != "bank":
            found = [float(before[each]) for each in taken.places]
            assert taken.inputs == pytest.approx(found, abs=1e-6)
        before = after


def test_the_arithmetic_of_a_scaled_filter_has_the_scale_in_its_weights():
    """The luminance under a kernel of 39 × 39, times kernel × scale."""
    pixels = noise(50, 45)
    bank = network(Setting(), pixels).bank
    taken = arithmetic(bank, pixels, (13, 25, 22))
    assert taken.operation == "sum"
    assert len(taken.terms) == 39 * 39
    grey = torch.einsum("c,chw->hw", LUMINANCE, pixels)
    assert taken.inputs[0] == pytest.approx(float(grey[6, 3]), abs=1e-6)
    weights = bank.gabor.weight[13, 0].flatten() * bank.scale.weight[13, 0, 0]
    assert taken.weights == pytest.approx(weights.tolist(), abs=1e-6)
    assert taken.rectifier == ""


def test_the_arithmetic_of_maxout_by_hand():
    """Pieces x, −x and 1 over one channel at x = −3: the second wins with 3."""
    layer = Maxout(torch.tensor([[[1.0], [-1.0], [0.0]]]), torch.tensor([[0.0, 0.5, 1.0]]))
    taken = arithmetic(layer, torch.tensor([[[-3.0]]]), (0, 0, 0))
    assert taken.pieces == (-3.0, 3.5, 1.0)
    assert (taken.operation, taken.weights, taken.bias) == ("sum", [-1.0], 0.5)
    assert taken.output == 3.5


def test_the_arithmetic_of_a_winner_and_of_an_order_by_hand():
    maps = torch.tensor([4.0, 9.0, 9.0, 1.0]).view(4, 1, 1)
    chain = network(Setting(winner=True, group=2), noise(4, 4))
    taken = arithmetic(chain.pooling, maps, (1, 0, 0))
    assert (taken.inputs, taken.value, taken.output) == ([9.0, 1.0], 9.0, 0.0)
    fifty = torch.arange(50.0).view(50, 1, 1)
    shuffle = network(Setting(shuffled=True), noise(4, 4)).order
    taken = arithmetic(shuffle, fifty, (7, 0, 0))
    assert taken.places == [(shuffle_order(0)[7], 0, 0)]
    assert (taken.operation, taken.output, taken.rectifier) == ("copy", shuffle_order(0)[7], "")


def test_trace_counts_maxout_as_the_1x1_and_the_max_it_is():
    maxout = Maxout(torch.zeros(4, 3, 6))
    same = nn.Sequential(Pointwise(torch.zeros(12, 6), torch.zeros(12)), PoolChannels(3))
    ours, theirs = (cost(each, (6, 5, 7)) for each in (maxout, same))
    assert (ours.parameters, ours.macs) == (theirs.parameters, theirs.macs) == (84, 72 * 35)
    with pytest.raises(ValueError, match="takes 6 channels"):
        cost(maxout, (5, 5, 7))


def test_runs_on_every_device(device):
    """Whatever a section shows lies where the maps lie."""
    maps = bank_maps(photograph())
    there = maps.to(device)
    here = rungs(Setting(), maps)
    for name, rung in rungs(Setting(), there).items():
        assert rung.maps.device == there.device
        torch.testing.assert_close(rung.maps.cpu(), here[name].maps, atol=1e-3, rtol=0)
    linear = fitted_layer(10, looking_at(there)).to(device)
    assert all(seen.made.device == there.device for seen in learning(Setting(), there, linear))
    assert shuffled(there, 10, 0).refitted.device == there.device
    assert winner_shares(winning_channel(there, 10), 10).device == there.device
    assert winners_of_pixel(there[:, 1, 1], 10) == winners_of_pixel(maps[:, 1, 1], 10)
    assert fitted_rows(there, 10, -1).device.type == "cpu"
    assert fitted_pieces(there, 10, 5, 2, -1).device.type == "cpu"
    assert fitted_rectified(there, 10, -1).device.type == "cpu"


@given(SETTINGS)
def test_the_canvas_knows_what_was_pooled_and_who_could_have_won(setting: Setting):
    *before, pooling = LESSON.outline(setting).stages
    assert all(stage.groups is None and not stage.classes for stage in before)
    assert (pooling.groups is not None) == (setting.kind in ("max", "mean"))
    assert bool(pooling.classes) == setting.shows_winner
    if pooling.groups:
        assert pooling.groups[:2] == (setting.group, setting.kind)
        assert pooling.arriving.names == before[-1].channels.names
    assert len(set(class_names(setting))) == len(class_names(setting)) == setting.group


@given(st.sampled_from(GROUPS))
def test_what_sections_measure_runs_where_there_are_no_numbers(one_device, group):
    maps = torch.empty(50, 6, 5, device="meta")
    with one_device():
        count = 50 // group
        winners = winning_channel(maps, group)
        assert winners.shape == (count, 6, 5)
        assert winner_shares(winners, group).shape == (count, group)
        assert over_phases(maps).shape == (25, 6, 5)
        assert over_orientations(maps).shape == (10, 6, 5)


def test_the_curve_is_drawn_where_a_bend_is_nearest():
    """By a plain search: no single channel reaches another piece by a smaller move."""
    generator = torch.Generator().manual_seed(3)
    weight = torch.randn(3, 50, generator=generator)
    bias, values = torch.randn(3, generator=generator), torch.randn(50, generator=generator)
    channel, away = nearest_bend(weight, bias, values)
    winner = int((weight @ values + bias).argmax())

    def wins(at: int, by: float) -> int:
        moved = values.clone()
        moved[at] += by
        return int((weight @ moved + bias).argmax())

    beyond = [wins(channel, sign * 1.001 * away) for sign in (-1, 1)]
    assert any(piece != winner for piece in beyond)
    for other in range(50):
        assert {wins(other, sign * 0.999 * away) for sign in (-1, 1)} == {winner}
    assert nearest_bend(torch.ones(2, 50), torch.tensor([1.0, 0.0]), values)[1] == 0


@pytest.mark.parametrize(("value", "ends"), [(8.0, (-4, 20)), (20.0, (-3, 32))])
def test_the_curve_reaches_half_as_far_again_as_the_bend(value, ends):
    """|x| bends at 0; a bend beyond 8 is left outside."""
    weight, bias = torch.tensor([[1.0, 0.0], [-1.0, 0.0]]), torch.zeros(2)
    unit = around_the_bend(weight, bias, torch.tensor([value, 0.0]))
    assert (unit.channel, unit.now) == (0, value)
    assert (float(unit.x[0]), float(unit.x[-1])) == ends
    with pytest.raises(ValueError, match="no channel 2"):
        piecewise(weight, bias, torch.zeros(2), 2)


UNIT = Unit("pooling", 3, 2, 3)


@pytest.mark.parametrize("unit", [None, UNIT, Unit("bank", 3, 2, 3), Unit("pooling", 63, 2, 3)])
def test_the_map_that_was_clicked_is_the_one_beside_the_others(unit):
    """A click on a map of the bank only says which pixel."""
    pixels = noise()
    at = {None: 0, UNIT: 3}.get(unit, 0 if unit and unit.stage == "bank" else 4)
    maps = bank_maps(pixels)
    name = channel_names(LESSON, Setting())["pooling"][at]
    panels, caption, _ = LESSON.section("ladder", Setting(), pixels, unit)
    assert f"Map {name} of each" in str(caption.text)
    np.testing.assert_array_equal(panels.panels[0].maps[0].numpy(), grouped(maps, 10).max(1)[at])
    few, _, _ = LESSON.section("ladder", Setting(units=2), pixels, unit)
    layer = maxout_layer(Setting(units=2), looking_at(maps))
    assert torch.equal(few.panels[1].maps[0], layer(maps)[min(at, 1)])
    shuffle, _ = LESSON.section("shuffle", Setting(), pixels, unit)
    assert str(shuffle.panels[0].title) == f"Group max, map {name}"
    assert torch.equal(shuffle.panels[0].maps, panels.panels[0].maps)


@pytest.mark.parametrize(
    ("units", "gives"), [(25, "gives 25 maps, without"), (64, "cannot give 64")]
)
def test_the_table_says_who_can_make_so_many(units, gives):
    table, chart = LESSON.section("units", Setting(units=units, pieces=2), noise())
    assert isinstance(table, Table)
    assert str(table.rows[0][1]).startswith(gives)
    assert str(table.rows[1][1]) == f"gives {units} maps for {units * 102:,} parameters"
    dots = chart.arguments["lines"]
    known = [[n for n, y in enumerate(line, 1) if not math.isnan(y)] for line in dots.values()]
    assert known == [list(range(1, 65)), [1, 2, 5, 10, 25, 50]]
