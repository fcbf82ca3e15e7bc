"""The cost of a whole network: the sums of its layers' rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from torch import nn

from viz.trace.rows import LayerRow, layer_rows


@dataclass(frozen=True)
class Cost:
    """Exact counts of a network, see `cost`."""

    parameters: int
    macs: int
    activation_bytes: int

    @classmethod
    def of(cls, rows: Iterable[LayerRow]) -> Cost:
        """The totals of given rows."""
        rows = list(rows)
        return cls(
            parameters=sum(row.parameters for row in rows),
            macs=sum(row.macs for row in rows),
            activation_bytes=sum(row.activation_bytes for row in rows),
        )


def cost(network: nn.Module, input_shape: tuple[int, ...]) -> Cost:
    """The cost of a network, in exact integers: the totals of `layer_rows`.

    * `parameters`: weights and biases of the layers that are used, shared ones once;
    * `macs`: multiply-adds. Only convolutions, linear layers and maxout have any, counted for
      every position of the window, including padding; adding a bias is not counted;
    * `activation_bytes`: the outputs of all layers together, in float32.

    Args and errors are those of `receptive_field`.

    >>> cost(nn.Conv2d(50, 20, 1), (50, 200, 200))
    Cost(parameters=1020, macs=40000000, activation_bytes=3200000)
    """
    return Cost.of(layer_rows(network, input_shape))
