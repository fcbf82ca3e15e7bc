"""The Lab: any Setting can be built, counts what it says, and keeps its claims."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from looking import PICTURES, channel_names, leaving, noise, shown, title

from viz import lessons
from viz.layers import recipes
from viz.lessons.lab.setting import Setting
from viz.run import compare

LAB = lessons.load("lab")
LUMINANCE = torch.tensor([0.2126, 0.7152, 0.0722])
SIDES = st.integers(1, 12)


# ── Whatever is asked for, something is built ───────────────────────────────────────────────────


@given(setting=..., height=SIDES, width=SIDES)
def test_sizes_are_the_pictures_until_the_stride(setting: Setting, height: int, width: int):
    maps = leaving(LAB, setting, noise(height, width))
    for name, of_stage in maps.items():
        s = setting.stride if name == "strided" else 1
        assert of_stage.shape[-2:] == ((height - 1) // s + 1, (width - 1) // s + 1)
        assert of_stage.isfinite().all()
        assert of_stage.dtype == torch.float32


@given(...)
def test_shown_controls_exist_and_belong_to_their_stage(setting: Setting):
    outline = LAB.outline(setting)
    every = shown(LAB, setting)
    for stage in outline.stages:
        assert next(iter(stage.controls)) == stage.name
    assert ("group" in every) == (
        setting.pooling != "none" and (setting.pool_over == "channels" or setting.bank != "gabor")
    )
    for layer in ("pointwise", "strided"):
        recipe = getattr(outline.setting, f"{layer}_recipe")
        assert (f"{layer}_seed" in every) == (getattr(setting, layer) and recipe == "random")


# ── What the stages do ──────────────────────────────────────────────────────────────────────────


def test_the_bank_sees_the_luminance():
    pixels = noise()
    maps = leaving(LAB, Setting(size_px=9), pixels)["bank"]
    chain = LAB.network(Setting(size_px=9), pixels)
    grey = torch.einsum("c,chw->hw", LUMINANCE, pixels)
    kernels = chain.get_submodule("bank.gabor").weight
    expected = F.conv2d(F.pad(grey[None], [4] * 4, mode="reflect"), kernels)
    torch.testing.assert_close(maps, expected, atol=1e-5, rtol=0)


def test_colours_pass_as_they_are():
    pixels = noise()
    assert torch.equal(leaving(LAB, Setting(bank="rgb"), pixels)["bank"], pixels)


@pytest.mark.parametrize(("rectifier", "of"), [("relu", torch.relu), ("square", torch.square)])
def test_rectifiers(rectifier, of):
    maps = leaving(LAB, Setting(rectifier=rectifier), noise())
    assert torch.equal(maps["rectifier"], of(maps["bank"]))


def test_names_follow_channels_that_are_only_copied():
    """Subsampling keeps the names; a matrix changed by hand makes new channels."""
    copying = Setting(pointwise=False, strided_recipe="identity", strided_outputs=3)
    copied = channel_names(LAB, copying)
    assert copied["pooling"] == copied["pointwise"] == ["0°", "45°", "90°", "135°"]
    assert copied["strided"] == ["0°", "45°", "90°"]
    edited = replace(copying, strided_edits=((0, 0, 5),))
    assert channel_names(LAB, edited)["strided"] == ["1", "2", "3"]


@pytest.mark.parametrize("mode", ["max", "mean"])
@pytest.mark.parametrize(
    ("over", "axis", "names"),
    [("phases", 1, ["0°", "60°", "120°"]), ("orientations", 0, ["φ0°", "φ90°", "φ180°", "φ270°"])],
)
def test_pooling_over_either_index_against_numpy(mode, over, axis, names):
    setting = Setting(orientations=3, phases=4, pooling=mode, pool_over=over)
    maps = leaving(LAB, setting, noise())
    by_index = maps["rectifier"].numpy().reshape(3, 4, *maps["rectifier"].shape[1:])
    expected = getattr(np, mode)(by_index, axis=axis)
    np.testing.assert_allclose(maps["pooling"].numpy(), expected, atol=1e-6)
    assert channel_names(LAB, setting)["pooling"] == names


def test_names_of_filters_are_orientation_and_phase():
    names = channel_names(LAB, Setting(orientations=2, phases=4))["bank"]
    assert names == [f"{angle}° φ{phase}°" for angle in (0, 90) for phase in (0, 90, 180, 270)]


@given(st.sampled_from(["random", "identity", "average", "principal"]), st.integers(1, 16))
def test_mixtures_against_numpy(recipe, outputs):
    setting = Setting(pooling="none", pointwise_recipe=recipe, pointwise_outputs=outputs)
    maps = leaving(LAB, setting, noise())
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
    maps = leaving(LAB, Setting(stride=3, strided_recipe="identity"), noise())
    assert torch.equal(maps["strided"], maps["pointwise"][:, ::3, ::3])


def test_cells_set_by_hand_are_in_the_matrix():
    setting = Setting(pointwise_recipe="identity", pointwise_edits=((0, 1, -500), (63, 63, 1)))
    matrix = LAB.network(setting, noise()).get_submodule("pointwise.mix").matrix
    expected = torch.eye(4)
    expected[0, 1] = -0.5
    assert torch.equal(matrix, expected)


def test_principal_components_follow_the_picture_and_the_stages_before():
    first, second = (leaving(LAB, Setting(), noise(seed=n))["pointwise"] for n in (0, 1))
    for maps in (first, second):
        correlation = np.corrcoef(maps.flatten(1).numpy())
        np.testing.assert_allclose(correlation, np.eye(4), atol=1e-3)


def test_the_opening_view_makes_its_point():
    """Four orientations, four phases, ReLU, maximum over phases, 1×1, stride 2: as the issue has it."""
    chain = LAB.network(Setting(), noise())
    assert [name for name, _ in chain.named_children()] == [
        "bank",
        "rectifier",
        "pooling",
        "pointwise",
        "strided",
    ]
    assert len(leaving(LAB, Setting(), noise())["bank"]) == 16
    assert title(LAB, Setting(), "pooling") == "Max over 4"
    assert chain.get_submodule("strided").stride == (2, 2)


# ── Claims ──────────────────────────────────────────────────────────────────────────────────────


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
    rows = compare(LAB.claims(setting, pixels), picture(pixels), device)
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
    claims = LAB.claims(setting, pixels)
    expected = 2 * setting.pointwise + setting.strided + (setting.pooling != "none")
    assert len(claims) == expected
    for row in compare(claims, picture(pixels), torch.device("cpu")):
        assert row.holds, row


@given(setting=...)
@settings(max_examples=25)
def test_a_3x3_in_the_place_of_the_1x1_visibly_breaks_the_first_claim(setting: Setting, picture):
    setting = replace(setting, swapped=True, pointwise=True, pointwise_edits=())
    pixels = noise()
    claims = LAB.claims(setting, pixels)
    # opposite phases may cancel, and leave nothing but rounding to mix
    assume(not claims[0].equal and claims[0].given(pixels).abs().max() > 1e-5)
    first, second, *_ = compare(claims, picture(pixels), torch.device("cpu"))
    assert first.holds
    assert not first.within
    assert first.difference > 100 * first.bound
    assert second.holds


def test_a_3x3_is_only_said_to_differ_where_there_is_something_to_mix():
    """Without a rectifier opposite phases cancel in the mean over all channels."""
    swapped = Setting(swapped=True)
    nothing = replace(swapped, rectifier="none", pooling="none", pointwise_recipe="average")
    assert [claim.equal for claim in LAB.claims(swapped, noise())][:2] == [False, True]
    assert all(claim.equal for claim in LAB.claims(nothing, noise()))


def test_claims_take_other_ways_than_the_network():
    """Left and right are two computations; a slip in either is seen."""
    claim, *_ = LAB.claims(Setting(), noise())
    given_maps = claim.given(noise())
    assert claim.left(given_maps + 1e-3).sub(claim.right(given_maps)).abs().max() > 1e-4


@given(setting=...)
def test_both_ways_stay_on_the_device_of_what_they_are_given(setting: Setting, one_device):
    """All but the plain loop, which reads numbers."""
    pixels = noise(9, 7)
    for claim in LAB.claims(setting, pixels):
        start = claim.given(pixels).to("meta")
        ways = [claim.left, claim.right, claim.magnitude]
        if "loop" in str(claim.sentence):
            ways.remove(claim.right)
        with one_device():
            shapes = {way(start).shape for way in ways if way is not None}
        assert len(shapes) == 1
