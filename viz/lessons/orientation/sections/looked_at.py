"""What several sections look at: one orientation of the bank."""

from __future__ import annotations

from viz.lessons.lesson import Scene
from viz.lessons.orientation.setting import Setting


def shown_orientation(scene: Scene[Setting]) -> int:
    """Which orientation: that of the map that was clicked, else the one of upright bars."""
    setting, unit = scene.setting, scene.unit
    upright = setting.orientations // 2
    if unit is None or unit.stage not in ("bank", "rectifier", "pooling"):
        return upright
    if unit.stage == "pooling":
        return upright if setting.pooling == "orientations" else unit.channel
    return unit.channel // setting.phases
