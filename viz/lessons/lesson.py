"""A lesson, its outline and its layers for one Setting, and the input of its sections."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from inspect import isgeneratorfunction
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar, cast

import torch
from torch import Tensor, nn

from viz.layers.pointwise import Pointwise, mixing_layer
from viz.lessons import Entry, entry
from viz.lessons.blocks import Block, with_arrays
from viz.lessons.chain import Through, apply, before, upto_stage
from viz.lessons.claim import Claim
from viz.lessons.diagram import Diagram
from viz.lessons.measured import Measuring
from viz.lessons.opening import Opening, Suggestion
from viz.lessons.stage import COLOURS, Channels, Groups, Inflow, Stage
from viz.progress import Steps
from viz.reads import strongest_unit
from viz.settings import Allowed, Setting
from viz.text import Text
from viz.trace import receptive_field
from viz.view import View

S = TypeVar("S", bound=Setting)
Blocks = Sequence[Block]
Long = Steps[Blocks]  # work that takes seconds reports progress


@dataclass(frozen=True)
class StageOutline(Generic[S]):
    """A stage as the page shows it, on or off."""

    stage: Stage[S]
    on: bool
    title: Text
    controls: Mapping[str, Allowed]
    arriving: Channels
    channels: Channels
    groups: Groups | None
    classes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the child of the Sequential, and `stage` in the address."""
        return self.stage.name


@dataclass(frozen=True)
class Outline(Generic[S]):
    """A lesson's stages for one Setting, without any layers.

    Attributes:
        setting: the nearest Setting that can be built.
        stages: in data order.
    """

    setting: S
    stages: tuple[StageOutline[S], ...]

    def __getitem__(self, name: str) -> StageOutline[S]:
        """A stage by name."""
        return next(stage for stage in self.stages if stage.name == name)

    @property
    def names(self) -> list[str]:
        """The stages' names, on or off."""
        return [stage.name for stage in self.stages]

    def allowed(self, name: str) -> Allowed:
        """The current limits of a field."""
        found = [stage.controls[name] for stage in self.stages if name in stage.controls]
        return found[0] if found else Allowed()


@dataclass(frozen=True)
class Built(Generic[S]):
    """The layers of a Setting.

    Attributes:
        outline: the clamped Setting, and the titles of the stages.
        network: a Sequential whose children are the stages that are on.
    """

    outline: Outline[S]
    network: nn.Sequential

    @property
    def setting(self) -> S:
        """The clamped Setting."""
        return self.outline.setting

    def before(self, stage: str) -> nn.Sequential:
        """The stages before one of them."""
        return before(stage, self.network)

    def at_rest(self, stage: str) -> int:
        """The map whose strongest unit is shown while none is pointed at or clicked."""
        if stage == "picture":
            return 0
        each = self.outline[stage]
        return each.stage.shown_at_rest(self.setting, each.arriving)

    def has_filters(self, stage: str) -> bool:
        """Whether kernels and a matrix stand beside the maps of a stage."""
        return stage == "picture" or self.outline[stage].stage.has_filters

    def mixing(self, stage: str) -> Pointwise:
        """The 1×1 layer of a stage."""
        return mixing_layer(self.network.get_submodule(stage))


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


class Unit(NamedTuple):
    """A unit of a map that was clicked."""

    stage: str
    channel: int
    row: int
    column: int


@dataclass(frozen=True)
class Scene(Generic[S]):
    """The input of a section: a picture on a device, and the layers of the Setting.

    Attributes:
        lesson: the lesson of the section.
        built: the layers.
        pixels: `(3, H, W)` in [0, 1], on the device that computes.
        unit: the unit that was clicked on the canvas.
        picture: the key of the picture.
        working_size_px: the longer side of pictures that the layers see.
        through: runs pixels through stages, with a cache if there is one.
        chosen: the stage in view on the canvas; empty for the last one.
    """

    lesson: Lesson[S]
    built: Built[S]
    pixels: Tensor
    unit: Unit | None = None
    picture: str = ""
    working_size_px: int = 224
    through: Through = apply
    chosen: str = ""

    @property
    def setting(self) -> S:
        """The clamped Setting."""
        return self.built.setting

    def input_of(self, stage: str) -> Tensor:
        """The maps that reach a stage, `(C, H, W)`."""
        return self.through(self.built.before(stage), self.pixels)

    def measuring(self, stage: str) -> Measuring:
        """Applies functions or layers to the maps that reach a stage; the cache keeps the results."""
        before = self.built.before(stage)

        def measured(by: nn.Module) -> Tensor:
            return self.through(nn.Sequential(*before, by), self.pixels)

        return measured

    def output_of(self, stage: str) -> Tensor:
        """The maps that leave a stage, `(C, H, W)`."""
        return self.through(upto_stage(stage, self.built.network), self.pixels)

    def mixing(self, stage: str) -> Pointwise:
        """The 1×1 layer of a stage, on the device."""
        return self.built.mixing(stage).to(self.pixels.device)

    def channels(self, stage: str) -> Channels:
        """The channels that leave a stage."""
        return self.built.outline[stage].channels

    def place(self) -> tuple[int, int]:
        """Row and column of the clicked unit; else of the one that the canvas shows at rest."""
        if self.unit is not None:
            return self.unit.row, self.unit.column
        return self.at_rest(list(dict(self.built.network.named_children()))[-1])

    @property
    def in_view(self) -> str:
        """The stage in view on the canvas, which is switched on; the last one if none was chosen."""
        stages = list(dict(self.built.network.named_children()))
        return self.chosen if self.chosen in stages else stages[-1]

    def place_in(self, stage: str) -> tuple[int, int]:
        """Row and column of the unit that was clicked in a stage; else of the one at rest there.

        An address may name a unit beyond the ends of the map: then the last one is meant.
        """
        if self.unit is None or self.unit.stage != stage:
            return self.at_rest(stage)
        height, width = self.output_of(stage).shape[-2:]
        return min(self.unit.row, height - 1), min(self.unit.column, width - 1)

    def at_rest(self, name: str) -> tuple[int, int]:
        """Row and column of the unit of a stage that the canvas shows while none is clicked."""
        stage = self.built.outline[name]
        # class labels have no strength, but the maps that they are chosen from do
        maps = self.input_of(name) if stage.classes else self.output_of(name)
        height, width = self.pixels.shape[-2:]
        field = receptive_field(upto_stage(name, self.built.network), tuple(self.pixels.shape))
        return strongest_unit(maps[self.built.at_rest(name)], field, (height, width))

    def changed(self, **fields: Any) -> Scene[S]:
        """The scene with the same picture and other values in the Setting."""
        setting = replace(self.setting, **fields)
        return replace(self, built=self.lesson.build(setting, self.pixels, self.through))

    def on(self, pixels: Tensor) -> Scene[S]:
        """The scene with the same Setting and another picture, without a cache."""
        built = self.lesson.build(self.setting, pixels)
        return replace(self, built=built, pixels=pixels, unit=None, picture="", through=apply)


def _no_controls(_: Any) -> tuple[str, ...]:
    return ()


def _of_the_picture(_: Any) -> bool:
    return False


@dataclass(frozen=True)
class Section(Generic[S]):
    """A section below the canvas.

    Attributes:
        show: a Scene -> the blocks; a generator if that takes seconds.
        controls: the fields whose widgets are above it.
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
        diagram: the layers and the shape of the picture -> a diagram in the place of the stage bar,
            whose boxes are stages; None for the bar.
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
    diagram: Callable[[Built[S], tuple[int, ...]], Diagram] | None = None

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

    def outline(self, setting: S) -> Outline[S]:
        """The clamped Setting and the titles of the stages; no layer is built."""
        return _outline(self, setting)

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


@lru_cache(maxsize=64)  # one step of a slider needs it several times
def _outline(lesson: Lesson[S], setting: S) -> Outline[S]:
    stages = lesson.stages(setting)
    arriving, passing = [], COLOURS
    for stage in stages:
        setting = stage.clamp(setting, passing)
        arriving.append(passing)
        passing = stage.channels(setting, passing) if stage.is_on(setting) else passing
    return Outline(
        setting, tuple(_stage(*each, setting) for each in zip(stages, arriving, strict=True))
    )


def _stage(stage: Stage[S], arriving: Channels, setting: S) -> StageOutline[S]:
    on = stage.is_on(setting)
    return StageOutline(
        stage=stage,
        on=on,
        title=stage.title(setting, arriving),
        controls=stage.controls(setting, arriving),
        arriving=arriving,
        channels=stage.channels(setting, arriving) if on else arriving,
        groups=stage.groups(setting),
        classes=stage.classes(setting, arriving),
    )
