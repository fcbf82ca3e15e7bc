"""A network as the layers that people count: each with its padding, its normalisation, its ReLU."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from torch import nn

from viz.layers.activation import ELEMENTWISE
from viz.layers.same_padding import SamePad
from viz.trace import Reading, Step
from viz.trace.joins import Elementwise

LEADING = (nn.ConstantPad2d, nn.ReplicationPad2d, nn.ReflectionPad2d, SamePad, nn.Flatten)
FOLLOWING = (
    *(nn.BatchNorm2d, nn.BatchNorm1d, nn.Identity, nn.PReLU),
    *(nn.Dropout, nn.Dropout2d),
    *ELEMENTWISE,
)
MOST_IN_GROUP = 6  # more layers are divided by the next part of their names
MOST_GROUPS = 32


@dataclass(frozen=True, eq=False)
class Piece:
    """A layer as people count them.

    Attributes:
        steps: what pads its maps, the layer itself, and what follows it number by number.
        main: the layer itself.
    """

    steps: tuple[Step, ...]
    main: Step

    @property
    def name(self) -> str:
        """The qualified name of its main layer."""
        return self.main.name

    @property
    def is_join(self) -> bool:
        """Whether it joins the maps of several layers."""
        return len(self.steps[0].sources) > 1

    @property
    def source(self) -> Step:
        """The step whose maps reach it; of a join the first one."""
        return self.steps[0].sources[0]

    @property
    def is_pointwise(self) -> bool:
        """Whether it is a 1×1 convolution that mixes channels, or a linear layer of single pixels."""
        layer = self.main.layer
        if isinstance(layer, nn.Linear):
            return self.source.maps.extent == (1, 1)
        return (
            isinstance(layer, nn.Conv2d) and max(layer.kernel_size) == 1 and not self.is_depthwise
        )

    @property
    def is_depthwise(self) -> bool:
        """Whether it is a convolution of each channel alone."""
        layer = self.main.layer
        return isinstance(layer, nn.Conv2d) and layer.groups == layer.in_channels > 1

    @property
    def channels(self) -> int:
        """The number of maps that leave it."""
        return self.steps[-1].maps.shape[0]

    @property
    def inputs(self) -> int:
        """The number of maps that reach it."""
        return self.source.maps.channels


def pieces_of(reading: Reading) -> tuple[Piece, ...]:
    """All layers of a network that was read, in the order of the data."""
    readers = Counter(source for step in reading.layers for source in step.sources)
    found: list[list[Step]] = []
    for step in reading.layers:
        last = found[-1][-1] if found else None
        continues = last is not None and step.sources == (last,) and readers[last] == 1
        if continues and (_begins(found[-1]) or _follows(step)):
            found[-1].append(step)
        else:
            found.append([step])
    return tuple(Piece(tuple(steps), _main(steps)) for steps in found)


def _begins(steps: Sequence[Step]) -> bool:
    """Whether a layer is still to come: so far there is padding, and what follows it."""
    return isinstance(steps[0].layer, LEADING) and all(
        isinstance(step.layer, LEADING) or _follows(step) for step in steps
    )


def _follows(step: Step) -> bool:
    """Whether it is a function of each number alone."""
    alone = isinstance(step.layer, Elementwise) and len(step.sources) == 1
    return alone or isinstance(step.layer, FOLLOWING)


def _main(steps: Sequence[Step]) -> Step:
    own = (step for step in steps if not (isinstance(step.layer, LEADING) or _follows(step)))
    return next(own, steps[0])


class Group(NamedTuple):
    """Layers that are shown as one folded box.

    Attributes:
        title: the common part of their names.
        pieces: in the order of the data.
    """

    title: str
    pieces: tuple[Piece, ...]


def groups_of(pieces: Iterable[Piece]) -> tuple[Group, ...]:
    """Layers in a row whose names begin alike, in groups that are small enough to be read.

    Of very many groups several in a row become one.
    """
    pieces = tuple(pieces)
    deepest = max((piece.name.count(".") for piece in pieces), default=0) + 1
    for depth in range(1, deepest + 1):
        found = _grouped(pieces, depth)
        if max(len(group.pieces) for group in found) <= MOST_IN_GROUP:
            break
    together = -(-len(found) // MOST_GROUPS)
    runs = [found[at : at + together] for at in range(0, len(found), together)]
    return tuple(_merged(run) for run in runs)


def _grouped(pieces: Sequence[Piece], depth: int) -> list[Group]:
    begins = groupby(pieces, key=lambda piece: ".".join(piece.name.split(".")[:depth]))
    return [Group(name, tuple(group)) for name, group in begins]


def _merged(groups: Sequence[Group]) -> Group:
    if len(groups) == 1:
        return groups[0]
    pieces = tuple(piece for group in groups for piece in group.pieces)
    return Group(f"{groups[0].title} – {groups[-1].title}", pieces)
