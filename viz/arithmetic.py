"""The arithmetic of one number of a map: which inputs it read, with which weights, and the sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from viz.layers.channel_shuffle import PermuteChannels, ShuffleChannels
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, WinningChannel
from viz.layers.pointwise import Pointwise

Operation = Literal["sum", "max", "mean", "copy"]
Place = tuple[int, int, int]  # channel, row, column


@dataclass(frozen=True)
class Arithmetic:
    """Every input of one unit and what became of it.

    Attributes:
        operation: how the terms become one number.
        places: where each input lies in the map that reached the layer: `(channel, row, column)`;
            channels count as they reached the stage, before any reordering of it.
        inputs, weights: one number a term; the term itself is their product.
        bias: what is added to the sum.
        value: the number after the layer, before what rectifies it.
        rectifier: the class name of what stands behind it in the same stage, or "".
        output: the number in the map.
        pieces: of a maxout unit, what each affine piece gives; the terms are those of the largest.
    """

    operation: Operation
    places: list[Place]
    inputs: list[float]
    weights: list[float]
    bias: float
    value: float
    rectifier: str
    output: float
    pieces: tuple[float, ...] = ()

    @property
    def terms(self) -> list[float]:
        """Input × weight of every term."""
        return [x * w for x, w in zip(self.inputs, self.weights, strict=True)]


def arithmetic(stage: nn.Module, arriving: Tensor, unit: Place) -> Arithmetic:
    """Takes one number of a stage's map apart, in double precision.

    Args:
        stage: a layer, or a Sequential of layers of which the last that reads several inputs is
            the one taken apart. Where a depthwise 1×1 only scales the sums of a convolution, the
            scale is part of the weights.
        arriving: `(C, H, W)`, the maps that reach the stage.
        unit: `(channel, row, column)` in the map that leaves the stage.

    Raises:
        ValueError: if the map has no such unit.

    >>> from viz.layers.pointwise import Pointwise
    >>> layer = Pointwise(torch.tensor([[2.0, 3.0]]), torch.tensor([0.5]))
    >>> taken = arithmetic(layer, torch.tensor([[[1.0]], [[10.0]]]), (0, 0, 0))
    >>> taken.terms, taken.bias, taken.output
    ([2.0, 30.0], 0.5, 32.5)
    """
    layers = list(stage.children()) if isinstance(stage, nn.Sequential) else [stage]
    at, end = _taken_apart(layers)
    x = nn.Sequential(*layers[:at])(arriving)
    layer, after = layers[at], nn.Sequential(*layers[end:])
    output = after(nn.Sequential(*layers[at:end])(x))
    if any(not 0 <= u < n for u, n in zip(unit, output.shape, strict=True)):
        raise ValueError(f"a map of {tuple(output.shape)} has no unit {unit}")
    operation, places, weights, bias = _terms(layer, x, unit)
    weights, bias = _scaled(weights, bias, layers[at + 1 : end], unit[0])
    inputs = [float(x[place]) for place in places]
    places = _as_they_arrived(places, layers[:at], len(x))
    value = _result(operation, [i * w for i, w in zip(inputs, weights, strict=True)]) + bias
    if not _reads_several(layer):
        passes_on = isinstance(layer, nn.Identity | ShuffleChannels | PermuteChannels)
        if not passes_on:
            value = float(layer(torch.tensor(value, dtype=torch.float64)))
        rectifier = type(layer).__name__ * (not passes_on)
    else:
        rectifier = "".join(type(other).__name__ for other in after)
    rectified = float(after(torch.tensor(value, dtype=torch.float64)))
    if isinstance(layer, WinningChannel):
        rectifier, rectified = type(layer).__name__, float(inputs.index(value))
    pieces = tuple(_pieces(layer, x, unit).tolist()) if isinstance(layer, Maxout) else ()
    return Arithmetic(operation, places, inputs, weights, bias, value, rectifier, rectified, pieces)


def _taken_apart(layers: list[nn.Module]) -> tuple[int, int]:
    """Which layer is taken apart, and the first behind it that does more than scale its sums."""
    at = max((i for i, layer in enumerate(layers) if _reads_several(layer)), default=0)
    end = at + 1
    while at and _scales(layers[at]) and isinstance(layers[at - 1], nn.Conv2d):
        at -= 1
    return at, end


def _scales(layer: nn.Module) -> bool:
    """Whether it is a depthwise 1×1 that reads every pixel."""
    return (
        isinstance(layer, Pointwise)
        and layer.groups == layer.in_channels == layer.out_channels
        and layer.stride == (1, 1)
    )


def _scaled(
    weights: list[float], bias: float, scales: list[nn.Module], channel: int
) -> tuple[list[float], float]:
    """Weights and bias as they are once the sum has been scaled."""
    for scale in scales:
        assert isinstance(scale, Pointwise)
        factor = float(scale.weight[channel])
        weights = [factor * weight for weight in weights]
        bias = factor * bias + (0.0 if scale.bias is None else float(scale.bias[channel]))
    return weights, bias


def _as_they_arrived(places: list[Place], before: list[nn.Module], channels: int) -> list[Place]:
    """The places with their channels as they were numbered before any shuffle."""
    numbers = torch.arange(channels).view(-1, 1, 1)
    for layer in before:
        reorders = isinstance(layer, ShuffleChannels | PermuteChannels)
        numbers = layer(numbers) if reorders else numbers
    return [(int(numbers[channel]), row, column) for channel, row, column in places]


def _reads_several(layer: nn.Module) -> bool:
    return isinstance(layer, nn.Conv2d | PoolChannels | WinningChannel | Maxout)


def _result(operation: Operation, terms: list[float]) -> float:
    return max(terms) if operation == "max" else sum(terms)


def _terms(
    layer: nn.Module, x: Tensor, unit: Place
) -> tuple[Operation, list[Place], list[float], float]:
    channel, row, column = unit
    if isinstance(layer, nn.Conv2d):
        return _convolution_terms(layer, x, unit)
    if isinstance(layer, PoolChannels):
        places = [(channel * layer.group + k, row, column) for k in range(layer.group)]
        weight = 1.0 if layer.mode == "max" else 1 / layer.group
        return layer.mode, places, [weight] * layer.group, 0.0
    if isinstance(layer, WinningChannel):
        return _terms(PoolChannels(layer.group), x, unit)
    if isinstance(layer, Maxout):
        best = int(_pieces(layer, x, unit).argmax())
        places = [(c, row, column) for c in range(layer.channels)]
        weights = layer.weight[channel, best].double().tolist()
        return "sum", places, weights, float(layer.bias[channel, best])
    if isinstance(layer, ShuffleChannels | PermuteChannels):
        unit = _as_they_arrived([unit], [layer], len(x))[0]
    return "copy", [unit], [1.0], 0.0


def _pieces(layer: Maxout, x: Tensor, unit: Place) -> Tensor:
    """What each affine piece of a maxout unit gives, `(pieces,)`."""
    channel, row, column = unit
    return layer.weight[channel].double() @ x[:, row, column].double() + layer.bias[channel]


def _convolution_terms(
    layer: nn.Conv2d, x: Tensor, unit: Place
) -> tuple[Operation, list[Place], list[float], float]:
    """Terms over the kernel's window in the unit's group of channels.

    Places in the zero padding add nothing and are left out.
    """
    channel, row, column = unit
    kernel = layer.weight[channel].double()
    first = channel * layer.groups // layer.out_channels * len(kernel)
    top = row * layer.stride[0] - int(layer.padding[0])
    left = column * layer.stride[1] - int(layer.padding[1])
    places, weights = [], []
    for c, i, j in torch.cartesian_prod(*(torch.arange(n) for n in kernel.shape)).tolist():
        if 0 <= top + i < x.shape[1] and 0 <= left + j < x.shape[2]:
            places.append((first + c, top + i, left + j))
            weights.append(float(kernel[c, i, j]))
    bias = 0.0 if layer.bias is None else float(layer.bias[channel])
    return "sum", places, weights, bias
