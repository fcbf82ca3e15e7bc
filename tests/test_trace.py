"""Shapes, fields and counts against torch itself, against damaged pixels, and against print."""

from collections import OrderedDict
from copy import deepcopy
from threading import Event, Thread
from typing import Any

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from viz.geometry import ReceptiveField, clipped
from viz.layers.activation import Square
from viz.layers.branches import Branches
from viz.layers.channel_shuffle import ShuffleChannels
from viz.layers.cross_channel_pooling import PoolChannels
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.pointwise import Pointwise
from viz.networks.network_in_network import network_in_network
from viz.trace import Cost, cost, layer_rows, read, receptive_field

# torch announces once what it does for even kernels.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")

# ── Networks ────────────────────────────────────────────────────────────────────────────────────


class TwoSteps(nn.Module):
    """Not a chain of nn.Sequential: only tracing finds its layers. One of them is passed twice."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.ReLU())
        self.head = nn.MaxPool2d(2)

    def forward(self, x):
        return self.head(self.body(self.body(x)))


def bank():
    return GaborBank(GaborParameters(4, 4, 8.0, 4.0, 21, 1.0))


def lab():
    """The stack of the first lesson, every stage of it switched on."""
    return nn.Sequential(
        nn.Sequential(Pointwise(torch.ones(1, 3)), bank()),
        *(nn.ReLU(), Square(), ShuffleChannels(4), PoolChannels(4)),
        Pointwise(torch.ones(8, 4), torch.ones(8)),
        Pointwise(torch.eye(8), stride=3),
    )


# ── Random chains against torch ─────────────────────────────────────────────────────────────────


@st.composite
def layers(draw):
    """One layer from two channels to two, its numbers different on both axes."""
    pair = st.tuples
    kernel = draw(pair(st.integers(1, 4), st.integers(1, 4)))
    stride = draw(pair(st.integers(1, 3), st.integers(1, 3)))
    dilation = draw(pair(st.integers(1, 2), st.integers(1, 2)))
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    ceil = draw(st.booleans())
    conv = {"dilation": dilation, "groups": draw(st.sampled_from([1, 2])), "dtype": torch.float64}
    return draw(
        st.sampled_from(
            [
                nn.Conv2d(2, 2, kernel, stride, padding, **conv),
                nn.Conv2d(2, 2, kernel, padding="same", **conv),
                nn.Conv2d(2, 2, kernel[0], stride[0], "valid", **conv),
                nn.MaxPool2d(kernel, stride, padding, dilation, ceil_mode=ceil),
                nn.MaxPool2d(kernel[0], padding=padding[0] and kernel[0] // 2, ceil_mode=ceil),
                nn.AvgPool2d(kernel, stride, padding, ceil_mode=ceil),
                nn.ZeroPad2d((*padding, *stride)),
                nn.ConstantPad2d(padding[0], 1.0),
                nn.Sequential(nn.ReLU(), nn.BatchNorm2d(2, dtype=torch.float64).eval()),
                nn.Sequential(Square(), nn.Conv2d(2, 4, 1, dtype=torch.float64), PoolChannels(2)),
            ]
        )
    )


chains = st.builds(lambda steps: nn.Sequential(*steps), st.lists(layers(), min_size=1, max_size=4))
HEIGHT, WIDTH = 21, 17


def torch_shape(network, input_shape):
    picture = torch.empty(1, *input_shape, device="meta", dtype=torch.float64)
    return tuple(deepcopy(network).to("meta")(picture).shape[1:])


@given(chains, st.integers(3, HEIGHT), st.integers(3, WIDTH))
def test_shapes_are_those_of_torch_or_both_refuse(network, height, width):
    shape = (2, height, width)
    try:
        expected = torch_shape(network, shape)
    except RuntimeError:
        with pytest.raises(ValueError, match="does not fit"):
            layer_rows(network, shape)
    else:
        assert layer_rows(network, shape)[-1].output_shape == expected


@pytest.mark.parametrize("kind", [nn.MaxPool2d, nn.AvgPool2d])
@pytest.mark.parametrize("ceil_mode", [False, True])
def test_a_pool_that_rounds_up_has_the_shape_of_torch(kind, ceil_mode):
    pool = kind(3, ceil_mode=ceil_mode)
    assert layer_rows(pool, (2, 8, 9))[0].output_shape == torch_shape(pool, (2, 8, 9))
    assert torch_shape(pool, (2, 8, 9)) == (2, 3 if ceil_mode else 2, 3)


def fits(network):
    try:
        return bool(torch_shape(network, (2, HEIGHT, WIDTH)))
    except RuntimeError:
        return False


def rows_read(network, length, other):
    """For each output row the input rows it depends on: those whose NaN reaches it."""
    pictures = torch.ones(length, 2, length, other, dtype=torch.float64)
    pictures[range(length), :, range(length)] = torch.nan
    reached = network(pictures).isnan().any(-1).any(1)  # (damaged row, output row)
    return [set(column.nonzero().flatten().tolist()) for column in reached.T]


def check_field(window, reads, length):
    for unit, rows in enumerate(reads):
        seen = window.seen(unit)
        inside = clipped(seen, length)
        assert rows <= set(range(inside[0], inside[1] + 1) if inside else ())
        if seen == inside:  # what is cut off at the border may have held the outermost pixel
            assert (min(rows), max(rows)) == seen


@given(chains)
@torch.no_grad()
def test_the_field_is_where_a_damaged_pixel_reaches_the_unit(network):
    for weight in network.parameters():
        weight.fill_(0.5)
    assume(fits(network))
    field = receptive_field(network, (2, HEIGHT, WIDTH))
    check_field(field.rows, rows_read(network, HEIGHT, WIDTH), HEIGHT)
    turned = _Turned(network)
    check_field(field.columns, rows_read(turned, WIDTH, HEIGHT), WIDTH)


class _Turned(nn.Module):
    """The network on its side, so that columns can be damaged as rows."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network(x.mT).mT


@given(chains)
def test_macs_are_half_the_flops_that_torch_counts(network):
    assume(fits(network))
    with FlopCounterMode(display=False) as counter:
        torch_shape(network, (2, HEIGHT, WIDTH))
    assert 2 * cost(network, (2, HEIGHT, WIDTH)).macs == counter.get_total_flops()


# ── Heads and figures ───────────────────────────────────────────────────────────────────────────


def test_flatten_and_linear_equal_a_convolution_as_large_as_the_map():
    linear = nn.Sequential(nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3 * 5 * 7, 4))
    conv = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(3, 4, (5, 7)))
    assert receptive_field(linear, (3, 10, 14)) == receptive_field(conv, (3, 10, 14))
    assert cost(linear, (3, 10, 14)).macs == cost(conv, (3, 10, 14)).macs
    assert cost(linear, (3, 10, 14)).parameters == cost(conv, (3, 10, 14)).parameters


@pytest.mark.parametrize("kind", [nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d])
@pytest.mark.parametrize("size", [1, (1, 1)])
def test_a_global_pool_reads_the_whole_map(kind, size):
    network = nn.Sequential(nn.AvgPool2d(2), kind(size))
    row = layer_rows(network, (3, 10, 14))[-1]
    assert row.output_shape == (3, 1, 1)
    assert row.receptive_field == ReceptiveField((10, 14), (2, 2), (0, 0))


def test_one_by_one_from_50_to_20_channels():
    """Prakash 2016, "One by One [1 × 1] Convolution": 1,000 weights, 40 million products."""
    assert cost(nn.Conv2d(50, 20, 1, bias=False), (50, 200, 200)).parameters == 1_000
    assert cost(nn.Conv2d(50, 20, 1), (50, 200, 200)) == Cost(1_020, 40_000_000, 4 * 20 * 200**2)


# ── Our own layers, names and totals ────────────────────────────────────────────────────────────


def test_the_stack_of_the_lab():
    rows = layer_rows(lab(), (3, 100, 90))
    assert [(row.name, row.kind, row.output_shape) for row in rows] == [
        ("0.0", "Pointwise", (1, 100, 90)),
        ("0.1", "GaborBank", (16, 100, 90)),
        ("1", "ReLU", (16, 100, 90)),
        ("2", "Square", (16, 100, 90)),
        ("3", "ShuffleChannels", (16, 100, 90)),
        ("4", "PoolChannels", (4, 100, 90)),
        ("5", "Pointwise", (8, 100, 90)),
        ("6", "Pointwise", (8, 34, 30)),
    ]
    assert [row.parameters for row in rows] == [3, 16 * 21 * 21, 0, 0, 0, 0, 40, 64]
    assert [row.macs for row in rows if row.macs] == [
        *(3 * 9000, 16 * 441 * 9000, 32 * 9000, 64 * 34 * 30)
    ]
    assert rows[1].receptive_field == ReceptiveField((21, 21), (1, 1), (10, 10))
    assert rows[-1].receptive_field == ReceptiveField((21, 21), (3, 3), (10, 10))
    assert lab()(torch.zeros(3, 100, 90)).shape == rows[-1].output_shape


@pytest.mark.parametrize("groups", [1, 2, 4, 8])
def test_a_grouped_1x1_counts_what_it_keeps(groups):
    """By hand, and by what torch counts for its own grouped convolution."""
    network = nn.Sequential(
        Pointwise(torch.ones(16, 8 // groups), torch.ones(16), groups=groups),
        ShuffleChannels(groups),
        Pointwise(torch.ones(16, 16 // groups), groups=groups, stride=2),
    )
    rows = layer_rows(network, (8, 10, 9))
    assert [row.output_shape for row in rows] == [(16, 10, 9), (16, 10, 9), (16, 5, 5)]
    assert [row.parameters for row in rows] == [16 * 8 // groups + 16, 0, 16 * 16 // groups]
    assert [row.macs for row in rows] == [90 * 16 * 8 // groups, 0, 25 * 16 * 16 // groups]
    layer: Any
    with FlopCounterMode(display=False) as counter:
        for row, layer in zip(rows, network, strict=True):
            if row.macs:
                twin = nn.Conv2d(
                    layer.in_channels, 16, 1, layer.stride, groups=groups, device="meta"
                )
                twin(torch.empty(1, layer.in_channels, 10, 9, device="meta"))
    assert 2 * cost(network, (8, 10, 9)).macs == counter.get_total_flops()


def test_names_are_those_of_named_modules():
    network = nn.Sequential()
    network.add_module("bank", nn.Sequential())
    network.bank.add_module("gabor", bank())
    network.add_module("rectifier", nn.ReLU())
    assert [row.name for row in layer_rows(network, (1, 50, 50))] == ["bank.gabor", "rectifier"]


@pytest.mark.parametrize("layer", [nn.ReLU(), PoolChannels(3), bank(), nn.Conv2d(3, 2, 3)])
def test_a_lone_layer_is_a_network_named_after_its_class(layer):
    channels = getattr(layer, "in_channels", 3)
    (row,) = layer_rows(layer, (channels, 30, 30))
    assert row.name == row.kind == type(layer).__name__
    assert receptive_field(layer, (channels, 30, 30)) == row.receptive_field


def test_no_layer_at_all_sees_one_pixel():
    assert layer_rows(nn.Sequential(), (3, 5, 5)) == []
    assert receptive_field(nn.Sequential(), (3, 5, 5)) == ReceptiveField()
    assert cost(nn.Sequential(), (3, 5, 5)) == Cost(0, 0, 0)


def test_rows_add_up_and_a_layer_passed_twice_is_counted_once():
    network = TwoSteps()
    rows = layer_rows(network, (3, 8, 8))
    total = cost(network, (3, 8, 8))
    assert [row.name for row in rows] == ["body.0", "body.1", "body.0", "body.1", "head"]
    assert [row.parameters for row in rows] == [84, 0, 0, 0, 0]
    assert total.parameters == sum(p.numel() for p in network.parameters())
    assert total.macs == sum(row.macs for row in rows) == 2 * 81 * 64
    assert total.activation_bytes == 4 * (4 * 3 * 64 + 3 * 16)
    assert receptive_field(network, (3, 8, 8)) == ReceptiveField((6, 6), (2, 2), (2, 2))


def test_one_layer_twice_in_a_chain_has_two_rows_under_its_first_name():
    relu = nn.ReLU()
    rows = layer_rows(nn.Sequential(relu, nn.Conv2d(3, 3, 3), relu), (3, 8, 8))
    assert [row.name for row in rows] == ["0", "1", "0"]


def test_a_weight_shared_by_two_layers_is_counted_once():
    first, second = nn.Conv2d(3, 3, 1), nn.Conv2d(3, 3, 1)
    second.weight = first.weight
    rows = layer_rows(nn.Sequential(first, second), (3, 4, 4))
    assert [row.parameters for row in rows] == [12, 3]


def test_a_chain_and_its_trace_tell_the_same():
    class Wrapped(nn.Module):
        def __init__(self):
            super().__init__()
            self.lab = lab()

        def forward(self, x):
            return self.lab(x)

    traced = layer_rows(Wrapped(), (3, 60, 60))
    chain = layer_rows(lab(), (3, 60, 60))
    strip = [(row.kind, row.output_shape, row.receptive_field, row.macs) for row in chain]
    assert [(r.kind, r.output_shape, r.receptive_field, r.macs) for r in traced] == strip
    assert [row.name for row in traced] == [f"lab.{row.name}" for row in chain]


def test_a_chain_with_a_forward_of_its_own_is_traced():
    class Twice(nn.Sequential):
        def forward(self, x):
            return super().forward(super().forward(x))

    rows = layer_rows(nn.Sequential(Twice(nn.MaxPool2d(2))), (3, 16, 16))
    assert [(row.name, row.output_shape) for row in rows] == [
        *(("0.0", (3, 8, 8)), ("0.0", (3, 4, 4)))
    ]


POINTWISE = [kind for kind, rule in read.registry.items() if rule is read.dispatch(nn.Identity)]
ARGUMENTS = {nn.Threshold: (0.0, 0.0), nn.LocalResponseNorm: (2,)}


@pytest.mark.parametrize("kind", POINTWISE)
def test_a_pointwise_layer_changes_nothing_beside_the_changed_pixel(kind):
    layer = kind(*ARGUMENTS.get(kind, ())).eval()
    picture = torch.rand(1, 4, 5, 6, generator=torch.Generator().manual_seed(1))
    changed = picture.clone()
    changed[..., 2, 3] += 1
    difference = (layer(changed) != layer(picture)).any(1)[0]
    assert difference.shape == (5, 6)
    assert set(map(tuple, difference.nonzero().tolist())) <= {(2, 3)}
    assert layer_rows(layer, (4, 5, 6))[0].receptive_field == ReceptiveField()


# ── Nothing is run, other threads are left alone ────────────────────────────────────────────────


class _Forbidden(TorchDispatchMode):
    """No operation of torch may be called, not even one that only makes an empty tensor."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        raise AssertionError(f"{func} was called")


@pytest.mark.parametrize("build", [network_in_network, lab, TwoSteps])
def test_no_tensor_is_made_or_copied(build):
    network = build()
    with _Forbidden():
        assert cost(network, (3, 224, 224)).macs > 0


def test_a_network_far_too_large_for_any_memory():
    huge = nn.Conv2d(10**6, 10**6, 3, padding=1, device="meta")
    assert cost(huge, (10**6, 10**6, 10**6)).macs == 9 * 10**24


@torch.no_grad()
def test_another_thread_may_run_the_network_while_it_is_traced():
    network = TwoSteps()
    picture = torch.ones(1, 3, 8, 8)
    expected = network(picture)
    call, stop, failures = nn.Module.__call__, Event(), []

    def run():
        while not stop.is_set():
            try:
                assert torch.equal(network(picture), expected)
            except Exception as failure:
                failures.append(failure)

    def trace():
        for _ in range(60):
            assert len(layer_rows(network, (3, 8, 8))) == 5

    runner, tracers = Thread(target=run), [Thread(target=trace) for _ in range(3)]
    for thread in (runner, *tracers):
        thread.start()
    for thread in tracers:
        thread.join()
    stop.set()
    runner.join()
    assert not failures
    assert nn.Module.__call__ is call


# ── Errors ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (nn.Conv2d(8, 3, 5), "takes 8 channels, not 4"),
        (nn.Conv2d(4, 3, 9), "kernel of 9 .* does not fit into 6 positions"),
        (nn.Conv2d(4, 3, 3, padding=1, padding_mode="circular"), "circular"),
        (nn.MaxPool2d(7), "kernel of 7 .* does not fit into 6 positions"),
        (nn.MaxPool2d(2, return_indices=True), "indices"),
        (nn.AdaptiveMaxPool2d(2, return_indices=True), "indices"),
        (nn.ZeroPad2d(-3), "does not fit into 0 positions"),
        (nn.BatchNorm2d(4), "eval"),
        (nn.BatchNorm2d(4, track_running_stats=False).eval(), "eval"),
        (nn.BatchNorm2d(5).eval(), "takes 5 channels, not 4"),
        (PoolChannels(3), "4 channels do not divide by 3"),
        (ShuffleChannels(3), "4 channels do not divide by 3"),
        (nn.Linear(6, 2), r"takes \(6,\), not \(4, 6, 6\)"),
        (nn.Flatten(2), "flattens 2 to -1"),
        (nn.InstanceNorm2d(5), "takes 5 channels, not 4"),
        (nn.GroupNorm(2, 6), "takes 6 channels, not 4"),
        (nn.BatchNorm1d(4).eval(), "takes 4 channels, not 4"),
        (nn.Softmax(2), "compares along dimension 2, not channels"),
        (nn.Upsample(scale_factor=2), "no rule"),
        (nn.ConvTranspose2d(4, 4, 2), "no rule"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(layer, reason):
    network = nn.Sequential(nn.Conv2d(3, 4, 3))
    network.add_module("second", nn.Sequential(layer))
    for ask in (receptive_field, layer_rows, cost):
        with pytest.raises(ValueError, match=rf"second\.0 \({type(layer).__name__}\): .*{reason}"):
            ask(network, (3, 8, 8))


@pytest.mark.parametrize(
    "layer", [nn.Conv2d(3, 3, 1), nn.MaxPool2d(1), nn.ZeroPad2d(1), PoolChannels(3), bank()]
)
def test_maps_are_not_read_from_a_vector(layer):
    with pytest.raises(ValueError, match=r"1 \(.*: takes maps, not a vector of 48 features"):
        layer_rows(nn.Sequential(nn.Flatten(), layer), (3, 4, 4))


@pytest.mark.parametrize("shape", [(3, 8), (1, 3, 8, 8), (3, 0, 8), ()])
def test_an_input_shape_has_three_positive_sizes(shape):
    with pytest.raises(ValueError, match=r"input_shape is \(C, H, W\)"):
        cost(nn.ReLU(), shape)


def _module(forward):
    kind = type("Block", (nn.Module,), {"forward": forward})
    return nn.Sequential(kind())


@pytest.mark.parametrize(
    ("forward", "reason"),
    [
        (
            lambda self, x: torch.fft.fft2(x),
            "no rule says how to read the call_function 'fft_fft2'",
        ),
        (lambda self, x: x.cumsum(2), "no rule says how to read the call_method 'cumsum'"),
        (lambda self, x: x if x.shape[0] > 1 else -x, "control flow"),
        (lambda self, x: x[: len(x)], "'len' is not supported"),
        (lambda self, x: x[tuple(range(x.shape[0]))], "integer"),
    ],
)
def test_a_step_without_a_rule_names_the_module_it_is_in(forward, reason):
    with pytest.raises(ValueError, match=f"^0: .*{reason}"):
        layer_rows(_module(forward), (3, 8, 8))


def test_a_network_gives_one_tensor_and_takes_one():
    with pytest.raises(ValueError, match="Block: no rule says how to read the output"):
        layer_rows(_module(lambda self, x: (x, x))[0], (3, 8, 8))
    with pytest.raises(ValueError, match="Block: no rule says how to read the placeholder 'y'"):
        layer_rows(_module(lambda self, x, y: x)[0], (3, 8, 8))


# ── Branches ────────────────────────────────────────────────────────────────────────────────────


def inception() -> Branches:
    """3a of GoogLeNet, with its 5×5."""
    return Branches(
        {
            "one": nn.Conv2d(192, 64, 1),
            "three": nn.Sequential(nn.Conv2d(192, 96, 1), nn.Conv2d(96, 128, 3, padding=1)),
            "five": nn.Sequential(nn.Conv2d(192, 16, 1), nn.Conv2d(16, 32, 5, padding=2)),
            "pool": nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(192, 32, 1)),
        }
    )


def test_branches_have_a_row_for_every_layer_and_one_that_joins_them():
    rows = layer_rows(nn.Sequential(OrderedDict(mixed=inception(), relu=nn.ReLU())), (192, 28, 28))
    assert [row.name for row in rows] == [
        *("mixed.one", "mixed.three.0", "mixed.three.1", "mixed.five.0", "mixed.five.1"),
        *("mixed.pool.0", "mixed.pool.1", "mixed", "relu"),
    ]
    joined = rows[-2]
    assert (joined.kind, joined.output_shape) == ("Branches", (256, 28, 28))
    assert (joined.parameters, joined.macs) == (0, 0)
    # Szegedy et al. 2014, table 1: 159 k weights and 128 M multiply-adds; with biases 163,696
    assert sum(row.parameters for row in rows) == 163_696
    assert round(sum(row.macs for row in rows) / 1e6) == 128


def test_the_field_of_branches_is_the_union_and_never_the_chain():
    field = receptive_field(inception(), (192, 28, 28))
    assert (field.size, field.padding, field.aligned) == ((5, 5), (2, 2), True)
    assert [box.size for box in field.boxes] == [(1, 1), (3, 3), (5, 5)]


def test_branches_that_look_elsewhere_are_reported():
    odd = Branches({"one": nn.Conv2d(1, 1, 1, stride=2), "pool": nn.AvgPool2d(2)})
    field = receptive_field(odd, (1, 8, 8))
    assert (field.size, field.aligned) == ((2, 2), False)


def test_a_shared_layer_is_counted_once_but_computes_in_every_branch():
    shared = nn.Conv2d(3, 4, 1, bias=False)
    chain = nn.Sequential(nn.MaxPool2d(2), shared)
    one, other = Branches({"a": shared, "b": shared}), Branches({"a": shared, "b": chain})
    rows = layer_rows(one, (3, 10, 10))
    assert [(row.parameters, row.macs) for row in rows] == [(12, 1200), (0, 1200), (0, 0)]
    with pytest.raises(ValueError, match=r"can be joined, not \(4, 10, 10\), \(4, 5, 5\)"):
        layer_rows(other, (3, 10, 10))


def test_branches_in_a_module_of_ones_own_are_traced_like_those_in_a_chain():
    class Own(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.mixed, self.relu = inception(), nn.ReLU()

        def forward(self, x):
            return self.relu(self.mixed(x))

    chain = nn.Sequential(OrderedDict(mixed=inception(), relu=nn.ReLU()))
    assert layer_rows(Own(), (192, 14, 14)) == layer_rows(chain, (192, 14, 14))


def test_branches_may_hold_branches():
    inner = Branches({"same": nn.Identity(), "three": nn.Conv2d(2, 1, 3, padding=1)})
    outer = Branches({"inner": nn.Sequential(inner, nn.ReLU()), "one": nn.Conv2d(2, 5, 1)})
    rows = layer_rows(outer, (2, 6, 6))
    assert [row.name for row in rows][-3:] == ["inner.1", "one", "Branches"]
    assert rows[-1].output_shape == (3 + 5, 6, 6)
    assert rows[-1].receptive_field.size == (3, 3)
