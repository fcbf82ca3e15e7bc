"""A network layer by layer: output shape, receptive field and cost."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from torch import nn

from viz.geometry import ReceptiveField
from viz.layers.cross_channel_pooling import Maxout
from viz.trace.flow import flow
from viz.trace.step import Step


@dataclass(frozen=True)
class LayerRow:
    """One layer, in the order of the data.

    Args:
        name: qualified name as in `named_modules()`; for a single layer the name of its class. A
            call inside `forward` has its own name after that of the module, such as "block.cat".
        kind: the name of its class, or of a function that no class stands for, such as "cat".
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

    @property
    def activation_bytes(self) -> int:
        """Its output in float32."""
        return 4 * prod(self.output_shape)


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
    counted: set[nn.Parameter] = set()
    rows = []
    for step in flow(network, input_shape).layers:
        new = set(step.layer.parameters()) - counted
        counted |= new
        rows.append(_row(step, sum(parameter.numel() for parameter in new)))
    return rows


def _row(step: Step, parameters: int) -> LayerRow:
    # Every weight is used once at every position of the output.
    layer, out = step.layer, step.maps
    weights = layer.weight.numel() if isinstance(layer, nn.Conv2d | nn.Linear | Maxout) else 0
    macs = weights * prod(out.extent)
    return LayerRow(step.name, step.kind, out.shape, out.seen, parameters, macs)
