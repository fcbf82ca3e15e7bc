"""How deep a network is: the layers in a row on its longest path."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from viz.trace.flow import flow


def depth(
    network: nn.Module, input_shape: tuple[int, ...], counts: Callable[[nn.Module], bool]
) -> int:
    """The largest number of layers of some kind that one path from input to output passes.

    Args:
        network, input_shape: those of `receptive_field`.
        counts: whether a layer counts.

    >>> from viz.layers.branches import Branches
    >>> both = Branches({"short": nn.ReLU(), "long": nn.Sequential(nn.ReLU(), nn.Tanh(), nn.ReLU())})
    >>> depth(both, (1, 4, 4), lambda layer: isinstance(layer, nn.ReLU))
    2
    """
    reading = flow(network, input_shape)
    passed = {reading.input: 0}
    for step in reading.layers:
        before = max(passed[source] for source in step.sources)
        passed[step] = before + counts(step.layer)
    return passed[reading.output]


def has_weights(layer: nn.Module) -> bool:
    """Whether it is a convolution or a linear layer: what papers count as layers.

    >>> has_weights(nn.Conv2d(1, 1, 1)), has_weights(nn.MaxPool2d(2))
    (True, False)
    """
    return isinstance(layer, nn.Conv2d | nn.Linear)
