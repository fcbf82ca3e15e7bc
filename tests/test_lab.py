"""The Lab's experiment: any Setting can be built, counts what it says, and keeps its claims."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from viz import experiments, images
from viz.experiments import lab
from viz.experiments.lab import Setting, arriving, channel_names, limits, network, resolved
from viz.layers import recipes
from viz.layers.pointwise import Pointwise
from viz.lessons import LESSONS
from viz.run import compare, stage_facts

LUMINANCE = torch.tensor([0.2126, 0.7152, 0.0722])
SIDES = st.integers(1, 12)


def noise(height: int = 24, width: int = 20, seed: int = 0) -> Tensor:
    return torch.rand(3, height, width, generator=torch.Generator().manual_seed(seed))


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
def test_every_stage_has_the_channels_that_are_said(setting: Setting, height: int, width: int):
    maps = stages(setting, noise(height, width))
    counts, names = arriving(resolved(setting)), channel_names(setting)
    order = [*lab.STAGES, "out"]
    for name, after in pairwise(order):
        assert len(names[name]) == counts[after], name
        if name in maps:
            assert len(maps[name]) == counts[after], name
    assert len(maps[next(reversed(maps))]) == counts["out"]
    assert names["picture"] == ["R", "G", "B"]


@given(setting=..., height=SIDES, width=SIDES)
def test_sizes_are_the_pictures_until_the_stride(setting: Setting, height: int, width: int):
    maps = stages(setting, noise(height, width))
    for name, of_stage in maps.items():
        s = setting.stride if name == "strided" else 1
        assert of_stage.shape[-2:] == ((height - 1) // s + 1, (width - 1) // s + 1)
        assert of_stage.isfinite().all()
        assert of_stage.dtype == torch.float32


@given(...)
def test_only_what_is_switched_on_is_there_in_the_order_of_the_rail(setting: Setting):
    chain = network(setting, noise(4, 4))
    off = {
        "rectifier": setting.rectifier == "none",
        "pooling": setting.pooling == "none",
        "pointwise": not setting.pointwise,
        "strided": not setting.strided,
    }
    there = [name for name in lab.STAGES if not off.get(name)]
    assert [name for name, _ in chain.named_children()] == there


@given(...)
def test_limits_allow_what_is_resolved(setting: Setting):
    allowed, built = limits(setting), resolved(setting)
    for name in ("group", "pool_over", "pointwise_recipe", "strided_recipe"):
        assert getattr(built, name) in allowed[name], name
    for layer in ("pointwise", "strided"):
        (most,) = allowed[f"{layer}_outputs"]
        assert getattr(built, f"{layer}_outputs") <= most <= 64
        assert (getattr(built, f"{layer}_outputs") or arriving(built)[layer]) <= most


@given(...)
def test_whatever_limits_allow_is_built_as_asked(setting: Setting):
    """No control may offer what the network then does differently."""
    setting = resolved(setting)
    for name, options in limits(setting).items():
        for option in options:
            asked = replace(setting, **{name: option})
            built = resolved(asked)
            if name == "pool_over" or name.endswith("_outputs"):
                assert getattr(built, name) == option
            if name == "group" and setting.pool_over == "channels":
                assert built.group == option
            if name.endswith("_recipe"):
                assert getattr(built, name) == option


@given(...)
def test_what_is_resolved_differs_only_where_it_must(setting: Setting):
    may_differ = {
        "pool_over",
        "group",
        *(
            f"{layer}_{part}"
            for layer in ("pointwise", "strided")
            for part in ("recipe", "outputs")
        ),
    }
    built = resolved(setting)
    for name in Setting.controls().keys() - may_differ:
        assert getattr(built, name) == getattr(setting, name)


@given(...)
def test_shown_controls_exist_and_belong_to_their_stage(setting: Setting):
    shown = lab.shown_controls(setting)
    assert tuple(shown) == lab.STAGES
    every = [name for names in shown.values() for name in names]
    assert len(set(every)) == len(every)
    assert set(every) <= set(Setting.controls())
    for stage, names in shown.items():
        assert names[0] == stage
    assert ("group" in every) == (
        setting.pooling != "none" and (setting.pool_over == "channels" or setting.bank == "rgb")
    )
    for layer in ("pointwise", "strided"):
        recipe = getattr(resolved(setting), f"{layer}_recipe")
        assert (f"{layer}_seed" in every) == (getattr(setting, layer) and recipe == "random")


@given(...)
def test_titles_can_be_put_into_words(setting: Setting):
    titles = lab.titles(setting)
    assert tuple(titles) == lab.STAGES
    for text, values in titles.values():
        assert text.format(**values)
    if setting.pooling != "none":
        before, after = (
            arriving(resolved(setting))["pooling"],
            arriving(resolved(setting))["pointwise"],
        )
        assert titles["pooling"][1] == {"n": before // after}


@given(setting=..., height=SIDES, width=SIDES)
def test_runs_where_there_are_no_numbers(setting: Setting, height: int, width: int, one_device):
    pixels = noise(height, width)
    chain = network(setting, pixels)
    expected = chain(pixels).shape
    with one_device():
        found = chain.to("meta")(pixels.to("meta"))
    assert found.shape == expected


@given(setting=..., height=SIDES, width=SIDES)
def test_the_rail_tells_the_shapes_that_come(setting: Setting, height: int, width: int):
    pixels = noise(height, width)
    chain = network(setting, pixels)
    facts = stage_facts(chain, tuple(pixels.shape))
    assert list(facts) == ["picture", *dict(chain.named_children())]
    for name, of_stage in stages(setting, pixels).items():
        assert facts[name]["shape"] == list(of_stage.shape)
        weights = sum(weight.numel() for weight in chain.get_submodule(name).parameters())
        assert facts[name]["parameters"] == weights


# ── What the stages do ──────────────────────────────────────────────────────────────────────────


def test_the_bank_sees_the_luminance():
    pixels = noise()
    maps = stages(Setting(size_px=9), pixels)["bank"]
    chain = network(Setting(size_px=9), pixels)
    grey = torch.einsum("c,chw->hw", LUMINANCE, pixels)
    kernels: Any = chain.get_submodule("bank.gabor").weight
    torch.testing.assert_close(maps, F.conv2d(grey[None], kernels, padding=4), atol=1e-5, rtol=0)


def test_colours_pass_as_they_are():
    pixels = noise()
    assert torch.equal(stages(Setting(bank="rgb"), pixels)["bank"], pixels)


@pytest.mark.parametrize(("rectifier", "of"), [("relu", torch.relu), ("square", torch.square)])
def test_rectifiers(rectifier, of):
    maps = stages(Setting(rectifier=rectifier), noise())
    assert torch.equal(maps["rectifier"], of(maps["bank"]))


def test_names_follow_channels_that_are_only_copied():
    """Subsampling keeps the names; a matrix changed by hand makes new channels."""
    copied = channel_names(Setting(pointwise=False, strided_outputs=3))
    assert copied["pooling"] == copied["pointwise"] == ["0°", "45°", "90°", "135°"]
    assert copied["strided"] == ["0°", "45°", "90°"]
    edited = Setting(pointwise=False, strided_outputs=3, strided_edits=((0, 0, 5),))
    assert channel_names(edited)["strided"] == ["1", "2", "3"]


@pytest.mark.parametrize("mode", ["max", "mean"])
@pytest.mark.parametrize(
    ("over", "axis", "names"),
    [("phases", 1, ["0°", "60°", "120°"]), ("orientations", 0, ["0°", "90°", "180°", "270°"])],
)
def test_pooling_over_either_index_against_numpy(mode, over, axis, names):
    setting = Setting(orientations=3, phases=4, pooling=mode, pool_over=over)
    maps = stages(setting, noise())
    by_index = maps["rectifier"].numpy().reshape(3, 4, *maps["rectifier"].shape[1:])
    expected = getattr(np, mode)(by_index, axis=axis)
    np.testing.assert_allclose(maps["pooling"].numpy(), expected, atol=1e-6)
    assert channel_names(setting)["pooling"] == names


def test_names_of_filters_are_orientation_and_phase():
    names = channel_names(Setting(orientations=2, phases=4))["bank"]
    assert names == [f"{angle}° {phase}°" for angle in (0, 90) for phase in (0, 90, 180, 270)]


@given(st.sampled_from(["random", "identity", "average", "principal"]), st.integers(1, 16))
def test_mixtures_against_numpy(recipe, outputs):
    setting = Setting(pooling="none", pointwise_recipe=recipe, pointwise_outputs=outputs)
    maps = stages(setting, noise())
    before = maps["rectifier"].numpy()
    weight = {
        "random": lambda: recipes.random_rows(outputs, 16, 0),
        "identity": lambda: torch.eye(16)[:outputs],
        "average": lambda: torch.full((outputs, 16), 1 / 16),
        "principal": lambda: recipes.principal_rows(maps["rectifier"], outputs),
    }[recipe]()
    expected = np.tensordot(weight.numpy(), before, 1)
    np.testing.assert_allclose(maps["pointwise"].numpy(), expected, atol=1e-5)


def test_with_the_identity_a_stride_is_pure_subsampling():
    maps = stages(Setting(stride=3), noise())
    assert torch.equal(maps["strided"], maps["pointwise"][:, ::3, ::3])


def test_cells_set_by_hand_are_in_the_matrix():
    setting = Setting(pointwise_recipe="identity", pointwise_edits=((0, 1, -500), (63, 63, 1)))
    matrix: Any = network(setting, noise()).get_submodule("pointwise.mix").matrix
    expected = torch.eye(4)
    expected[0, 1] = -0.5
    assert torch.equal(matrix, expected)


def test_principal_components_follow_the_picture_and_the_stages_before():
    first, second = (stages(Setting(), noise(seed=n))["pointwise"] for n in (0, 1))
    for maps in (first, second):
        correlation = np.corrcoef(maps.flatten(1).numpy())
        np.testing.assert_allclose(correlation, np.eye(4), atol=1e-3)


@given(...)
def test_a_matrix_can_be_made_again_by_its_recipe(setting: Setting):
    """The record that the code card prints is true."""
    pixels = noise(9, 7)
    chain, before = network(setting, pixels), pixels
    for module in chain:
        for layer in module.modules():
            if isinstance(layer, Pointwise) and layer.recipe is not None:
                recipe = layer.recipe
                arguments = (before,) if recipe.of_channels else ()
                again = recipe.function(*arguments, **dict(recipe.arguments))
                assert torch.equal(recipes.edited(again, recipe.edits), layer.matrix)
        before = module(before)


def test_the_opening_view_makes_its_point():
    """Four orientations, four phases, ReLU, maximum over phases, 1×1, stride 2: as the issue has it."""
    chain = network(Setting(), noise())
    assert [name for name, _ in chain.named_children()] == list(lab.STAGES)
    assert len(stages(Setting(), noise())["bank"]) == 16
    text, values = lab.titles(Setting())["pooling"]
    assert text.startswith("Max")
    assert values == {"n": 4}
    assert chain.get_submodule("strided").stride == (2, 2)


# ── Claims ──────────────────────────────────────────────────────────────────────────────────────

PICTURES = {
    "noise": lambda: noise(40, 31),
    "black": lambda: torch.zeros(3, 20, 20),
    "white": lambda: torch.ones(3, 20, 20),
    "grey": lambda: torch.full((3, 20, 20), 0.1),
    "one pixel": lambda: noise(1, 1),
    "photograph": lambda: images.at_working_size(images.find("coffee"), 96).pixels,
    "zone plate": lambda: images.at_working_size(images.find("zone_plate"), 96).pixels,
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(
    "setting",
    [
        Setting(),
        Setting(bank="rgb", pointwise_recipe="opponent", pool_over="channels", group=1),
        Setting(
            rectifier="square", pooling="mean", pool_over="orientations", strided_recipe="random"
        ),
        Setting(
            orientations=16,
            phases=4,
            pooling="mean",
            pool_over="channels",
            group=64,
            pointwise_recipe="average",
            pointwise_outputs=64,
            strided_recipe="average",
        ),
    ],
)
def test_claims_hold_on_pictures_of_every_kind(name, setting, picture, device):
    pixels = PICTURES[name]()
    rows = compare(lab.claims(setting, pixels), picture(pixels), device)
    assert len(rows) == 4
    for row in rows:
        assert row.equal
        assert row.within, row
        assert row.holds


@given(setting=..., height=SIDES, width=SIDES)
@settings(max_examples=60)
def test_claims_hold_for_any_setting(setting: Setting, height, width, picture):
    setting = replace(setting, swapped=False)
    pixels = noise(height, width)
    claims = lab.claims(setting, pixels)
    expected = 2 * setting.pointwise + setting.strided + (setting.pooling != "none")
    assert len(claims) == expected
    for row in compare(claims, picture(pixels), torch.device("cpu")):
        assert row.holds, row


@given(setting=...)
@settings(max_examples=25)
def test_a_3x3_in_the_place_of_the_1x1_visibly_breaks_the_first_claim(setting: Setting, picture):
    setting = replace(setting, swapped=True, pointwise=True, pointwise_edits=())
    pixels = noise()
    first, second, *_ = compare(lab.claims(setting, pixels), picture(pixels), torch.device("cpu"))
    assert not first.equal
    assert first.holds
    assert not first.within
    assert first.difference > 100 * first.bound
    assert second.holds


def test_claims_take_other_ways_than_the_network():
    """Left and right are two computations; a slip in either is seen."""
    claim, *_ = lab.claims(Setting(), noise())
    given_maps = claim.given(noise())
    assert claim.left(given_maps + 1e-3).sub(claim.right(given_maps)).abs().max() > 1e-4


@given(setting=...)
def test_both_ways_stay_on_the_device_of_what_they_are_given(setting: Setting, one_device):
    """All but the plain loop, which reads numbers."""
    pixels = noise(9, 7)
    for claim in lab.claims(setting, pixels):
        start = claim.given(pixels).to("meta")
        ways = [claim.left, claim.right, claim.magnitude]
        if "loop" in claim.sentence:
            ways.remove(claim.right)
        with one_device():
            shapes = {way(start).shape for way in ways if way is not None}
        assert len(shapes) == 1


def test_sentences_differ_and_end_like_sentences():
    setting = Setting(pooling="mean", swapped=True)
    sentences = [claim.sentence for claim in lab.claims(setting, noise())]
    assert len(set(sentences)) == len(sentences) == 4
    assert all(sentence.endswith(".") for sentence in sentences)


# ── Where experiments are found ─────────────────────────────────────────────────────────────────


def test_every_lesson_has_an_experiment_with_all_its_parts():
    for lesson in LESSONS:
        module = experiments.load(lesson.slug)
        for name in (
            "Setting",
            "STAGES",
            "network",
            "claims",
            "resolved",
            "channel_names",
            "titles",
            "shown_controls",
            "limits",
        ):
            assert hasattr(module, name), (lesson.slug, name)
        assert isinstance(module.network(module.Setting(), noise()), nn.Sequential)


@pytest.mark.parametrize("slug", ["", "claim", "../lab", "lab.network", "nothing"])
def test_what_is_no_lesson_is_not_imported(slug):
    with pytest.raises(KeyError):
        experiments.load(slug)
