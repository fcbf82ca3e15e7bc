"""What several sections look at: the channels that reach the encoder, and one of them."""

from __future__ import annotations

from viz.lessons.lesson import Scene
from viz.lessons.reduction.setting import Setting


def clicked_channel(scene: Scene[Setting]) -> int | None:
    """The channel that was clicked, before the reduction or after the decoder."""
    unit = scene.unit
    if unit is None or unit.stage not in ("bank", "keep", "decode"):
        return None
    return min(unit.channel, scene.setting.channels - 1)


def channel_name(scene: Scene[Setting], channel: int) -> str:
    """The name of a channel that reaches the encoder."""
    return scene.channels(scene.setting.before_reduce).names[channel]


def shown_channel(scene: Scene[Setting]) -> tuple[int, str]:
    """Index and name of the channel whose maps are shown: the clicked one, else the first."""
    channel = clicked_channel(scene) or 0
    return channel, channel_name(scene, channel)
