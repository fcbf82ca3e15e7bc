"""Opens a lesson: the visitor's choices, ready for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from viz import lessons, warmup
from viz.settings import Setting
from viz.ui import address
from viz.ui.text import _
from viz.ui.visitor import visitor
from viz.view import View

if TYPE_CHECKING:
    from viz.images import Picture
    from viz.lessons.lesson import Lesson, Outline


@dataclass(frozen=True)
class Inputs:
    """The inputs of a page.

    Attributes:
        lesson: the lesson.
        view, setting: as in the address.
        focus: the picture in focus, at the working size.
        missing: whether the picture in the address is no longer here.
        own_names: this visitor's names for their own pictures, by digest.
        fixed: whether these are pinned as A, which no control changes.
        chosen: the picture in the address; empty if it is the lesson's own.
    """

    lesson: Lesson[Any]
    view: View
    setting: Setting
    focus: Picture
    missing: bool
    own_names: Mapping[str, str] = field(default_factory=dict)
    fixed: bool = False
    chosen: str = ""

    @property
    def outline(self) -> Outline[Any]:
        """The outline of the Setting: its stages, and the values that can be built."""
        return self.lesson.outline(self.setting)

    def called(self, picture: Picture) -> str:
        """A picture's name for this visitor; other visitors' file names are not known."""
        return self.own_names.get(picture.key) or _(picture.name)

    @property
    def named(self) -> Picture:
        """The picture in focus under the name that this visitor gave it."""
        return replace(self.focus, name=self.called(self.focus))

    @property
    def drawn(self) -> Inputs:
        """The inputs of the canvas: these, or those pinned as A; a difference has no unit."""
        if self.view.showing == "difference":
            return replace(self, view=replace(self.view, unit=""))
        if self.view.showing == "now":
            return self
        from viz.run import building, look

        a = look.pinned(self.lesson, look.Look(self.setting, self.view, self.focus))
        focus = building.sized(a.picture, a.view.working_size_px)
        now = self.view
        view = replace(a.view, unit=now.unit, card=now.card, scale=now.scale, others="")
        return replace(self, setting=a.setting, view=view, focus=focus, fixed=True)


def open_lesson(slug: str) -> Inputs:
    """Reads the address and finds the picture; an evicted one is replaced by the lesson's own."""
    warmup.wait()
    from viz import images
    from viz.run import building

    lesson = lessons.load(slug)
    query = address.read(lesson)
    view, setting = lesson.read(query)
    found = images.find(view.picture)
    own = lesson.opening(query.get("part", "")).picture
    focus = building.sized(found or images.shipped.shipped(own), view.working_size_px)
    chosen = view.picture if view.picture == query.get("picture") else ""
    return Inputs(lesson, view, setting, focus, found is None, visitor().names, chosen=chosen)
