"""The walk along the graph: the maps after every layer, and so after the last one."""

from __future__ import annotations

from collections import OrderedDict

from torch import fx, nn

from viz.geometry import ReceptiveField, union
from viz.layers.branches import joined
from viz.layers.chain import naming
from viz.trace.graph import graph, is_layer
from viz.trace.maps import Maps
from viz.trace.rules import read


def receptive_field(network: nn.Module, input_shape: tuple[int, ...]) -> ReceptiveField:
    """The receptive field of one unit of the network's output in its input.

    Padding that reflects or replicates the border counts like zeros: a box outside the picture
    tells where the window is, not which pixels are copied there.

    Args:
        network: a module on any device, even `meta`; a single layer is a network too.
        input_shape: `(C, H, W)`, without batch.

    Raises:
        ValueError: naming the layer, if it does not fit its input or has no rule in `read`.

    Source: Araujo, Norris, Sim 2019, "Computing Receptive Fields of Convolutional Neural
    Networks", Distill.

    >>> network = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
    >>> receptive_field(network, (3, 32, 32))
    ReceptiveField(size=(4, 4), stride=(2, 2), padding=(1, 1), aligned=True, boxes=())
    """
    maps = flow(network, input_shape)[1]
    return next(reversed(maps.values())).field


def flow(
    network: nn.Module, input_shape: tuple[int, ...]
) -> tuple[dict[str, nn.Module], dict[fx.Node, Maps]]:
    """The modules by name, and the maps after every node, in the order of the data."""
    if len(input_shape) != 3 or min(input_shape) < 1:
        raise ValueError(f"input_shape is (C, H, W) without batch, not {tuple(input_shape)}")
    channels, height, width = input_shape
    if is_layer(network):
        network = nn.Sequential(OrderedDict({type(network).__name__: network}))
    layers = dict(network.named_modules())
    leaving: dict[fx.Node, Maps] = {}
    for node in graph(network).nodes:
        if node.op == "placeholder" and not leaving:
            leaving[node] = Maps(channels, (height, width), ReceptiveField())
        else:
            sources = [leaving[source] for source in node.all_input_nodes]
            leaving[node] = _passed(node, layers, sources)
    return layers, leaving


def _passed(node: fx.Node, layers: dict[str, nn.Module], sources: list[Maps]) -> Maps:
    """The maps after a node; nodes that join several sources need a rule here."""
    if node.op == "output" and isinstance(node.args[0], fx.Node):
        return sources[0]
    if joins(node):
        name = within(node)
        with naming(name, layers.get(name, layers[""])):
            return _joined(sources)
    if node.op == "call_module" and len(sources) == 1:
        layer = layers[str(node.target)]
        with naming(str(node.target), layer):
            return read(layer, sources[0])
    inside = within(node) or type(layers[""]).__name__
    raise ValueError(f"{inside}: no rule says how to read the {node.op} {node.name!r}")


def joins(node: fx.Node) -> bool:
    """Whether a node joins maps along their channels."""
    return node.op == "call_function" and node.target is joined


def within(node: fx.Node) -> str:
    """The name of the module that a node belongs to; empty for the network itself."""
    return str(next(reversed(node.meta.get("nn_module_stack", {})), ""))


def _joined(branches: list[Maps]) -> Maps:
    """The channels of all branches, each with the union of their fields."""
    extents = [each.extent for each in branches]
    if len(set(extents)) != 1 or any(each.flat for each in branches):
        sizes = ", ".join(str(each.shape) for each in branches)
        raise ValueError(f"only branches of one size can be joined, not {sizes}")
    channels = sum(each.channels for each in branches)
    return Maps(channels, extents[0], union([each.field for each in branches]))
