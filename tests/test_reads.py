"""What is really read, against gradients: a pixel is read where changing it changes something."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from viz import images
from viz.geometry import ReceptiveField, never_read
from viz.layers.activation import Square
from viz.layers.branches import Branches
from viz.layers.channel_shuffle import PermuteChannels, ShuffleChannels
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, WinningChannel
from viz.layers.downsampling import binomial_window, low_pass_mixing
from viz.layers.filter_bank import FilterBank
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.pointwise import Pointwise
from viz.lessons.cross_channel_pooling import LESSON as cross_channel_pooling
from viz.lessons.lab import LESSON as lab
from viz.lessons.pointwise import LESSON as pointwise
from viz.lessons.strided import LESSON as strided
from viz.reads import UnitReading, holes, read_mask, strongest_unit, unit_mask
from viz.run import drawing, stage_facts
from viz.trace import receptive_field

SIDES = st.integers(1, 24)
PARTS = st.floats(0, 0.999)


# ── The oracle ──────────────────────────────────────────────────────────────────────────────────


class Mirrored(nn.Module):
    """Pads with the mirror image, position by position from numpy, however wide the padding is."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self.margins = (side - 1) // 2, side // 2

    def forward(self, x: Tensor) -> Tensor:
        down, right = (
            torch.from_numpy(np.pad(np.arange(n), self.margins, mode="reflect"))
            for n in x.shape[-2:]
        )
        return x[..., down[:, None], right]


def positive(chain: nn.Module) -> nn.Module:
    """The same layers with random positive weights, so that no gradient cancels or is 0; of a max,
    which passes a gradient to the winner alone, the mean over the same numbers."""
    if isinstance(chain, nn.Sequential):
        return nn.Sequential(*(positive(layer) for layer in chain))
    if isinstance(chain, FilterBank):
        return nn.Sequential(
            Mirrored(chain.kernel_size[0]),
            positive(nn.Conv2d(1, len(chain.weight), chain.weight.shape[-1])),
        )
    if isinstance(chain, nn.Conv2d):
        arguments: Any = (chain.stride, chain.padding, chain.dilation, chain.groups)
        layer = nn.Conv2d(
            *(chain.in_channels, chain.out_channels, chain.kernel_size, *arguments),
            padding_mode=chain.padding_mode,
        )
        nn.init.uniform_(layer.weight, 0.5, 1)
        return layer
    if isinstance(chain, nn.MaxPool2d):
        size = (chain.kernel_size, chain.stride, chain.padding)
        return nn.AvgPool2d(*size, ceil_mode=chain.ceil_mode)
    if isinstance(chain, nn.AdaptiveMaxPool2d):
        return nn.AdaptiveAvgPool2d(chain.output_size)
    if isinstance(chain, PoolChannels | WinningChannel):
        return PoolChannels(chain.group, "mean")
    if isinstance(chain, Maxout):
        return positive(nn.Conv2d(chain.channels, chain.units, 1))
    if isinstance(chain, nn.ReLU):
        return nn.Softplus()  # passes every gradient, as a relu does for positive inputs
    if isinstance(chain, nn.Linear):
        nn.init.uniform_(chain.weight, 0.5, 1)
    return chain


def read_by_gradient(chain: nn.Module, shape: tuple[int, int, int], unit: Any) -> Tensor:
    x = torch.ones(shape, requires_grad=True)
    out = positive(chain)(x).double()
    wanted = out[:, unit[0], unit[1]] if unit else out
    (gradient,) = torch.autograd.grad(wanted.sum(), x)
    return (gradient != 0).any(0)


def placed(found: UnitReading, height: int, width: int) -> Tensor:
    """The mask of a unit's box in the whole picture."""
    whole = torch.zeros(height, width, dtype=torch.bool)
    for row, column in found.mask.nonzero().tolist():
        whole[found.top + row, found.left + column] = True
    return whole


# ── Any chain ───────────────────────────────────────────────────────────────────────────────────

SMALL, PADDING = st.integers(1, 3), st.integers(0, 2)
GABOR = GaborParameters(1, 1, 3.0, 1.0, 7, 1.0)


@st.composite
def convolutions(draw: st.DrawFn) -> nn.Module:
    kernel, stride = (draw(SMALL), draw(SMALL)), (draw(SMALL), draw(SMALL))
    mode = draw(st.sampled_from(["zeros", "zeros", "replicate", "reflect"]))
    dilation = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    rest: Any = {"padding": draw(PADDING), "dilation": dilation, "padding_mode": mode}
    return nn.Conv2d(1, 1, kernel, stride, bias=False, **rest)


@st.composite
def pools(draw: st.DrawFn) -> nn.Module:
    kind: Any = draw(st.sampled_from([nn.MaxPool2d, nn.AvgPool2d]))
    kernel = draw(SMALL)
    padding = kernel // 2 * draw(st.integers(0, 1))
    return kind(kernel, draw(SMALL), padding=padding, ceil_mode=draw(st.booleans()))


@st.composite
def pads(draw: st.DrawFn) -> nn.Module:
    kind: Any = draw(st.sampled_from([nn.ZeroPad2d, nn.ReplicationPad2d, nn.ReflectionPad2d]))
    return kind(tuple(draw(PADDING) for _ in range(4)))


LAYERS = st.one_of(
    convolutions(),
    pools(),
    pads(),
    st.builds(lambda stride: Pointwise(torch.ones(1, 1), stride=stride), SMALL),
    st.sampled_from([nn.Identity, nn.ReLU, Square, lambda: PoolChannels(1)]).map(lambda of: of()),
)


@st.composite
def chains(draw: st.DrawFn) -> tuple[nn.Sequential, tuple[int, int, int], tuple[int, int]]:
    """A chain, the shape of a picture that fits it, and a unit of its last map."""
    chain = nn.Sequential(*(draw(LAYERS) for _ in range(draw(st.integers(1, 4)))))
    shape = (1, draw(st.integers(5, 24)), draw(st.integers(5, 24)))
    try:
        extent = chain(torch.zeros(shape)).shape[1:]
    except RuntimeError:  # the layers do not fit so small a picture
        assume(False)
    rows, columns = extent
    return chain, shape, (int(draw(PARTS) * rows), int(draw(PARTS) * columns))


@given(chains())
@settings(max_examples=100)
def test_masks_against_gradients(drawn):
    chain, shape, unit = drawn
    field = receptive_field(chain, shape)
    found = unit_mask(chain, shape, unit)
    assert (found.top, found.left) == (field.rows.seen(unit[0])[0], field.columns.seen(unit[1])[0])
    assert tuple(found.mask.shape) == field.size
    assert torch.equal(read_mask(chain, shape), read_by_gradient(chain, shape, None))
    if not copies_the_border(chain):  # copies are read where they come from, not inside the box
        assert torch.equal(placed(found, *shape[1:]), read_by_gradient(chain, shape, unit))


def copies_the_border(chain: nn.Sequential) -> bool:
    pads = nn.ReplicationPad2d | nn.ReflectionPad2d
    return any(
        isinstance(layer, pads) or getattr(layer, "padding_mode", "zeros") != "zeros"
        for layer in chain
    )


@given(chains())
@settings(max_examples=100)
def test_how_much_of_a_box_lies_inside(drawn):
    chain, shape, unit = drawn
    found = unit_mask(chain, shape, unit)
    height, width = found.mask.shape
    rows = [r for r in range(found.top, found.top + height) if 0 <= r < shape[1]]
    columns = [c for c in range(found.left, found.left + width) if 0 <= c < shape[2]]
    assert found.inside == len(rows) * len(columns)
    assert found.read <= found.inside


# ── What a canvas is told beyond boxes ──────────────────────────────────────────────────────────


def boxes_only(length: int, outputs: int, window) -> list[bool]:
    never = [place for gap in never_read(length, outputs, window) for place in gap]
    return [place not in never for place in range(length)]


def as_told(fact: dict[str, Any], shape: tuple[int, int, int]) -> Tensor:
    """What a canvas concludes from one stage's fact, as its script does."""
    field = ReceptiveField(fact["size"], fact["stride"], fact["padding"])
    read = []
    for axis, name in enumerate(("rows", "columns")):
        boxes = boxes_only(shape[axis + 1], fact["shape"][axis + 1], getattr(field, name))
        told = fact.get(f"read_{name}")
        assert told is None or len(told) == shape[axis + 1]
        read.append(torch.tensor([one == "1" for one in told] if told else boxes))
        if told:
            assert read[-1].tolist() != boxes  # only said where it says something
    return read[0][:, None] & read[1]


@given(chains())
@settings(max_examples=100)
def test_facts_tell_what_is_read_and_no_more_than_boxes_where_they_do(drawn):
    chain, shape, _ = drawn
    facts = stage_facts(chain, shape)
    for n in range(1, len(chain) + 1):
        expected = read_mask(chain[:n], shape)
        assert torch.equal(as_told(facts[str(n - 1)], shape), expected)
    assert torch.equal(as_told(facts["picture"], shape), torch.ones(shape[1:], dtype=torch.bool))


LESSONS = {
    lesson.slug.rpartition(".")[2]: lesson
    for lesson in (lab, pointwise, cross_channel_pooling, strided)
}


@pytest.mark.parametrize("slug", LESSONS)
@given(data=st.data(), height=SIDES, width=SIDES)
@settings(max_examples=15)
def test_masks_of_the_lessons_against_gradients(slug: str, data, height: int, width: int):
    lesson = LESSONS[slug]
    setting = data.draw(st.from_type(lesson.setting))
    if "wavelength_px" in lesson.setting.controls():
        setting = replace(setting, wavelength_px=3.0)
    pixels = torch.rand(3, height, width, generator=torch.Generator().manual_seed(0))
    chain, shape = lesson.network(setting, pixels), (3, height, width)
    rows, columns = chain(pixels).shape[1:]
    unit = rows // 2, columns // 2
    expected = read_by_gradient(chain, shape, None)
    assert torch.equal(read_mask(chain, shape), expected)
    assert torch.equal(as_told(list(stage_facts(chain, shape).values())[-1], shape), expected)
    found = placed(unit_mask(chain, shape), height, width)
    assert torch.equal(found, read_by_gradient(chain, shape, unit))


@pytest.mark.parametrize("stride", range(1, 9))
def test_a_3x3_behind_a_stride_on_a_photograph(stride: int):
    """Of 149 × 224 pixels at stride 2, 75 × 112 are read: 8,400 of 33,376."""
    setting = strided.setting(stride=stride, window=True)
    facts = stage_facts(strided.network(setting, torch.zeros(3, 149, 224)), (3, 149, 224))
    assert "read_rows" not in facts["bank"]
    assert "read_rows" not in facts["strided"]
    assert ("read_rows" in facts["window"]) == (stride > 1)
    read = int(as_told(facts["window"], (3, 149, 224)).sum())
    assert read == -(-149 // stride) * -(-224 // stride)
    if stride == 2:
        assert (read, 149 * 224) == (8400, 33376)
        assert facts["window"]["read_rows"] == "10" * 74 + "1"


def test_a_bank_before_the_stride_fills_the_holes():
    """Its 21 pixels overlap at stride 8: nothing is said, and the header stays small."""
    setting = strided.setting(bank="gabor", stride=8, window=True)
    chain = strided.network(setting, torch.zeros(3, 149, 224))
    assert holes(chain, (3, 149, 224)) == {}


def test_rows_left_over_by_a_pool_are_in_a_box_and_still_never_read():
    """9 rows make 4 blocks of 2; the last unit of a padded 3×3 has rows 4 to 9 in its box."""
    chain = nn.Sequential(nn.MaxPool2d(2), binomial_window(1), nn.ReLU())
    found = holes(chain, (1, 9, 8))
    assert found == {"1": {"read_rows": "111111110"}, "2": {"read_rows": "111111110"}}


@pytest.mark.parametrize(
    ("chain", "read"),
    [
        (nn.Sequential(nn.MaxPool2d(2), nn.ZeroPad2d((0, 0, 0, 1))), "111111110"),
        (nn.Sequential(nn.ZeroPad2d((0, 0, -2, 0)), nn.ZeroPad2d((0, 0, 2, 0))), "001111111"),
    ],
)
def test_units_of_padding_read_nothing(chain: nn.Sequential, read: str):
    """Behind the last block, and in place of rows that were cut off."""
    assert holes(chain, (1, 9, 8)) == {"1": {"read_rows": read}}


def test_a_linear_layer_is_a_single_unit():
    """The last row and column are left over by the pool; the box of that unit ends before them."""
    chain = nn.Sequential(nn.MaxPool2d(2), nn.Flatten(-3), nn.Linear(4, 3))
    assert holes(chain, (1, 5, 5)) == {}
    assert int(read_mask(chain, (1, 5, 5)).sum()) == 16


# ── By hand ─────────────────────────────────────────────────────────────────────────────────────


def test_a_dilated_3x3_reads_9_of_25():
    found = unit_mask(nn.Conv2d(1, 1, 3, dilation=2), (1, 9, 9), (1, 1))
    assert (found.top, found.left, found.read, found.inside) == (1, 1, 9, 25)
    assert found.mask.int().tolist() == [[1, 0, 1, 0, 1], [0] * 5] * 2 + [[1, 0, 1, 0, 1]]


def test_a_dilation_of_rows_is_none_of_columns():
    """Rows 0, 3 and 6, and three columns side by side."""
    layer = nn.Conv2d(1, 1, 3, dilation=(3, 1))
    found = unit_mask(layer, (1, 9, 9), (1, 2))
    assert (found.top, found.left, found.read, found.inside) == (1, 2, 9, 21)
    assert found.mask.int().tolist() == [[int(row % 3 == 0)] * 3 for row in range(7)]
    strided = nn.Sequential(layer, nn.MaxPool2d(1, stride=9))
    assert holes(strided, (1, 9, 9)) == {"1": {"read_rows": "100100100"}}


def test_a_unit_of_padding_alone_has_its_box_outside():
    found = unit_mask(nn.ZeroPad2d((0, 0, 0, 1)), (1, 3, 3), (3, 1))
    assert (found.top, found.left, found.read, found.inside) == (3, 1, 0, 0)


def test_a_copied_border_is_read_where_it_comes_from():
    assert read_mask(nn.ReflectionPad2d(2), (1, 3, 3)).all()
    only_padding = nn.Sequential(nn.ReflectionPad2d((2, 0, 0, 0)), nn.MaxPool2d(1, stride=9))
    assert read_mask(only_padding, (1, 1, 5)).tolist() == [[False, False, True, False, False]]
    assert holes(only_padding, (1, 1, 5)) == {"1": {"read_columns": "00100"}}


@pytest.mark.parametrize(
    "layer",
    [
        *(nn.Identity(), nn.ReLU(), Square(), nn.Dropout(), nn.BatchNorm2d(4).eval()),
        *(PoolChannels(2), WinningChannel(2), Maxout(torch.ones(2, 2, 4)), ShuffleChannels(2)),
        PermuteChannels((3, 1, 0, 2)),
        Pointwise(torch.ones(4, 2), groups=2),
    ],
)
def test_what_works_on_every_pixel_alone_reads_its_own(layer: nn.Module):
    chain = nn.Sequential(layer, nn.MaxPool2d(1, stride=2))
    found = unit_mask(layer, (4, 5, 6), (1, 2))
    assert (found.top, found.left, found.mask.tolist()) == (1, 2, [[True]])
    assert read_mask(layer, (4, 5, 6)).all()
    assert int(read_mask(chain, (4, 5, 6)).sum()) == 9


@pytest.mark.parametrize("pool", [nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool2d(1)])
def test_a_pool_over_the_whole_map_reads_what_is_left_of_it(pool: nn.Module):
    chain = nn.Sequential(Pointwise(torch.ones(1, 1), stride=2), pool)
    assert unit_mask(chain, (1, 6, 6)).read == 9
    assert torch.equal(read_mask(chain, (1, 6, 6)), read_by_gradient(chain, (1, 6, 6), None))
    flat = nn.Sequential(Pointwise(torch.ones(1, 1), stride=2), nn.Flatten(-3), nn.Linear(9, 2))
    assert int(read_mask(flat, (1, 6, 6)).sum()) == 9


def test_a_gabor_bank_reads_its_window():
    found = unit_mask(GaborBank(GABOR), (1, 20, 20))
    assert (found.read, found.top, found.left) == (49, 7, 7)


@given(SIDES, SIDES, st.integers(0, 12), PARTS, PARTS)
def test_what_a_gabor_bank_mirrors_lies_in_the_box_of_its_unit(height, width, half, down, right):
    """At the border a unit reads the part of its box inside the picture, and nothing else."""
    bank = GaborBank(GABOR._replace(size_px=2 * half + 1))
    shape, unit = (1, height, width), (int(down * height), int(right * width))
    found = placed(unit_mask(bank, shape, unit), height, width)
    assert torch.equal(found, read_by_gradient(bank, shape, unit))
    box = torch.zeros(height, width, dtype=torch.bool)
    box[
        max(0, unit[0] - half) : unit[0] + half + 1, max(0, unit[1] - half) : unit[1] + half + 1
    ] = True
    assert torch.equal(found, box)
    facts = stage_facts(nn.Sequential(bank), shape)
    assert not {"read_rows", "read_columns"} & set(facts["0"])


def test_low_pass_at_stride_4_leaves_one_column_in_four():
    assert read_mask(low_pass_mixing(torch.eye(1), 4), (1, 8, 8))[0].int().tolist() == [
        *(1, 1, 0, 1, 1, 1, 0, 0)
    ]


def test_no_layer_at_all_reads_everything():
    assert read_mask(nn.Sequential(), (1, 2, 3)).all()
    assert holes(nn.Sequential(), (1, 2, 3)) == {}


def test_masks_need_no_numbers():
    chain = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.ReLU()).to("meta")
    assert read_mask(chain, (3, 9, 9)).shape == (9, 9)


def test_layers_that_are_no_chain_of_sequentials():
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.every_other = nn.MaxPool2d(1, stride=2)

        def forward(self, x: Tensor) -> Tensor:
            return self.every_other(self.every_other(x))

    assert read_mask(Twice(), (1, 1, 9)).int().tolist() == [[1, 0, 0, 0, 1, 0, 0, 0, 1]]


@pytest.mark.parametrize(
    ("chain", "unit", "sentence"),
    [
        (nn.Flatten(-3), None, "flattened maps have no rows"),
        (nn.MaxPool2d(1, stride=2), (4, 0), r"a map of 4×4 has no unit \(4, 0\)"),
        (nn.MaxPool2d(1, stride=2), (0, -1), "has no unit"),
        (nn.Sequential(nn.Softmax(0)), None, r"0 \(Softmax\): compares along dimension 0"),
    ],
)
def test_what_has_no_mask_is_refused(chain: nn.Module, unit, sentence: str):
    with pytest.raises(ValueError, match=sentence):
        unit_mask(chain, (1, 8, 8), unit)


# ── The unit that is shown at rest ──────────────────────────────────────────────────────────────


@given(
    values=st.integers(0, 9).flatmap(
        lambda seed: st.tuples(st.just(seed), st.integers(1, 7), st.integers(1, 7))
    ),
    size=st.integers(1, 5),
    stride=st.integers(1, 3),
    padding=st.integers(0, 3),
)
def test_the_strongest_unit_is_the_strongest_whose_field_is_whole(values, size, stride, padding):
    seed, rows, columns = values
    maps = torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))
    field, picture = ReceptiveField((size, size), (stride, stride), (padding, padding)), (9, 8)

    def is_whole(row: int, column: int) -> bool:
        ends = [(field.rows.seen(row), picture[0]), (field.columns.seen(column), picture[1])]
        return all(first >= 0 and last < length for (first, last), length in ends)

    places = [(row, column) for row in range(rows) for column in range(columns)]
    whole = [place for place in places if is_whole(*place)] or places
    assert strongest_unit(maps, field, picture) == max(whole, key=lambda at: abs(maps[at]))


def test_of_equally_strong_units_the_one_near_the_middle_is_shown():
    assert strongest_unit(torch.ones(9, 5), ReceptiveField(), (9, 5)) == (4, 2)


@pytest.mark.parametrize("lesson", [lab, pointwise, cross_channel_pooling, strided])
def test_canvas_and_sections_show_the_same_unit_at_rest(lesson):
    view, setting = lesson.read({})
    picture = images.find(view.picture)
    assert picture is not None
    view = replace(view, stage="")
    buffer = drawing.draw(lesson, setting, view, picture, 224)
    header = json.loads(buffer[4 : 4 + int.from_bytes(buffer[:4], "little")])
    seen = images.at_working_size(picture, view.working_size_px)
    assert tuple(header["rest"]) == lesson.scene(setting, seen.pixels).place()


# ── Branches ────────────────────────────────────────────────────────────────────────────────────


def changed_by(network: nn.Module, shape: tuple[int, int, int]) -> Tensor:
    """Which pixel changes which unit: bool `(H, W, h, w)`, by changing one after the other."""
    x = torch.rand(shape, dtype=torch.float64)
    network = network.double()
    before, singles = network(x), torch.eye(x.numel(), dtype=torch.float64).view(-1, *shape)
    found = [(network(x + far * singles) - before).abs() > 1e-9 for far in (1e3, -1e3)]
    return (found[0] | found[1]).any(1).view(*shape, *before.shape[1:]).any(0)


BRANCHES = {
    "boxes in one another": Branches(
        {
            "one": nn.Conv2d(1, 1, 1),
            "five": nn.Conv2d(1, 1, 5, padding=2),
            "pool": nn.MaxPool2d(3, 1, 1),
        }
    ),
    "a dilated one and the middle": Branches(
        {"wide": nn.Conv2d(1, 1, 2, dilation=4, padding=2), "three": nn.MaxPool2d(3, 1, 1)}
    ),
    "lines that cross": Branches(
        {"row": nn.Conv2d(1, 1, (1, 5), padding=(0, 2)), "column": nn.AvgPool2d((5, 1), 1, (2, 0))}
    ),
    "two strided ones side by side": Branches(
        {"first": nn.MaxPool2d(1, 2), "both": nn.AvgPool2d((1, 2), 2)}
    ),
    "both orders": nn.Sequential(
        Branches(
            {
                "pool": nn.Sequential(nn.MaxPool2d(3, 2), nn.Conv2d(1, 2, 1)),
                "mix": nn.Sequential(nn.Conv2d(1, 2, 1), nn.MaxPool2d(3, 2)),
            }
        ),
        nn.MaxPool2d(2, 1),
    ),
}


@pytest.mark.parametrize("name", BRANCHES)
def test_branches_read_what_any_of_them_reads(name: str):
    network, shape = BRANCHES[name].requires_grad_(False), (1, 10, 12)
    reads = changed_by(network, shape)
    assert torch.equal(read_mask(network, shape), reads.any(-1).any(-1))
    for unit in ((0, 0), (reads.shape[2] // 2, reads.shape[3] // 2)):
        found = unit_mask(network, shape, unit)
        mask = torch.zeros(shape[1:], dtype=torch.bool)
        pixels = found.mask.nonzero() + torch.tensor([found.top, found.left])
        mask[tuple(pixels.T)] = True
        assert torch.equal(mask, reads[..., *unit])


def test_rows_and_columns_that_no_branch_reads_are_told():
    dilated = nn.Conv2d(1, 1, 2, dilation=2, stride=4)
    both = Branches({"one": nn.MaxPool2d(1, 4), "two": dilated})
    read = {"read_rows": "10101010", "read_columns": "10101010"}
    assert holes(nn.Sequential(both), (1, 8, 8)) == {"0.two": read, "0": read}
    beside = Branches({"all": nn.AvgPool2d(4), "two": dilated})
    assert holes(nn.Sequential(beside), (1, 8, 8)) == {"0.two": read}


# ── Code of any kind ────────────────────────────────────────────────────────────────────────────


class Gated(nn.Module):
    """Each unit is scaled by the mean of the whole map, or of its row."""

    def __init__(self, size: Any) -> None:
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(size)
        self.conv = nn.Conv2d(1, 1, 3, padding=1, bias=False)
        nn.init.uniform_(self.conv.weight, 0.5, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)[:, :, ::2] * self.pool(x)


@pytest.mark.parametrize("size", [1, (5, 1), (1, 8)])
def test_a_map_of_one_row_is_read_by_the_units_of_all_rows(size: Any):
    chain = nn.Sequential(nn.AvgPool2d(1, (2, 1)), Gated(size))
    for unit in ((0, 0), (4, 7), (2, 3)):
        x = torch.rand(1, 1, 19, 8, requires_grad=True)
        (gradient,) = torch.autograd.grad(chain(x)[0, 0][unit], x)
        assert torch.equal(placed(unit_mask(chain, (1, 19, 8), unit), 19, 8), gradient[0, 0] != 0)


@pytest.mark.parametrize("sizes", [(3, 5), (7, 8), (1, 3), (14, 8)])
def test_adaptive_pools_whose_windows_differ(sizes: tuple[int, int]):
    chain = nn.Sequential(nn.AvgPool2d(1, 2), nn.AdaptiveAvgPool2d(sizes))
    for unit in ((0, 0), (sizes[0] - 1, sizes[1] - 1), (sizes[0] // 2, sizes[1] // 3)):
        expected = read_by_gradient(chain, (1, 27, 17), unit)
        assert torch.equal(placed(unit_mask(chain, (1, 27, 17), unit), 27, 17), expected)


def test_padding_of_branches_that_drift_apart_is_never_read():
    """The unit after the last one would see more of one branch than the box of any unit holds."""
    cut = nn.Sequential(nn.ZeroPad2d((0, -4, 0, -6)), nn.AvgPool2d(1))
    branches = Branches({"strided": nn.AvgPool2d(1, 2), "cut": cut})
    chain = nn.Sequential(branches, nn.Conv2d(2, 1, 3, padding=1, bias=False))
    for unit in ((0, 0), (5, 3), (2, 2)):
        expected = read_by_gradient(chain, (1, 12, 8), unit)
        assert torch.equal(placed(unit_mask(chain, (1, 12, 8), unit), 12, 8), expected)


def test_padding_inside_a_branch_hides_what_its_box_holds():
    """Unit 0 of the wide branch reads two zeros, though pixel 0 lies in its box."""
    wide = nn.Sequential(nn.ZeroPad2d((0, 1, 0, 0)), nn.AvgPool2d((1, 2), 1))
    wide.extend([nn.ZeroPad2d((2, 0, 0, 0)), nn.AvgPool2d((1, 2), 1), nn.ZeroPad2d((0, -1, 0, 0))])
    chain = nn.Sequential(Branches({"alone": nn.AvgPool2d(1), "wide": wide}))
    for column in (0, 1, 5, 8):
        expected = read_by_gradient(chain, (1, 2, 9), (0, column))
        assert torch.equal(placed(unit_mask(chain, (1, 2, 9), (0, column)), 2, 9), expected)


def test_what_an_index_picks_has_no_mask():
    class Picks(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.gather(2, (x > 0).long())

    with pytest.raises(ValueError, match=r"^gather \(Gather\): which pixels it reads is not known"):
        unit_mask(Picks(), (1, 5, 5))
