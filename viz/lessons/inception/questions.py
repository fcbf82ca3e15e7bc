"""Predictions about an Inception module."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from viz.lessons.answers import choice, worth_asking, yes_or_no
from viz.lessons.inception.branch import input_of_module
from viz.lessons.inception.costs import counted, total
from viz.lessons.inception.googlenet import fields_of
from viz.lessons.inception.merging import AtTheBorder, at_the_border, pair
from viz.lessons.inception.module import BRANCH_NAMES, KERNELS, boxes, widths, without_numbers
from viz.lessons.inception.setting import Setting
from viz.lessons.question import Number, Question, one_of
from viz.lessons.scene import Scene
from viz.networks.googlenet import MODULES
from viz.numbers import exact, magnitude, number
from viz.text import Text, text
from viz.trace import receptive_field

NEAR = 0.05  # of a width: it is to be estimated
CROP = 16  # units of the maps that the merged layers are tried on
MOST_REDUCED = 64  # of the slider of the 1×1 before the 5×5


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """The questions of a Setting."""
    about = (_channels, _memory, _dearest, _pays, _union, _border)
    return worth_asking(scene, (each(scene) for each in about))


def _channels(scene: Scene[Setting]) -> Question:
    setting = scene.setting
    then = replace(setting, projected=not setting.projected)
    asks = {
        True: text("The 1×1 after the pool is switched on. How many channels leave the module?"),
        False: text("The 1×1 after the pool is switched off. How many channels leave the module?"),
    }
    leaving = widths(then)
    others = sum(leaving.values()) - leaving["pool"]
    sizes = {"others": others, "pool": leaving["pool"], "right": sum(leaving.values())}
    return Question(
        "channels",
        asks[then.projected],
        Number(
            sizes["right"],
            "",
            text(
                "The branches are stacked. A pool alone gives as many channels as it gets: {n}.",
                n=setting.inputs,
            ),
        ),
        text("{others} of the other branches and {pool} of the pool’s: {right}.", **sizes),
        {"projected": then.projected},
    )


def stored_bytes(setting: Setting, *, reduced: bool) -> int:
    """What leaves the layers of the module."""
    return total(
        counted(setting.widths, reduced=reduced, projected=setting.projected)
    ).activation_bytes


def _memory(scene: Scene[Setting]) -> Question:
    setting = scene.setting
    reduced, naive = (stored_bytes(setting, reduced=on) for on in (True, False))
    said = {"reduced": _megabytes(reduced), "naive": _megabytes(naive)}
    return Question(
        "memory",
        text("Do the 1×1 before the 3×3 and the 5×5 save memory for the module’s maps?"),
        yes_or_no(
            right=reduced < naive,
            instead=text("Their own maps are stored too, and the other maps stay as large."),
        ),
        text(
            "{reduced} MB with them, {naive} MB without: they save multiply-adds, not maps.", **said
        ),
        {"reduced": not setting.reduced},
    )


def _megabytes(count: int) -> str:
    return number(count / 1e6)


def _dearest(scene: Scene[Setting]) -> Question:
    own = fields_of(scene.setting.widths)
    module = next(each for each in MODULES if fields_of(each) != own)
    costs = {name: of.macs for name, of in counted(module).items()}
    right = max(costs, key=lambda name: costs[name])
    return Question(
        "dearest",
        text(
            "The module becomes GoogLeNet’s {name}. Which branch has most multiply-adds?",
            name=module.name,
        ),
        choice(right, {name: (_branch(name), _costs(macs)) for name, macs in costs.items()}),
        text(
            "The 3×3 turns {reduce_three} channels into {three}, the 5×5 only {reduce_five} into {five}: {macs} against {fewer}.",
            macs=magnitude(costs["three"], 3),
            fewer=magnitude(costs["five"], 3),
            **{
                name: getattr(module, name)
                for name in ("reduce_three", "three", "reduce_five", "five")
            },
        ),
        {**fields_of(module), "reduced": True, "projected": True},
    )


def _branch(name: str) -> Text:
    return (
        text("the pool’s branch")
        if name == "pool"
        else text("the {kernel} branch", kernel=BRANCH_NAMES[name])
    )


def _costs(macs: int) -> Text:
    return text("It has {macs} multiply-adds.", macs=magnitude(macs, 3))


def _five(setting: Setting, r: int) -> int:
    """The multiply-adds of the 5×5 branch at one unit with a reduction to r channels; 0 for none."""
    c, o, k = setting.inputs, setting.five, KERNELS["five"]
    if not r:
        return boxes(replace(setting, reduced=False))["five"].outputs * c * k**2
    return c * r + r * o * k**2


def largest_saving(setting: Setting) -> int:
    """The largest r at which a 1×1 to r channels before the 5×5 still saves multiply-adds."""
    naive = _five(setting, 0)
    return bisect_left(range(setting.inputs), True, key=lambda n: _five(setting, n + 1) >= naive)


def _pays(scene: Scene[Setting]) -> Question | None:
    setting = scene.setting
    right = largest_saving(setting)
    if not right:
        return None
    sizes = {"c": setting.inputs, "o": setting.five, "taps": KERNELS["five"] ** 2}
    reveal = {"reduced": True, "reduce_five": right} if right <= MOST_REDUCED else {}
    return Question(
        "pays",
        text(
            "{c} channels come in, and the 5×5 makes {o}. Up to how many channels of the 1×1 before it is that cheaper than no 1×1?",
            **sizes,
        ),
        Number(
            right,
            "",
            text(
                "r channels cost {c} × r + r × {o} × {taps} at every unit; without the 1×1 it is {c} × {o} × {taps}.",
                **sizes,
            ),
            within=int(NEAR * right),
        ),
        text(
            "With {right} channels {least} multiply-adds a unit, with one more {more}; without the 1×1 {naive}.",
            right=right,
            least=exact(_five(setting, right)),
            more=exact(_five(setting, right + 1)),
            naive=exact(_five(setting, 0)),
        ),
        reveal,
    )


def _union(scene: Scene[Setting]) -> Question:
    module, side = without_numbers(scene.setting), scene.setting.side_px
    right = receptive_field(module, (scene.setting.inputs, side, side)).size[0]
    wrong = {
        7: text("That is a 3×3 and a 5×5 one after the other; these stand side by side."),
        9: text("Fields side by side do not add up: 1 + 3 + 5 counts the middle three times."),
        3: text("The 5×5 branch sees more."),
    }
    return Question(
        "union",
        text(
            "The branches read the same maps, side by side. How much of them do all four see together at one place?"
        ),
        one_of(right, wrong, lambda size: f"{size}×{size}"),
        text(
            "All are centred on the same unit, so the largest holds the others: {n}×{n}.", n=right
        ),
        {"part": "fields"},
    )


def _border(scene: Scene[Setting]) -> Question | None:
    found = merged_border(scene)
    if min(found.difference.shape[-2:]) <= 2 * found.width_px:
        return None
    right = (
        "nowhere"
        if found.outside <= found.bound
        else "border"
        if found.inside <= found.bound
        else "everywhere"
    )
    needs = {
        "nowhere": (text("nowhere"), text("That holds without a bias, or without padding.")),
        "border": (text("only in the border"), text("That needs a bias, and padded zeros.")),
        "everywhere": (text("everywhere"), text("That needs a ReLU between them.")),
    }
    return Question(
        "border",
        text(
            "A 1×1 with a bias and a 5×5 with padded zeros, no ReLU between them, become one 5×5. Where do its maps differ?"
        ),
        choice(right, needs),
        text(
            "The 5×5 reads zeros there, which have no bias: up to {outside}. Inside it is {inside}, which is rounding.",
            outside=number(found.outside),
            inside=number(found.inside),
        ),
        {"part": "merging", "branch": "five"},
    )


def merged_border(scene: Scene[Setting]) -> AtTheBorder:
    """Both layers and one in their place, on a corner of the maps that reach the module."""
    maps = input_of_module(scene)[:, :CROP, :CROP]
    return at_the_border(pair("five", scene.setting).to(maps.device), maps)
