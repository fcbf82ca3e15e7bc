"""What several sections look at: one orientation of the bank."""

from __future__ import annotations

from viz.lessons.lesson import Scene
from viz.lessons.orientation.setting import Setting


def shown_orientation(scene: Scene[Setting]) -> int:
    """Which orientation: that of the map that was clicked, else the one of upright bars.

    An address may name a map that does not exist: then the last one is meant.
    """
    setting, unit = scene.setting, scene.unit
    upright = setting.orientations // 2
    if unit is None or unit.stage not in ("bank", "rectifier", "pooling"):
        return upright
    if unit.stage == "pooling" and setting.pooling == "orientations":
        return upright
    maps = 1 if unit.stage == "pooling" else setting.phases  # of each orientation
    return min(unit.channel // maps, setting.orientations - 1)
