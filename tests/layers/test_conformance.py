"""Every layer that a lesson can build is known to everything that reads layers.

The table lists the layers; what is said of each is compared with what it does: with numbers that
change when one input is changed, with a program that is run, with sums made by hand.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import chdir
from copy import deepcopy
from dataclasses import replace
from functools import cache
from importlib import import_module
from io import BytesIO
from itertools import combinations, product
from math import ceil, inf, log, prod
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

import viz.layers
from viz.arithmetic import Arithmetic, arithmetic
from viz.geometry import clipped
from viz.images import decode
from viz.kernels import NotLinear, effective_kernels
from viz.layers.activation import Square
from viz.layers.batch_norm import NormOfOne
from viz.layers.branches import AppendDifference, Branches
from viz.layers.channel_shuffle import PermuteChannels, PickChannels, ShuffleChannels
from viz.layers.convolution import Convolution
from viz.layers.crop import CentreCrop, GrownSquare
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, PoolParts, WinningChannel
from viz.layers.downsampling import binomial_window, low_pass_mixing, pooled_mixing
from viz.layers.filter_bank import FilterBank
from viz.layers.gabor import GaborBank, GaborBanksParameters, GaborParameters
from viz.layers.log_mean_exp_pooling import LogMeanExpPool
from viz.layers.max_pooling import MaxPool
from viz.layers.part import Lines, Part
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, average_rows
from viz.layers.same_padding import SamePad
from viz.layers.seeding import seeded
from viz.lessons import LESSONS, load
from viz.reads import read_mask, unit_mask
from viz.run.stages import in_pieces
from viz.settings import Choice, Setting, Switch
from viz.source import program
from viz.trace import layer_rows, receptive_field
from viz.trace.graph import traced as graph_of

# torch announces once what it does for even kernels.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")

C = 4  # channels that reach every layer of the table, but for the banks


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def conv(outputs: int, kernel: Any, **arguments: Any) -> nn.Conv2d:
    layer = nn.Conv2d(C, outputs, kernel, **arguments)
    for seed, weight in enumerate(layer.parameters()):
        weight.data = drawn(*weight.shape, seed=seed)
    return layer.requires_grad_(False)


def batch_norm(channels: int = C, *, affine: bool = True) -> nn.BatchNorm2d:
    layer = nn.BatchNorm2d(channels, affine=affine).eval().requires_grad_(False)
    layer.running_mean, layer.running_var = drawn(channels, seed=3), drawn(channels).square() + 0.1
    if affine:
        layer.weight.data, layer.bias.data = drawn(channels, seed=4), drawn(channels, seed=5)
    return layer


def waves(outputs: int, channels: int, side: int) -> Tensor:
    """A recipe of kernels."""
    numbers = torch.arange(outputs * channels * side**2).sin()
    return numbers.view(outputs, channels, side, side)


WAVES = (("outputs", 2), ("channels", C), ("side", 3))


def given_kernels(name: str, side: int) -> Tensor:
    """A recipe of a bank's kernels, with a text among its arguments."""
    numbers = torch.arange(4.0 * side**2).add(1).sin().view(4, side, side)
    return numbers / len(name)


def bank_of(side: int, **arguments: int) -> FilterBank:
    """A bank of given kernels."""
    recipe = Recipe(given_kernels, (("name", "four"), ("side", side)))
    return FilterBank(given_kernels("four", side), recipe, **arguments)


SMALL = GaborParameters(2, 2, 4.0, 2.0, 5, 1.0)  # C filters
ROWS = drawn(3, C)
LAYERS: dict[str, nn.Module] = {
    "convolution": conv(1, 3),
    "convolution of a stride": conv(1, (3, 2), stride=(2, 3), padding=(1, 0)),
    "convolution of a dilation": conv(1, 3, dilation=2, padding=2),
    "convolution of a dilation of rows": conv(1, (2, 3), dilation=(3, 1), padding=(0, 1)),
    "convolution in groups": conv(6, (1, 2), groups=2, padding=(0, 1)),
    "convolution, depthwise": conv(C, 3, groups=C, padding=1, stride=2),
    "convolution, depthwise, twice as many": conv(2 * C, (2, 1), groups=C),
    "convolution 1×1 with a bias": conv(5, 1),
    "convolution 1×1, padded": conv(2, 1, stride=2, padding=1),
    "convolution, same": conv(1, (4, 3), padding="same", dilation=(1, 2)),
    "convolution, valid": conv(2, 2, padding="valid", bias=False),
    "convolution, mirrored": conv(1, 3, padding=2, padding_mode="reflect", dilation=(1, 2)),
    "convolution, repeated": conv(1, 3, padding=(2, 1), padding_mode="replicate", stride=2),
    "convolution, wrapped": conv(1, 3, padding=1, padding_mode="circular"),
    "blur": binomial_window(C),
    "blur of a stride": conv(C, 3, groups=C, bias=False, stride=2, padding=1, dilation=(2, 1)),
    "blur and mixing": low_pass_mixing(ROWS[:1], stride=2),
    "largest of pixels": nn.MaxPool2d(2),
    "largest of overlapping pixels": nn.MaxPool2d((3, 2), stride=(2, 1), padding=1),
    "largest, rounded up": nn.MaxPool2d(3, stride=2, ceil_mode=True),
    "largest, dilated": nn.MaxPool2d(2, stride=1, dilation=(2, 3)),
    "mean of pixels": nn.AvgPool2d(2),
    "mean, padded": nn.AvgPool2d(3, stride=(1, 2), padding=1),
    "mean, padding not counted": nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False),
    "mean, rounded up": nn.AvgPool2d((2, 3), stride=2, padding=(0, 1), ceil_mode=True),
    "mean of a block, rounded up": nn.AvgPool2d(4, ceil_mode=True, count_include_pad=False),
    "mean, divided by another number": nn.AvgPool2d(2, padding=1, divisor_override=3),
    "mean of the map": nn.AdaptiveAvgPool2d(1),
    "mean of unequal parts": nn.AdaptiveAvgPool2d((3, 4)),
    "mean of as many parts as rows": nn.AdaptiveAvgPool2d((7, 3)),
    "largest of the map": nn.AdaptiveMaxPool2d(1),
    "largest of parts of rows": nn.AdaptiveMaxPool2d((2, None)),
    "padded with zeros": nn.ZeroPad2d((1, 0, 2, 3)),
    "padded with a constant": nn.ConstantPad2d(2, 1.5),
    "padded and cut": nn.ZeroPad2d((1, -2, -1, 2)),
    "padded, mirrored": nn.ReflectionPad2d((2, 1, 0, 3)),
    "padded, repeated": nn.ReplicationPad2d((0, 1, 2, 1)),
    "dropout": nn.Dropout().eval(),
    "dropout of maps": nn.Dropout2d().eval(),
    "leaky ReLU": nn.LeakyReLU(0.2),
    "ReLU up to 6": nn.ReLU6(),
    "sigmoid": nn.Sigmoid(),
    "threshold": nn.Threshold(0.1, -1.0),
    "convolution of one row": conv(2, (1, 5), padding=(0, 2)),
    "convolution of one column, dilated": conv(2, (3, 1), padding=(4, 0), dilation=(4, 1)),
    "batch normalisation": batch_norm(),
    "batch normalisation without weights": batch_norm(affine=False),
    "batch normalisation of one picture": NormOfOne(batch_norm()),
    "ReLU": nn.ReLU(),
    "square": Square(),
    "nothing": nn.Identity(),
    "largest of channels": PoolChannels(2),
    "mean of channels": PoolChannels(4, "mean"),
    "one channel": PoolChannels(1),
    "largest of unequal groups": PoolParts(3),
    "mean of unequal groups": PoolParts(3, "mean"),
    "every channel by itself": PoolParts(C),
    "some channels": PickChannels((3, 1, 1)),
    "the middle": CentreCrop(5),
    "a square, cut": GrownSquare(5, inner_px=3, step_px=2),
    "a square, padded": GrownSquare(12, inner_px=6, step_px=2),
    "a square, as large as a map": GrownSquare(8, inner_px=4, step_px=2),
    "padded as TensorFlow does": SamePad(3, stride=2),
    "padded for a wide window": SamePad(5, stride=2),
    "largest of pixels, by shifts": MaxPool(2),
    "largest of overlapping pixels, by shifts": MaxPool(3, stride=2, padding=1),
    "log-mean-exp": LogMeanExpPool(3, 0.7, stride=2),
    "log-mean-exp, padded": LogMeanExpPool(4, 2.5, padding=2),
    "log-mean-exp, near the max": LogMeanExpPool(2, 90.0, stride=3, padding=1),
    "halves and their difference": AppendDifference(),
    "maxout": Maxout(drawn(3, 2, C), drawn(3, 2)),
    "maxout without a bias": Maxout(drawn(3, 2, C)),
    "maxout of one piece": Maxout(drawn(3, 1, C), drawn(3, 1)),
    "winner": WinningChannel(2),
    "shuffle": ShuffleChannels(2),
    "order": PermuteChannels((2, 0, 3, 1)),
    "convolution by its recipe": seeded(nn.Conv2d(C, 20, (3, 2), padding=(1, 0)), 0),
    "convolution in groups, by its recipe": seeded(
        nn.Conv2d(C, 8, 5, stride=2, padding=3, dilation=2, groups=2), 1
    ),
    "bank": GaborBank(SMALL),
    "bank by spectra": GaborBank(GaborParameters(2, 1, 5.0, 2.0, 9, 1.5)),
    "bank wider than the map": GaborBank(GaborParameters(2, 1, 12.0, 6.0, 19, 1.0)),
    "bank inside the map": GaborBank(SMALL, inside_every_px=3),
    "bank inside the map, every pixel": GaborBank(SMALL, inside_every_px=1),
    "banks": GaborBank(GaborBanksParameters(2, 2, (3.0, 4.0))),
    "given filters": bank_of(3),
    "given filters without a middle": bank_of(4),
    "given filters by spectra": bank_of(10),
    "given filters inside the map": bank_of(4, inside_every_px=3),
    "1×1": Pointwise(ROWS),
    "1×1 with a bias": Pointwise(ROWS, drawn(3)),
    "1×1 of a stride": Pointwise(ROWS, drawn(3), stride=3),
    "1×1 in groups": Pointwise(drawn(6, 2), drawn(6), groups=2, stride=2),
    "1×1, depthwise": Pointwise(drawn(C, 1), groups=C),
    "1×1 by its recipe": Pointwise(
        average_rows(20, C), recipe=Recipe(average_rows, (("outputs", 20), ("channels", C)))
    ),
    "kernels": Convolution(drawn(1, C, 3, 3), drawn(1)),
    "kernels by their recipe": Convolution(waves(**dict(WAVES)), recipe=Recipe(waves, WAVES)),
}
LAYERS["blur of a stride"].weight.data = drawn(1, 1, 3, 3).repeat(C, 1, 1, 1)
WRAPPED = "convolution, wrapped"  # a border unit sees no single box, so the trace refuses it
COPIES = (
    *(WRAPPED, "convolution, mirrored", "convolution, repeated", "blur and mixing"),
    *("padded, mirrored", "padded, repeated"),
    # below and at the right the mirror image reaches one pixel further than above and at the left
    *("given filters without a middle", "given filters by spectra"),
)
TRACED = [name for name in LAYERS if name != WRAPPED]

SHARED = Pointwise(ROWS, drawn(3))


def of_three(outputs: int, kernel: int, **arguments: Any) -> nn.Conv2d:
    layer = nn.Conv2d(3, outputs, kernel, **arguments).requires_grad_(False)
    layer.weight.data = drawn(*layer.weight.shape, seed=6)
    return layer


CHAINS: dict[str, nn.Module] = {
    "normalised": nn.Sequential(conv(3, 2), batch_norm(3), nn.ReLU()),
    "normalised twice": nn.Sequential(conv(2, 2), batch_norm(2), Pointwise(ROWS[:2, :1], groups=2)),
    "reordered": nn.Sequential(
        ShuffleChannels(2), conv(C, 2, groups=2), PermuteChannels((3, 0, 1, 2))
    ),
    "reordered again": nn.Sequential(
        nn.Sequential(nn.Identity(), ShuffleChannels(2)), Square(), PermuteChannels((1, 0, 3, 2))
    ),
    "some of a mixture": nn.Sequential(Pointwise(ROWS), PickChannels((2, 0))),
    "a mixture of some": nn.Sequential(PickChannels((3, 0)), Pointwise(ROWS[:, :2]), CentreCrop(6)),
    "normalised alone": nn.Sequential(nn.ReLU(), batch_norm(), Square()),
    "pooled, then normalised": nn.Sequential(nn.MaxPool2d(2), batch_norm()),
    "largest of a block, mixed": pooled_mixing(ROWS, 3, "max"),
    "mean of a block, mixed": pooled_mixing(ROWS, 2, "average"),
    "winner, squared": nn.Sequential(WinningChannel(2), Square()),
    "strided, then dilated": nn.Sequential(
        Pointwise(ROWS, stride=2), nn.Conv2d(3, 1, 2, dilation=2)
    ),
    "pool and 1×1 in both orders": nn.Sequential(
        Branches(
            {
                "pool_first": nn.Sequential(MaxPool(3, 1, 1), SHARED),
                "mix_first": nn.Sequential(SHARED, MaxPool(3, 1, 1)),
            }
        ),
        AppendDifference(),
    ),
    "mean and 1×1 in both orders": nn.Sequential(
        Branches(
            {
                "pool_first": nn.Sequential(nn.AvgPool2d(3, 2), SHARED),
                "mix_first": nn.Sequential(SHARED, nn.AvgPool2d(3, 2)),
            }
        ),
        AppendDifference(),
    ),
    "largest, padded after": nn.Sequential(nn.ConstantPad2d((0, 1, 0, 1), -inf), MaxPool(3, 2)),
    "branches as in Inception": nn.Sequential(
        Branches(
            {
                "one": conv(2, 1),
                "three": nn.Sequential(Pointwise(ROWS), nn.ReLU(), of_three(2, 3, padding=1)),
                "five": conv(1, 3, padding=2, dilation=2),
                "pool": nn.Sequential(MaxPool(3, 1, 1), conv(2, 1)),
            }
        ),
        nn.ReLU(),
    ),
    "some maps of each branch": nn.Sequential(
        Branches({"one": nn.Sequential(Pointwise(ROWS), nn.ReLU()), "same": MaxPool(3, 1, 1)}),
        PickChannels((0, 2, 3, 6)),
    ),
    "branches with two centres": Branches(
        {"one": Pointwise(ROWS, stride=2), "mean": nn.AvgPool2d(2, ceil_mode=True)}
    ),
    "branches in a branch": Branches(
        {"same": nn.Identity(), "two": Branches({"a": nn.ReLU(), "b": conv(1, 3, padding=1)})}
    ),
    "mean, then strided, then mean": nn.Sequential(
        nn.AvgPool2d(2, stride=1), Pointwise(drawn(2, C), stride=2), nn.AvgPool2d(2)
    ),
}
CHAINS["strided, then dilated"].requires_grad_(False)


def linear(inputs: int, outputs: int, **arguments: Any) -> nn.Linear:
    layer = nn.Linear(inputs, outputs, **arguments).requires_grad_(False)
    layer.weight.data = drawn(*layer.weight.shape, seed=7)
    return layer


# Windows of a fixed number, so that the vector has one length for every size of the maps.
CHAINS |= {
    "flattened, then linear": nn.Sequential(
        conv(2, 2, stride=2), nn.AdaptiveMaxPool2d((2, 3)), nn.Flatten(), linear(12, 3)
    ),
    "flattened, two linear layers": nn.Sequential(
        nn.AdaptiveAvgPool2d((3, 2)),
        nn.Flatten(-3),
        nn.Sequential(linear(24, 2, bias=False), nn.ReLU(), nn.Dropout().eval(), linear(2, 4)),
    ),
    "flattened, linear by its recipe": nn.Sequential(
        nn.AdaptiveMaxPool2d((3, 4)), nn.Flatten(-3), seeded(nn.Linear(48, 5), 2)
    ),
    "a linear layer of one pixel": nn.Sequential(
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), linear(C, 2)
    ),
    "branches of every window": Branches(
        {
            "strided": conv(2, (3, 1), stride=2, padding=(1, 0)),
            "dilated": conv(2, 3, stride=2, padding=2, dilation=2, groups=2),
            "row": nn.Sequential(conv(C, (1, 3), padding="same"), Pointwise(ROWS, stride=2)),
            "mean": nn.Sequential(nn.AvgPool2d(3, 2, 1, count_include_pad=False), Pointwise(ROWS)),
            "recipe": seeded(nn.Conv2d(C, 4, 5, stride=2, padding=2), 3),
        }
    ),
}


class Shortcut(nn.Module):
    """Code of its own, with a weight of its own; what comes last is not reached."""

    def __init__(self) -> None:
        super().__init__()
        self.mix, self.weight = Pointwise(drawn(C, C)), nn.Parameter(drawn(2, C, 1, 1), False)
        self.unused = conv(3, 2)

    def forward(self, x: Tensor) -> Tensor:
        mixed = self.mix(x).relu()
        return self.unused(F.conv2d(torch.cat([x + mixed, mixed][:1], 1), self.weight) - 1)


def shortcut(maps: Tensor, weight: Tensor, last: Tensor) -> Tensor:
    """What the code does, up to its convolution."""
    mixed = F.conv2d(maps, weight[:, :, None, None]).relu()
    return F.conv2d(maps + mixed, last[:, :, None, None])


SHORTCUT = Shortcut()
CALLS = {node.name: node for node in graph_of(SHORTCUT).nodes}
PRINTED = "\n".join(
    f"{name} = torch.tensor({of.flatten(1).tolist()})"
    for name, of in (("weight", SHORTCUT.mix.weight), ("last", SHORTCUT.weight))
)
CHAINS["a part of a network"] = nn.Sequential(
    Part(
        SHORTCUT,
        CALLS["conv2d"],
        lines=Lines("a part", f"{PRINTED}\nmaps = shortcut(maps, weight, last)", (shortcut,)),
    ),
    nn.ReLU(),
)
ALL = LAYERS | CHAINS
SHAPES = ((7, 9), (10, 6), (8, 8))


def channels_into(layer: nn.Module) -> int:
    return 1 if isinstance(layer, FilterBank) else C


def inputs(layer: nn.Module) -> Iterator[Tensor]:
    """Small maps that fit the layer, `(C, H, W)`."""
    for seed, shape in enumerate(SHAPES):
        yield drawn(channels_into(layer), *shape, seed=seed)


def through(layer: nn.Module, x: Tensor) -> Tensor:
    """The layer's maps; a batch normalisation takes nothing but batches."""
    return as_maps(layer(x[None])[0])


def as_maps(maps: Tensor) -> Tensor:
    """The same; a vector as maps of one pixel."""
    return maps if maps.ndim == 3 else maps[:, None, None]


# ── Which layers there are ──────────────────────────────────────────────────────────────────────


def settings_of(kind: type[Setting]) -> Iterator[Setting]:
    """As it opens, everything on, everything off; then every choice, and every two of them."""
    controls = kind.controls()
    switches = [name for name, control in controls.items() if isinstance(control, Switch)]
    choices = {
        name: list(control.options)
        for name, control in controls.items()
        if isinstance(control, Choice)
    }
    few = [name for name, values in choices.items() if len(values) < 6]
    plain = kind()
    for base in (plain, *(replace(plain, **dict.fromkeys(switches, to)) for to in (True, False))):
        yield base
        for name, values in choices.items():
            yield from (replace(base, **{name: value}) for value in values)
        for names in combinations(few, 2):
            for values in product(*(choices[name] for name in names)):
                yield replace(base, **dict(zip(names, values, strict=True)))


def kinds_of(slug: str) -> set[type[nn.Module]]:
    """The classes of all layers that a lesson builds."""
    lesson, pixels = load(slug), torch.rand(3, 6, 5)
    networks = (lesson.network(setting, pixels) for setting in settings_of(lesson.setting))
    return kinds_in(networks)


def kinds_in(networks: Iterable[nn.Module]) -> set[type[nn.Module]]:
    """The classes of all layers, of those in branches too."""
    every = {type(layer) for network in networks for layer in network.modules()}
    return every - {nn.Sequential}


@cache
def listed() -> set[type[nn.Module]]:
    return kinds_in(ALL.values())


@pytest.mark.parametrize("slug", [lesson.slug for lesson in LESSONS])
def test_every_layer_that_a_lesson_builds_is_listed(slug: str):
    kinds = kinds_of(slug)
    assert Pointwise in kinds or Maxout in kinds  # else this test looks at nothing
    assert kinds <= listed()


def test_every_layer_of_ours_is_listed():
    modules = [
        import_module(f"viz.layers.{module.name}") for module in iter_modules(viz.layers.__path__)
    ]
    ours = {
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, nn.Module)
        if kind.__module__ == module.__name__
    }
    assert Square in ours
    assert ours <= listed()


# ── What a unit reads, by changing one input after the other ────────────────────────────────────


def influence(layer: nn.Module, x: Tensor) -> Tensor:
    """Which input changes which number: bool `(C, H, W, O, h, w)`."""
    layer, x = deepcopy(layer).double(), x.double()
    before, single = through(layer, x), torch.eye(x.numel(), dtype=torch.float64).view(-1, *x.shape)
    after = [layer(x + far * single).view(-1, *before.shape) for far in (1e3, -1e3)]
    changed = [(each - before).abs() > 1e-7 for each in after]
    return (changed[0] | changed[1]).view(*x.shape, *before.shape)


def extent(read: Tensor) -> tuple[int, int]:
    """The first and the last position that is read."""
    places = read.nonzero().flatten()
    return int(places.min()), int(places.max())


@pytest.mark.parametrize("name", TRACED)
def test_shapes_parameters_and_macs_are_those_of_the_layer(name: str):
    layer = LAYERS[name]
    for x in inputs(layer):
        (row,) = layer_rows(layer, tuple(x.shape))
        maps = through(layer, x)
        assert row.output_shape == maps.shape
        assert row.parameters == sum(weight.numel() for weight in layer.parameters())
        assert row.macs == macs_one_by_one(layer, maps)


def macs_one_by_one(layer: nn.Module, maps: Tensor) -> int:
    """Multiply-adds of a convolution or a maxout, number by number."""
    macs = 0
    if isinstance(layer, nn.Conv2d | Maxout):
        for channel, _, _ in product(*map(range, maps.shape)):
            macs += layer.weight[channel].numel()
    return macs


@pytest.mark.parametrize("name", TRACED)
def test_fields_are_where_a_change_reaches_the_unit(name: str):
    layer = LAYERS[name]
    for x in inputs(layer):
        reads = influence(layer, x).any(3).any(0)  # (H, W, h, w)
        field = receptive_field(layer, tuple(x.shape))
        for axis, window, length in ((0, field.rows, x.shape[1]), (1, field.columns, x.shape[2])):
            along = reads.any(1 - axis).any(2 - axis)  # (length, units)
            for unit in range(along.shape[1]):
                exact = field.certainty == "exact"
                check_extent(along[:, unit], window.seen(unit), length, name in COPIES, exact)


def check_extent(
    read: Tensor, seen: tuple[int, int], length: int, copies: bool, exact: bool
) -> None:
    inside = clipped(seen, length)
    if inside == seen and exact:
        assert extent(read) == seen
    elif not copies:
        first, last = inside or (length, length)
        assert not read[:first].any()
        assert not read[last + 1 :].any()


@pytest.mark.parametrize("name", [*TRACED, *CHAINS])
def test_masks_are_what_changes_a_number(name: str):
    layer = ALL[name]
    for x in inputs(layer):
        reads = influence(layer, x).any(3).any(0)
        assert torch.equal(read_mask(layer, tuple(x.shape)), reads.any(-1).any(-1))
        for unit in product(*map(range, reads.shape[2:])):
            found = unit_mask(layer, tuple(x.shape), unit)
            pixels = found.mask.nonzero() + torch.tensor([found.top, found.left])
            mask = torch.zeros(x.shape[1:], dtype=torch.bool)
            mask[tuple(pixels.T)] = True
            assert torch.equal(mask, reads[..., *unit]) or name in COPIES


# ── The program ─────────────────────────────────────────────────────────────────────────────────


def photograph(height: int, width: int) -> bytes:
    pixels = drawn(height, width, 3, seed=height).mul(60).add(128).clamp(0, 255)
    file = BytesIO()
    Image.fromarray(pixels.byte().numpy()).save(file, "PNG")
    return file.getvalue()


def executed(text: str, folder: Path) -> Tensor:
    left: dict[str, Any] = {"__name__": "__main__"}
    with chdir(folder):
        exec(compile(text, "program.py", "exec"), left)
    return left["maps"]


@pytest.mark.parametrize("name", [name for name in ALL if name != WRAPPED])
def test_the_program_gives_the_same_maps(name: str, tmp_path: Path):
    spread = Pointwise(drawn(channels_into(ALL[name]), 3), drawn(channels_into(ALL[name]), seed=1))
    network = nn.Sequential(OrderedDict(spread=spread, layer=ALL[name]))
    for shape in SHAPES:
        data = photograph(*shape)
        (tmp_path / "noise.png").write_bytes(data)
        picture = decode(data, "noise.png")
        maps = as_maps(executed(program(network, picture, max(shape)), tmp_path))
        torch.testing.assert_close(maps, through(network, picture.pixels), atol=1e-5, rtol=1e-5)


# ── One number taken apart ──────────────────────────────────────────────────────────────────────


def some_units(maps: Tensor, x: Tensor) -> set[tuple[int, ...]]:
    """Both far corners, the middle, and some others."""
    sizes = torch.tensor(maps.shape)
    others = (torch.rand(12, 3, generator=torch.Generator().manual_seed(x.shape[1])) * sizes).long()
    fixed = [sizes * 0, sizes - 1, sizes // 2]
    return {tuple(unit.tolist()) for unit in (*fixed, *others)}


def put_together(taken: Arithmetic) -> float:
    if taken.operation == "max":
        return max(taken.inputs)
    if taken.operation == "mean":
        return sum(taken.inputs) / len(taken.inputs)
    if taken.operation == "log-mean-exp":
        values = torch.tensor(taken.inputs, dtype=torch.float64)
        beta = taken.beta
        return float((beta * values).logsumexp(0) - log(len(values))) / beta
    pairs = zip(taken.inputs, taken.weights, strict=True)
    return sum(x * weight for x, weight in pairs) + taken.bias


@pytest.mark.parametrize("name", ALL)
def test_the_arithmetic_of_a_number_gives_the_number(name: str):
    for layer in (ALL[name], nn.Sequential(ALL[name], nn.ReLU())):
        for x in inputs(ALL[name]):
            maps = through(layer, x)
            for unit in some_units(maps, x):
                taken = arithmetic(layer, x, unit)
                size = 1 + sum(map(abs, taken.terms)) + abs(taken.bias)
                assert taken.value == pytest.approx(put_together(taken), abs=1e-6 * size)
                assert taken.output == pytest.approx(float(maps[unit]), abs=1e-5 * size**2)
                assert len(set(taken.places)) == len(taken.places)


def test_a_number_of_a_vector_reads_pixels_of_the_maps_before_it():
    """Not numbers of the vector: channel, row and column of each input are known."""
    x, layer = drawn(C, 3, 2), linear(24, 5)
    taken = arithmetic(nn.Sequential(nn.Flatten(-3), layer, nn.ReLU()), x, (4, 0, 0))
    assert taken.places == list(product(range(C), range(3), range(2)))
    assert taken.inputs == [float(x[place]) for place in taken.places]
    assert taken.weights == layer.weight[4].double().tolist()


@pytest.mark.parametrize("name", LAYERS)
def test_the_arithmetic_reads_what_changes_the_number(name: str):
    layer = LAYERS[name]
    for x in inputs(layer):
        changes = influence(layer, x)
        for unit in some_units(through(layer, x), x):
            taken = arithmetic(layer, x, unit)
            assert taken.inputs == [float(x[place]) for place in taken.places]
            weighed = zip(taken.places, taken.weights, strict=True)
            read = {place for place, weight in weighed if abs(weight) > 1e-9}
            assert read == set(map(tuple, changes[..., *unit].nonzero().tolist()))


# ── Effective kernels ───────────────────────────────────────────────────────────────────────────


def after_a_bank(name: str) -> nn.Sequential:
    layer = ALL[name]
    bank = nn.Identity() if isinstance(layer, FilterBank) else GaborBank(SMALL)
    return deepcopy(nn.Sequential(bank, layer)).double()


@pytest.mark.parametrize("name", ALL)
def test_one_kernel_gives_the_maps_or_they_are_not_linear(name: str):
    chain = after_a_bank(name)
    x, y = (drawn(1, 24, 21, seed=seed).double() for seed in (1, 2))
    nothing = through(chain, 0 * x)
    maps, others = through(chain, x) - nothing, through(chain, y) - nothing
    together = through(chain, x + y) - nothing
    try:
        kernels = effective_kernels([chain])
    except NotLinear:
        of_its_size = any(isinstance(each, nn.AdaptiveAvgPool2d) for each in chain.modules())
        assert of_its_size or (maps + others - together).abs().max() > 1e-3
        return
    assert kernels is not None
    check_kernels(kernels, chain, x, maps)


def check_kernels(kernels: Tensor, chain: nn.Sequential, x: Tensor, maps: Tensor) -> None:
    """Every unit whose box lies inside the picture, one by one."""
    for layer in chain.modules():  # where a border is copied from is nothing that a kernel sees
        if isinstance(layer, nn.Conv2d):
            layer.padding_mode = "zeros"
    field, checked = receptive_field(chain, tuple(x.shape)), 0
    assert kernels.shape == (len(maps), *field.size)
    for row, column in product(*map(range, maps.shape[1:])):
        (top, bottom), (left, right) = field.rows.seen(row), field.columns.seen(column)
        if (top, bottom) == clipped((top, bottom), 24) and (left, right) == clipped(
            (left, right), 21
        ):
            seen = x[0, top : bottom + 1, left : right + 1]
            torch.testing.assert_close((kernels * seen).sum((1, 2)), maps[:, row, column])
            checked += 1
    assert checked


# ── Pieces ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("pieces", [1, 2, 3, 8])
@pytest.mark.parametrize("name", ALL)
@torch.inference_mode()
def test_in_pieces_a_layer_gives_the_same(name: str, pieces: int):
    for x in inputs(ALL[name]):
        for batch in (x[None], torch.stack([x, x.flip(-1)])):
            whole, cut = ALL[name](batch), in_pieces(ALL[name], batch, pieces)
            torch.testing.assert_close(cut, whole, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", LAYERS)
def test_what_reads_one_row_or_mixes_all_channels_is_really_cut(name: str):
    layer = LAYERS[name]
    for x in inputs(layer):
        made: list[int] = []
        hook = layer.register_forward_hook(lambda *args, made=made: made.append(args[2].numel()))
        in_pieces(layer, x[None], 2)
        hook.remove()
        whole, together = through(layer, x), layer.weight if isinstance(layer, nn.Conv2d) else ()
        mixes = len(together) > 1 and layer.groups == 1
        half = ceil(len(whole) / 2) * prod(whole.shape[1:])
        if reads_one_row(layer, x):
            half = len(whole) * ceil(whole.shape[1] / 2) * whole.shape[2]
        cut = mixes or reads_one_row(layer, x)
        assert max(made) == (half if cut else whole.numel())


WHOLE = (
    nn.ReflectionPad2d
    | nn.ReplicationPad2d
    | nn.AdaptiveAvgPool2d
    | nn.AdaptiveMaxPool2d
    | GrownSquare
    | SamePad
)


def reads_one_row(layer: nn.Module, x: Tensor) -> bool:
    """Whether every unit reads pixels of one row, and those of the first unit of the first row.

    Layers that copy the border, or fit their windows to the map, give others for a band.
    """
    if isinstance(layer, WHOLE):
        return False
    rows = influence(layer, x).any(-1).any(-2).any(2).any(0)  # (H, h)
    return bool((rows.sum(0) == 1).all()) and bool(rows[0, 0])


# ── What is not known is refused by name ────────────────────────────────────────────────────────


def placed(layer: nn.Module) -> nn.Sequential:
    """The layer at the place `stage.odd`."""
    stage = nn.Sequential(OrderedDict(first=nn.Identity(), odd=layer))
    return nn.Sequential(OrderedDict(before=nn.Identity(), stage=stage))


def traced(layer: nn.Module) -> object:
    return layer_rows(placed(layer), (C, 8, 8))


def written(layer: nn.Module) -> object:
    network = nn.Sequential(OrderedDict(spread=Pointwise(drawn(C, 3))))
    network.add_module("stage", placed(layer).stage)
    return program(network, decode(photograph(8, 8), "noise.png"), 8)


def taken_apart(layer: nn.Module) -> object:
    return arithmetic(placed(layer), drawn(C, 8, 8), (0, 0, 0))


UNKNOWN = (nn.ConvTranspose2d(C, C, 2), nn.BatchNorm2d(C))
REFUSED = [
    *((ask, layer) for ask in (traced, written, taken_apart) for layer in UNKNOWN),
    *((ask, nn.InstanceNorm2d(C)) for ask in (written, taken_apart)),
    *((ask, LAYERS[WRAPPED]) for ask in (traced, written)),
    *((ask, nn.Softmax2d()) for ask in (written, taken_apart)),
    (traced, linear(C, 2)),  # of maps that nothing has flattened
    (written, conv(2, 3)),  # 72 numbers are too many to be printed
    (written, Pointwise(drawn(17, C))),
    (written, FilterBank(drawn(2, 3, 3))),
]


@pytest.mark.parametrize(("ask", "layer"), REFUSED)
def test_what_is_not_known_is_refused_by_its_place(ask: Any, layer: nn.Module):
    with pytest.raises(ValueError, match=rf"^stage\.odd \({type(layer).__name__}\): "):
        ask(layer)


def test_a_lone_layer_has_the_name_of_its_class():
    with pytest.raises(ValueError, match=r"^Softmax2d \(Softmax2d\): "):
        arithmetic(nn.Softmax2d(), drawn(C, 8, 8), (0, 0, 0))


def test_a_vector_that_no_linear_layer_reads_has_no_place():
    with pytest.raises(ValueError, match="flattened maps, whose units have no place"):
        arithmetic(nn.Sequential(nn.Flatten(-3), nn.ReLU()), drawn(C, 8, 8), (0, 0, 0))


def test_a_batch_normalisation_in_training_has_no_kernel():
    with pytest.raises(NotLinear, match="BatchNorm2d"):
        effective_kernels([GaborBank(SMALL), nn.BatchNorm2d(C)])
