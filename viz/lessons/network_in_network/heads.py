"""Two heads on the same layers: global average pooling, and all positions fully connected."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator
from typing import Literal, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.bounded_cache import BoundedCache
from viz.trace import cost, layer_rows
from viz.training.classifier import Schedule, draw_weights, learn, wrong
from viz.training.digits import CLASSES, SIDE_PX, Digits, split

Kind = Literal["average", "connected"]
SHAPE = (1, SIDE_PX, SIDE_PX)
MAPS = 32  # that reach the head
SCHEDULE = Schedule(steps=600, rate=0.02)
_LEARNED: BoundedCache[tuple[str, int, Schedule], nn.Sequential] = BoundedCache(
    32, size_of=lambda _: 1
)


class HeadCost(NamedTuple):
    """Exact counts of parameters: of the head, and of the whole network."""

    head: int
    whole: int


class Errors(NamedTuple):
    """Shares of wrong answers on digits that were not used for training.

    Attributes:
        as_drawn: of the digits as they are.
        moved: of the same digits, moved by one pixel to the left and to the right.
    """

    as_drawn: float
    moved: float


@torch.inference_mode(False)  # it is going to be trained
def network(kind: Kind) -> nn.Sequential:
    """Two mlpconv layers and a head, without padding for its maps: `(N, 1, 8, 8)` to `(N, 10)`.

    >>> network("average")(torch.zeros(2, *SHAPE)).shape
    torch.Size([2, 10])
    """
    layers = OrderedDict[str, nn.Module](trunk=nn.Sequential(*_mlpconv(1, 16), *_mlpconv(16, MAPS)))
    if kind == "average":
        layers["pool"] = nn.AdaptiveAvgPool2d(1)
    read = MAPS if kind == "average" else MAPS * SIDE_PX**2
    return nn.Sequential(layers | {"flat": nn.Flatten(), "head": nn.Linear(read, CLASSES)})


def _mlpconv(channels: int, outputs: int) -> list[nn.Module]:
    """A 3×3 and a 1×1, a ReLU after each."""
    window = nn.Conv2d(channels, outputs, 3, padding=1)
    return [window, nn.ReLU(), nn.Conv2d(outputs, outputs, 1), nn.ReLU()]


def head_cost(kind: Kind) -> HeadCost:
    """The parameters of a network, counted from its layers.

    >>> head_cost("average").head, head_cost("connected").head
    (330, 20490)
    """
    layers = network(kind)
    head = next(row for row in layer_rows(layers, SHAPE) if row.name == "head")
    return HeadCost(head.parameters, cost(layers, SHAPE).parameters)


def learning(
    kind: Kind, seed: int, schedule: Schedule = SCHEDULE
) -> Generator[tuple[float, nn.Sequential], None, nn.Sequential]:
    """Trains a network on the 1,000 training digits; both kinds begin with the same filters.

    Yields:
        The share of the steps that are done, and the network so far, after each step; nothing if it
        has been trained before.

    Returns:
        The network, the same for the same seed up to the rounding of the processor.
    """
    known = _LEARNED.get((kind, seed, schedule))
    if known is not None:
        return known
    layers = network(kind)
    draw_weights(layers, seed)
    for step, _ in enumerate(learn(layers, split().training, seed, schedule), 1):
        yield step / schedule.steps, layers
    _LEARNED.put((kind, seed, schedule), layers)
    return layers


@torch.no_grad()
def class_maps(layers: nn.Sequential, image: Tensor) -> Tensor:
    """The class activation maps of a digit: the head's weights as a 1×1 on the maps before the pool.

    map[c, i, j] = sum over k of weight[c, k] * maps[k, i, j]. The mean of a map and the bias of its
    class make the network's output for this class.

    Source: Zhou et al. 2016, "Learning deep features for discriminative localization", CVPR, eq. 2.

    Args:
        layers: a network of the kind "average".
        image: `(1, 8, 8)`.

    Returns:
        `(10, 8, 8)`.
    """
    maps = layers.get_submodule("trunk")(image[None])
    weight = layers.get_parameter("head.weight")
    return F.conv2d(maps, weight[:, :, None, None])[0]


@torch.no_grad()
def errors(layers: nn.Module) -> Errors:
    """The errors of a network on the test digits."""
    test = split().test
    sides = [test._replace(images=moved(test.images, by)) for by in (-1, 1)]
    both = sum(wrong(layers, each) for each in sides) / len(sides)
    return Errors(wrong(layers, test) / len(test.labels), both / len(test.labels))


def moved(images: Tensor, columns: int) -> Tensor:
    """Pictures moved to the right, or to the left by a negative number; paper comes in.

    >>> moved(torch.tensor([[1.0, 2.0, 3.0]]), 1), moved(torch.tensor([[1.0, 2.0, 3.0]]), -1)
    (tensor([[0., 1., 2.]]), tensor([[2., 3., 0.]]))
    """
    return F.pad(images, (columns, -columns))


def digit(number: int) -> Digits:
    """One test digit as a batch of one."""
    return split().test.at(torch.tensor([number]))
