"""What several lessons have: chains and their stages, ways to a mixture, weights, and the bound."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from viz import lessons
from viz.layers.gabor import GaborParameters, gabor_bank
from viz.layers.pointwise import Pointwise
from viz.lessons import LESSONS, ways
from viz.lessons.chain import apply, before
from viz.lessons.claim import rounding_bound
from viz.lessons.covariance import covariance
from viz.lessons.lab import LESSON as LAB
from viz.lessons.layer_claims import pointwise_claims, pooling_claim, strided_claim
from viz.lessons.lesson import Lesson
from viz.lessons.mixing import Mix
from viz.lessons.stage import COLOURS, Channels, Inflow, Stage
from viz.lessons.stages import oriented_maps
from viz.run import drawing
from viz.settings import ANY, Allowed, Setting, Slider, field
from viz.text import Text, text
from viz.view import View

EPS = 1.2e-7
SIDES = st.integers(1, 12)


def noise(channels: int = 3, height: int = 24, width: int = 20, seed: int = 0) -> Tensor:
    return torch.rand(channels, height, width, generator=torch.Generator().manual_seed(seed))


def matrix(outputs: int = 4, channels: int = 3, seed: int = 1) -> Tensor:
    return torch.randn(outputs, channels, generator=torch.Generator().manual_seed(seed))


# ── Chains ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("slug", [entry.slug for entry in LESSONS])
def test_what_reaches_a_stage_is_what_the_stages_before_it_make(slug: str):
    lesson, maps = lessons.load(slug), noise()
    scene = lesson.scene(lesson.setting(), maps)
    chain = scene.built.network
    names = [name for name, _ in chain.named_children()]
    for n, (name, module) in enumerate(chain.named_children()):
        assert [each for each, _ in before(name, chain).named_children()] == names[:n]
        assert torch.equal(scene.input_of(name), maps)
        maps = module(maps)


def test_a_stage_that_is_switched_off_has_nothing_before_it():
    scene = LAB.scene(LAB.setting(strided=False), noise())
    with pytest.raises(ValueError, match="strided"):
        scene.input_of("strided")


def test_whoever_caches_stages_is_asked_for_those_before_and_no_others():
    asked = []

    def through(chain: nn.Sequential, pixels: Tensor) -> Tensor:
        asked.append([name for name, _ in chain.named_children()])
        return pixels + 1

    scene = replace(LAB.scene(LAB.setting(), noise()), through=through)
    assert torch.equal(scene.input_of("pooling"), noise() + 1)
    assert asked == [["bank", "rectifier"]]


def test_what_is_measured_of_the_maps_is_the_last_stage_of_a_chain_of_its_own():
    """So a cache keeps what was measured, and the maps only as long as others want them."""
    asked = []

    def through(chain: nn.Sequential, pixels: Tensor) -> Tensor:
        asked.append([name for name, _ in chain.named_children()])
        return chain(pixels)

    given_to = Inflow(COLOURS, nn.Sequential(nn.ReLU()), noise() - 0.5, through)
    assert torch.equal(given_to.measured(nn.Flatten(0)), (noise() - 0.5).relu().flatten())
    assert asked == [["0", "measured"]]
    assert len(given_to.chain) == 1


@pytest.mark.parametrize("slug", [entry.slug for entry in LESSONS])
def test_stages_go_where_the_pixels_are(slug: str, device: torch.device, one_device):
    lesson = lessons.load(slug)
    chain = lesson.network(lesson.setting(), noise())
    expected = apply(chain, noise())
    there = apply(chain, noise().to(device))
    assert there.device.type == device.type
    torch.testing.assert_close(there.cpu(), expected, atol=1e-4, rtol=1e-4)
    with one_device():
        assert apply(chain, noise().to("meta")).shape == expected.shape


def test_a_scene_of_other_fields_and_of_another_picture():
    scene = LAB.scene(LAB.setting(stride=2), noise())
    assert scene.changed(stride=3).mixing("strided").stride == (3, 3)
    other = scene.on(noise(seed=5))
    assert torch.equal(other.pixels, noise(seed=5))
    principal = LAB.network(LAB.setting(stride=2), noise(seed=5)).get_submodule("pointwise.mix")
    assert torch.equal(other.mixing("pointwise").matrix, principal.matrix)


def test_oriented_maps_are_filters_of_the_luminance():
    """ITU-R BT.709, item 3.2: 0.2126 R + 0.7152 G + 0.0722 B."""
    bank = oriented_maps(GaborParameters(3, 2, 7.0, 3.0, 15, 1.5))
    red, green, blue = noise()
    grey = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    kernels = gabor_bank(3, phases=2, wavelength_px=7, sigma_px=3, size_px=15, aspect=1.5)
    expected = F.conv2d(F.pad(grey[None], [7] * 4, mode="reflect"), kernels[:, None])
    torch.testing.assert_close(bank(noise()), expected, atol=1e-5, rtol=0)
    assert (
        bank.get_submodule("luminance").matrix.tolist()
        == torch.tensor([[0.2126, 0.7152, 0.0722]]).tolist()
    )


# ── Ways to a mixture, and what is claimed of them ──────────────────────────────────────────────


@given(SIDES, SIDES, st.integers(1, 5), st.integers(1, 9), st.integers(1, 4))
def test_all_ways_are_the_sum_over_channels(height, width, outputs, channels, stride):
    weight, x = matrix(outputs, channels), noise(channels, height, width)
    mixed = np.tensordot(weight.double().numpy(), x.double().numpy(), 1)
    size = np.tensordot(weight.abs().double().numpy(), x.double().numpy(), 1)
    for way in (ways.convolution(weight), ways.product(weight), ways.loop(weight)):
        assert (np.abs(way(x).numpy() - mixed) <= max(4, channels) * EPS * size + 1e-12).all()
    for way in (ways.convolution(weight, stride), ways.subsampled(weight, stride)):
        np.testing.assert_allclose(way(x).numpy(), mixed[:, ::stride, ::stride], atol=1e-5)
    found = ways.magnitude(weight, stride)(-x)
    np.testing.assert_allclose(found.numpy(), size[:, ::stride, ::stride], atol=1e-5)


def test_the_blurred_convolution_is_a_box_of_nine_pixels_before_the_matrix():
    box = F.avg_pool2d(noise(), 3, stride=1, padding=1)
    expected = torch.einsum("oc,chw->ohw", matrix(), box)
    torch.testing.assert_close(ways.blurred_convolution(matrix())(noise()), expected)


@given(SIDES, SIDES)
def test_the_middle_is_the_middle(height: int, width: int):
    places = torch.arange(float(height * width)).view(1, height, width)
    found = ways.middle(places, side=4)
    assert found.shape == (1, min(4, height), min(4, width))
    top, left = divmod(int(found[0, 0, 0]), width)
    assert abs(top - (height - top - found.shape[1])) <= 1
    assert abs(left - (width - left - found.shape[2])) <= 1


@pytest.mark.parametrize("name", ["convolution", "product", "magnitude", "blurred_convolution"])
def test_a_way_runs_on_one_device_after_another(name: str, device: torch.device, one_device):
    way = getattr(ways, name)(matrix())
    expected = way(noise())
    torch.testing.assert_close(way(noise().to(device)).cpu(), expected, atol=1e-5, rtol=1e-5)
    with one_device():
        assert way(noise().to("meta")).is_meta
    assert torch.equal(way(noise()), expected)


def test_claims_of_layers_hold_and_a_slip_breaks_them():
    made = [
        *pointwise_claims(nn.Identity(), matrix(), swapped=False),
        strided_claim(nn.Identity(), matrix(), 3),
        pooling_claim(nn.Identity(), 3, "mean"),
    ]
    for claim in made:
        x = claim.given(noise())
        assert claim.equal
        assert claim.magnitude is not None
        bound = rounding_bound(claim.magnitude(x), claim.terms)
        assert ((claim.left(x) - claim.right(x)).abs() <= bound).all(), claim.sentence
        assert ((claim.left(x + 1e-3) - claim.right(x)).abs() > bound).any(), claim.sentence
    exact = pooling_claim(nn.Identity(), 3, "max")
    assert exact.magnitude is None
    assert torch.equal(exact.left(noise()), exact.right(noise()))
    assert torch.equal(exact.left(noise())[0], noise().amax(0))
    swapped, loop = pointwise_claims(nn.Identity(), matrix(), swapped=True)
    assert (swapped.equal, loop.equal) == (False, True)
    assert (swapped.left(noise()) - swapped.right(noise())).abs().max() > 0.1


def test_the_bound_grows_with_the_terms_from_four_on():
    bounds = [float(rounding_bound(torch.tensor(2.0), terms)) for terms in (1, 4, 5, 64)]
    assert bounds == pytest.approx([8 * EPS, 8 * EPS, 10 * EPS, 128 * EPS])


# ── Weights ─────────────────────────────────────────────────────────────────────────────────────

LAYERS = [
    ("lab", "pointwise", "identity"),
    ("lab", "strided", "identity"),
    ("pointwise", "pointwise", "principal"),
    ("pointwise", "second", "principal"),
    ("strided", "strided", "identity"),
]


def mix_of(slug: str, layer: str) -> tuple[type[Any], Mix[Any]]:
    lesson = lessons.load(slug)
    stage = next(each for each in lesson.stages(lesson.setting()) if each.name == layer)
    assert isinstance(stage, Mix)
    return lesson.setting, stage


def inflow(channels: int, maps: Callable[[], Tensor]) -> Inflow:
    return Inflow(
        Channels.numbered(channels), nn.Sequential(), torch.empty(0), lambda chain, pixels: maps()
    )


@pytest.mark.parametrize(("slug", "layer", "otherwise"), LAYERS)
@pytest.mark.parametrize("channels", [1, 3, 5, 16])
def test_every_recipe_that_is_allowed_makes_as_many_rows_as_are_allowed(
    slug: str, layer: str, otherwise: str, channels: int
):
    kind, mix = mix_of(slug, layer)
    recipe_field, outputs_field = mix.fields.recipe, mix.fields.outputs
    most_ever = int(kind.controls()[outputs_field].high)
    arriving = Channels.numbered(channels)
    for recipe in kind.controls()[recipe_field].options:
        asked = replace(kind(), **{recipe_field: recipe, outputs_field: most_ever})
        setting = mix.clamp(asked, arriving)
        allowed = mix.allowed(setting, arriving)
        fits = recipe in allowed[recipe_field].options
        built = mix.fields.read(setting)
        assert built.recipe == (recipe if fits else otherwise)
        assert fits == (channels == 3 or recipe not in ("grey", "sepia", "opponent"))
        most = most_ever if built.recipe in ("random", "average", "grey") else channels
        assert allowed[outputs_field].most == most == built.outputs
        weight, record = mix.matrix(setting, inflow(channels, lambda: noise(channels)))
        assert weight.shape == (most, channels)
        maps = (noise(channels),) if record.of_channels else ()
        assert torch.equal(record.function(*maps, **dict(record.arguments)), weight)


def test_maps_are_only_asked_for_where_the_recipe_looks_at_them():
    def none_there() -> Tensor:
        raise AssertionError

    kind, mix = mix_of("pointwise", "pointwise")
    colours = replace(inflow(3, none_there), channels=COLOURS)
    for recipe in ("identity", "sepia", "random", "opponent", "swap", "grey"):
        matrix, _ = mix.matrix(kind(pointwise_recipe=recipe), colours)
        assert matrix.shape == (3, 3)
    for recipe in ("principal", "whitening"):
        with pytest.raises(AssertionError):
            mix.matrix(kind(pointwise_recipe=recipe), colours)


@given(st.integers(1, 5), SIDES, SIDES)
def test_covariance_of_maps_by_numpy(channels: int, height: int, width: int):
    maps = noise(channels, height, width)
    expected = np.atleast_2d(np.cov(maps.flatten(1).double().numpy(), bias=True))
    np.testing.assert_allclose(covariance(maps).numpy(), expected, atol=1e-6)
    assert torch.equal(covariance(maps), covariance(maps.flatten(1)))


# ── A lesson of its own kind ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Tower(Setting):
    """How many layers the visitor stacks."""

    layers: int = field(Slider, 2, 0, 4, label="Layers", help="How many there are.")


@dataclass(frozen=True)
class Doubling(Stage[Tower]):
    """A 1×1 that makes every channel twice; the stages come from the Setting, and none is a bank."""

    name: str

    def title(self, setting: Tower, arriving: Channels) -> Text:
        return text("{n} to {m}", n=arriving.size, m=2 * arriving.size)

    def controls(self, setting: Tower, arriving: Channels) -> dict[str, Allowed]:
        return {"layers": ANY} if self.name == "layer_1" else {}

    def channels(self, setting: Tower, arriving: Channels) -> Channels:
        return Channels.numbered(2 * arriving.size)

    def build(self, setting: Tower, inflow: Inflow) -> nn.Module:
        return Pointwise(torch.eye(inflow.channels.size).repeat(2, 1))


TOWER = Lesson(
    "tower",
    Tower,
    lambda setting: [Doubling(f"layer_{n + 1}") for n in range(setting.layers)],
    lambda built, pixels: [],
)


@pytest.mark.parametrize("layers", range(5))
def test_a_lesson_may_make_its_stages_from_the_setting(layers: int, picture):
    setting, photo = Tower(layers=layers), picture(noise())
    outline = TOWER.outline(setting)
    assert outline.names == [f"layer_{n + 1}" for n in range(layers)]
    assert [str(stage.title) for stage in outline.stages] == [
        "3 to 6",
        "6 to 12",
        "12 to 24",
        "24 to 48",
    ][:layers]
    buffer = drawing.draw(TOWER, setting, View(working_size_px=64), photo, 64)
    header = json.loads(buffer[4 : 4 + int.from_bytes(buffer[:4], "little")])
    assert header["blocks"]["maps"]["shape"][0] == 3 * 2**layers
    assert list(header["stages"]) == ["picture", *outline.names]
