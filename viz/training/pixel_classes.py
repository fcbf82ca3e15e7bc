"""A linear 1×1, a maxout and an mlpconv that learn to tell two classes of pixels apart."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.cross_channel_pooling import Maxout
from viz.layers.pointwise import Pointwise
from viz.training.adam import Adam

CLASSES = 2
RATE = 0.005
Networks = dict[str, nn.Module]
Steps = Generator[int, None, None]


class Pixels(NamedTuple):
    """Pixels and their classes.

    Attributes:
        maps: `(C, 1, n)`, their channels.
        labels: `(n,)` int64, 0 or 1.
    """

    maps: Tensor
    labels: Tensor


def hidden_units(pieces: int, channels: int) -> int:
    """Hidden units of the mlpconv that has most nearly as many parameters as the maxout.

    A maxout of two units has 2 · pieces · (C + 1) parameters, an mlpconv with one hidden layer
    hidden · (C + 1) + 2 · hidden + 2. Of three channels both are equal for 1, 4, 7, … pieces.

    >>> [hidden_units(pieces, channels=3) for pieces in (1, 4, 7)]
    [1, 5, 9]
    """
    of_maxout = CLASSES * pieces * (channels + 1)
    return max(1, round((of_maxout - CLASSES) / (channels + 1 + CLASSES)))


@torch.inference_mode(False)
def networks(channels: int, pieces: int, seed: int) -> Networks:
    """Three networks of 1×1 layers, from channels to a score for each class.

    Their first weights and biases are uniform within ±1 / √(inputs of the layer), as in torch.

    Args:
        channels: of a pixel.
        pieces: of each of the two maxout units; the mlpconv has `hidden_units`.
        seed: of the first weights.

    Returns:
        `linear`, `maxout` and `mlpconv`, each with weights that can be trained.

    >>> found = networks(channels=3, pieces=4, seed=0)
    >>> {name: sum(each.numel() for each in net.parameters()) for name, net in found.items()}
    {'linear': 8, 'maxout': 32, 'mlpconv': 32}
    """
    generator, hidden = torch.Generator().manual_seed(seed), hidden_units(pieces, channels)

    def drawn(*shape: int, inputs: int) -> Tensor:
        return (2 * torch.rand(*shape, generator=generator) - 1) / inputs**0.5

    def mixing(outputs: int, inputs: int) -> Pointwise:
        return Pointwise(drawn(outputs, inputs, inputs=inputs), drawn(outputs, inputs=inputs))

    units = (CLASSES, pieces)
    made: Networks = {
        "linear": mixing(CLASSES, channels),
        "maxout": Maxout(drawn(*units, channels, inputs=channels), drawn(*units, inputs=channels)),
        "mlpconv": nn.Sequential(mixing(hidden, channels), nn.ReLU(), mixing(CLASSES, hidden)),
    }
    return {name: network.requires_grad_() for name, network in made.items()}


@torch.inference_mode(False)
@torch.enable_grad()
def learn(networks: Mapping[str, nn.Module], pixels: Pixels, steps: int) -> Steps:
    """Trains the networks side by side with Adam, with all pixels in each step.

    Args:
        networks: they are changed in place.
        pixels: what they learn from; both classes must have some. On the CPU.
        steps: the number of steps.

    Yields:
        The number of steps so far, from 0 on.

    >>> few = Pixels(torch.tensor([[[-1.0, 0.0, 1.0]]]), torch.tensor([0, 1, 0]))
    >>> found = networks(channels=1, pieces=4, seed=0)
    >>> len(list(learn(found, few, steps=900)))
    901
    >>> accuracy(found["linear"], few) < accuracy(found["mlpconv"], few) == 1
    True
    """
    pixels = Pixels(*(each.clone() for each in pixels))  # outside inference mode
    weights = [weight for network in networks.values() for weight in network.parameters()]
    adam = Adam(weights, RATE)
    for step in range(steps):
        yield step
        together = torch.stack([loss(network, pixels) for network in networks.values()]).sum()
        adam.zero_grad()
        together.backward()  # no network's loss depends on another's weights
        adam.step()
    yield steps


def loss(network: nn.Module, pixels: Pixels) -> Tensor:
    """The mean of both classes' mean cross-entropy: each counts for a half, however large it is."""
    of_a_class = pixels.labels.bincount(minlength=CLASSES)
    scores = network(pixels.maps).flatten(1).T
    return F.cross_entropy(scores, pixels.labels, weight=1 / of_a_class.to(scores.dtype))


@torch.no_grad()
def accuracy(network: nn.Module, pixels: Pixels) -> float:
    """The mean of both classes' share of pixels with the right score on top; guessing gives 1/2.

    NaN if a class has no pixels.
    """
    right = network(pixels.maps).flatten(1).argmax(0) == pixels.labels
    shares = [right[pixels.labels == kind].float().mean() for kind in range(CLASSES)]
    return float(torch.stack(shares).mean())


@torch.no_grad()
def decision(network: nn.Module, maps: Tensor) -> Tensor:
    """How sure the network is at each pixel: the probability of class 0 minus that of class 1.

    Args:
        maps: `(C, H, W)`.

    Returns:
        `(1, H, W)` from −1 to 1; 0 is undecided.

    >>> scores = Pointwise(torch.eye(2))
    >>> decision(scores, torch.tensor([[[3.0, 0.0]], [[3.0, 9.0]]])).round(decimals=3)
    tensor([[[ 0., -1.]]])
    """
    first, second = network(maps)
    return torch.tanh((first - second) / 2)[None]
