"""A section below the canvas: what it computes, its controls, and how it opens."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import isgeneratorfunction
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar, cast

from torch import Tensor

from viz.lessons.blocks import Block
from viz.lessons.opening import Suggestion
from viz.lessons.scene import Scene
from viz.progress import Steps
from viz.settings import Allowed, Setting

S = TypeVar("S", bound=Setting)
Blocks = Sequence[Block]
Long = Steps[Blocks]  # work that takes seconds reports progress


class Sprites(NamedTuple):
    """Small pictures that a visitor arranges on a page, see `viz.settings.Placements`.

    Attributes:
        pictures: `(kinds, side, side)`, from 0, paper, to 1, ink.
        names: one for each kind.
        page_px: height and width of the page.
    """

    pictures: Tensor
    names: tuple[str, ...]
    page_px: tuple[int, int]


def _no_controls(_: Any) -> tuple[str, ...]:
    return ()


def _no_limits(_: Any) -> Mapping[str, Allowed]:
    return {}


def _of_the_picture(_: Any) -> bool:
    return False


@dataclass(frozen=True)
class Section(Generic[S]):
    """A section below the canvas.

    Attributes:
        show: a Scene -> the blocks; a generator if that takes seconds.
        controls: the fields whose widgets are above it.
        limits: the most that their widgets offer now, where the section uses less than a field may
            hold. It takes the smaller number itself: the field keeps its value, and no stage that
            the canvas draws clamps it.
        is_cached: whether an equal request gets the same blocks; not if they hold times.
        opening: fields of the Setting and View, other than `picture`, that differ from the lesson's
            opening while this section is open and the address does not say otherwise.
        picture: the picture for it until the visitor chooses one; empty for the lesson's own.
        views: views to try in it; empty for those of the lesson.
        own_data: whether it shows data of its own now, and nothing of the picture.
        painting: a field that is set by hand; empty for none. Boxes drawn on the photo and Placements
            of `sprites` have the first block and the progress beside them; Layers are built above
            the blocks.
        sprites: the pictures to place; None for a field that is not of Placements.
    """

    show: Callable[[Scene[S]], Blocks | Long]
    controls: Callable[[S], Sequence[str]] = _no_controls
    limits: Callable[[S], Mapping[str, Allowed]] = _no_limits
    is_cached: bool = True
    opening: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    picture: str = ""
    views: tuple[Suggestion, ...] = ()
    own_data: Callable[[S], bool] = _of_the_picture
    painting: str = ""
    sprites: Callable[[], Sprites] | None = None

    @property
    def is_long(self) -> bool:
        """Whether it reports progress and can be cancelled."""
        return isgeneratorfunction(self.show)


def always(*names: str) -> Callable[[Any], Sequence[str]]:
    """Controls that are shown for every Setting."""
    return lambda _: names


def finished(blocks: Blocks | Long) -> Blocks:
    """The final blocks of a section, computed without a pause."""
    if not isinstance(blocks, Generator):
        return blocks
    while True:
        try:
            next(blocks)
        except StopIteration as end:
            return cast(Blocks, end.value)
