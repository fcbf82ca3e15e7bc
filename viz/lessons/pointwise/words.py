"""What rail, maps and controls of the lesson are called, and which of them mean something now."""

from __future__ import annotations

from typing import Any

import torch

from viz.layers.channel_shuffle import shuffle_channels
from viz.lessons.pointwise.network import arriving, common_divisors, layer_groups, resolved
from viz.lessons.pointwise.setting import ORIENTATIONS, PHASES, Setting
from viz.lessons.weights import allowed

Words = tuple[str, dict[str, Any]]  # an English text and what goes into its braces
OPPONENTS = ("R+G+B", "R−G", "R+G−2B")


def titles(setting: Setting) -> dict[str, Words]:
    """What the rail calls each stage, switched on or off."""
    return {
        "bank": ("Colours" if setting.bank == "rgb" else "Oriented maps", {}),
        "pointwise": _mixing_title(setting, "pointwise", "1×1"),
        "relu": ("ReLU", {}),
        "shuffle": ("Shuffle", {}),
        "second": _mixing_title(setting, "second", "Second 1×1"),
    }


def _mixing_title(setting: Setting, layer: str, name: str) -> Words:
    groups = layer_groups(setting, layer)
    if groups == 1:
        return name, {}
    if groups == arriving(resolved(setting))[layer]:
        return f"{name}, depthwise", {}
    return f"{name}, {{n}} groups", {"n": groups}


def channel_names(setting: Setting) -> dict[str, list[str]]:
    """A short name for every map of every stage: a colour, an angle and phase, or a number."""
    setting = resolved(setting)
    bank = ["R", "G", "B"]
    if setting.bank == "gabor":
        degrees = [f"{180 * o / ORIENTATIONS:g}°" for o in range(ORIENTATIONS)]
        bank = [f"{angle} {90 * phase}°" for angle in degrees for phase in range(PHASES)]
    mixed = _mixed_names(setting, "pointwise", bank)
    shuffled = _shuffled(mixed, setting.groups) if setting.shuffle else mixed
    second = _mixed_names(setting, "second", shuffled) if setting.second else shuffled
    return {
        "picture": ["R", "G", "B"],
        "bank": bank,
        "pointwise": mixed,
        "relu": mixed,
        "shuffle": shuffled,
        "second": second,
    }


def _mixed_names(setting: Setting, layer: str, names: list[str]) -> list[str]:
    """What a 1×1 makes of the names: kept where channels are only copied, else numbers."""
    outputs = getattr(setting, f"{layer}_outputs") or len(names)
    recipe = getattr(setting, f"{layer}_recipe")
    known = {"identity": names, "swap": names[::-1]}
    if names == ["R", "G", "B"]:
        # whitening leaves every colour nearest to itself, so it keeps the name, with a prime
        known |= {
            "sepia": names,
            "opponent": list(OPPONENTS),
            "whitening": [f"{name}′" for name in names],
        }
    # cut to its blocks, every matrix but the identity becomes another one
    cut = layer_groups(setting, layer) > 1 and recipe != "identity"
    if recipe not in known or cut or getattr(setting, f"{layer}_edits"):
        return [str(n + 1) for n in range(outputs)]
    return known[recipe][:outputs]


def _shuffled(names: list[str], groups: int) -> list[str]:
    order = shuffle_channels(torch.arange(len(names)).view(-1, 1, 1), groups)
    return [names[n] for n in order.flatten().tolist()]


def families(setting: Setting) -> dict[str, int]:
    """How many maps of a stage belong together and stand in one row: phases, or one group."""
    setting = resolved(setting)
    phases = PHASES if setting.bank == "gabor" else 1
    counts = arriving(setting)
    first, second = (layer_groups(setting, layer) for layer in ("pointwise", "second"))
    group = counts["relu"] // first if first > 1 else 1
    behind = counts["out"] // second if second > 1 and setting.second else 1
    return {
        "bank": phases,
        "pointwise": group,
        "relu": group,
        "shuffle": first if setting.shuffle else group,
        "second": behind,
    }


def shown_controls(setting: Setting) -> dict[str, list[str]]:
    """Which controls of each stage mean something now, in order."""
    setting = resolved(setting)
    several = len(limits(setting)["groups"]) > 1
    return {
        "bank": ["bank", *(["wavelength_px"] if setting.bank == "gabor" else [])],
        "pointwise": [*_of_layer(setting, "pointwise"), *(["groups"] if several else [])],
        "relu": ["relu"],
        "shuffle": ["shuffle"] if setting.groups > 1 else [],
        "second": ["second", *(_of_layer(setting, "second") if setting.second else [])],
    }


def _of_layer(setting: Setting, layer: str) -> list[str]:
    drawn = getattr(setting, f"{layer}_recipe") == "random"
    return [f"{layer}_recipe", f"{layer}_outputs", *([f"{layer}_seed"] if drawn else [])]


def limits(setting: Setting) -> dict[str, list[Any]]:
    """What a control may be now, where that depends on other controls: options, or the most."""
    setting = resolved(setting)
    counts = arriving(setting)
    options = dict(Setting.controls()["groups"].options)
    divisors = common_divisors(counts["pointwise"], counts["relu"])
    return {
        "groups": [n for n in divisors if n in options],
        **allowed(setting, "pointwise", counts["pointwise"]),
        **allowed(setting, "second", counts["second"]),
    }
