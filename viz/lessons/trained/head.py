"""The classifier of a network as a 1×1 convolution: it can stand before the global average."""

from __future__ import annotations

import operator
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import fx, nn

from viz.layers.fully_connected import as_conv
from viz.lessons.trained.running import Runner

# What changes no number in evaluation mode, or turns scores into shares.
_SKIPPED = (nn.Flatten, nn.Identity, nn.Dropout, nn.Dropout2d)
_SHARES = (nn.Softmax, nn.LogSoftmax)
_SKIPPED_CALLS = {torch.flatten, F.dropout}
_SHARE_CALLS = {F.softmax, torch.softmax, F.log_softmax, torch.log_softmax}
_SKIPPED_METHODS = {"flatten", "view", "reshape", "squeeze", "contiguous"}


class Classifier(NamedTuple):
    """The end of a network whose classes are linear functions of averaged maps.

    Attributes:
        maps: the node whose maps are averaged over all places.
        logits: the node that gives a number for each class, before any softmax.
        at_a_place: the classifier as 1×1 convolutions on these maps; empty if they are those of the
            classes already.
    """

    maps: fx.Node
    logits: fx.Node
    at_a_place: nn.Sequential


def classifier(runner: Runner) -> Classifier | None:
    """The classifier of a network; None if it has none of this form.

    An average is linear, so the average of what a linear layer gives at every place is what it
    gives for the average.

    >>> network = nn.Sequential(nn.Conv2d(3, 8, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 5))
    >>> found = classifier(Runner(network))
    >>> found.maps.target, found.at_a_place
    ('0', Sequential(
      (0): Conv2d(8, 5, kernel_size=(1, 1), stride=(1, 1))
    ))
    >>> classifier(Runner(network[:1])) is None
    True
    """
    layers: list[nn.Module] = []
    node = logits = _without_shares(runner)
    while node.args and isinstance(node.args[0], fx.Node):
        layer, before = _layer(runner, node), node.args[0]
        if _averages(node, layer):
            return Classifier(before, logits, nn.Sequential(*reversed(layers)))
        if isinstance(layer, nn.Linear):
            layers.append(as_conv(layer, (layer.in_features, 1, 1)))
        elif isinstance(layer, nn.Conv2d) and layer.kernel_size == (1, 1):
            layers.append(layer)
        elif not _is_skipped(node, layer):
            return None
        node = before
    return None


def _without_shares(runner: Runner) -> fx.Node:
    """The last node, or the one before the softmax."""
    (last,) = runner.nodes[-1].all_input_nodes[:1] or runner.nodes[:1]
    shares = isinstance(_layer(runner, last), _SHARES) or last.target in _SHARE_CALLS
    return last.all_input_nodes[0] if shares or last.target == "softmax" else last


def _layer(runner: Runner, node: fx.Node) -> nn.Module | None:
    is_layer = node.op == "call_module"
    return runner.network.get_submodule(str(node.target)) if is_layer else None


def _averages(node: fx.Node, layer: nn.Module | None) -> bool:
    """Whether it is the average over all places of each map."""
    if isinstance(layer, nn.AdaptiveAvgPool2d):
        return layer.output_size in (1, (1, 1))
    if node.target is F.adaptive_avg_pool2d:
        return node.args[1:] in ((1,), ((1, 1),)) or node.kwargs.get("output_size") in (1, (1, 1))
    if node.target in ("mean", torch.mean):
        axes = node.args[1] if len(node.args) > 1 else node.kwargs.get("dim")
        return isinstance(axes, list | tuple) and sorted(_from_front(axes)) == [2, 3]
    return False


def _from_front(axes: Any) -> list[int]:
    return [operator.index(axis) % 4 for axis in axes]


def _is_skipped(node: fx.Node, layer: nn.Module | None) -> bool:
    return (
        isinstance(layer, _SKIPPED)
        or node.target in _SKIPPED_CALLS
        or (node.op == "call_method" and node.target in _SKIPPED_METHODS)
    )
