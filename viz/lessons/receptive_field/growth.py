"""How the receptive field grows along the layers of a network, branches included."""

from __future__ import annotations

from typing import NamedTuple

from torch import nn

from viz.geometry import ReceptiveField
from viz.layers.sliding import sliding
from viz.trace import Reading, Step
from viz.trace.joins import Concatenation

WINDOWS = (
    *(nn.Conv2d, nn.Linear, nn.MaxPool2d, nn.AvgPool2d),
    *(nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d),
)


class Growth(NamedTuple):
    """A layer with a window, or a join of branches.

    Attributes:
        name: of the layer.
        kind: "c" a convolution, "d" a depthwise one, "m" and "a" pools, "f" fully connected, "+"
            a join of branches.
        kernel: (rows, columns) of its window; of a fully connected layer and of a pool of the whole
            map the size of the map.
        stride: its own.
        shape: of its output.
        field: of a unit of its output, in the input.
        depth: windows on the longest path up to it.
        adds: rows that it adds to the field of its largest source.
        sources: names of the steps that it reads.
    """

    name: str
    kind: str
    kernel: tuple[int, int]
    stride: int
    shape: tuple[int, ...]
    field: ReceptiveField
    depth: int
    adds: int
    sources: tuple[str, ...]

    @property
    def is_pointwise(self) -> bool:
        """Whether it is a convolution that sees one position, or equals one."""
        return self.kind in "cdf" and self.kernel == (1, 1)


def growth(reading: Reading) -> tuple[Growth, ...]:
    """The layers of a network that have windows, and the joins of its branches, in data order.

    >>> from viz.trace.flow import flow
    >>> network = nn.Sequential(nn.Conv2d(3, 8, 3, 2), nn.ReLU(), nn.Conv2d(8, 8, 1))
    >>> [(row.name, row.adds, row.field.size[0]) for row in growth(flow(network, (3, 9, 9)))]
    [('0', 2, 3), ('2', 0, 3)]
    """
    depths, rows = {reading.input: 0}, []
    for step in reading.layers:
        depth = max(depths[source] for source in step.sources)
        windowed = isinstance(step.layer, WINDOWS)
        depths[step] = depth + windowed
        if windowed or len(step.sources) > 1:
            rows.append(_row(step, depths[step]))
    return tuple(rows)


def _row(step: Step, depth: int) -> Growth:
    before = max(source.maps.field.size[0] for source in step.sources)
    return Growth(
        step.name,
        _kind(step),
        _kernel(step),
        sliding(step.layer).stride[0],
        step.maps.shape,
        step.maps.seen,
        depth,
        step.maps.field.size[0] - before,
        tuple(source.name for source in step.sources),
    )


def _kind(step: Step) -> str:
    layer = step.layer
    if isinstance(layer, Concatenation) or len(step.sources) > 1:
        return "+"
    if isinstance(layer, nn.Conv2d):
        return "d" if layer.groups == layer.in_channels == layer.out_channels > 1 else "c"
    if isinstance(layer, nn.Linear):
        return "f"
    return "m" if isinstance(layer, nn.MaxPool2d | nn.AdaptiveMaxPool2d) else "a"


def _kernel(step: Step) -> tuple[int, int]:
    source = step.sources[0].maps.extent
    whole = isinstance(step.layer, nn.Linear | nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d)
    return source if whole else sliding(step.layer).kernel
