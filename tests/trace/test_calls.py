"""Calls inside `forward`: shapes against torch, everything else against the modules that do the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.geometry import ReceptiveField
from viz.layers.cross_channel_pooling import PoolChannels
from viz.trace import cost, layer_rows, receptive_field

CHANNELS, HEIGHT, WIDTH = 4, 13, 11
SHAPE = (CHANNELS, HEIGHT, WIDTH)
Forward = Callable[[Any, Tensor], Any]


class Code(nn.Module):
    """A network whose forward is a function of itself and its input; its sizes differ on both axes."""

    def __init__(self, code: Forward) -> None:
        super().__init__()
        self.code = code
        self.conv = nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1)
        self.gain = nn.Parameter(torch.ones(CHANNELS))
        self.head = nn.Parameter(torch.ones(5, CHANNELS))
        self.norm = nn.BatchNorm2d(CHANNELS)
        self.eval()

    def forward(self, x: Tensor) -> Any:
        return self.code(self, x)


def of_torch(network: nn.Module) -> tuple[int, ...]:
    """The shape that torch gives."""
    return tuple(network(torch.rand(1, *SHAPE)).shape[1:])


# A call, and the module that does the same. Each pads, strides or widens in its own way.
SAME: list[tuple[Forward, nn.Module]] = [
    (lambda m, x: F.relu(x, inplace=False), nn.ReLU()),
    (lambda m, x: x.relu().sigmoid_(), nn.ReLU()),
    (lambda m, x: torch.tanh(F.leaky_relu(x, 0.2)), nn.ReLU()),
    (lambda m, x: F.hardswish(F.dropout(x, 0.5, m.training)), nn.ReLU()),
    (lambda m, x: F.max_pool2d(x, 3, stride=2, padding=1), nn.MaxPool2d(3, 2, 1)),
    (lambda m, x: F.max_pool2d(x, 2, 1, 0, (2, 1), True), nn.MaxPool2d(2, 1, 0, (2, 1))),
    (lambda m, x: F.max_pool2d(x, (3, 2), ceil_mode=True), nn.MaxPool2d((3, 2), ceil_mode=True)),
    (lambda m, x: F.avg_pool2d(x, 3, 2, ceil_mode=True), nn.AvgPool2d(3, 2, ceil_mode=True)),
    (lambda m, x: F.avg_pool2d(x, x.size()[2:]), nn.AvgPool2d((HEIGHT, WIDTH))),
    (lambda m, x: F.avg_pool2d(x, x.shape[2] // 3, 1), nn.AvgPool2d(HEIGHT // 3, 1)),
    (lambda m, x: F.adaptive_avg_pool2d(x, 1), nn.AdaptiveAvgPool2d(1)),
    (lambda m, x: F.adaptive_max_pool2d(x, (None, 2)), nn.AdaptiveMaxPool2d((None, 2))),
    (lambda m, x: x.mean((2, 3), keepdim=True), nn.AdaptiveAvgPool2d(1)),
    (lambda m, x: x.amax(dim=[-1, -2]), nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten())),
    (lambda m, x: torch.mean(x, 1, True), PoolChannels(CHANNELS, "mean")),
    (lambda m, x: F.pad(x, (1, 2, 3, 4)), nn.ZeroPad2d((1, 2, 3, 4))),
    (lambda m, x: F.pad(x, (1, 2), value=3.0), nn.ConstantPad2d((1, 2, 0, 0), 3.0)),
    (lambda m, x: F.pad(x, (1, 2, 3, 4), "reflect"), nn.ReflectionPad2d((1, 2, 3, 4))),
    (lambda m, x: F.pad(x, [1, 2, 3, 4], mode="replicate"), nn.ReplicationPad2d((1, 2, 3, 4))),
    (lambda m, x: x[:, :, ::2, ::3], nn.MaxPool2d(1, (2, 3))),
    (lambda m, x: x[..., 1:-1, 2:], nn.ZeroPad2d((-2, 0, -1, -1))),
    (lambda m, x: torch.flatten(x, 1), nn.Flatten()),
    (lambda m, x: x.view(x.size(0), -1), nn.Flatten()),
    (lambda m, x: x.reshape(-1, CHANNELS * HEIGHT * WIDTH), nn.Flatten()),
    (lambda m, x: F.softmax(x, dim=1).contiguous(), nn.Softmax(1)),
    (lambda m, x: 2 * x - x.square().add(1).sqrt(), nn.Identity()),
    (lambda m, x: x + x, nn.Identity()),
]


@pytest.mark.parametrize(("code", "module"), SAME)
def test_a_call_is_read_as_the_module_that_does_the_same(code: Forward, module: nn.Module):
    rows = layer_rows(Code(code), SHAPE)
    assert rows[-1].output_shape == of_torch(Code(code)) == of_torch(module)
    assert receptive_field(Code(code), SHAPE) == receptive_field(module, SHAPE)
    assert cost(Code(code), SHAPE).macs == 0


# Code whose shapes alone are compared, with those of torch.
OTHERS: list[Forward] = [
    lambda m, x: torch.cat([x, F.relu(x), x], dim=1),
    lambda m, x: torch.concat((x, x), -3),
    lambda m, x: x.chunk(3, dim=1)[1],
    lambda m, x: torch.cat([each * 2 for each in (x.split(3, 1)[1], x.split([1, 2, 1], 1)[1])], 1),
    lambda m, x: x[:, 1:3],
    lambda m, x: x * m.gain[:, None, None] + m.gain.view(1, -1, 1, 1),
    lambda m, x: x * torch.sigmoid(x.mean((2, 3), keepdim=True)),
    lambda m, x: torch.cat([x.flatten(1), x.mean((2, 3))], 1),
    lambda m, x: x[:, :1].gather(3, x.argmax(1, True)[..., 2:7] * 0),
    lambda m, x: m.norm(m.conv(x)) + x,
    lambda m, x: F.conv2d(x, m.conv.weight, m.conv.bias, stride=2),
    lambda m, x: F.conv2d(x, m.conv.weight, padding="same", dilation=2),
    lambda m, x: F.linear(x.mean((2, 3)), m.head),
    lambda m, x: F.batch_norm(x, m.norm.running_mean, m.norm.running_var, m.norm.weight),
    lambda m, x: torch.maximum(x, 1 - x) / 3,
]


@pytest.mark.parametrize("code", OTHERS)
def test_shapes_of_calls_are_those_of_torch(code: Forward):
    assert layer_rows(Code(code), SHAPE)[-1].output_shape == of_torch(Code(code))


def test_weights_that_calls_use_are_counted_once():
    def forward(m: Any, x: Tensor) -> Tensor:
        x = F.conv2d(m.conv(x), m.conv.weight, padding=1)
        return x * m.gain[:, None, None] + m.gain.view(-1, 1, 1)

    rows = layer_rows(Code(forward), SHAPE)
    weights, pixels = CHANNELS * CHANNELS * 9, HEIGHT * WIDTH
    assert [row.kind for row in rows] == ["Conv2d", "Conv2d", "mul", "add"]
    assert [row.parameters for row in rows] == [weights + CHANNELS, 0, CHANNELS, 0]
    assert [row.macs for row in rows] == [weights * pixels, weights * pixels, 0, 0]
    assert rows[1].receptive_field == ReceptiveField((5, 5), (1, 1), (2, 2))


def test_calls_have_names_of_their_own_after_their_module():
    class Block(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.cat([F.relu(x), x], 1)

    class Whole(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = Block(), nn.Sequential(Block(), nn.ReLU())

        def forward(self, x: Tensor) -> Tensor:
            x = self.two(self.one(x))
            return F.relu(x) + F.relu(x)

    rows = layer_rows(Whole(), SHAPE)
    assert [(row.name, row.kind) for row in rows] == [
        *(("one.relu", "ReLU"), ("one.cat", "cat")),
        *(("two.0.relu", "ReLU"), ("two.0.cat", "cat"), ("two.1", "ReLU")),
        *(("relu", "ReLU"), ("relu_1", "ReLU"), ("add", "add")),
    ]
    assert [row.activation_bytes for row in rows[:2]] == [4 * 572, 8 * 572]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (lambda m, x: torch.cat([x, x], 2), "joins along dimension 2, not along channels"),
        (lambda m, x: torch.cat([x, m.conv(x)[:, :, ::2]], 1), "only branches of one size"),
        (lambda m, x: x + x[:, :3], r"cannot be combined: \(4, 13, 11\), \(3, 13, 11\)"),
        (lambda m, x: F.interpolate(x, scale_factor=2), "no rule .* call_function 'interpolate'"),
        (
            lambda m, x: x.view(1, 2, 2, 13, 11),
            r"views maps of \(4, 13, 11\) as \(1, 2, 2, 13, 11\)",
        ),
        (lambda m, x: x.transpose(1, 2), "no rule .* call_method 'transpose'"),
        (lambda m, x: x.mean(2), "reduces dimension 2"),
        (lambda m, x: x[0], "takes 0 of"),
        (lambda m, x: x[:, :, 13:], "takes .* of"),
        (lambda m, x: x.chunk(2, dim=2)[0], "cuts along dimension 2"),
        (lambda m, x: F.pad(x, (1, 1), mode="circular"), "pads by .* 'circular'"),
        (lambda m, x: F.pad(x, (0, 0, 0, 0, 1, 1)), "pads by"),
        (lambda m, x: F.conv2d(x, m.conv.weight * 2), "weights that are computed"),
        (lambda m, x: F.batch_norm(x, None, None, training=True), "whole batch"),
        (lambda m, x: torch.matmul(x, x.mT), "no rule"),
    ],
)
def test_what_no_rule_reads_is_refused_by_its_place(code: Forward, reason: str):
    network = nn.Sequential(nn.Identity(), Code(code))
    with pytest.raises(ValueError, match=rf"^1(\.\w+ \(\w+\))?: .*{reason}"):
        layer_rows(network, SHAPE)


def test_numbers_picked_by_the_data_are_said_to_be():
    class Picks(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            x = F.avg_pool2d(x, 2)
            return x.gather(2, (x > 0).long())

    field = receptive_field(Picks(), SHAPE)
    assert field.certainty == "depends on the data"
    assert field.columns.seen(0) == (0, 1)
    for unit in range(6):
        assert field.rows.seen(unit)[0] <= 0
        assert field.rows.seen(unit)[1] >= 11
