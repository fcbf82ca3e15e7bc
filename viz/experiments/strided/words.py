"""What the rail, the maps and the controls of the lesson are called, and which mean something now."""

from __future__ import annotations

from typing import Any

from viz.experiments.strided.network import STAGES, arriving, resolved
from viz.experiments.strided.setting import ORIENTATIONS, Setting
from viz.experiments.weights import allowed

Words = tuple[str, dict[str, Any]]  # an English text and what goes into its braces


def titles(setting: Setting) -> dict[str, Words]:
    """What the rail calls each stage, switched on or off."""
    stride = {"s": setting.stride}
    return {
        "bank": ("Gabor" if setting.bank == "gabor" else "Colours", {}),
        "strided": ("1×1, stride {s}", stride),
        "again": ("Again, stride {s}", stride),
        "third": ("Once more, stride {s}", stride),
        "window": ("3×3", {}),
    }


def channel_names(setting: Setting) -> dict[str, list[str]]:
    """A short name for every map of every stage; degrees are the orientation of the bars."""
    setting = resolved(setting)
    filtered = ["R", "G", "B"]
    if setting.bank == "gabor":
        filtered = [f"{180 * o / ORIENTATIONS:g}°" for o in range(ORIENTATIONS)]
    outputs = arriving(setting)["out"]
    mixed = [str(n + 1) for n in range(outputs)]
    if setting.strided_recipe == "identity" and not setting.strided_edits:
        mixed = filtered[:outputs]
    behind = {stage: list(mixed) for stage in STAGES[1:]}
    return {"picture": ["R", "G", "B"], "bank": filtered, **behind}


def families(setting: Setting) -> dict[str, int]:
    """How many maps of a stage belong together and stand in one row: none do here."""
    return {}


def shown_controls(setting: Setting) -> dict[str, list[str]]:
    """Which controls of each stage mean something now, in order."""
    setting = resolved(setting)
    seed = ["strided_seed"] * (setting.strided_recipe == "random")
    return {
        "bank": ["bank", *(["wavelength_px"] * (setting.bank == "gabor"))],
        "strided": ["stride", "strided_recipe", "strided_outputs", *seed],
        "again": ["again"],
        "third": ["third"],
        "window": ["window"],
    }


def limits(setting: Setting) -> dict[str, list[Any]]:
    """What a control may be now, where that depends on other controls: options, or the most."""
    setting = resolved(setting)
    return allowed(setting, "strided", arriving(setting)["strided"])
