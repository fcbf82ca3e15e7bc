"""A lesson: its Setting, its stages, its claims and its sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

from viz.lessons import Entry, entry
from viz.lessons.blocks import Block, with_arrays
from viz.lessons.built import Built
from viz.lessons.chain import Through, apply
from viz.lessons.claim import Claim
from viz.lessons.diagram import Diagram
from viz.lessons.opening import Opening, Suggestion
from viz.lessons.outline import Outline, outlined
from viz.lessons.question import Question
from viz.lessons.scene import Scene, Unit
from viz.lessons.section import Blocks, Long, Section, Sprites, always, finished
from viz.lessons.stage import Inflow, Stage
from viz.lessons.tour import Step
from viz.settings import Setting
from viz.text import Text
from viz.view import View

__all__ = [
    "Blocks",
    "Built",
    "Lesson",
    "Long",
    "Outline",
    "Scene",
    "Section",
    "Sprites",
    "Unit",
    "always",
    "finished",
]

S = TypeVar("S", bound=Setting)


def _nothing() -> None:
    return None


def _no_questions(_: Scene[Any]) -> Sequence[Question]:
    return ()


@dataclass(frozen=True, eq=False)
class Lesson(Generic[S]):
    """One lesson: its Setting, its stages, its claims, its sections.

    Attributes:
        slug: the name of page, address, folder, prose and tests.
        setting: the class of its Setting.
        stages: a Setting -> its stages in data order; in most lessons the same for all.
        claimed: the layers and the pixels -> the claims about them.
        sections: by the option of the field `part`.
        proof_controls: fields whose widgets are above the proof.
        picture: the key of the shipped picture that it opens with.
        stage: the stage in view when it opens; empty for the last one.
        scale: the scale of its maps when it opens; empty for one that all share.
        working_size_px: the longer side of its pictures when it opens; 0 for that of other lessons.
        views: views to try, two or three.
        tour: the steps of its guided tour, five to eight.
        diagram: the layers and the shape of the picture -> a diagram in the place of the stage bar,
            whose boxes are stages; None for the bar.
        questions: a Scene -> what to predict about it, computed from its setting and picture: at least
            four at the opening, two for every Setting.
        missing: says in one sentence what is not installed, so that the lesson cannot be shown; None
            if nothing is missing.
    """

    slug: str
    setting: type[S]
    stages: Callable[[S], Sequence[Stage[S]]]
    claimed: Callable[[Built[S], Tensor], Sequence[Claim]]
    sections: Mapping[str, Section[S]] = field(default_factory=lambda: MappingProxyType({}))
    proof_controls: tuple[str, ...] = ()
    picture: str = "coffee"
    stage: str = ""
    scale: str = ""
    working_size_px: int = 0
    views: tuple[Suggestion, ...] = ()
    tour: tuple[Step, ...] = ()
    diagram: Callable[[Built[S], tuple[int, ...]], Diagram] | None = None
    questions: Callable[[Scene[S]], Sequence[Question]] = _no_questions
    missing: Callable[[], Text | None] = _nothing

    @property
    def entry(self) -> Entry:
        """Its entry in the table of contents."""
        return entry(self.slug)

    def opening(self, part: str = "") -> Opening[S]:
        """The lesson as it opens at a section; at the first one if there is none of that name."""
        section = self.sections.get(part)
        named = {"scale": self.scale, "working_size_px": self.working_size_px}
        view = {name: value for name, value in named.items() if value}
        fields = {"stage": self.stage, **view, **(section.opening if section else {})}
        own = (section and section.picture) or self.picture
        return Opening(self.setting, fields, own, (section and section.views) or self.views)

    def read(self, query: Mapping[str, str]) -> tuple[View, S]:
        """View and Setting of an address; never raises. The View always has a picture."""
        return self.opening(query.get("part", "")).read(query)

    def query(self, view: View, setting: S) -> dict[str, str]:
        """The address of a View and a Setting; `read` gives them back."""
        return self.opening(getattr(setting, "part", "")).query(view, setting)

    def query_of(self, step: Step) -> dict[str, str]:
        """The address of a step of its tour."""
        return self.opening(step.texts.get("part", "")).changed(step.texts)

    def outline(self, setting: S) -> Outline[S]:
        """The clamped Setting and the titles of the stages; no layer is built."""
        return outlined(self.stages, setting)

    def build(self, setting: S, pixels: Tensor, through: Through = apply) -> Built[S]:
        """The layers of a Setting, for a picture.

        Args:
            setting: any; it is clamped to what can be built.
            pixels: `(3, H, W)`; only recipes such as principal components depend on them.
            through: runs pixels through the stages before such a layer; a cache makes it faster.
        """
        outline = self.outline(setting)
        chain = nn.Sequential()
        with torch.no_grad():
            for each in outline.stages:
                if each.on:
                    inflow = Inflow(each.arriving, chain, pixels, through)
                    chain.add_module(each.name, each.stage.build(outline.setting, inflow))
        return Built(outline, chain)

    def network(self, setting: S, pixels: Tensor) -> nn.Sequential:
        """The layers as a Sequential whose children are the stages that are on."""
        return self.build(setting, pixels).network

    def claims(self, setting: S, pixels: Tensor) -> tuple[Claim, ...]:
        """The lesson's claims about these layers, for this picture."""
        with torch.no_grad():
            return tuple(self.claimed(self.build(setting, pixels), pixels))

    def scene(self, setting: S, pixels: Tensor, unit: Unit | None = None) -> Scene[S]:
        """The input of a section of the lesson, without a cache."""
        size_px = max(pixels.shape[-2:])
        built = self.build(setting, pixels)
        return Scene(self, built, pixels, unit, working_size_px=size_px)

    def section(
        self, name: str, setting: S, pixels: Tensor, unit: Unit | None = None
    ) -> list[Block]:
        """The blocks of a section.

        Raises:
            KeyError: if the lesson has no such section.
        """
        with torch.no_grad():
            shown = finished(self.sections[name].show(self.scene(setting, pixels, unit)))
            return [with_arrays(block, panel=lambda each: each) for block in shown]
