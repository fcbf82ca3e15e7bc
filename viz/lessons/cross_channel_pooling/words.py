"""What rail, maps and controls of the lesson are called, and which controls mean something now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from viz.lessons.cross_channel_pooling.network import outputs, shows_winner, shuffle_order
from viz.lessons.cross_channel_pooling.setting import (
    CHANNELS,
    OF_AN_ORIENTATION,
    ORIENTATIONS,
    PHASES,
    WAVELENGTHS_PX,
    Setting,
)

Words = tuple[str, dict[str, Any]]  # an English text and what goes into its braces
DEGREES = tuple(180 / ORIENTATIONS * o for o in range(ORIENTATIONS))


def titles(setting: Setting) -> dict[str, Words]:
    """What the rail calls each stage, switched on or off."""
    pooling = {
        "max": ("Max over {n}", {"n": setting.group}),
        "mean": ("Mean over {n}", {"n": setting.group}),
        "maxout": ("Maxout of {k}", {"k": setting.pieces}),
        "fitted": ("1×1, fitted", {}),
        "parametric": ("1×1, fitted, ReLU", {}),
    }[setting.kind]
    if shows_winner(setting):
        pooling = ("Winner of {n}", {"n": setting.group})
    return {"bank": ("Gabor", {}), "order": ("Shuffle", {}), "pooling": pooling}


def channel_names(setting: Setting) -> dict[str, list[str]]:
    """A short name for every map of every stage: orientation of the bars, wavelength, phase."""
    bank = [
        f"{degrees:g}° {wavelength_px:g} px {90 * phase}°"
        for degrees in DEGREES
        for wavelength_px in WAVELENGTHS_PX
        for phase in range(PHASES)
    ]
    ordered = [bank[channel] for channel in _order(setting)]
    return {"picture": ["R", "G", "B"], "bank": bank, "order": ordered, "pooling": _pooled(setting)}


def channel_degrees(setting: Setting) -> list[float]:
    """The orientation of every channel that reaches the pooling."""
    return [DEGREES[channel // OF_AN_ORIENTATION] for channel in _order(setting)]


def group_names(setting: Setting) -> list[str]:
    """What each group is called: its orientation where it is one, else its number."""
    group, count = setting.group, CHANNELS // setting.group
    if setting.shuffled or OF_AN_ORIENTATION % group:
        return [str(n + 1) for n in range(count)]
    of_group = {
        1: [f" {w:g} px {90 * p}°" for w in WAVELENGTHS_PX for p in range(PHASES)],
        PHASES: [f" {wavelength_px:g} px" for wavelength_px in WAVELENGTHS_PX],
        OF_AN_ORIENTATION: [""],
    }.get(group, [f" {n + 1}" for n in range(OF_AN_ORIENTATION // group)])
    return [f"{degrees:g}°{rest}" for degrees in DEGREES for rest in of_group]


def families(setting: Setting) -> dict[str, int]:
    """How many maps of a stage belong together and stand in one row: those of one orientation."""
    pooled = 1
    if setting.kind != "maxout" and not setting.shuffled:
        pooled = max(1, OF_AN_ORIENTATION // setting.group)
    return {"bank": OF_AN_ORIENTATION, "order": OF_AN_ORIENTATION, "pooling": pooled}


def shown_controls(setting: Setting) -> dict[str, list[str]]:
    """Which controls of each stage mean something now, in order."""
    order = ["shuffled", *(["shuffle_seed"] * setting.shuffled)]
    pooling = ["kind"]
    if setting.kind == "maxout":
        pooling += ["units", "pieces", "maxout_weights"]
        pooling += {"fitted": ["group"], "random": ["seed"]}.get(setting.maxout_weights, [])
    else:
        pooling += ["group", *(["winner"] * (setting.kind == "max"))]
    return {"bank": [], "order": order, "pooling": pooling}


def limits(setting: Setting) -> dict[str, list[Any]]:
    """What a control may be now, where that depends on other controls: here none does.

    >>> limits(Setting())
    {}
    """
    return {}


def _order(setting: Setting) -> Sequence[int]:
    return shuffle_order(setting.shuffle_seed) if setting.shuffled else range(CHANNELS)


def _pooled(setting: Setting) -> list[str]:
    """Names of the maps that leave the pooling: of the group they are, or imitate, else numbers."""
    names = group_names(setting)
    if setting.kind != "maxout":
        return names
    if setting.maxout_weights != "fitted":
        return [str(n + 1) for n in range(outputs(setting))]
    turns = (divmod(n, len(names)) for n in range(outputs(setting)))
    return [names[group] + f" ({turn + 1})" * (turn > 0) for turn, group in turns]
