"""What several sections look at: the channels that reach the encoder, and one of them."""

from __future__ import annotations

from torch import Tensor, nn

from viz.lessons.lesson import Scene
from viz.lessons.measured import Measured, Measuring
from viz.lessons.reduction.setting import Setting


def measuring(scene: Scene[Setting]) -> Measuring:
    """Applies functions to the channels that reach the encoder, with the cache of the scene."""
    before = scene.built.before("reduce")

    def measured(by: Measured) -> Tensor:
        chain = nn.Sequential(*before)
        chain.add_module("measured", by)
        return scene.through(chain, scene.pixels)

    return measured


def shown_channel(scene: Scene[Setting]) -> tuple[int, str]:
    """Index and name of the channel whose maps are shown: the clicked one, else the first."""
    unit, names = scene.unit, scene.channels(scene.setting.before_reduce).names
    clicked = unit is not None and unit.stage in ("bank", "keep", "decode")
    at = min(unit.channel, len(names) - 1) if unit is not None and clicked else 0
    return at, names[at]
