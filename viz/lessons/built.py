"""The layers of a lesson for one Setting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from torch import nn

from viz.layers.pointwise import Pointwise, mixing_layer
from viz.lessons.chain import before
from viz.lessons.outline import Outline
from viz.settings import Setting

S = TypeVar("S", bound=Setting)


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
