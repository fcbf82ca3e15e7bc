"""A lesson's stages as the page shows them, for one Setting and without any layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from viz.lessons.stage import COLOURS, Channels, Groups, Stage
from viz.settings import Allowed, Setting
from viz.text import Text

S = TypeVar("S", bound=Setting)


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


@lru_cache(maxsize=64)  # one step of a slider needs it several times
def outlined(stages: Callable[[S], Sequence[Stage[S]]], setting: S) -> Outline[S]:
    """The clamped Setting and the titles of its stages; no layer is built."""
    of_setting = stages(setting)
    arriving, passing = [], COLOURS
    for stage in of_setting:
        setting = stage.clamp(setting, passing)
        arriving.append(passing)
        passing = stage.channels(setting, passing) if stage.is_on(setting) else passing
    return Outline(
        setting, tuple(_stage(*each, setting) for each in zip(of_setting, arriving, strict=True))
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
