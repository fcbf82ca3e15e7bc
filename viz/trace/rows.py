"""A network layer by layer: output shape, receptive field and cost."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from torch import nn

from viz.geometry import ReceptiveField
from viz.layers.cross_channel_pooling import Maxout
from viz.trace.flow import flow, joins, within
from viz.trace.maps import Maps


@dataclass(frozen=True)
class LayerRow:
    """One layer, in the order of the data.

    Args:
        name: qualified name as in `named_modules()`; for a single layer the name of its class.
        kind: the name of its class.
        output_shape: `(C, H, W)`, or `(features,)` once the maps are flattened.
        receptive_field: of a unit of its output, in the network's input.
        parameters: weights and biases, without those that an earlier row has counted.
        macs: multiply-adds, see `cost`.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    receptive_field: ReceptiveField
    parameters: int
    macs: int


def layer_rows(network: nn.Module, input_shape: tuple[int, ...]) -> list[LayerRow]:
    """Every layer in the order of the data; one that is used twice has two rows.

    After the layers of parallel branches a row without weights says what joins them; a weight that
    several of them share is one parameter, but multiplies in each.

    Args and errors are those of `receptive_field`.

    >>> for row in layer_rows(nn.Sequential(nn.Conv2d(3, 8, 5), nn.ReLU()), (3, 32, 32)):
    ...     print(row.name, row.kind, row.output_shape, row.parameters, row.macs)
    0 Conv2d (8, 28, 28) 608 470400
    1 ReLU (8, 28, 28) 0 0
    """
    layers, maps = flow(network, input_shape)
    counted: set[nn.Parameter] = set()
    rows = []
    for node, out in maps.items():
        if joins(node):
            name = within(node)
            kind = type(layers[name]).__name__
            rows.append(LayerRow(name or kind, kind, out.shape, out.field, 0, 0))
        if node.op == "call_module":
            layer = layers[str(node.target)]
            new = set(layer.parameters()) - counted
            counted |= new
            parameters = sum(parameter.numel() for parameter in new)
            rows.append(_row(str(node.target), layer, out, parameters))
    return rows


def _row(name: str, layer: nn.Module, out: Maps, parameters: int) -> LayerRow:
    # Every weight is used once at every position of the output.
    weights = layer.weight.numel() if isinstance(layer, nn.Conv2d | nn.Linear | Maxout) else 0
    macs = weights * prod(out.extent)
    return LayerRow(name, type(layer).__name__, out.shape, out.field, parameters, macs)
