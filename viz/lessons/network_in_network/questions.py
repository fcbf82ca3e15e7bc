"""Predictions about an mlpconv layer."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from viz.lessons.answers import choice, worth_asking
from viz.lessons.network_in_network.digit_errors import against_plain
from viz.lessons.network_in_network.heads import MAPS, head_cost
from viz.lessons.network_in_network.setting import Setting
from viz.lessons.network_in_network.widths import counted, sizes
from viz.lessons.question import Number, Question
from viz.lessons.scene import Scene
from viz.numbers import exact
from viz.text import text
from viz.trace import receptive_field
from viz.training.digit_runs import COMPARED
from viz.training.digits import CLASSES, SIDE_PX
from viz.training.shipped_runs import shipped

SMALL, LARGE = 5, 11  # kernels to ask about
ROUNDING = 1e-5  # of the largest number of the maps
OR, AND = 0, 1  # maps of weights by hand


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """The questions of a Setting; two only where the weights are those by hand."""
    about = (_hidden_relu, _filters_relu, _field, _wider, _head, _digits)
    return worth_asking(scene, (each(scene) for each in about))


def _by_hand(setting: Setting) -> bool:
    """Whether the maps are what their names say."""
    edited = setting.hidden_edits or setting.outputs_edits
    return setting.weights == "logic" and setting.filters_relu and not edited


def outputs(scene: Scene[Setting], **fields: object) -> Tensor:
    """The last maps with other values in the Setting."""
    then = scene.changed(**fields)
    return then.output_of("outputs_relu" if then.setting.outputs_relu else "outputs")


def _hidden_relu(scene: Scene[Setting]) -> Question | None:
    if not (_by_hand(scene.setting) and scene.setting.hidden_relu):
        return None
    before, after = outputs(scene), outputs(scene, hidden_relu=False)
    rounding = ROUNDING * float(before.abs().max())

    def alike(one: Tensor, other: Tensor) -> bool:
        return bool(((one - other).abs() <= rounding).all())

    found = {
        "same": alike(after[OR], after[AND]),
        "zero": alike(after[[OR, AND]], after[[OR, AND]] * 0),
        "stay": alike(after[[OR, AND]], before[[OR, AND]]),
    }
    if sum(found.values()) != 1:
        return None
    return Question(
        "hidden_relu",
        text(
            "The ReLU between the two 1×1 layers is switched off. What becomes of “or” and “and”?"
        ),
        choice(
            next(name for name, holds in found.items() if holds),
            {
                "stay": (
                    text("nothing: they stay"),
                    text(
                        "Without it both layers are one matrix, and that cannot choose the larger number."
                    ),
                ),
                "zero": (
                    text("zero"),
                    text("The sum of both strengths is still there."),
                ),
                "same": (text("one and the same map"), ""),
            },
        ),
        text(
            "a + b, a − b and b − a: without the ReLU the differences cancel, and half of the sum is left for both."
        ),
        {"hidden_relu": False},
    )


def _filters_relu(scene: Scene[Setting]) -> Question | None:
    if not _by_hand(scene.setting):
        return None
    before, after = (float(outputs(scene, filters_relu=on).abs().sum()) for on in (True, False))
    if not before:
        return None
    right = "zero" if after <= ROUNDING * before else "weaker" if after < before else "stronger"
    return Question(
        "filters_relu",
        text("The ReLU after the filters is switched off. What becomes of the last maps?"),
        choice(
            right,
            {
                "stronger": (
                    text("something stronger"),
                    text("What is negative counts too then, and takes away what is positive."),
                ),
                "weaker": (
                    text("something weaker"),
                    text("Each filter has its opposite, so the sum of all four is exactly zero."),
                ),
                "zero": (text("zero"), ""),
            },
        ),
        text(
            "The four filters of an orientation are two and their opposites. Only the ReLU keeps their sum from being zero."
        ),
        {"filters_relu": False},
    )


def _field(scene: Scene[Setting]) -> Question:
    k = LARGE if scene.setting.kernel_px != LARGE else SMALL
    network, shape = scene.changed(kernel_px=k).built.network, tuple(scene.pixels.shape)
    right = receptive_field(network, shape).size[0]
    return Question(
        "field",
        text(
            "The filters become {k}×{k}, and two 1×1 layers follow. How wide is the field of an output?",
            k=k,
        ),
        Number(right, "px", text("A 1×1 adds (1 − 1) pixels, however many of them follow.")),
        text(
            "The filters see {k} × {k} pixels. A 1×1 reads one place of their maps.",
            k=k,
        ),
        {"kernel_px": k},
    )


def _wider(scene: Scene[Setting]) -> Question:
    times = 4 if scene.setting.times != 4 else 3
    now, (height, width) = sizes(scene.built), scene.pixels.shape[-2:]
    few, many = (counted(each, height, width).of_mixing for each in (now, now.wider(times)))
    return Question(
        "wider",
        text(
            "Filters, hidden units and outputs all become {n} times as many. How many times as many weights have the 1×1 layers?",
            n=times,
        ),
        Number(
            many / few,
            "",
            text(
                "Inputs grow {n}-fold, and so do outputs: a weight belongs to a pair of them.",
                n=times,
            ),
        ),
        text(
            "From {few} to {many}: inputs × outputs grows with the square of the width.",
            few=exact(few),
            many=exact(many),
        ),
        {"part": "wide", "times": times},
    )


def _head(scene: Scene[Setting]) -> Question:
    right, connected = head_cost("average").head, head_cost("connected").head
    named = {"maps": MAPS, "side": SIDE_PX, "classes": CLASSES}
    return Question(
        "head",
        text(
            "Each of {maps} maps of {side}×{side} is averaged, then a linear layer names {classes} classes. How many weights and biases has it?",
            **named,
        ),
        Number(
            right,
            "",
            text(
                "A weight for every pixel, {connected} in all, is what a fully connected head has.",
                connected=exact(connected),
            ),
        ),
        text(
            "An averaged map is one number, and there is a bias: ({maps} + 1) × {classes} = {right}.",
            right=right,
            connected=exact(connected),
            **named,
        ),
        {"part": "head"},
    )


def _digits(scene: Scene[Setting]) -> Question:
    found = against_plain(shipped().outcomes, COMPARED.index("nin"), "parameters")
    size = {"mean": f"{abs(found.mean):.1f}", "error": f"{found.error:.1f}"}
    right = "same" if not found.is_clear else "fewer" if found.mean < 0 else "more"
    said = text("Between seeds the errors differ too; a clear difference must exceed that.")
    return Question(
        "digits",
        text(
            "Two networks of equal size learn small digits, one with a 1×1 after every 3×3. What does it bring?"
        ),
        choice(
            right,
            {
                "fewer": (text("fewer errors"), said),
                "same": (text("no clear difference"), said),
                "more": (text("more errors"), said),
            },
        ),
        text(
            "With as many parameters its layers are narrower: {mean} points of difference, ± {error} by the seeds. A 1×1 makes mixing many channels cheap.",
            **size,
        ),
        {"part": "digits"},
    )
