"""Depth, merging, low rank and fields of an Inception module, each number by another route."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from looking import shipped
from torch import Tensor, nn

from viz.figures.theme import BRANCHES as COLOURS
from viz.layers.merging import as_kernels, as_matrix
from viz.lessons.blocks import Panels, Prose
from viz.lessons.inception import LESSON
from viz.lessons.inception.branch import (
    after_reduction,
    dense,
    input_of_module,
    kernel_of,
    reduction,
    singular_values,
    weights_of,
)
from viz.lessons.inception.depth import of_googlenet, of_module, switched
from viz.lessons.inception.fields import box, fields
from viz.lessons.inception.frames import BEYOND, LINE_PX, cut_out, dimmed, framed
from viz.lessons.inception.low_rank import (
    Factors,
    best_for_maps,
    best_in_weights,
    output_errors,
    tails,
    through,
)
from viz.lessons.inception.merging import BIAS, at_the_border, compared, pair
from viz.lessons.inception.module import BRANCHES, chain, module
from viz.lessons.inception.setting import Setting
from viz.lessons.lesson import Unit
from viz.networks.googlenet import MODULES, googlenet
from viz.numbers import number

PART = pytest.mark.parametrize("branch", ["three", "five"])


def arriving(**fields: Any) -> Tensor:
    return input_of_module(LESSON.scene(Setting(**fields), shipped("camera", 112)))


def convolved(weight: Tensor, x: Tensor, bias: Tensor | None = None) -> Tensor:
    """Tap by tap in double precision, zeros around the maps."""
    side = weight.shape[-1]
    padded, output = (
        F.pad(x.double(), [side // 2] * 4),
        torch.zeros(len(weight), *x.shape[1:]).double(),
    )
    for i, j in product(range(side), repeat=2):
        seen = padded[:, i : i + x.shape[1], j : j + x.shape[2]]
        output += torch.einsum("oc,chw->ohw", weight[:, :, i, j].double(), seen)
    return output if bias is None else output + bias.double()[:, None, None]


# ── The layers that are looked at ───────────────────────────────────────────────────────────────


@PART
@pytest.mark.parametrize("reduced", [True, False])
def test_the_layers_are_those_of_the_module_with_and_without_reductions(branch: str, reduced: bool):
    setting, x = Setting(reduced=reduced), arriving()
    both = chain(branch, replace(setting, reduced=True))
    first, then = reduction(branch, setting), after_reduction(branch, setting)
    assert torch.equal(then(first(x).relu()).relu(), both(x))
    naive = chain(branch, replace(setting, reduced=False))
    assert torch.equal(dense(branch, setting)(x).relu(), naive(x))


@pytest.mark.parametrize("box", ["joined", "five", "projection", "one"])
def test_the_maps_that_reach_the_module_do_not_depend_on_the_open_box(box: str):
    assert torch.equal(arriving(box=box), arriving())


# ── Depth ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reduced", [True, False])
def test_every_module_of_googlenet_has_the_same_depth(reduced: bool):
    for widths in MODULES:
        found = of_module(widths, reduced=reduced)
        assert found == ((2, 2, 6) if reduced else (1, 1, 4))


@pytest.mark.parametrize("reduced", [True, False])
def test_the_relus_of_googlenet_are_its_modules(reduced: bool):
    """One after every convolution; on the longest path all layers but the last have one."""
    with torch.device("meta"):
        network = googlenet(reduced=reduced)
    found = of_googlenet(reduced=reduced)
    assert found.relus_in_all == sum(isinstance(each, nn.ReLU) for each in network.modules())
    assert found.relus == found.layers - 1
    assert found.layers == (22 if reduced else 13)


@PART
def test_the_relu_is_switched_off_in_the_branch(branch: str):
    x, layers = arriving(), pair(branch, Setting())
    found = switched(layers, x)
    between = convolved(layers.first.weight, x)
    on = convolved(layers.then.weight, between.clamp(min=0)).clamp(min=0)
    off = convolved(layers.then.weight, between).clamp(min=0)
    torch.testing.assert_close(found.on.double(), on, atol=1e-5, rtol=0)
    torch.testing.assert_close(found.off.double(), off, atol=1e-5, rtol=0)
    assert found.cut == pytest.approx(float((between < 0).double().mean()), abs=1e-3)
    assert found.changed == pytest.approx(float((on - off).norm() / on.norm()), rel=1e-4)
    changes = [float((on - off)[channel].norm()) for channel in found.most_changed]
    assert changes == sorted(changes, reverse=True)


# ── Merging ─────────────────────────────────────────────────────────────────────────────────────


@PART
def test_one_layer_equals_both_and_a_relu_prevents_it(branch: str):
    x, layers = arriving(seed=3), pair(branch, Setting(seed=3))
    found = compared(layers, x)
    between = convolved(layers.first.weight, x)
    wanted = convolved(layers.then.weight, between)
    rectified = convolved(layers.then.weight, between.clamp(min=0))
    for maps in (found.both, found.once):
        torch.testing.assert_close(maps.double(), wanted, atol=1e-5, rtol=0)
    torch.testing.assert_close(found.with_relu.double(), rectified, atol=1e-5, rtol=0)
    assert found.within
    assert 0 < found.largest < found.bound < 1e-3
    assert found.largest == float((found.both - found.once).abs().max())
    assert found.changed == pytest.approx(
        float((rectified - wanted).norm() / wanted.norm()), rel=1e-3
    )
    assert found.changed > 1e-3
    assert found.cut == pytest.approx(float((between < 0).double().mean()), abs=1e-3)


@PART
def test_a_bias_is_missing_where_zeros_are_padded(branch: str):
    """The one layer is both layers with the bias, not 0, around the maps of the 1×1."""
    x, layers = arriving(), pair(branch, Setting())
    found, width = at_the_border(layers, x), layers.then.kernel_size[0] // 2
    assert found.width_px == width
    bias = torch.full((layers.first.out_channels,), BIAS)
    between = convolved(layers.first.weight, x, bias)
    around = F.pad(between - BIAS, [width] * 4) + BIAS
    lacking = F.conv2d(around, layers.then.weight.double()) - convolved(layers.then.weight, between)
    torch.testing.assert_close(
        found.difference[0].double(), lacking.abs().amax(0), atol=1e-5, rtol=0
    )
    assert found.outside == pytest.approx(float(lacking.abs().max()), rel=1e-4)
    assert found.outside > 100 * found.bound > 100 * found.inside
    frame = found.difference[0] > 1e-3
    assert not frame[width:-width, width:-width].any()
    assert all(edge.all() for edge in (frame[0], frame[-1], frame[:, 0], frame[:, -1]))


# ── Low rank ────────────────────────────────────────────────────────────────────────────────────


def cut(factors: Factors, rank: int) -> np.ndarray[Any, Any]:
    """The matrix of a bottleneck."""
    return (factors.then[:, :rank] @ factors.first[:rank]).numpy()


@PART
def test_the_strengths_are_the_singular_values_and_the_cut_is_the_best(branch: str):
    layer = dense(branch, Setting())
    matrix, found = as_matrix(layer.weight).double().numpy(), best_in_weights(layer.weight)
    left, strengths, right = np.linalg.svd(matrix, full_matrices=False)
    np.testing.assert_allclose(found.strengths.numpy()[: len(strengths)], strengths, atol=1e-6)
    ranks = [1, 3, 6, 24]
    for rank, tail in zip(ranks, tails(found.strengths, ranks), strict=True):
        best = (left[:, :rank] * strengths[:rank]) @ right[:rank]
        np.testing.assert_allclose(cut(found, rank), best, atol=1e-6)
        error = np.linalg.norm(matrix - best) / np.linalg.norm(matrix)
        assert tail == pytest.approx(error, abs=1e-6)


@PART
@pytest.mark.parametrize("kernel", ["dense", "merged"])
def test_the_singular_values_of_the_chart_are_those(branch: str, kernel: str):
    """Whatever else is in the Setting."""
    setting = Setting(inputs=9, seed=4, rank=3, reduced=False, part="low_rank")
    found = singular_values(branch, kernel, weights_of(setting))
    matrix = as_matrix(kernel_of(branch, kernel, setting).weight).double().numpy()
    np.testing.assert_allclose(found, np.linalg.svd(matrix, compute_uv=False), atol=1e-6)
    assert weights_of(setting) == weights_of(replace(setting, rank=5, reduced=True, shown=2))


@PART
def test_a_merged_kernel_has_the_rank_of_its_1x1(branch: str):
    strengths = best_in_weights(pair(branch, Setting()).once.weight).strengths
    rank = {"three": Setting().reduce_three, "five": Setting().reduce_five}[branch]
    assert strengths[rank - 1] > 0.1
    assert strengths[rank] < 1e-6


@PART
def test_fitted_to_maps_the_products_err_least(branch: str):
    """Eckart and Young for matrix · maps: what is left are its own smaller singular values."""
    x, layer = arriving(), dense(branch, Setting())
    matrix, pixels = as_matrix(layer.weight).double().numpy(), x.flatten(1).double().numpy()
    fitted, by_weights = best_for_maps(layer.weight, x), best_in_weights(layer.weight)
    strengths = np.linalg.svd(matrix @ pixels, compute_uv=False)
    np.testing.assert_allclose(fitted.strengths.numpy(), strengths[:24], atol=1e-5)
    for rank in (1, 2, 5):
        error = np.linalg.norm((cut(fitted, rank) - matrix) @ pixels)
        assert error == pytest.approx(np.linalg.norm(strengths[rank:]), rel=1e-4)
        assert error < 0.8 * np.linalg.norm((cut(by_weights, rank) - matrix) @ pixels)


@PART
@pytest.mark.parametrize("fit", [True, False])
def test_the_errors_of_the_output_are_those_of_the_cut_kernels(branch: str, fit: bool):
    x, layer = arriving(), dense(branch, Setting())
    side, wanted = layer.kernel_size[0], layer(x)
    factors = best_for_maps(layer.weight, x) if fit else best_in_weights(layer.weight)
    ranks = [1, 4, 7, 24]
    found = output_errors(factors, x, wanted, side, ranks)
    for rank, error in zip(ranks, found, strict=True):
        kernels = as_kernels(torch.from_numpy(cut(factors, rank)), (side, side))
        output = convolved(kernels, x)
        torch.testing.assert_close(
            through(factors, rank, x, side).double(), output, atol=1e-4, rtol=0
        )
        assert error == pytest.approx(float((output - wanted).norm() / wanted.norm()), abs=1e-4)
    assert found[-1] < 1e-5


def test_for_white_noise_weights_and_output_err_alike():
    """There the SVD's promise holds for the output too."""
    layer = dense("three", Setting())
    x = torch.randn(24, 90, 90, generator=torch.Generator().manual_seed(0))
    factors, ranks = best_in_weights(layer.weight), [2, 5, 9]
    found = output_errors(factors, x, layer(x), 3, ranks)
    assert found == pytest.approx(tails(factors.strengths, ranks), rel=0.03)


def test_on_the_photo_they_do_not_and_the_fitted_one_errs_less():
    layer, x = dense("three", Setting()), arriving()
    (by_weights,) = output_errors(best_in_weights(layer.weight), x, layer(x), 3, [6])
    (fitted,) = output_errors(best_for_maps(layer.weight, x), x, layer(x), 3, [6])
    (tail,) = tails(best_in_weights(layer.weight).strengths, [6])
    assert by_weights > 1.1 * tail > 2 * fitted


def test_black_maps_lose_nothing():
    x, layer = torch.zeros(24, 5, 5), dense("three", Setting())
    for factors in (best_for_maps(layer.weight, x), best_in_weights(layer.weight)):
        assert output_errors(factors, x, layer(x), 3, [1, 24]) == [0.0, 0.0]


# ── Fields ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("box_of", ["joined", "three", "one"])
@pytest.mark.parametrize("reduced", [True, False])
def test_branches_see_1_3_5_and_3_units_and_their_boxes_in_the_photo(box_of: str, reduced: bool):
    built = LESSON.build(Setting(box=box_of, reduced=reduced), shipped("camera"))
    found = fields(built, (3, 224, 224))
    assert [each.size[0] for each in found.inside.values()] == [1, 3, 5, 3]
    arriving, *_ = found.branches.values()
    stride = arriving.stride[0]
    for name, inside in found.inside.items():
        assert found.branches[name].size[0] == arriving.size[0] + stride * (inside.size[0] - 1)
    assert found.joined.size == found.branches["five"].size
    assert found.joined.aligned
    assert found.units == (56, 56)


@pytest.mark.parametrize("branch", BRANCHES)
def test_nothing_outside_the_box_changes_a_unit_and_its_sides_do(branch: str):
    setting, pixels = (
        Setting(side_px=28),
        torch.rand(3, 84, 84, generator=torch.Generator().manual_seed(1)),
    )
    built = LESSON.build(setting, pixels)
    found, unit = fields(built, (3, 84, 84)), (13, 15)
    (top, bottom), (left, right) = box(found.branches[branch], unit)
    before = built.before("joined")
    start = sum(
        count for name, count in _widths(setting) if BRANCH_ORDER[name] < BRANCH_ORDER[branch]
    )
    stop = start + dict(_widths(setting))[branch]

    def seen(change: Tensor) -> float:
        maps = module(setting)(before(pixels + change)) - module(setting)(before(pixels))
        return float(maps[start:stop, unit[0], unit[1]].abs().max())

    outside = torch.full((3, 84, 84), 0.5)
    outside[:, top : bottom + 1, left : right + 1] = 0
    assert seen(outside) < 1e-5
    for rows, columns in (
        ((top, top), (left, right)),
        ((bottom, bottom), (left, right)),
        ((top, bottom), (left, left)),
        ((top, bottom), (right, right)),
    ):
        side = torch.zeros(3, 84, 84)
        area = side[:, rows[0] : rows[1] + 1, columns[0] : columns[1] + 1]
        area.copy_(0.9 * torch.rand(area.shape, generator=torch.Generator().manual_seed(2)))
        assert seen(side) > 1e-6


BRANCH_ORDER = {name: n for n, name in enumerate(BRANCHES)}


def _widths(setting: Setting) -> list[tuple[str, int]]:
    x = torch.zeros(setting.inputs, 7, 7)
    return [(name, len(chain(name, setting)(x))) for name in BRANCHES]


@pytest.mark.parametrize("place", [(0, 0), (100, 37), (223, 223)])
def test_a_pixel_of_the_photo_leads_to_a_unit_that_sees_it(place: tuple[int, int]):
    found = fields(LESSON.build(Setting(), shipped("camera")), (3, 224, 224))
    unit = found.nearest(Unit("picture", 0, *place))
    (top, bottom), (left, right) = box(found.joined, unit)
    assert top <= place[0] <= bottom
    assert left <= place[1] <= right
    assert found.nearest(Unit("joined", 3, 70, 5)) == (55, 5)


def test_frames_lie_outside_their_boxes_and_equal_ones_are_dashes():
    boxes = {"one": ((2, 3), (2, 2)), "three": ((1, 4), (0, 4)), "pool": ((1, 4), (0, 4))}
    scale = 3 * LINE_PX
    large = framed(torch.zeros(3, 7, 7), boxes, COLOURS, scale)

    def at(row: int, column: int) -> str:
        return "#" + "".join(f"{round(255 * float(each)):02x}" for each in large[:, row, column])

    top, left = 2 * scale, 2 * scale
    assert at(top, left) == "#000000"  # inside the box nothing is painted
    assert {at(top - 1, left), at(top - LINE_PX, left), at(4 * scale, left)} == {COLOURS["one"]}
    assert at(top - LINE_PX - 1, left) == "#000000"
    along = {at(scale - 1, column) for column in range(5 * scale)}
    assert along == {COLOURS["three"], COLOURS["pool"]}
    assert {at(row, 5 * scale) for row in range(scale, 5 * scale)} == along


def test_a_part_of_the_photo_is_its_own_pixels_and_grey_beyond():
    pixels = torch.rand(3, 6, 5)
    part = cut_out(pixels, ((-2, 3), (3, 7)))
    assert part.shape == (3, 6, 5)
    assert torch.equal(part[:, 2:, :2], pixels[:, :4, 3:])
    assert (part[:, :2] == BEYOND).all()
    assert (part[:, :, 2:] == BEYOND).all()
    assert (cut_out(pixels, ((9, 12), (0, 1))) == BEYOND).all()
    dark = dimmed(pixels, ((-2, 3), (3, 7)))
    assert torch.equal(dark[:, :4, 3:], pixels[:, :4, 3:])
    assert (dark[:, 4:] < pixels[:, 4:]).all()
    assert (dark[:, :, :3] < pixels[:, :, :3]).all()


# ── On the page ─────────────────────────────────────────────────────────────────────────────────


def heading(part: str, **values: Any) -> str:
    (first, *_) = LESSON.section(part, Setting(**values), shipped("camera", 112))
    assert isinstance(first, Prose)
    return str(first.text)


def test_headings_say_what_was_measured():
    x, layer = arriving(), dense("five", Setting())
    factors = best_in_weights(layer.weight)
    (error,) = output_errors(factors, x, layer(x), 5, [3])
    (fitted,) = output_errors(best_for_maps(layer.weight, x), x, layer(x), 5, [3])
    said = heading("low_rank", branch="five", rank=3)
    assert said.startswith("Rank **3** of 24")
    assert f"**{number(100 * error, 2)} %**" in said
    assert f"**{number(100 * fitted, 2)} %**" in said
    assert "2,592 weights in place of 792" in heading("merging")
    assert "**2 layers** deep instead of 1" in heading("depth")
    assert "that of the 5×5" in heading("fields")


def test_the_merged_kernel_loses_nothing_at_its_own_rank():
    assert "nothing is lost" in heading("low_rank", kernel="merged", rank=6)
    assert "nothing is lost" not in heading("low_rank", kernel="merged", rank=5)


def test_a_rank_beyond_the_inputs_is_that_of_all():
    assert heading("low_rank", inputs=4, rank=20).startswith("Rank **4** of 4")


def test_the_map_of_a_bottleneck_has_its_error_beside_it():
    blocks = LESSON.section("low_rank", Setting(), shipped("camera", 112))
    (maps,) = (block for block in blocks if isinstance(block, Panels))
    dense_map, *others = (torch.as_tensor(panel.maps) for panel in maps.panels)
    for output, error in zip(others[::2], others[1::2], strict=True):
        torch.testing.assert_close(output - error, dense_map, atol=1e-5, rtol=0)
