"""What the canvas shows beside the pooled maps: the numbers that were pooled, and names of winners."""

from __future__ import annotations

from typing import Any

from viz.lessons.cross_channel_pooling.network import shows_winner
from viz.lessons.cross_channel_pooling.setting import (
    OF_AN_ORIENTATION,
    PHASES,
    WAVELENGTHS_PX,
    Setting,
)
from viz.lessons.cross_channel_pooling.words import channel_names

NOTES = {
    "max": "The largest number of each group is kept, the others are dropped.",
    "mean": "The mean of each group is kept (the line).",
}


def extras(setting: Setting, stage: str) -> dict[str, Any]:
    """For the canvas: of a pool, the numbers it reads; of a winner map, who could have won.

    >>> sorted(extras(Setting(), "pooling")), extras(Setting(), "bank")
    (['groups'], {})
    """
    if stage != "pooling" or setting.kind not in NOTES:
        return {}
    groups = {
        "block": "before",
        "stage": "order" if setting.shuffled else "bank",
        "size": setting.group,
        "names": channel_names(setting)["order"],
        "mode": setting.kind,
        "note": NOTES[setting.kind],
    }
    return {"groups": groups, **({"classes": classes(setting)} if shows_winner(setting) else {})}


def classes(setting: Setting) -> list[str]:
    """What each place in a group is called: wavelength and phase where every group is alike.

    >>> classes(Setting())[:2], classes(Setting(group=2)), classes(Setting(shuffled=True))[:2]
    (['4 px 0°', '4 px 90°'], ['0°', '90°'], ['1', '2'])
    """
    group = setting.group
    if setting.shuffled:
        return [str(n + 1) for n in range(group)]
    if group == PHASES:
        return [f"{90 * phase}°" for phase in range(PHASES)]
    if group == OF_AN_ORIENTATION:
        return [f"{w:g} px {90 * phase}°" for w in WAVELENGTHS_PX for phase in range(PHASES)]
    if group > OF_AN_ORIENTATION and group % OF_AN_ORIENTATION == 0:
        return channel_names(setting)["bank"][:group]
    return [str(n + 1) for n in range(group)]
