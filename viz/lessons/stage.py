"""A stage of a lesson's network: its title, its controls and its layers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, NamedTuple, TypeVar

from torch import Tensor, nn

from viz.lessons.chain import Through
from viz.marks import Marks, coloured
from viz.settings import Allowed, Setting
from viz.text import Text

S = TypeVar("S", bound=Setting)


class Channels(NamedTuple):
    """The names of the maps between two stages, and what they stand for.

    Attributes:
        names: one for each map.
        row_length: the number of maps that belong together and form a row.
        marks: one for each map; empty if no map stands for anything.
    """

    names: tuple[str, ...]
    row_length: int = 1
    marks: Marks = ()

    @classmethod
    def numbered(cls, count: int, row_length: int = 1) -> Channels:
        """Channels that are named by their numbers.

        >>> Channels.numbered(2).names
        ('1', '2')
        """
        return cls(tuple(str(n + 1) for n in range(count)), row_length)

    @property
    def size(self) -> int:
        """The number of maps."""
        return len(self.names)

    def picked(self, places: Sequence[int]) -> Channels:
        """Copies of some channels, in that order: a copy stands for the same.

        >>> COLOURS.picked([2, 0]).marks
        (Mark(kind='colour', value='blue'), Mark(kind='colour', value='red'))
        """
        names = tuple(self.names[place] for place in places)
        return Channels(names, marks=tuple(self.marks[place] for place in places if self.marks))


COLOURS = Channels(("R", "G", "B"), marks=coloured(("red", "green", "blue")))


class Groups(NamedTuple):
    """The channels that a pool over channels reads together, for the bars beside the maps.

    Attributes:
        size: the number of channels of a group.
        mode: "max" or "mean".
        note: a sentence for the visitor.
        order: the arriving channels in the order in which the pool reads them; empty for theirs.
    """

    size: int
    mode: str
    note: str
    order: tuple[int, ...] = ()


@dataclass(frozen=True)
class Inflow:
    """The input of a stage while a network is built.

    Attributes:
        channels: the arriving channels.
        chain: the stages before it.
        pixels: the picture, `(3, H, W)`.
        through: runs pixels through stages, with a cache if there is one.
    """

    channels: Channels
    chain: nn.Sequential
    pixels: Tensor
    through: Through

    def maps(self) -> Tensor:
        """The arriving maps, `(C, H, W)`."""
        return self.through(self.chain, self.pixels)

    def measured(self, by: nn.Module) -> Tensor:
        """The output of a module for the arriving maps; the cache keeps it instead of the maps."""
        chain = OrderedDict([*self.chain.named_children(), ("measured", by)])
        return self.through(nn.Sequential(chain), self.pixels)


class Stage(Generic[S]):
    """One stage of a network: a child of the Sequential, and a chip of the stage bar.

    Each method gets the Setting and the arriving channels. Except in `clamp`, the Setting is
    already clamped for this stage.
    """

    name: str
    has_filters: ClassVar[bool] = True  # whether kernels and a matrix stand beside its maps

    @property
    def cells(self) -> str:
        """The field whose cells change its matrix by hand; empty if it has none."""
        return ""

    def is_on(self, setting: S) -> bool:
        """Whether the stage is built; maps skip one that is not."""
        return True

    def clamp(self, setting: S, arriving: Channels) -> S:
        """The nearest Setting with which the stage can be built."""
        return setting

    def title(self, setting: S, arriving: Channels) -> Text:
        """The text of its chip, on or off."""
        raise NotImplementedError

    def controls(self, setting: S, arriving: Channels) -> Mapping[str, Allowed]:
        """The fields that have an effect now, in order, with their limits."""
        return {}

    def channels(self, setting: S, arriving: Channels) -> Channels:
        """The channels that leave it."""
        return arriving

    def rows(self, setting: S, arriving: Channels) -> Channels:
        """The rows of its matrix; the maps that leave it are these, or several times these."""
        return self.channels(setting, arriving)

    def shown_at_rest(self, setting: S, arriving: Channels) -> int:
        """The map whose strongest unit is shown while none is pointed at or clicked."""
        return 0

    def groups(self, setting: S) -> Groups | None:
        """The groups of a pool over channels; None for other stages."""
        return None

    def classes(self, setting: S, arriving: Channels) -> tuple[str, ...]:
        """The names of the class labels in its maps; empty if they are not labels."""
        return ()

    def build(self, setting: S, inflow: Inflow) -> nn.Module:
        """The layers of the stage."""
        raise NotImplementedError
