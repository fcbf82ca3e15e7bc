"""The input of a section: a picture on a device, and the layers of the Setting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from torch import Tensor, nn

from viz.layers.pointwise import Pointwise
from viz.lessons.built import Built
from viz.lessons.chain import Through, apply, upto_stage
from viz.lessons.measured import Measuring
from viz.lessons.stage import Channels
from viz.reads import strongest_unit
from viz.settings import Setting
from viz.trace import receptive_field

if TYPE_CHECKING:
    from viz.lessons.lesson import Lesson

S = TypeVar("S", bound=Setting)


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
