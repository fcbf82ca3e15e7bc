"""The Lab: a filter bank, a rectifier, cross-channel pooling, a 1×1 and a strided 1×1 layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.experiments.claim import Claim
from viz.layers import recipes
from viz.layers.activation import Square
from viz.layers.channel_shuffle import ShuffleChannels
from viz.layers.cross_channel_pooling import PoolChannels
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.pointwise import Pointwise, mix_channels
from viz.layers.recipes import Recipe
from viz.settings import Cells, cells, choice, number_choice, slider, switch
from viz.settings import Setting as BaseSetting

Words = tuple[str, dict[str, Any]]  # an English text and what goes into its braces

STAGES = ("bank", "rectifier", "pooling", "pointwise", "strided")
LUMINANCE = torch.tensor([[0.2126, 0.7152, 0.0722]])  # ITU-R BT.709
MOST_OUTPUTS = 64

_RECIPES = {
    "random": "random",
    "identity": "identity",
    "average": "average",
    "opponent": "opponent colours",
    "principal": "principal components",
}


@dataclass(frozen=True)
class Setting(BaseSetting):
    """What the visitor chose for every layer of the Lab, in the order of the rail."""

    bank: str = choice(
        "gabor",
        label="Filters",
        help="Gabor filters look for bars in the brightness; colours passes red, green, blue on.",
        gabor="Gabor",
        rgb="colours",
    )
    orientations: int = slider(
        4, 2, 16, label="Orientations", help="How many directions of bars, evenly over 180°."
    )
    phases: int = number_choice(
        4,
        (1, 2, 4),
        label="Phases",
        help="1: bright bars. 2: also edges. 4: also both with dark and bright exchanged.",
    )
    wavelength_px: float = slider(
        8.0,
        3,
        32,
        step=0.5,
        unit="px",
        label="Wavelength",
        help="Width of one bright and dark bar.",
    )
    sigma_px: float = slider(
        4.0,
        1,
        12,
        step=0.5,
        unit="px",
        label="Envelope",
        help="How far a filter sees across its bars.",
    )
    aspect: float = slider(
        1.0, 0.5, 3, step=0.1, label="Aspect", help="Longer bars are pickier about orientation."
    )
    size_px: int = slider(
        21, 3, 63, step=2, unit="px", label="Kernel size", help="Too small cuts the envelope off."
    )
    rectifier: str = choice(
        "relu",
        label="Rectifier",
        help="ReLU keeps what matches; square keeps both signs; none lets them cancel later.",
        none="none",
        relu="ReLU",
        square="square",
    )
    pooling: str = choice(
        "max",
        label="Pooling",
        help="Keeps one map of several: at every pixel the largest value, or the mean.",
        none="none",
        max="max",
        mean="mean",
    )
    pool_over: str = choice(
        "phases",
        label="Over",
        help="Over phases a map stops caring where exactly the bar lies; over orientations, how it lies.",
        phases="phases",
        orientations="orientations",
        channels="consecutive channels",
    )
    group: int = number_choice(
        4,
        tuple(range(1, 65)),
        label="Group size",
        help="How many maps become one: any divisor of what arrives.",
    )
    pointwise: bool = switch(
        True, label="1×1 convolution", help="Mixes the channels of every pixel."
    )
    pointwise_outputs: int = slider(
        4, 1, MOST_OUTPUTS, label="Output channels", help="Rows of the mixing matrix."
    )
    pointwise_recipe: str = choice(
        "principal", label="Weights", help="How the mixing matrix is made.", **_RECIPES
    )
    pointwise_seed: int = slider(0, 0, 99, label="Seed", help="Another draw of random weights.")
    pointwise_relu: bool = switch(False, label="ReLU after it", help="Cuts negative values off.")
    pointwise_edits: Cells = cells()
    strided: bool = switch(
        True, label="Strided 1×1", help="A second 1×1 layer that reads every s-th pixel."
    )
    stride: int = slider(
        2,
        1,
        8,
        unit="px",
        label="Stride",
        help="Of s × s pixels it reads one and never sees the rest.",
    )
    strided_outputs: int = slider(
        0, 0, MOST_OUTPUTS, label="Output channels", help="0: as many as arrive."
    )
    strided_recipe: str = choice(
        "identity",
        label="Weights",
        help="With the identity the layer is pure subsampling.",
        **_RECIPES,
    )
    strided_seed: int = slider(0, 0, 99, label="Seed", help="Another draw of random weights.")
    strided_edits: Cells = cells()
    swapped: bool = switch(
        False,
        label="Swap the 1×1 for a 3×3",
        help="A 3×3 reads the neighbours too, so one matrix per pixel no longer gives its result.",
    )

    @property
    def gabor(self) -> GaborParameters:
        """The arguments of the filter bank."""
        return GaborParameters(
            self.orientations,
            self.phases,
            self.wavelength_px,
            self.sigma_px,
            self.size_px,
            self.aspect,
        )


def arriving(setting: Setting) -> dict[str, int]:
    """How many channels reach each stage, and how many leave the last one (`out`).

    >>> arriving(Setting())
    {'bank': 3, 'rectifier': 16, 'pooling': 16, 'pointwise': 4, 'strided': 4, 'out': 4}
    """
    filtered = 3 if setting.bank == "rgb" else setting.orientations * setting.phases
    pooled = filtered // _pooled_group(setting, filtered)
    mixed = setting.pointwise_outputs if setting.pointwise else pooled
    out = (setting.strided_outputs or mixed) if setting.strided else mixed
    return {
        "bank": 3,
        "rectifier": filtered,
        "pooling": filtered,
        "pointwise": pooled,
        "strided": mixed,
        "out": out,
    }


def resolved(setting: Setting) -> Setting:
    """The nearest Setting that can be built: groups that divide, components that exist.

    >>> resolved(Setting(pool_over="channels", group=5)).group      # 16 channels arrive
    4
    >>> resolved(Setting(pointwise_outputs=9)).pointwise_outputs    # only 4 components exist
    4
    """
    filtered = arriving(setting)["pooling"]
    divisors = [n for n in range(1, filtered + 1) if filtered % n == 0]
    setting = replace(
        setting,
        pool_over="channels" if setting.bank == "rgb" else setting.pool_over,
        group=max(n for n in divisors if n <= setting.group),
    )
    for layer in ("pointwise", "strided"):
        channels = arriving(setting)[layer]
        recipe = getattr(setting, f"{layer}_recipe")
        recipe = "identity" if recipe == "opponent" and channels != 3 else recipe
        outputs = min(getattr(setting, f"{layer}_outputs"), _most_outputs(recipe, channels))
        setting = replace(setting, **{f"{layer}_recipe": recipe, f"{layer}_outputs": outputs})
    return setting


def network(setting: Setting, pixels: Tensor) -> nn.Sequential:
    """The layers this setting means; stages that are switched off are left out.

    Args:
        setting: any Setting; what cannot be built is `resolved` first.
        pixels: `(3, H, W)`, the picture; only principal components look at it.

    Returns:
        A Sequential whose children bear the names of `STAGES`, `bank` always among them.

    >>> list(dict(network(Setting(rectifier="none"), torch.zeros(3, 8, 8)).named_children()))
    ['bank', 'pooling', 'pointwise', 'strided']
    """
    setting = resolved(setting)
    chain = nn.Sequential()
    chain.add_module("bank", _bank(setting))
    if setting.rectifier != "none":
        chain.add_module("rectifier", nn.ReLU() if setting.rectifier == "relu" else Square())
    if setting.pooling != "none":
        chain.add_module("pooling", _pooling(setting))
    if setting.pointwise:
        layer = nn.Sequential()
        layer.add_module("mix", _mix(setting, "pointwise", chain, pixels))
        if setting.pointwise_relu:
            layer.add_module("relu", nn.ReLU())
        chain.add_module("pointwise", layer)
    if setting.strided:
        chain.add_module("strided", _mix(setting, "strided", chain, pixels))
    return chain


def claims(setting: Setting, pixels: Tensor) -> tuple[Claim, ...]:
    """What the Lab claims of the layers that are switched on, for this very picture."""
    chain = network(setting, pixels)
    made: list[Claim] = []
    if "pointwise" in dict(chain.named_children()):
        made += _pointwise_claims(chain, swapped=setting.swapped)
    if "strided" in dict(chain.named_children()):
        made.append(_strided_claim(chain))
    if "pooling" in dict(chain.named_children()):
        made.append(_pooling_claim(chain))
    return tuple(made)


def titles(setting: Setting) -> dict[str, Words]:
    """What the rail calls each stage, switched on or off."""
    setting = resolved(setting)
    filtered = arriving(setting)["pooling"]
    group = _pooled_group(setting, filtered)
    over = {"phases": "phases", "orientations": "orientations"}.get(setting.pool_over, "channels")
    return {
        "bank": ("Gabor" if setting.bank == "gabor" else "Colours", {}),
        "rectifier": ({"relu": "ReLU", "square": "Square"}.get(setting.rectifier, "Rectifier"), {}),
        "pooling": {
            "max": (f"Max over {{n}} {over}", {"n": group}),
            "mean": (f"Mean over {{n}} {over}", {"n": group}),
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
    allowed: dict[str, list[Any]] = {
        "group": [n for n in range(1, counts["pooling"] + 1) if counts["pooling"] % n == 0],
        "pool_over": [*(["phases", "orientations"] * (setting.bank == "gabor")), "channels"],
    }
    for layer in ("pointwise", "strided"):
        recipe = getattr(setting, f"{layer}_recipe")
        channels = counts[layer]
        allowed[f"{layer}_outputs"] = [_most_outputs(recipe, channels)]
        allowed[f"{layer}_recipe"] = [r for r in _RECIPES if r != "opponent" or channels == 3]
    return allowed


def _bank(setting: Setting) -> nn.Module:
    if setting.bank == "rgb":
        return nn.Identity()
    bank = nn.Sequential()
    bank.add_module("luminance", Pointwise(LUMINANCE))
    bank.add_module("gabor", GaborBank(setting.gabor))
    return bank


def _pooled_group(setting: Setting, filtered: int) -> int:
    if setting.pooling == "none":
        return 1
    by_gabor = {"phases": setting.phases, "orientations": setting.orientations}
    if setting.bank == "gabor" and setting.pool_over in by_gabor:
        return by_gabor[setting.pool_over]
    return max(n for n in range(1, filtered + 1) if filtered % n == 0 and n <= setting.group)


def _pooling(setting: Setting) -> nn.Module:
    pool = PoolChannels(
        _pooled_group(setting, arriving(setting)["pooling"]),
        "max" if setting.pooling == "max" else "mean",
    )
    if setting.pool_over != "orientations":
        return pool
    reordered = nn.Sequential()
    reordered.add_module("by_phase", ShuffleChannels(setting.orientations))
    reordered.add_module("pool", pool)
    return reordered


def _most_outputs(recipe: str, channels: int) -> int:
    """Identity copies and components exist only as often as channels arrive; opponents are three."""
    most = {"identity": channels, "principal": channels, "opponent": 3}
    return min(MOST_OUTPUTS, most.get(recipe, MOST_OUTPUTS))


def _mix(setting: Setting, layer: str, chain: nn.Sequential, pixels: Tensor) -> Pointwise:
    """A 1×1 layer by its recipe, with the cells that were set by hand."""
    channels = arriving(setting)[layer]
    outputs = getattr(setting, f"{layer}_outputs") or channels
    seed = getattr(setting, f"{layer}_seed")
    edits = getattr(setting, f"{layer}_edits")
    functions: dict[str, tuple[Callable[..., Tensor], dict[str, int]]] = {
        "random": (recipes.random_rows, {"outputs": outputs, "channels": channels, "seed": seed}),
        "identity": (recipes.identity_rows, {"outputs": outputs, "channels": channels}),
        "average": (recipes.average_rows, {"outputs": outputs, "channels": channels}),
        "opponent": (recipes.opponent_rows, {"outputs": outputs}),
        "principal": (recipes.principal_rows, {"outputs": outputs}),
    }
    name = getattr(setting, f"{layer}_recipe")
    function, arguments = functions[name]
    recipe = Recipe(function, tuple(arguments.items()), edits, of_channels=name == "principal")
    with torch.no_grad():
        maps = (chain(pixels),) if recipe.of_channels else ()
        weight = recipes.edited(function(*maps, **arguments), edits)
    stride = setting.stride if layer == "strided" else 1
    return Pointwise(weight, stride=stride, recipe=recipe)


def _before(chain: nn.Sequential, stage: str) -> nn.Sequential:
    """The stages that stand before one of them."""
    return chain[: list(dict(chain.named_children())).index(stage)]


def _pointwise_claims(chain: nn.Sequential, *, swapped: bool) -> list[Claim]:
    given = _before(chain, "pointwise")
    matrix = chain.get_submodule("pointwise.mix").matrix

    def convolution(x: Tensor) -> Tensor:
        kernel = matrix.to(x.device)[:, :, None, None]
        if swapped:
            return F.conv2d(x, kernel.expand(-1, -1, 3, 3) / 9, padding=1)
        return F.conv2d(x, kernel)

    def product(x: Tensor) -> Tensor:
        return (matrix.to(x.device) @ x.flatten(1)).unflatten(1, x.shape[1:])

    def loop(x: Tensor) -> Tensor:
        rows = matrix.tolist()
        values = x.permute(1, 2, 0).tolist()
        mixed = [
            [
                [sum(w * v for w, v in zip(row, pixel, strict=True)) for pixel in line]
                for line in values
            ]
            for row in rows
        ]
        return torch.tensor(mixed, device=x.device)

    def magnitude(x: Tensor) -> Tensor:
        return mix_channels(x.abs(), matrix.abs().to(x.device))

    first = "A 1×1 convolution is one matrix product at every pixel."
    if swapped:
        first = "A 3×3 convolution in its place is not: it reads the neighbours too."
    return [
        Claim(first, convolution, product, not swapped, given, magnitude),
        Claim(
            "A plain loop over the pixels of a crop gives the same.",
            product,
            loop,
            True,
            lambda pixels: _crop(given(pixels)),
            magnitude,
        ),
    ]


def _crop(maps: Tensor, side: int = 8) -> Tensor:
    """The middle of the maps, small enough for a loop in Python."""
    top, left = ((length - min(side, length)) // 2 for length in maps.shape[-2:])
    return maps[..., top : top + side, left : left + side]


def _strided_claim(chain: nn.Sequential) -> Claim:
    layer = chain.get_submodule("strided")
    matrix, stride = layer.matrix, layer.stride[0]

    def magnitude(x: Tensor) -> Tensor:
        return mix_channels(x.abs(), matrix.abs().to(x.device), stride=stride)

    return Claim(
        "A strided 1×1 is subsampling, then a 1×1.",
        lambda x: F.conv2d(x, matrix.to(x.device)[:, :, None, None], stride=stride),
        lambda x: mix_channels(x[:, ::stride, ::stride], matrix.to(x.device)),
        True,
        _before(chain, "strided"),
        magnitude,
    )


def _pooling_claim(chain: nn.Sequential) -> Claim:
    pooling = chain.get_submodule("pooling")
    parts = list(pooling.children()) or [pooling]
    pool = parts[-1]
    group, mode = pool.group, pool.mode
    over_channels: Callable[..., Tensor] = F.max_pool3d if mode == "max" else F.avg_pool3d
    return Claim(
        f"Cross-channel {mode} is a reshape and a {mode} over one axis.",
        lambda x: over_channels(x[None, None], (group, 1, 1))[0, 0],
        lambda x: (
            x.reshape(-1, group, *x.shape[1:]).amax(1)
            if mode == "max"
            else x.reshape(-1, group, *x.shape[1:]).mean(1)
        ),
        True,
        nn.Sequential(_before(chain, "pooling"), *parts[:-1]),
        None if mode == "max" else lambda x: x.abs().reshape(-1, group, *x.shape[1:]).mean(1),
    )
