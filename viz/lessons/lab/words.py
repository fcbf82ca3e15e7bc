"""What the rail, the maps and the controls of the Lab are called, and which of them mean something now."""

from __future__ import annotations

from typing import Any

from viz.lessons.lab.network import arriving, pooled_group, resolved
from viz.lessons.lab.setting import Setting
from viz.lessons.weights import allowed

Words = tuple[str, dict[str, Any]]  # an English text and what goes into its braces


def titles(setting: Setting) -> dict[str, Words]:
    """What the rail calls each stage, switched on or off."""
    setting = resolved(setting)
    filtered = arriving(setting)["pooling"]
    group = pooled_group(setting, filtered)
    return {
        "bank": ("Gabor" if setting.bank == "gabor" else "Colours", {}),
        "rectifier": ({"relu": "ReLU", "square": "Square"}.get(setting.rectifier, "Rectifier"), {}),
        "pooling": {
            "max": ("Max over {n}", {"n": group}),
            "mean": ("Mean over {n}", {"n": group}),
        }.get(setting.pooling, ("Pooling", {})),
        "pointwise": ("1×1", {}),
        "strided": ("1×1, stride {s}", {"s": setting.stride}),
    }


def channel_names(setting: Setting) -> dict[str, list[str]]:
    """A short name for every map of every stage; degrees are orientation and phase of the bars."""
    setting = resolved(setting)
    degrees = [f"{180 * o / setting.orientations:g}°" for o in range(setting.orientations)]
    phases = [f"{90 * p}°" for p in range(setting.phases)]
    filtered = [f"{angle} {phase}" for angle in degrees for phase in phases]
    if setting.bank == "rgb":
        filtered = ["R", "G", "B"]
    counts = arriving(setting)
    pooled = [str(n + 1) for n in range(counts["pointwise"])]
    if setting.pooling == "none":
        pooled = filtered
    elif setting.pool_over != "channels":
        pooled = degrees if setting.pool_over == "phases" else phases
    mixed = [str(n + 1) for n in range(counts["strided"])] if setting.pointwise else pooled
    out = [str(n + 1) for n in range(counts["out"])] if setting.strided else mixed
    if setting.strided and setting.strided_recipe == "identity" and not setting.strided_edits:
        out = mixed[: counts["out"]]
    return {
        "picture": ["R", "G", "B"],
        "bank": filtered,
        "rectifier": filtered,
        "pooling": pooled,
        "pointwise": mixed,
        "strided": out,
    }


def families(setting: Setting) -> dict[str, int]:
    """How many maps of a stage belong together and stand in one row: the phases of a filter."""
    by_gabor = setting.phases if setting.bank == "gabor" else 1
    unpooled = by_gabor if setting.pooling == "none" else 1
    return {"bank": by_gabor, "rectifier": by_gabor, "pooling": unpooled}


def shown_controls(setting: Setting) -> dict[str, list[str]]:
    """Which controls of each stage mean something now, in order."""
    setting = resolved(setting)
    gabor = ["orientations", "phases", "wavelength_px", "sigma_px", "aspect", "size_px"]
    pooling = ["pool_over"] if setting.pooling != "none" else []
    if pooling and setting.pool_over == "channels":
        pooling.append("group")
    shown = {
        "bank": ["bank", *(gabor if setting.bank == "gabor" else [])],
        "rectifier": ["rectifier"],
        "pooling": ["pooling", *pooling],
        "pointwise": ["pointwise"],
        "strided": ["strided"],
    }
    for layer, extra in (("pointwise", ["pointwise_relu"]), ("strided", [])):
        if getattr(setting, layer):
            before = ["stride"] if layer == "strided" else []
            shown[layer] += [*before, f"{layer}_recipe", f"{layer}_outputs"]
            shown[layer] += [f"{layer}_seed"] * (getattr(setting, f"{layer}_recipe") == "random")
            shown[layer] += extra
    return shown


def limits(setting: Setting) -> dict[str, list[Any]]:
    """What a control may be now, where that depends on other controls: options, or the most."""
    setting = resolved(setting)
    counts = arriving(setting)
    return {
        "group": [n for n in range(1, counts["pooling"] + 1) if counts["pooling"] % n == 0],
        "pool_over": [*(["phases", "orientations"] * (setting.bank == "gabor")), "channels"],
        **allowed(setting, "pointwise", counts["pointwise"]),
        **allowed(setting, "strided", counts["strided"]),
    }
