"""What several sections look at: the channels that reach the encoder, and one of them."""

from __future__ import annotations

from viz.lessons.lesson import Scene
from viz.lessons.reduction.setting import Setting


def shown_channel(scene: Scene[Setting]) -> tuple[int, str]:
    """Index and name of the channel whose maps are shown: the clicked one, else that of the Setting."""
    unit, channel = scene.unit, scene.setting.looked_at
    if unit is not None and unit.stage in ("bank", "keep", "decode"):
        channel = unit.channel
    channel = min(channel, scene.setting.channels - 1)
    return channel, scene.channels(scene.setting.before_reduce).names[channel]
