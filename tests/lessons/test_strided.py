"""The lesson on the strided 1×1: any Setting can be built, and every number has an oracle."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.signal
import scipy.stats
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from looking import channel_names, leaving, noise, shipped, shown, title
from torch import Tensor, nn

from viz import lessons
from viz.arithmetic import arithmetic
from viz.lessons.blocks import Stepper
from viz.lessons.lesson import Scene, finished
from viz.lessons.strided.downsamplers import TITLES, Downsampled, compared
from viz.lessons.strided.nonspatial_loss import NonSpatial, little_is_lost, non_spatial, wasserstein
from viz.lessons.strided.reading import misdrawn, reading
from viz.lessons.strided.sections.photographs import at_every_pixel, held_by_photographs
from viz.lessons.strided.sections.stacks import strided_stack
from viz.lessons.strided.setting import Setting
from viz.lessons.strided.spectra import Spectrum, downsampled_spectra, placed, power_above, spectrum
from viz.reads import read_mask, unit_mask
from viz.run import compare, drawing, stage_facts
from viz.run.filters import filters
from viz.view import View

LESSON = lessons.load("strided")
SIDES = st.integers(1, 20)
STRIDES = st.integers(1, 8)
LUMINANCE = torch.tensor([0.2126, 0.7152, 0.0722])
STRIDED = ("strided", "again", "third")


def subsampling(**fields: Any) -> Setting:
    """A Setting whose layers only subsample, unless a test says otherwise."""
    return Setting(**{"strided_recipe": "identity", "strided_outputs": 0, **fields})


PHOTOGRAPHS = ("coffee", "chelsea", "astronaut", "camera", "rocket", "retina", "brick", "grass")


def scene(setting: Setting, pixels: Tensor) -> Scene[Setting]:
    return LESSON.scene(setting, pixels)


def around_the_stride(setting: Setting, pixels: Tensor) -> tuple[Tensor, Tensor]:
    """The 1×1 at every pixel, and what its stride keeps of it."""
    here = scene(setting, pixels)
    return at_every_pixel(here), here.mixing("strided")(here.input_of("strided"))


def downsamplers(setting: Setting, pixels: Tensor) -> tuple[Downsampled, ...]:
    """All ways to the smaller map, for what reaches the layer."""
    here = scene(setting, pixels)
    return compared(here.input_of("strided"), here.mixing("strided").matrix, setting.stride)


def stepping(setting: Setting, pixels: Tensor) -> Stepper:
    """The grid of the section that steps over it."""
    stepper, *_ = LESSON.section("step", setting, pixels)
    assert isinstance(stepper, Stepper)
    return stepper


def layers_of_stride(setting: Setting) -> int:
    return 1 + setting.again + setting.third


# ── Whatever is asked for, something is built ───────────────────────────────────────────────────


@given(setting=..., height=SIDES, width=SIDES)
def test_sizes_shrink_with_every_stride(setting: Setting, height: int, width: int):
    maps, times = leaving(LESSON, setting, noise(height, width)), 0
    for name, of_stage in maps.items():
        times += name in STRIDED
        s = setting.stride**times
        assert of_stage.shape[1:] == (math.ceil(height / s), math.ceil(width / s))
    facts = stage_facts(LESSON.network(setting, noise(height, width)), (3, height, width))
    s = setting.stride ** layers_of_stride(setting)
    assert facts[list(facts)[-1]]["stride"] == (s, s)


@given(...)
def test_controls_that_mean_something_now(setting: Setting):
    clamped, every = LESSON.outline(setting).setting, shown(LESSON, setting)
    assert ("strided_seed" in every) == (clamped.strided_recipe == "random")
    assert ("wavelength_px" in every) == (setting.bank == "gabor")
    stages = LESSON.outline(setting).stages
    assert [each.name for each in stages] == ["bank", *STRIDED, "window"]
    assert {each.channels.row_length for each in stages} == {1}


# ── What the stages do ──────────────────────────────────────────────────────────────────────────


def test_colours_pass_as_they_are_and_oriented_maps_see_the_luminance():
    pixels = noise(40, 40)
    assert torch.equal(leaving(LESSON, subsampling(), pixels)["bank"], pixels)
    setting = subsampling(bank="gabor", wavelength_px=5)
    kernels = LESSON.network(setting, pixels).get_submodule("bank.gabor").weight
    grey = torch.einsum("c,chw->hw", LUMINANCE, pixels)[None]
    mirrored = F.pad(grey, [kernels.shape[-1] // 2] * 4, mode="reflect")
    expected = F.conv2d(mirrored, kernels)
    torch.testing.assert_close(
        leaving(LESSON, setting, pixels)["bank"], expected, atol=1e-5, rtol=0
    )
    assert channel_names(LESSON, setting)["bank"][:3] == ["0°", "22.5°", "45°"]


@pytest.mark.parametrize("wavelength_px", [3, 8, 11.5, 16])
def test_the_kernel_holds_its_envelope(wavelength_px: float):
    """At the border of the kernel the envelope has fallen below 5 %."""
    gabor = subsampling(wavelength_px=wavelength_px).gabor
    assert gabor.size_px % 2 == 1
    assert math.exp(-((gabor.size_px // 2) ** 2) / (2 * gabor.sigma_px**2)) < 0.05


def test_the_identity_is_pure_subsampling_however_often():
    pixels = noise(40, 33)
    maps = leaving(LESSON, subsampling(stride=3, again=True, third=True), pixels)
    assert torch.equal(maps["strided"], pixels[:, ::3, ::3])
    assert torch.equal(maps["again"], pixels[:, ::9, ::9])
    assert torch.equal(maps["third"], pixels[:, ::27, ::27])


def test_cells_set_by_hand_are_in_the_matrix_and_make_new_channels():
    setting = subsampling(strided_outputs=2, strided_edits=((0, 1, -500), (63, 63, 1)))
    matrix = LESSON.network(setting, noise()).get_submodule("strided").matrix
    assert matrix.tolist() == [[1, -0.5, 0], [0, 1, 0]]
    assert (
        channel_names(LESSON, setting)["strided"]
        == channel_names(LESSON, setting)["window"]
        == ["1", "2"]
    )
    assert channel_names(LESSON, subsampling(strided_outputs=2))["window"] == ["R", "G"]


def test_principal_components_of_the_maps_before_the_stride():
    pixels = noise()
    matrix = (
        LESSON.network(subsampling(strided_recipe="principal"), pixels)
        .get_submodule("strided")
        .matrix
    )
    mixed = np.tensordot(matrix.numpy(), pixels.numpy(), 1).reshape(3, -1)
    np.testing.assert_allclose(np.corrcoef(mixed), np.eye(3), atol=1e-3)


def test_around_the_stride_are_the_1x1_and_what_is_kept_of_it():
    setting = subsampling(bank="gabor", strided_recipe="random", strided_outputs=5, stride=3)
    pixels = noise()
    before, after = around_the_stride(setting, pixels)
    maps = leaving(LESSON, setting, pixels)
    matrix = LESSON.network(setting, pixels).get_submodule("strided").matrix
    expected = np.tensordot(matrix.numpy(), maps["bank"].numpy(), 1)
    np.testing.assert_allclose(before.numpy(), expected, atol=1e-5)
    assert torch.equal(after, maps["strided"])


def test_maps_come_by_the_way_they_are_asked_for():
    """Whoever caches stages is asked for the maps before the stride, and only for them."""
    asked = []

    def through(chain: nn.Sequential, pixels: Tensor) -> Tensor:
        asked.append(len(chain))
        return chain(pixels) + 1

    here = replace(scene(subsampling(stride=2), noise()), through=through)
    assert torch.equal(at_every_pixel(here), noise() + 1)
    assert torch.equal(here.mixing("strided")(here.input_of("strided")), noise()[:, ::2, ::2] + 1)
    LESSON.build(subsampling(strided_recipe="principal"), noise(), through)
    assert asked == [1, 1, 1]


def test_the_opening_view_makes_its_point():
    before, after = around_the_stride(subsampling(), shipped("coffee"))
    told = reading(before.shape[1], before.shape[2], 4)
    assert told.outputs == tuple(after.shape[1:])
    assert Fraction(1, 16) <= told.share < Fraction(1, 15)
    assert subsampling().part == "reads"
    assert title(LESSON, subsampling(), "strided") == "1×1, stride 4"


# ── A program and the arithmetic of every stage ─────────────────────────────────────────────────

SOME = [
    subsampling(),
    subsampling(window=True, again=True, stride=2),
    subsampling(bank="gabor", strided_recipe="random", strided_outputs=64, window=True, third=True),
    subsampling(strided_recipe="opponent", window=True, stride=3),
]


@pytest.mark.parametrize("setting", SOME)
def test_every_number_is_found_again_from_what_it_read(setting: Setting):
    before = noise(23, 20)
    for name, module in LESSON.network(setting, before).named_children():
        after = module(before)
        for unit in ((0, 0, 0), tuple(n - 1 for n in after.shape)):
            taken = arithmetic(module, before, unit)
            assert taken.output == pytest.approx(float(after[unit]), abs=1e-5), name
            if name == "window":  # every channel alone
                assert {place[0] for place in taken.places} == {unit[0]}
        before = after


@pytest.mark.parametrize("bank", ["rgb", "gabor"])
@pytest.mark.parametrize("window", [True, False])
def test_the_filters_panel_of_every_stage(bank: str, window: bool):
    """Behind the mixing kernels go on to stand for maps, until one window serves all of them."""
    setting = subsampling(bank=bank, strided_recipe="random", again=True, window=window)
    chain = LESSON.network(setting, noise())
    found = {stage: filters(chain, stage) for stage, _ in chain.named_children()}
    expected = {
        "bank": ["kernels"] if bank == "gabor" else [],
        "strided": ["kernels", "matrix"] if bank == "gabor" else ["matrix"],
        "again": ["kernels", "matrix"] if bank == "gabor" else ["matrix"],
        **({"window": ["kernels"]} if window else {}),
    }
    assert {stage: list(one.stacks) for stage, one in found.items()} == expected
    if window:
        sixteenths = [[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]
        assert (16 * found["window"].stacks["kernels"]).tolist() == sixteenths
        assert str(found["window"].note) == "The same 3×3 kernel for every map."


@pytest.mark.parametrize("outputs", [1, 3])
def test_the_one_kernel_of_the_window_is_named_after_no_map(outputs: int, picture):
    setting = subsampling(window=True, strided_outputs=outputs)
    for stage, names in (("window", ["3×3"]), ("strided", None)):
        buffer = drawing.draw(LESSON, setting, View(stage=stage), picture(noise(70, 70)), 64)
        header = json.loads(buffer[4 : 4 + int.from_bytes(buffer[:4], "little")])
        assert header["names"] == ["R", "G", "B"][:outputs]
        assert header.get("kernel_names") == names


# ── Claims ──────────────────────────────────────────────────────────────────────────────────────

PICTURES = {
    "noise": lambda: noise(40, 31),
    "photograph": lambda: shipped("coffee", 96),
    "zone plate": lambda: shipped("zone_plate", 96),
    "stripes": lambda: shipped("stripes", 96),
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("setting", SOME)
def test_claims_hold_on_pictures_of_every_kind(name, setting, picture, device):
    pixels = PICTURES[name]()
    rows = compare(LESSON.claims(setting, pixels), picture(pixels), device)
    expected = expected_sentences(setting)
    if max_differs(setting, pixels) < 1e-6:
        expected.remove(MAX_DIFFERS)
    assert [str(row.sentence) for row in rows] == expected
    for row in rows:
        assert row.holds, row
        assert row.equal == (str(row.sentence) not in (AVERAGE_DIFFERS, MAX_DIFFERS))


AVERAGE_DIFFERS = "Average pooling in its place gives another map: it reads every pixel."
MAX_DIFFERS = "Max pooling and a 1×1 do not commute."


def expected_sentences(setting: Setting) -> list[str]:
    """What is claimed where the stride is above 1 and both pools differ."""
    n, s = layers_of_stride(setting), setting.stride
    first = {1: "A 1×1", 2: "Two layers", 3: "Three layers"}[n]
    stacked = f"{first} of stride {s} are one of stride {s**n}."
    windowed = (
        f"{first} of stride {s}, then a 3×3, {'is' if n == 1 else 'are'} a 3×3 of dilation "
        f"{s**n}, then a 1×1 of stride {s**n}."
    )
    return [
        "A strided 1×1 is subsampling, then a 1×1.",
        "The layer on screen is PyTorch's own convolution with that stride.",
        "It is the 1×1 at every pixel, of which all but one in s × s are dropped.",
        AVERAGE_DIFFERS,
        "Average pooling and a 1×1 commute.",
        MAX_DIFFERS,
        *([stacked] * (n > 1)),
        *([windowed] * setting.window),
    ]


def max_differs(setting: Setting, pixels: Tensor) -> float:
    """By how much a max pool and the 1×1 fail to change places, block by block in a plain loop."""
    maps = leaving(LESSON, setting, pixels)["bank"].double().numpy()
    matrix = LESSON.network(setting, pixels).get_submodule("strided").matrix.double().numpy()
    mixed, s = np.tensordot(matrix, maps, 1), setting.stride
    worst = 0.0
    for i in range(0, maps.shape[1], s):
        for j in range(0, maps.shape[2], s):
            block = np.s_[:, i : i + s, j : j + s]
            swapped = matrix @ maps[block].max((1, 2))
            worst = max(worst, np.abs(mixed[block].max((1, 2)) - swapped).max())
    return worst


@given(setting=..., height=SIDES, width=SIDES)
@settings(max_examples=60)
def test_claims_hold_for_any_setting(setting: Setting, height, width, picture):
    """In noise there is something to average wherever a block has two pixels that are mixed."""
    pixels = noise(height, width)
    claims = LESSON.claims(setting, pixels)
    several = setting.stride > 1 and height * width > 1
    mixed = bool(LESSON.network(setting, pixels).get_submodule("strided").matrix.any())
    swapped = max_differs(setting, pixels)
    assume(not 1e-7 < swapped < 1e-4)  # rounding, or too little to tell from it
    places = setting.stride > 1
    expected = 3 + (several and mixed) + places + (places and swapped > 1e-4)
    expected += (layers_of_stride(setting) > 1) + setting.window
    assert len(claims) == expected
    for row in compare(claims, picture(pixels), torch.device("cpu")):
        assert row.holds, row


GREY = torch.full((3, 20, 20), 0.3)
HALVES = torch.cat([GREY, GREY / 2], dim=2)


@pytest.mark.parametrize(
    ("setting", "pixels", "differs"),
    [
        (subsampling(), noise(), True),
        (subsampling(), torch.zeros(3, 20, 20), False),
        (subsampling(), torch.ones(3, 20, 20), False),
        (subsampling(), GREY, False),
        (subsampling(strided_recipe="random", strided_outputs=64), GREY, False),
        (subsampling(bank="gabor"), torch.zeros(3, 20, 20), False),
        (subsampling(bank="gabor"), GREY, False),
        (subsampling(stride=4), HALVES, False),  # the edge lies between two blocks
        (subsampling(stride=8), HALVES, True),
        (subsampling(strided_recipe="opponent"), shipped("camera", 64), True),
        # red − green alone of a picture without colours: what is left is rounding
        (
            subsampling(strided_edits=((0, 1, -1000), (1, 1, 0), (2, 2, 0))),
            shipped("camera", 64),
            False,
        ),
    ],
)
def test_an_average_is_only_said_to_differ_where_there_is_something_to_average(
    setting, pixels, differs, picture
):
    claims = LESSON.claims(setting, pixels)
    assert (AVERAGE_DIFFERS in [str(claim.sentence) for claim in claims]) == differs
    for row in compare(claims, picture(pixels), torch.device("cpu")):
        assert row.holds, row


def test_three_layers_of_stride_2_are_one_of_stride_8_to_the_last_bit():
    setting = subsampling(stride=2, again=True, third=True)
    *_, claim = LESSON.claims(setting, noise(67, 64))
    assert str(claim.sentence) == "Three layers of stride 2 are one of stride 8."
    x = claim.given(noise(67, 64))
    assert torch.equal(claim.left(x), claim.right(x))
    assert torch.equal(claim.left(x), noise(67, 64)[:, ::8, ::8])


NEGATIVE = ((0, 0, -1000),)  # minus the largest is not the largest of minus


@pytest.mark.parametrize(
    ("setting", "pixels", "differs"),
    [
        (subsampling(), noise(), False),  # the identity copies: nothing is mixed
        (subsampling(strided_outputs=2, strided_edits=((0, 0, 500),)), noise(), False),
        (
            subsampling(strided_edits=((0, 0, 0), (0, 2, 700), (2, 2, 0), (2, 0, 300))),
            noise(),
            False,
        ),
        (subsampling(strided_edits=NEGATIVE), noise(), True),
        (subsampling(strided_edits=NEGATIVE, stride=1), noise(), False),
        (subsampling(strided_edits=((0, 1, 500),)), noise(), True),
        (
            subsampling(strided_edits=((0, 1, 500),)),
            shipped("camera", 64),
            False,
        ),  # grey: all as one
        (subsampling(strided_recipe="opponent"), shipped("camera", 64), False),
        (subsampling(strided_recipe="opponent"), shipped("coffee", 64), True),
        (subsampling(strided_recipe="random"), GREY, False),
        (subsampling(bank="gabor", strided_recipe="random"), shipped("coffee", 64), True),
    ],
)
def test_a_max_pool_is_only_said_to_keep_its_place_where_it_must(setting, pixels, differs, picture):
    claims = LESSON.claims(setting, pixels)
    assert (MAX_DIFFERS in [str(claim.sentence) for claim in claims]) == differs
    assert (max_differs(setting, pixels) > 1e-5) == differs
    for row in compare(claims, picture(pixels), torch.device("cpu")):
        assert row.holds, row


@pytest.mark.parametrize("stride", [1, 2, 5])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_dilated_window_then_the_stride_at_every_unit_the_border_included(stride, layers):
    """Read by a loop from the pixels themselves: taps s apart, nothing outside the picture."""
    setting = subsampling(stride=stride, window=True, again=layers > 1, third=layers > 2)
    pixels, apart = noise(23, 17), stride**layers
    *_, claim = LESSON.claims(setting, pixels)
    expected = np.zeros((3, math.ceil(23 / apart), math.ceil(17 / apart)))
    for i, j in np.ndindex(*expected.shape[1:]):
        for (di, dj), weight in np.ndenumerate(np.outer([1, 2, 1], [1, 2, 1]) / 16):
            row, column = (i + di - 1) * apart, (j + dj - 1) * apart
            if 0 <= row < 23 and 0 <= column < 17:
                expected[:, i, j] += weight * pixels[:, row, column].double().numpy()
    for way in (claim.left, claim.right):
        np.testing.assert_allclose(way(pixels).numpy(), expected, atol=1e-6)
    torch.testing.assert_close(claim.left(pixels), leaving(LESSON, setting, pixels)["window"])


ALL = subsampling(stride=2, again=True, window=True, strided_recipe="random")


@pytest.mark.parametrize("n", range(8))
def test_a_slip_in_either_way_of_a_claim_is_seen(n: int):
    claims = LESSON.claims(ALL, noise())
    assert len(claims) == 8
    claim = claims[n]
    x = claim.given(noise())
    off = claim.left(x + 1e-3) - claim.right(x)
    assert claim.magnitude is not None
    assert (off.abs() > max(4, claim.terms) * 1.2e-7 * claim.magnitude(x)).any()


@given(setting=...)
def test_both_ways_stay_on_the_device_of_what_they_are_given(setting: Setting, one_device):
    pixels = noise(9, 7)
    for claim in LESSON.claims(setting, pixels):
        start = claim.given(pixels).to("meta")
        with one_device():
            shapes = {way(start).shape for way in (claim.left, claim.right, claim.magnitude) if way}
        assert len(shapes) == 1


# ── Read and never read ─────────────────────────────────────────────────────────────────────────


@given(SIDES, SIDES, STRIDES)
def test_what_is_read_against_a_convolution_of_the_pixels_numbers(height, width, stride):
    """Every pixel carries its own number; those that come out are those that were read."""
    numbers = torch.arange(float(height * width)).view(1, 1, height, width)
    out = F.conv2d(numbers, torch.ones(1, 1, 1, 1), stride=stride)[0, 0]
    told = reading(height, width, stride)
    assert told.outputs == tuple(out.shape)
    expected = [row * width + column for row in told.rows.read for column in told.columns.read]
    assert out.flatten().tolist() == expected
    assert told.pixels_read == out.numel()
    assert told.share == Fraction(out.numel(), height * width)


@given(SIDES, STRIDES)
def test_where_the_stride_divides_exactly_one_pixel_in_s_squared_is_read(blocks: int, stride: int):
    told = reading(blocks * stride, blocks * stride, stride)
    assert told.share == Fraction(1, stride**2)
    assert told.incomplete == (0, 0)
    assert told.rows.read[-1] == blocks * stride - stride


def test_a_size_that_does_not_divide_by_hand():
    """Of 7 rows at stride 3, rows 0, 3, 6 are read: the last block is a single row."""
    told = reading(7, 8, 3)
    assert (told.rows.read, told.columns.read) == ((0, 3, 6), (0, 3, 6))
    assert told.incomplete == (1, 2)
    assert told.share == Fraction(9, 56) > Fraction(1, 9)


def test_the_figure_that_circulates():
    """5×5 at stride 2: it shows 2×2 from rows 2 and 4, counted from 1; torch gives 3×3."""
    wrong, right = misdrawn()
    assert (wrong.outputs, wrong.rows.read, wrong.columns.read) == ((2, 2), (1, 3), (1, 3))
    assert (right.outputs, right.rows.read, right.columns.read) == ((3, 3), (0, 2, 4), (0, 2, 4))
    assert F.conv2d(torch.zeros(1, 1, 5, 5), torch.ones(1, 1, 1, 1), stride=2).shape[-2:] == (3, 3)


@given(SIDES, SIDES, STRIDES)
def test_the_wrong_figure_reads_the_end_of_every_block(height: int, width: int, stride: int):
    wrong, right = misdrawn(height, width, stride)
    assert right == reading(height, width, stride)
    for axis, length in ((wrong.rows, height), (wrong.columns, width)):
        assert axis.read == tuple(range(stride - 1, length, stride))


# ── Step by step ────────────────────────────────────────────────────────────────────────────────

GRIDS = {"grid_rows": st.integers(1, 12), "grid_columns": st.integers(1, 12)}


@given(SIDES, SIDES, st.integers(1, 6), *GRIDS.values())
def test_stepping_is_a_convolution_of_the_grey_levels(height, width, stride, rows, columns):
    setting = subsampling(grid_rows=rows, grid_columns=columns, grid_stride=stride)
    grid = stepping(setting, noise(height, width))
    assert grid.inputs.shape == (1, rows, columns)
    assert np.array_equal(grid.inputs, grid.inputs.round())
    assert 0 <= grid.inputs.min() <= grid.inputs.max() <= 255
    (layer,) = grid.readings
    inputs, weights = torch.from_numpy(grid.inputs), torch.from_numpy(layer.weights)
    expected = F.conv2d(inputs, weights, stride=layer.stride, padding=layer.padding)
    assert np.array_equal(layer.outputs, expected)
    told = reading(rows, columns, stride)
    assert tuple(layer.outputs.shape[1:]) == told.outputs


def test_the_grid_is_the_middle_of_the_picture():
    pixels = torch.arange(63.0).view(1, 7, 9).repeat(3, 1, 1) / 255
    grid = stepping(subsampling(grid_rows=3, grid_columns=5), pixels)
    assert grid.inputs[0].tolist() == [
        [9 * row + column for column in range(2, 7)] for row in (2, 3, 4)
    ]


@pytest.mark.parametrize(("length", "cells"), [(8, 3), (9, 4), (4, 3), (3, 4), (1, 6), (2, 5)])
def test_where_the_grid_begins_along_either_axis(length: int, cells: int):
    """Of an odd rest the smaller half lies before; what is too short begins with its first pixel."""
    first = max(0, (length - cells) // 2)
    expected = [min(first + n, length - 1) for n in range(cells)]
    line = torch.arange(float(length)) / 255
    across, down = line.expand(3, 4, -1), line[:, None].expand(3, -1, 4)
    of_columns = stepping(subsampling(grid_rows=2, grid_columns=cells), across)
    of_rows = stepping(subsampling(grid_rows=cells, grid_columns=2), down)
    assert of_columns.inputs[0].tolist() == [expected] * 2
    assert of_rows.inputs[0].tolist() == [[value] * 2 for value in expected]


def test_a_picture_smaller_than_the_grid_repeats_its_border():
    grid = stepping(subsampling(grid_rows=2, grid_columns=3), torch.ones(3, 1, 1))
    assert grid.inputs.tolist() == [[[255.0] * 3] * 2]


# ── What is lost, beside three other ways ───────────────────────────────────────────────────────


def interpolated(
    small: np.ndarray, size: tuple[int, int], stride: int, middle: float
) -> np.ndarray:
    """Bilinear from where the units sit, along one axis and then the other."""
    for axis, length in ((1, size[0]), (2, size[1])):
        units = np.arange(small.shape[axis]) * stride + middle
        small = np.apply_along_axis(
            lambda line, units=units, length=length: np.interp(np.arange(length), units, line),
            axis,
            small,
        )
    return small


@given(setting=..., height=SIDES, width=SIDES)
def test_four_ways_to_one_size_and_their_errors(setting: Setting, height: int, width: int):
    pixels = noise(height, width)
    before, after = around_the_stride(setting, pixels)
    wanted = before.double().numpy()
    ways = downsamplers(setting, pixels)
    assert [way.name for way in ways] == list(TITLES)
    assert torch.equal(ways[0].maps, after)
    for way in ways:
        assert way.maps.shape == after.shape
        assert way.large.shape == before.shape
        middle = (setting.stride - 1) / 2 if way.name in ("max", "average") else 0
        large = interpolated(way.maps.double().numpy(), (height, width), setting.stride, middle)
        rms = np.sqrt(np.mean((large - wanted) ** 2))
        assert way.rms == pytest.approx(rms, abs=1e-5)
        assert way.relative * np.sqrt(np.mean(wanted**2)) == pytest.approx(rms, abs=1e-5)
        weights = len(before) * LESSON.outline(setting)["strided"].arriving.size
        weights *= 9 if way.name == "low_pass" else 1
        assert (way.parameters, way.macs) == (weights, weights * math.prod(after.shape[1:]))


def test_at_stride_1_only_the_blur_loses_anything():
    ways = {way.name: way.relative for way in downsamplers(subsampling(stride=1), noise())}
    assert ways["strided"] == ways["max"] == ways["average"] == 0
    assert ways["low_pass"] > 0.1


def test_on_a_black_picture_nothing_is_lost():
    ways = downsamplers(subsampling(), torch.zeros(3, 9, 9))
    assert all(way.rms == way.relative == 0 for way in ways)


@pytest.mark.parametrize("stride", [2, 4, 8])
@pytest.mark.parametrize("slug", ["coffee", "grass"])
def test_what_the_ways_lose_on_photographs(slug: str, stride: int):
    """A max pool loses most, for it lifts everything. At stride 2 a blur costs more than it saves;
    from 4 on, on fine texture, looking at every pixel pays."""
    ways = downsamplers(subsampling(stride=stride), shipped(slug))
    lost = {way.name: way.relative for way in ways}
    assert lost["max"] > 1.5 * max(lost["strided"], lost["low_pass"], lost["average"])
    if stride == 2:
        assert lost["strided"] < lost["low_pass"]
        assert lost["strided"] < lost["average"]
    elif slug == "grass":
        assert lost["average"] < 0.92 * lost["strided"]


def test_on_the_stripes_all_is_lost_or_half_of_it_guessed():
    """The strided layer says 0.9 everywhere; an average says 0.5, which is at least the mean."""
    ways = {way.name: way for way in downsamplers(subsampling(stride=2), shipped("stripes"))}
    assert ways["strided"].maps.unique().tolist() == pytest.approx([0.9])
    assert ways["average"].maps.flatten().tolist() == pytest.approx([0.5] * 3 * 112**2)
    assert ways["strided"].rms == pytest.approx(0.8 / math.sqrt(2), abs=1e-5)
    assert ways["average"].rms == pytest.approx(0.4, abs=1e-5)


# ── Spectra ─────────────────────────────────────────────────────────────────────────────────────


def amplitudes(maps: np.ndarray) -> np.ndarray:
    """Through numpy and scipy, frequency 0 in the middle."""
    windows = [scipy.signal.windows.hann(n + 2)[1:-1] for n in maps.shape[1:]]
    window = np.outer(*windows)
    mean = np.average(maps, axis=(1, 2), weights=np.broadcast_to(window, maps.shape))
    spectrum = np.fft.fft2((maps - mean[:, None, None]) * window)
    return np.abs(np.fft.fftshift(spectrum, axes=(1, 2))) / window.sum()


@given(SIDES, SIDES, STRIDES)
def test_spectra_against_numpy(height: int, width: int, stride: int):
    maps = noise(height, width)
    found = spectrum(maps, stride)
    expected = np.log10(np.maximum(amplitudes(maps.double().numpy()), 1e-5))
    visible = expected > -4  # below, rounding of float32
    np.testing.assert_allclose(found.log_amplitude.numpy()[visible], expected[visible], atol=0.02)
    assert found.log_amplitude.min() >= -5.0001
    for axis, n in ((found.rows_cycles_px, height), (found.columns_cycles_px, width)):
        np.testing.assert_allclose(axis, np.fft.fftshift(np.fft.fftfreq(n, d=stride)), atol=1e-7)
        assert axis[n // 2] == 0


def peak(grey: Tensor, stride: int) -> tuple[float, float]:
    """The strongest frequency of a map that was read at every s-th pixel: down and across."""
    found = spectrum(grey[:, ::stride, ::stride], stride)
    plane = found.log_amplitude[0]
    row, column = divmod(int(plane.argmax()), plane.shape[1])
    return float(found.rows_cycles_px[row]), float(found.columns_cycles_px[column])


@pytest.mark.parametrize("stride", range(1, 9))
def test_a_frequency_too_high_comes_back_where_it_is_told(stride: int):
    """The grating has 1 / (8·√2) cycles/px both ways; minus the nearest multiple of 1 / stride."""
    frequency = 1 / 8 / math.sqrt(2)
    alias = frequency - round(frequency * stride) / stride
    found = peak(shipped("grating", 512)[:1], stride)
    assert found[0] * found[1] > 0  # the bars still lie one way, or both turned over
    assert [abs(f) for f in found] == pytest.approx([abs(alias)] * 2, abs=1 / 512)
    assert (abs(alias) < frequency - 1e-9) == (stride > 4 * math.sqrt(2))


@given(SIDES, SIDES, STRIDES)
def test_power_above_against_a_sum_over_frequencies(height: int, width: int, stride: int):
    maps = noise(height, width)
    power = amplitudes(maps.double().numpy()) ** 2
    rows, columns = (np.fft.fftshift(np.fft.fftfreq(n)) for n in (height, width))
    above = [
        sum(
            power[n, i, j]
            for i in range(height)
            for j in range(width)
            if max(abs(rows[i]), abs(columns[j])) > 0.5 / stride
        )
        for n in range(3)
    ]
    expected = np.array(above) / np.maximum(power.sum((1, 2)), 1e-30)
    np.testing.assert_allclose(power_above(maps, stride).numpy(), expected, atol=1e-4)


@pytest.mark.parametrize("value", [0.0, 0.1, 1.0])
def test_a_constant_map_has_nothing_to_lose(value: float):
    assert power_above(torch.full((2, 33, 40), value), 4).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("slug", "stride", "low", "high"),
    [
        ("coffee", 2, 0.005, 0.02),  # photographs: little is too fine for stride 2 …
        ("coffee", 8, 0.1, 0.3),
        ("grass", 2, 0.1, 0.25),  # … but of a texture much is
        ("zone_plate", 4, 0.5, 0.75),
        ("stripes", 2, 0.9999, 1),
        ("grating", 4, 0, 1e-3),  # 0.088 cycles/px fits under 0.125 …
        ("grating", 8, 0.99, 1),  # … and not under 0.0625
    ],
)
def test_how_much_must_turn_into_false_bars(slug: str, stride: int, low: float, high: float):
    share = power_above(shipped(slug), stride)
    assert share.shape == (3,)
    assert low <= float(share.mean()) <= high * (1 + 1e-6)


def nearest_amplitudes(after: Spectrum, row: float, column: float) -> list[float]:
    """Those of the nearest frequencies of a spectrum that repeats itself, several where as near."""
    near = []
    for f, axis in ((row, after.rows_cycles_px), (column, after.columns_cycles_px)):
        n = len(axis)
        ks = range(-2 * n, 2 * n + 1)
        away = [abs(f - k / (n * after.stride)) for k in ks]
        near.append([k for k, d in zip(ks, away, strict=True) if d < min(away) + 1e-9])
    height, width = after.log_amplitude.shape[1:]
    return [
        float(after.log_amplitude[0, (k + height // 2) % height, (j + width // 2) % width]) + 5
        for k in near[0]
        for j in near[1]
    ]


@given(st.integers(1, 14), st.integers(1, 14), STRIDES)
@settings(max_examples=40)
def test_a_spectrum_placed_shows_at_every_frequency_the_nearest_it_has(height, width, stride):
    maps = noise(height, width)[:1]
    before = spectrum(maps)
    after = spectrum(maps[:, ::stride, ::stride], stride)
    found = placed(after, before)
    assert found.shape == maps.shape
    for i, j in np.ndindex(height, width):
        row, column = (i - height // 2) / height, (j - width // 2) / width
        shown = float(found[0, i, j])
        if 2 * stride * abs(i - height // 2) > height or 2 * stride * abs(j - width // 2) > width:
            assert shown == 0
        else:
            there = nearest_amplitudes(after, row, column)
            assert min(abs(shown - max(0, one)) for one in there) < 1e-5


def test_a_spectrum_placed_on_itself_is_itself():
    before = spectrum(noise(9, 8))
    torch.testing.assert_close(placed(before, before), before.log_amplitude + 5)


@pytest.mark.parametrize("stride", [2, 3, 4, 5])
@pytest.mark.parametrize(("height", "width"), [(149, 224), (150, 97)])
def test_a_wave_that_fits_stays_at_its_place(height: int, width: int, stride: int):
    """Also where the stride does not divide; laid in the middle it would move by some places."""
    row, column = 0.07, 0.09
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    wave = torch.cos(2 * torch.pi * (row * rows + column * columns))[None]
    before = spectrum(wave)
    after = spectrum(wave[:, ::stride, ::stride], stride)
    for one in (before, after):
        plane = placed(one, before)[0]
        i, j = divmod(int(plane.argmax()), width)
        found = abs(i - height // 2) / height, abs(j - width // 2) / width
        assert found == pytest.approx((row, column), abs=0.51 * stride / min(height, width))
        assert float(plane.max()) == pytest.approx(5 + math.log10(0.5), abs=0.1)


@pytest.mark.parametrize("channel", [0, 1])
def test_spectra_of_the_ways_are_those_of_what_comes_out(channel: int):
    setting = subsampling(bank="gabor", wavelength_px=4, strided_recipe="random", strided_outputs=2)
    pixels, c = noise(31, 26), channel
    here = scene(setting, pixels)
    rows = here.mixing("strided").matrix[c : c + 1]
    found = downsampled_spectra(here.input_of("strided"), rows, setting.stride)
    before = spectrum(around_the_stride(setting, pixels)[0][c][None])
    assert list(found) == ["before", *TITLES]
    torch.testing.assert_close(found["before"], before.log_amplitude + 5, atol=1e-3, rtol=0)
    for way in downsamplers(setting, pixels):
        expected = placed(spectrum(way.maps[c][None], setting.stride), before)
        torch.testing.assert_close(found[way.name], expected, atol=1e-3, rtol=0)


def test_spectra_stay_on_their_device(one_device):
    maps = torch.zeros(2, 9, 8, device="meta")
    with one_device():
        whole, inner = spectrum(maps), spectrum(maps[:, ::2, ::2], 2)
        assert whole.log_amplitude.is_meta
        assert placed(inner, whole).shape == (2, 9, 8)
        assert placed(inner, whole).is_meta
        assert power_above(maps, 2).is_meta


# ── Is little lost? ─────────────────────────────────────────────────────────────────────────────

VALUES = st.integers(1, 40)


@given(VALUES, VALUES, st.integers(0, 9), st.booleans())
def test_wasserstein_against_scipy(n: int, m: int, seed: int, coarse: bool):
    first, second = (
        np.random.default_rng(seed + i).normal(size=(3, k)) for i, k in ((0, n), (9, m))
    )
    if coarse:  # many values alike
        first, second = first.round(), second.round()
    expected = [scipy.stats.wasserstein_distance(a, b) for a, b in zip(first, second, strict=True)]
    found = wasserstein(torch.from_numpy(first).float(), torch.from_numpy(second).float())
    np.testing.assert_allclose(found.numpy(), expected, atol=1e-5)


@given(SIDES, SIDES, STRIDES, st.integers(1, 40))
def test_histograms_against_numpy(height: int, width: int, stride: int, bins: int):
    before = noise(height, width)
    after = before[:, ::stride, ::stride]
    found = non_spatial(before, after, bins)
    for c in range(3):
        for maps, shares in ((before, found.before), (after, found.after)):
            expected, _ = np.histogram(maps[c].numpy(), found.edges[c].numpy())
            np.testing.assert_allclose(shares[c].numpy(), expected / maps[c].numel(), atol=1e-6)
        assert found.edges[c, 0] <= before[c].min() <= before[c].max() <= found.edges[c, -1]


def test_a_value_on_an_edge_belongs_to_the_bin_above_and_the_highest_to_the_last():
    before = torch.tensor([0.0, 0.25, 0.25, 0.5, 1.0]).view(1, 1, 5)
    found = non_spatial(before, before[..., ::2], bins=4)
    assert found.edges.tolist() == [[0, 0.25, 0.5, 0.75, 1]]
    assert (found.before * 5).round().tolist() == [[1, 2, 1, 1]]
    assert (found.after * 3).round().tolist() == [[1, 1, 0, 1]]


@given(SIDES, SIDES, STRIDES)
def test_distances_are_parts_of_the_range_and_of_the_covariance(height, width, stride):
    before = noise(height, width)
    after = before[:, ::stride, ::stride]
    found = non_spatial(before, after)
    first, second = (maps.flatten(1).double().numpy() for maps in (before, after))
    for c in range(3):
        distance = scipy.stats.wasserstein_distance(first[c], second[c])
        span = np.ptp(first[c])
        assert found.distances[c] == pytest.approx(distance / span if span else 0, abs=1e-5)
    was, now = np.cov(first, bias=True), np.cov(second, bias=True)
    norm = np.linalg.norm(was)
    change = np.linalg.norm(now - was) / norm if norm > 1e-12 else 0
    assert found.covariance_change == pytest.approx(change, abs=1e-4)


def test_shuffled_pixels_change_nothing_here():
    """That is what non-spatial means."""
    before = noise(16, 16)
    order = torch.randperm(256, generator=torch.Generator().manual_seed(1))
    found = non_spatial(before, before.flatten(1)[:, order].view(3, 16, 16))
    assert found.distances.abs().max() < 1e-6
    assert found.covariance_change < 1e-5
    assert found.kept


def test_a_constant_map_keeps_all_it_had():
    found = non_spatial(torch.full((2, 9, 9), 0.3), torch.full((2, 3, 3), 0.3))
    assert found.distances.tolist() == [0, 0]
    assert found.covariance_change == 0
    assert found.kept
    assert found.before.sum(1).tolist() == found.after.sum(1).tolist() == [1, 1]


def percent(slug: str, stride: int) -> tuple[float, float, NonSpatial]:
    """How far the values moved, the worst channel, and how much the covariance changed."""
    maps = around_the_stride(subsampling(stride=stride), shipped(slug))
    found = non_spatial(*maps)
    return 100 * float(found.distances.max()), 100 * float(found.covariance_change), found


# At working size 224. Of the values the saying is true; of the covariance not everywhere.
COVARIANCE_CHANGES = {
    4: {"chelsea", "rocket", "brick"},
    8: {"chelsea", "camera", "rocket", "brick", "grass"},
}


@pytest.mark.parametrize("slug", PHOTOGRAPHS)
@pytest.mark.parametrize("stride", [2, 4, 8])
def test_the_saying_on_photographs(slug: str, stride: int):
    values, changed, found = percent(slug, stride)
    assert values < {2: 0.25, 4: 0.6, 8: 3}[stride]
    assert found.values_kept == ((slug, stride) != ("brick", 8))
    assert found.covariance_kept == (slug not in COVARIANCE_CHANGES.get(stride, ()))
    assert found.kept == (found.values_kept and found.covariance_kept)
    if stride == 2:
        assert changed < 2


@pytest.mark.parametrize("stride", [2, 4, 8])
def test_on_how_many_photographs_the_saying_holds(stride: int):
    expected = 8 - len(COVARIANCE_CHANGES.get(stride, ()))
    here = scene(subsampling(stride=stride), shipped("stripes"))
    assert finished(held_by_photographs(here)) == (expected, len(PHOTOGRAPHS))


def test_it_must_hold_in_both_senses():
    """Pixels that are read have one of two values, the others any, with the same variance."""
    other = torch.linspace(-1, 1, 40 * 40).view(40, 40) * math.sqrt(3) / 4 + 0.5
    other[::2, ::2] = 0.5 + torch.tensor([0.25, -0.25]).repeat(10)
    picture = other.expand(3, -1, -1)
    found = non_spatial(picture, picture[:, ::2, ::2])
    assert found.covariance_kept
    assert not found.values_kept
    assert not little_is_lost(picture, picture[:, ::2, ::2])
    assert not percent("chelsea", 4)[2].covariance_kept
    assert percent("chelsea", 4)[2].values_kept
    assert not little_is_lost(shipped("chelsea"), shipped("chelsea")[:, ::4, ::4])


def test_the_saying_fails_most_on_a_regular_texture():
    """Bricks repeat, and so does the stride."""
    assert percent("brick", 4)[1] > 5
    assert percent("brick", 8)[1] > 20


@pytest.mark.parametrize("stride", [2, 4, 8])
def test_the_saying_on_the_stripes_is_false(stride: int):
    """Half of all values were 0.1 and none is: moved by half the range; and no variance is left."""
    values, changed, found = percent("stripes", stride)
    assert values == pytest.approx(50, abs=1e-3)
    assert changed == pytest.approx(100, abs=1e-3)
    assert not found.values_kept
    assert not found.covariance_kept


@pytest.mark.parametrize("stride", [3, 5, 7])
def test_an_odd_stride_keeps_the_stripes(stride: int):
    assert percent("stripes", stride)[2].kept


def test_distances_stay_on_their_device(one_device):
    before = torch.zeros(2, 9, 8, device="meta")
    with one_device():
        found = non_spatial(before, before[:, ::2, ::2])
    assert found.after.shape == (2, 32)
    assert found.distances.is_meta


# ── Stacks ──────────────────────────────────────────────────────────────────────────────────────


def test_a_3x3_after_stride_2_reads_9_of_25():
    found = unit_mask(strided_stack(1, 2, window=True), (1, 20, 20))
    every_other = [[1, 0, 1, 0, 1], [0] * 5] * 2 + [[1, 0, 1, 0, 1]]
    assert found.mask.int().tolist() == every_other
    assert (found.read, found.mask.numel()) == (9, 25)


@pytest.mark.parametrize("stride", range(1, 9))
def test_the_holes_grow_with_the_stride(stride: int):
    found = unit_mask(strided_stack(1, stride, window=True), (1, 60, 60))
    assert found.read == 9
    assert found.mask.shape == (2 * stride + 1, 2 * stride + 1)


def test_three_layers_of_stride_2_read_one_pixel_in_64():
    stack = strided_stack(3, 2)
    read = read_mask(stack, (1, 64, 128))
    assert int(read.sum()) * 64 == read.numel()
    assert read.nonzero()[:3].tolist() == [[0, 0], [0, 8], [0, 16]]
    assert unit_mask(stack, (1, 64, 128)).mask.tolist() == [[True]]


def test_most_of_a_box_may_lie_outside_the_picture():
    """Three strides of 8, then a 3×3: its 1025 × 1025 positions hold the whole picture once."""
    setting = subsampling(stride=8, again=True, third=True, window=True)
    found = unit_mask(LESSON.network(setting, noise()), (3, 149, 224))
    assert (found.mask.numel(), found.inside, found.read) == (1_050_625, 149 * 224, 1)


def test_a_box_at_the_border_reads_nothing_outside():
    found = unit_mask(strided_stack(1, 2, window=True), (1, 20, 20), (0, 0))
    assert (found.top, found.left) == (-2, -2)
    assert (found.read, found.inside) == (4, 9)
    assert not found.mask[:2].any()
    assert not found.mask[:, :2].any()
