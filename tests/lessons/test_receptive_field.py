"""Stacks and networks against brute force, the published tables, and recurrences written out by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from looking import noise, shipped, title
from torch import Tensor, nn

from viz.assets import ROOT
from viz.lessons.blocks import Chart, Columns
from viz.lessons.lesson import Unit
from viz.lessons.receptive_field import LESSON, presets
from viz.lessons.receptive_field.axis_gradients import by_gradients, by_impulses, summed
from viz.lessons.receptive_field.growth import growth
from viz.lessons.receptive_field.presets import Preset, preset
from viz.lessons.receptive_field.published import ROWS, SAME, published
from viz.lessons.receptive_field.sections.growth import ROWS_OF_A_TABLE
from viz.lessons.receptive_field.setting import ONE, OPENING, OWN, Setting
from viz.lessons.receptive_field.space import shuffled, sorted_values, without_space
from viz.lessons.receptive_field.stack import WIDTH, field_of, fitted
from viz.networks import PUBLISHED, Menu, Network, NotLoaded
from viz.networks.reference import reference
from viz.run.filters import filters
from viz.settings import Layer, Layers, LayerValues
from viz.text import Text
from viz.trace.flow import flow

LAYERS = st.from_type(Setting).map(lambda setting: setting.layers)


def positive(network: nn.Module) -> nn.Sequential:
    """The same windows, each of which sums all that it reads, in double precision; no ReLU."""
    made = nn.Sequential()
    for layer in (each for stage in network.children() for each in stage.children()):
        if isinstance(layer, nn.Conv2d):
            layer.weight = nn.Parameter(torch.ones_like(layer.weight, dtype=torch.float64))
            made.append(layer)
        elif isinstance(layer, nn.MaxPool2d | nn.AvgPool2d):
            made.append(nn.AvgPool2d(layer.kernel_size, layer.stride, layer.padding))
        elif isinstance(layer, nn.ConstantPad2d):
            made.append(nn.ConstantPad2d(layer.padding, 0.0))
    return made


def gradient(network: nn.Module, shape: tuple[int, ...], unit: tuple[int, int]) -> Tensor:
    """The gradient of a unit of all channels, summed over colours, `(H, W)`."""
    x = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    network(x)[:, unit[0], unit[1]].sum().backward()
    assert x.grad is not None
    return x.grad.sum(0)


# ── The stack ───────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=60)
@given(layers=LAYERS)
def test_fields_are_where_the_gradient_is(layers: LayerValues):
    """In a picture so large that the box of some unit lies inside."""
    field = field_of(layers)
    (size, _), (stride, _), (padding, _) = field.size, field.stride, field.padding
    unit = -(-max(0, padding) // stride)
    side = unit * stride - padding + size + 1
    network = positive(LESSON.network(Setting(layers=layers), torch.zeros(3, side, side)))
    found = gradient(network, (3, side, side), (unit, unit)).nonzero()
    first = unit * stride - padding
    assert found.amin(0).tolist() == [first, first]
    assert found.amax(0).tolist() == [first + size - 1] * 2


@settings(max_examples=40)
@given(layers=LAYERS, height=st.integers(1, 30), width=st.integers(1, 30))
def test_every_layer_leaves_something_and_no_more_is_padded_than_must_be(layers, height, width):
    fits = fitted(layers, (height, width))
    maps = noise(height, width)
    for fit, (_, stage) in zip(
        fits, LESSON.network(Setting(layers=layers), maps).named_children(), strict=True
    ):
        maps = stage(maps)
        assert maps.shape[1:] == fit.extent
        assert fit.pads[0] == fit.pads[2] == fit.layer.before
        for added, units in ((fit.pads[1], fit.extent[1]), (fit.pads[3], fit.extent[0])):
            assert added == fit.layer.after or (added > fit.layer.after and units == 1)
        assert maps.isfinite().all(), "padding of −∞ never wins"


@given(layers=LAYERS)
def test_chips_say_what_adds_up_to_the_field(layers: LayerValues):
    setting = Setting(layers=layers)
    said = [title(LESSON, setting, f"layer{at + 1}") for at in range(len(layers))]
    added = [int(words.rsplit("+", 1)[1].removesuffix(" px")) for words in said]
    assert 1 + sum(added) == field_of(layers).size[0]
    for layer, px, words in zip(layers, added, said, strict=True):
        assert f"{layer.kernel}×{layer.kernel}" in words
        assert (px == 0) == (layer.kernel == 1)


def test_the_opening_grows_by_its_3x3_alone():
    titles = [title(LESSON, Setting(), f"layer{at + 1}") for at in range(len(OPENING))]
    assert titles[::2] == ["3×3: +2 px", "3×3: +4 px", "3×3: +8 px", "3×3: +8 px"]
    assert titles[1::2] == ["1×1: +0 px"] * 4


def test_seeds_are_of_every_layer_and_channels_are_few():
    one, other = (LESSON.network(Setting(seed=seed), noise()) for seed in (0, 1))
    weights = [
        layer.weight for layer in (*one.modules(), *other.modules()) if isinstance(layer, nn.Conv2d)
    ]
    alike = {weight.numpy().tobytes() for weight in weights}
    assert len(alike) == 2 * len(OPENING)
    assert {len(weight) for weight in weights} == {WIDTH}


def test_the_first_spatial_layer_looks_for_differences_and_later_ones_gather_them():
    pools = replace(Setting(), layers=(ONE, Layer("a", 3), Layer("c", 3), Layer("d", 3), ONE))
    plain, _, first, *later = (
        dict(stage.named_parameters()).get("window.weight")
        for stage in LESSON.network(pools, noise())
    )
    assert first.flatten(2).sum(2).abs().max() < 1e-5
    assert (plain < 0).any()
    for weight in later:  # the taps of a kernel add up to its number in the mixture
        mixture = weight.flatten(2).sum(2)
        taps = weight.flatten(2) / mixture[:, :, None]
        assert (taps > 0).all()
        own = mixture.diagonal() if len(mixture[0]) > 1 else mixture[:, 0]
        assert (own > 0.5).all()
        assert mixture.sum() == pytest.approx(float(own.sum()), rel=0.5)


@pytest.mark.parametrize("seed", range(4))
def test_most_maps_of_the_opening_are_alive(seed: int):
    cat = shipped(LESSON.picture)
    maps = LESSON.network(Setting(seed=seed), cat)(cat)
    lit = (maps > 0.05 * maps.amax((1, 2), keepdim=True)).float().mean((1, 2))
    assert (lit > 0.2).sum() >= WIDTH - 2


def test_padding_of_a_max_is_never_the_largest():
    pool = (Layer("m", 3, 2, 0, 1),)
    maps = LESSON.network(Setting(layers=pool), noise())(noise() - 5)
    assert maps.max() < -3
    assert -inf < maps.min()


# ── The networks ────────────────────────────────────────────────────────────────────────────────

# Network -> the row of the reference file for its last feature map.
LAST = {
    "alexnet_v2": "alexnet_v2",
    "vgg_16": "vgg_16",
    "mobilenet_v1": "mobilenet_v1",
    "googlenet": "googlenet_paper_5b",
}


def stated(key: str) -> dict[str, str]:
    (row,) = (each for each in reference("receptive_fields") if each["network"] == key)
    return row


@pytest.mark.parametrize("name", LAST)
def test_a_stack_has_the_published_field(name: str):
    row, layers = stated(LAST[name]), preset(name).layers
    assert layers is not None
    field = field_of(layers)
    assert field.size == (int(row["size"]),) * 2
    assert field.stride == (int(row["stride"]),) * 2
    assert not row["padding"] or field.padding == (int(row["padding"]),) * 2


def test_two_stacks_that_no_table_has():
    """ResNet-50 in torchvision's layout, and NIN, by the recurrence with pencil and paper."""
    resnet, nin = preset("resnet_50").layers, preset("network_in_network").layers
    assert resnet is not None
    assert nin is not None
    assert field_of(resnet).size == (427, 427)
    # 5×5, pool 3 of stride 2, 5×5 at 2 px, pool at 2 px, 3×3 at 4 px
    assert field_of(nin).size[0] == 1 + 4 + 2 + 4 * 2 + 2 * 2 + 2 * 4
    assert [layer.kernel for layer in nin] == [5, 1, 1, 3, 5, 1, 1, 3, 3, 1, 1]


@pytest.mark.parametrize("network", PUBLISHED, ids=lambda network: network.name)
def test_a_stack_leaves_maps_of_the_size_that_the_network_leaves(network: Network):
    """Of the size that it is made for, where ceil_mode and one-sided padding must be right."""
    found = preset(network.name)
    assert found.layers is not None
    assert found.is_whole
    module, sizes = network.on_meta(), {}
    inner = found.last.removesuffix("relu_2").rstrip(".")  # a call is no module
    module.get_submodule(inner).register_forward_hook(
        lambda _, args, out: sizes.update(last=tuple(out.shape[2:]))
    )
    module(torch.empty(1, *network.input_shape, device="meta"))
    _, height, width = network.input_shape
    assert fitted(found.layers, (height, width))[-1].extent == sizes["last"]
    assert len(found.layers) == len([*LESSON.stages(Setting(network=network.name))])


def test_branches_are_rows_of_their_own_and_their_join_sees_what_the_widest_sees():
    rows = {row.name: row for row in preset("googlenet").rows}
    module = [row for name, row in rows.items() if name.startswith("inception3a")]
    assert sorted(row.kernel[0] for row in module if row.kind == "c") == [1, 1, 1, 1, 3, 5]
    join = rows["inception3a"]
    assert join.kind == "+"
    assert join.adds == 0
    assert join.field.size == max(row.field.size for row in module)
    assert not preset("googlenet").is_chain
    assert preset("vgg_16").is_chain


def test_every_1x1_adds_nothing_and_is_marked():
    for network in PUBLISHED:
        for row in preset(network.name).rows:
            spatial = row.kernel != (1, 1)
            assert row.is_pointwise == (not spatial and row.kind in "cdf")
            if row.kind != "+":
                assert (row.adds > 0) == spatial, (network.name, row.name)


def test_depth_is_that_of_the_longest_path():
    depths = {row.name: row.depth for row in preset("resnet_50").rows}
    assert max(depths.values()) == 1 + 1 + 3 * 16 + 2  # stem, pool, bottlenecks, mean and head
    assert depths["layer1.0.shortcut.0"] == 3


def test_published_figures_agree_or_say_why_not():
    """Computed as in the row, or for one of the two networks that are built otherwise."""
    others = set()
    for name in ROWS:
        for each in published(name, preset(name)):
            assert each.agrees == (each.why == SAME), each
            if not each.agrees:
                others.add((name, each.row.field.size[0], each.size))
    assert others == {("alexnet_v2", 323, 355), ("resnet_50", 427, 483)}
    sources = {str(each.source) for each in published("googlenet", preset("googlenet"))}
    assert sources == {"recomputed by other code, in no paper", "FCN paper, table 1"}
    assert published("network_in_network", preset("network_in_network")) == []


# ── The visitor's own networks ──────────────────────────────────────────────────────────────────


def fails() -> nn.Module:
    raise NotLoaded(Text("“own” could not be loaded."))


class Rolled(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.roll(1, 2)


OWN_NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "wide": lambda: nn.Sequential(nn.Conv2d(3, 4, (1, 7)), nn.Conv2d(4, 4, 3)),
    "small": lambda: nn.Sequential(
        nn.Conv2d(3, 4, 3, 2), nn.BatchNorm2d(4), nn.MaxPool2d(2)
    ).eval(),
    "rolled": Rolled,
    "fails": fails,
}


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Any:
    networks = {name: Network(name, name, build) for name, build in OWN_NETWORKS.items()}
    monkeypatch.setattr(presets, "menu", lambda: Menu(networks, ()))
    preset.cache_clear()
    yield
    preset.cache_clear()


def in_words(name: str) -> str:
    blocks = LESSON.section("growth", Setting(network=name), noise())
    return " ".join(str(getattr(block, "text", "")) for block in blocks)


@pytest.mark.usefixtures("own")
def test_a_network_of_ones_own_is_a_stack_if_it_can_be():
    assert preset("small").layers == (Layer("c", 3, 2), Layer("m", 2, 2))
    assert "The canvas shows the layers up to 2" in in_words("small")
    assert preset("wide").layers is None
    assert preset("wide").rows[-1].field.size == (3, 9)
    assert "the canvas keeps your own stack" in in_words("wide")
    assert LESSON.outline(Setting(network="wide")).setting.layers == OPENING


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(("name", "why"), [("rolled", "roll"), ("fails", "could not be loaded")])
def test_one_that_cannot_be_read_says_why_and_the_rest_works(name: str, why: str):
    assert preset(name).rows == ()
    assert "cannot be read" in in_words(name)
    assert why in in_words(name)


def test_the_menu_names_them():
    code = "from viz.lessons.receptive_field.setting import Setting as S; print(S.controls()['network'].options)"
    environment = {**os.environ, "POINTWISE_NETWORK": "viz.networks.vgg:vgg_16, nothing"}
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert "'viz.networks.vgg.vgg_16': 'vgg_16'" in said.stdout, said.stderr


def test_a_network_takes_the_place_of_the_stack_and_a_hand_takes_it_back():
    control = Setting.controls()["layers"]
    assert isinstance(control, Layers)
    assert control.by_hand == {"network": OWN}
    chosen = LESSON.outline(Setting(network="vgg_16", layers=(ONE,)))
    assert chosen.setting.layers == preset("vgg_16").layers
    assert len(chosen.stages) == 18
    assert LESSON.outline(Setting(layers=(ONE,))).names == ["layer1"]


def test_the_table_is_split_and_no_layer_is_lost():
    tables = tables_of(Setting(network="googlenet"))
    rows = [row for table in tables for row in table.rows]
    assert [row[0] for row in rows] == [row.name for row in preset("googlenet").rows]
    assert len(tables) == 2
    assert len(tables_of(Setting(layers=(ONE,) * ROWS_OF_A_TABLE))) == 1


def tables_of(setting: Setting) -> list[Any]:
    """The tables of all layers, from left to right."""
    blocks = LESSON.section("growth", setting, noise())
    (columns,) = (block for block in blocks if isinstance(block, Columns))
    return [column[0] for column in columns.columns]


@pytest.mark.parametrize(("name", "strides"), [("resnet_50", 5), ("googlenet", 5), ("vgg_16", 5)])
def test_every_halving_is_marked_once(name: str, strides: int):
    blocks = LESSON.section("growth", Setting(network=name), noise())
    (chart,) = (block for block in blocks if isinstance(block, Chart))
    assert sum(dot.stride > 1 for dot in chart.arguments["dots"]) == strides
    assert preset(name).rows[-1].field.stride == (2**strides,) * 2


def test_a_window_larger_than_its_map_is_named():
    blocks = LESSON.section("growth", Setting(layers=(ONE, Layer("c", 15))), noise(9, 40))
    assert "layer 2" in str(blocks[-1].text)
    small = LESSON.section("growth", Setting(layers=(ONE, Layer("c", 9))), noise(9, 40))
    assert not hasattr(small[-1], "text")


# ── Axes, and a stack without space ─────────────────────────────────────────────────────────────


@settings(max_examples=40)
@given(layers=LAYERS, length=st.integers(1, 40))
def test_both_ways_along_an_axis_are_the_gradient_of_the_layers(layers, length):
    network = LESSON.network(Setting(layers=layers), torch.zeros(3, length, length))
    along = summed(network, 0)
    forwards, backwards = by_impulses(along, length), by_gradients(along, length)
    assert torch.equal(forwards, backwards)
    unit = len(backwards) // 2
    read = backwards[unit] > 0
    whole = gradient(positive(network), (3, length, length), (unit, unit))
    assert torch.equal(whole > 0, read[:, None] & read)


@pytest.mark.parametrize("relu", [False, True])
def test_without_space_only_the_middle_tap_is_left(relu: bool):
    layers = (Layer("c", 3, 2, 1, 1), Layer("d", 5), Layer("m", 2), ONE)
    network = LESSON.network(Setting(layers=layers, relu=relu), noise())
    maps = noise()
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            side, middle = layer.kernel_size[0], layer.kernel_size[0] // 2
            only = torch.zeros_like(layer.weight)
            only[:, :, middle, middle] = side * layer.weight[:, :, middle, middle]
            maps = nn.functional.conv2d(maps, only, padding=middle, groups=layer.groups)
            maps = maps.relu() if relu else maps
    torch.testing.assert_close(without_space(network)(noise()), maps, atol=1e-5, rtol=1e-5)


def test_shuffled_pixels_stay_whole_and_move():
    pixels, mixed = noise(), shuffled(noise())
    assert sorted(map(tuple, pixels.flatten(1).T.tolist())) == sorted(
        map(tuple, mixed.flatten(1).T.tolist())
    )
    assert (pixels != mixed).float().mean() > 0.9
    assert torch.equal(sorted_values(pixels), sorted_values(mixed))


# ── The canvas and the scene ────────────────────────────────────────────────────────────────────


def test_the_filters_of_a_stage_are_its_kernels():
    layers = (Layer("c", 3), Layer("d", 5), Layer("m", 2), ONE)
    network = LESSON.network(Setting(layers=layers), noise())
    first, alone, pool, mixing = (filters(network, name) for name, _ in network.named_children())
    assert torch.equal(first.stacks["kernels"], network.layer1.window.weight[:, 0])
    assert "first of 3 channels" in str(first.note)
    assert torch.equal(alone.stacks["kernels"], network.layer2.window.weight[:, 0])
    assert pool.stacks == {}
    assert "no weights" in str(pool.note)
    assert list(mixing.stacks) == ["matrix"]


def test_a_scene_knows_the_stage_in_view_and_a_unit_inside_it():
    scene = LESSON.scene(Setting(), noise(60, 50))
    assert scene.in_view == "layer8"
    assert replace(scene, chosen="layer2").in_view == "layer2"
    assert replace(scene, chosen="picture").in_view == "layer8"
    maps = scene.output_of("layer2")
    clicked = replace(scene, unit=Unit("layer2", 0, 3, 999))
    assert clicked.place_in("layer2") == (3, maps.shape[2] - 1)
    assert clicked.place_in("layer8") == scene.at_rest("layer8") == scene.place()


def test_names_of_layers_can_be_in_an_address():
    view, _ = LESSON.read({"stage": "layer12"})
    assert view.stage == "layer12"


def test_growth_of_a_stack_is_that_of_its_layers():
    rows = growth(flow(LESSON.network(Setting(), noise(90, 90)), (3, 90, 90)))
    assert [row.field.size[0] for row in rows] == [3, 3, 7, 7, 15, 15, 23, 23]
    assert [row.stride for row in rows] == [2, 1, 2, 1, 1, 1, 1, 1]


def test_a_preset_without_rows_claims_nothing():
    assert not Preset("nothing").is_whole
