"""The arithmetic of one number of a map: its inputs, their weights, and the result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from viz.arithmetic.terms import Operation, Place, Terms, reads_several, terms_of
from viz.layers.activation import ELEMENTWISE
from viz.layers.batch_norm import as_pointwise
from viz.layers.branches import AppendDifference, Branches
from viz.layers.chain import layers_of, naming
from viz.layers.channel_shuffle import PermuteChannels, PickChannels, ShuffleChannels
from viz.layers.fully_connected import as_conv
from viz.layers.part import Part
from viz.layers.pointwise import Pointwise

_REORDERS = (ShuffleChannels, PermuteChannels)
_KNOWN: tuple[type[nn.Module], ...] = (  # besides sums
    *_REORDERS,
    *(nn.Identity, nn.Flatten, nn.Linear),
    *ELEMENTWISE,
)


@dataclass(frozen=True)
class Arithmetic:
    """Every input of one unit, its weight, and the result.

    Attributes:
        operation: how the terms are combined.
        places: the position of each input in the map that reached the layer: `(channel, row,
            column)`; channels are numbered as they reached the stage, before it reorders any.
        inputs, weights: one number a term; the term itself is their product.
        bias: the number that is added to the sum.
        value: the number after the layer, before any function of it.
        rectifier: the class names of the functions after it in the same stage, or "".
        output: the number in the map.
        pieces: the value of each affine piece of a maxout unit; the terms are of the largest one.
        beta: of a log-mean-exp.
        inside: whether the inputs are those of a map inside the stage, after an earlier sum or branches
            or in a part of a network, which is run and not taken apart.
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
    beta: float = 0.0
    inside: bool = False

    @property
    def terms(self) -> list[float]:
        """Input × weight of every term."""
        return [x * w for x, w in zip(self.inputs, self.weights, strict=True)]


def arithmetic(stage: nn.Module, maps: Tensor, unit: Place) -> Arithmetic:
    """The terms of one number of a stage's map, in double precision.

    Args:
        stage: a layer, or a Sequential of layers; the terms are those of the last one that reads
            several inputs. If a depthwise 1×1 only scales the sums of a convolution, the scale is
            part of the weights. A linear layer on flattened maps is read as the convolution that
            it equals.
        maps: `(C, H, W)`, the maps that reach the stage.
        unit: `(channel, row, column)` in the map that leaves the stage; number n of a vector is
            the unit `(n, 0, 0)`.

    Raises:
        ValueError: if the map has no such unit, or, naming the layer, if it is of unknown kind.

    >>> from viz.layers.pointwise import Pointwise
    >>> layer = Pointwise(torch.tensor([[2.0, 3.0]]), torch.tensor([0.5]))
    >>> taken = arithmetic(layer, torch.tensor([[[1.0]], [[10.0]]]), (0, 0, 0))
    >>> taken.terms, taken.bias, taken.output
    ([2.0, 30.0], 0.5, 32.5)
    """
    parts, layers = _parts_first(stage)
    maps = parts(maps)
    layers = _as_maps(layers, maps)
    shape = nn.Sequential(*layers)(maps).shape
    if any(not 0 <= u < n for u, n in zip(unit, shape, strict=True)):
        raise ValueError(f"a map of {tuple(shape)} has no unit {unit}")
    layers, unit = _followed(layers, maps, unit)
    start, end = _taken_apart(layers)
    x = nn.Sequential(*layers[:start])(maps)
    shape = nn.Sequential(*layers[start:])(x).shape
    (unit,) = _before_reordering([unit], layers[end:], shape[0])
    terms = terms_of(layers[start], x, unit) if end else Terms("copy", [unit], [1.0])
    weights, bias = _scaled(terms, layers[start + 1 : end], unit[0])
    inputs = [float(x[place]) for place in terms.places]
    products = [i * w for i, w in zip(inputs, weights, strict=True)]
    value = terms.combined(products) + bias
    functions = [layer for layer in layers[end:] if isinstance(layer, ELEMENTWISE)]
    output = float(inputs.index(value)) if terms.gives_index else value
    output = float(nn.Sequential(*functions)(torch.tensor(output, dtype=torch.float64)))
    if terms.gives_index:
        functions.insert(0, layers[start])
    rectifier = ", ".join(type(layer).__name__ for layer in functions)
    places = _before_reordering(terms.places, _since_the_last_sum(layers[:start]), len(x))
    return Arithmetic(
        *(terms.operation, places, inputs, weights, bias, value, rectifier, output),
        *(terms.pieces, terms.beta),
        inside=len(parts) > 0
        or any(isinstance(layer, Branches) or reads_several(layer) for layer in layers[:start]),
    )


def _parts_first(stage: nn.Module) -> tuple[nn.Sequential, list[nn.Module]]:
    """The parts of a network that a stage begins with, and its other layers."""
    layers = list(layers_of(stage))
    count = next((at for at, (_, each) in enumerate(layers) if type(each) is not Part), len(layers))
    return nn.Sequential(*(each for _, each in layers[:count])), _known(layers[count:])


def _known(named: Iterable[tuple[str, nn.Module]]) -> list[nn.Module]:
    """The layers of a stage; a batch normalisation as the 1×1 convolution that it equals."""
    layers = []
    for name, layer in named:
        with naming(name, layer):
            if isinstance(layer, nn.BatchNorm2d):
                layer = as_pointwise(layer)
            if isinstance(layer, nn.Dropout | nn.Dropout2d):
                layer = _without_dropping(layer)
            if isinstance(layer, Branches):
                layer = Branches(
                    {key: nn.Sequential(*_known(layers_of(each))) for key, each in layer.items()}
                )
            elif not (reads_several(layer) or isinstance(layer, _KNOWN)):
                raise ValueError("the arithmetic of such a layer is not known")
        layers.append(layer)
    return layers


def _as_maps(layers: list[nn.Module], maps: Tensor) -> list[nn.Module]:
    """The same layers without vectors: each linear layer as the convolution that it equals.

    Raises:
        ValueError: if a vector is left that no linear layer reads, for its units have no place.
    """
    kept: list[nn.Module] = []
    flat = False
    for layer in layers:
        flat = (flat or isinstance(layer, nn.Flatten)) and not isinstance(layer, nn.Linear)
        if isinstance(layer, nn.Linear):
            channels, height, width = nn.Sequential(*kept)(maps).shape
            with naming("", layer):
                layer = as_conv(layer, (channels, height, width))
        if not isinstance(layer, nn.Flatten):
            kept.append(layer)
    if flat:
        raise ValueError("the stage ends with flattened maps, whose units have no place")
    return kept


def _without_dropping(layer: nn.Dropout | nn.Dropout2d) -> nn.Module:
    if layer.training:
        raise ValueError("drops numbers at random; call .eval() first")
    return nn.Identity()


def _followed(layers: list[nn.Module], maps: Tensor, unit: Place) -> tuple[list[nn.Module], Place]:
    """The chain that a number comes through: of branches that one, without what passes it on."""
    layers, (channel, row, column), at = list(layers), unit, len(layers)
    while at:
        at -= 1
        layer, x = layers[at], nn.Sequential(*layers[:at])(maps)
        if isinstance(layer, AppendDifference) and channel < len(x):
            del layers[at]
        elif isinstance(layer, Branches):
            name, channel = layer.source_of(channel, x)
            chain = [each for _, each in layers_of(layer[name])]
            layers[at : at + 1] = chain
            at += len(chain)
        elif isinstance(layer, PickChannels):
            channel = layer.channels[channel]
            del layers[at]
        elif not isinstance(layer, (nn.Identity, *ELEMENTWISE)):
            break
    return layers, (channel, row, column)


def _taken_apart(layers: list[nn.Module]) -> tuple[int, int]:
    """The range of layers that the terms include: one that sums, and any that scale its sums."""
    several = [at for at, layer in enumerate(layers) if reads_several(layer)]
    if not several:
        return 0, 0
    start, end = several[-1], several[-1] + 1
    while start and _scales(layers[start]) and isinstance(layers[start - 1], nn.Conv2d):
        start -= 1
    return start, end


def _scales(layer: nn.Module) -> bool:
    """Whether it is a depthwise 1×1 that reads every pixel."""
    return (
        isinstance(layer, Pointwise)
        and layer.groups == layer.in_channels == layer.out_channels
        and layer.stride == (1, 1)
    )


def _scaled(terms: Terms, scales: list[nn.Module], channel: int) -> tuple[list[float], float]:
    """The terms with weights and bias multiplied by the scale of their sum."""
    weights, bias = terms.weights, terms.bias
    for scale in scales:
        assert isinstance(scale, Pointwise)
        factor = float(scale.weight[channel])
        weights = [factor * weight for weight in weights]
        bias = factor * bias + (0.0 if scale.bias is None else float(scale.bias[channel]))
    return weights, bias


def _since_the_last_sum(layers: list[nn.Module]) -> list[nn.Module]:
    """The layers after the last one that reads several inputs."""
    return layers[
        max((at + 1 for at, each in enumerate(layers) if reads_several(each)), default=0) :
    ]


def _before_reordering(places: list[Place], layers: list[nn.Module], channels: int) -> list[Place]:
    """The same places, with channels numbered as before the layers reorder them."""
    numbers = torch.arange(channels).view(-1, 1, 1)
    for layer in layers:
        numbers = layer(numbers) if isinstance(layer, _REORDERS) else numbers
    return [(int(numbers[channel]), row, column) for channel, row, column in places]
