"""A stage of a lesson's network: what it is called, which controls it has, and its layers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from torch import Tensor, nn

from viz.lessons.chain import Through
from viz.settings import Allowed, Setting
from viz.text import Text

S = TypeVar("S", bound=Setting)


class Channels(NamedTuple):
    """What the maps between two stages are called.

    Attributes:
        names: one for each map.
        row_length: how many of them belong together and stand in one row.
    """

    names: tuple[str, ...]
    row_length: int = 1

    @classmethod
    def numbered(cls, count: int, row_length: int = 1) -> Channels:
        """Channels that have no names but their numbers.

        >>> Channels.numbered(2).names
        ('1', '2')
        """
        return cls(tuple(str(n + 1) for n in range(count)), row_length)

    @property
    def size(self) -> int:
        """How many maps there are."""
        return len(self.names)


COLOURS = Channels(("R", "G", "B"))


class Groups(NamedTuple):
    """Which of the arriving numbers a pool over channels reads together: bars beside the maps."""

    size: int
    mode: str
    note: str


@dataclass(frozen=True)
class Inflow:
    """What reaches a stage while a network is built.

    Attributes:
        channels: what arrives.
        chain: the stages before it.
        pixels: the picture, `(3, H, W)`.
        through: takes the picture through stages, from a cache where there is one.
    """

    channels: Channels
    chain: nn.Sequential
    pixels: Tensor
    through: Through

    def maps(self) -> Tensor:
        """The maps that arrive, `(C, H, W)`."""
        return self.through(self.chain, self.pixels)

    def measured(self, by: nn.Module) -> Tensor:
        """What a module makes of the maps that arrive; the cache keeps this, not the maps."""
        chain = OrderedDict([*self.chain.named_children(), ("measured", by)])
        return self.through(nn.Sequential(chain), self.pixels)


class Stage(Generic[S]):
    """One stage of a network: a child of the Sequential, and a chip of the stage bar.

    Each method gets the Setting and the channels that arrive. The Setting is already clamped for
    this stage, but in `clamp`.
    """

    name: str
    cells: str = ""  # the field whose cells change its matrix by hand

    def is_on(self, setting: S) -> bool:
        """Whether the stage is built; the maps pass one that is not."""
        return True

    def clamp(self, setting: S, arriving: Channels) -> S:
        """The nearest Setting with which the stage can be built."""
        return setting

    def title(self, setting: S, arriving: Channels) -> Text:
        """What its chip says, whether it is on or off."""
        raise NotImplementedError

    def controls(self, setting: S, arriving: Channels) -> Mapping[str, Allowed]:
        """The fields that mean something now, in order, and what each may be."""
        return {}

    def channels(self, setting: S, arriving: Channels) -> Channels:
        """The channels that leave it."""
        return arriving

    def groups(self, setting: S) -> Groups | None:
        """What it pools over, where it pools over channels."""
        return None

    def classes(self, setting: S, arriving: Channels) -> tuple[str, ...]:
        """What each number in its maps is called, where they are numbers of classes."""
        return ()

    def build(self, setting: S, inflow: Inflow) -> nn.Module:
        """The layers of the stage."""
        raise NotImplementedError
