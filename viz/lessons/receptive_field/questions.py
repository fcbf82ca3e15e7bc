"""Predictions about receptive fields."""

from __future__ import annotations

from collections.abc import Sequence

from viz.lessons.answers import choice, worth_asking, yes_or_no
from viz.lessons.question import Number, Question
from viz.lessons.receptive_field.law import spread
from viz.lessons.receptive_field.setting import OWN, Setting
from viz.lessons.receptive_field.stack import field_of
from viz.lessons.scene import Scene
from viz.numbers import number
from viz.reads import unit_mask
from viz.settings import Layer, Layers, LayerValues
from viz.text import text
from viz.trace import between, receptive_field

THREE = Layer("c", 3)
TIMES, DEEPEST = 4, 10  # as many layers, of at most so many


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """The questions of a Setting, about stacks that are not on the canvas."""
    about = (_deeper, _place, _stride, _reached, _law, _relu)
    return worth_asking(scene, (each(scene) for each in about))


def _width(layers: LayerValues) -> int:
    return field_of(layers).size[1]


def _can_be_had(layers: LayerValues) -> bool:
    return Layers().refused(layers) is None


def _shown(layers: LayerValues) -> dict[str, object]:
    return {"network": OWN, "layers": layers}


def _deeper(scene: Scene[Setting]) -> Question | None:
    layers = scene.setting.layers
    then = (*layers, THREE)
    if not _can_be_had(then):
        return None
    sizes = {"now": _width(layers), "step": field_of(layers).stride[1], "right": _width(then)}
    return Question(
        "deeper",
        text("One more 3×3 follows the last layer. How wide is the receptive field of its units?"),
        Number(
            sizes["right"],
            "px",
            text("A 3×3 adds two steps of the last map, and a step there is {step} px.", **sizes),
        ),
        text("{now} + 2 × {step} = {right} px.", **sizes),
        _shown(then),
    )


def _place(scene: Scene[Setting]) -> Question | None:
    layers = scene.setting.layers
    first, last = (THREE, *layers), (*layers, THREE)
    if not (_can_be_had(first) and _can_be_had(last)):
        return None
    sizes = {"first": _width(first), "last": _width(last)}
    right = "same" if sizes["first"] == sizes["last"] else max(sizes, key=lambda at: sizes[at])
    instead = text("The strides before it multiply what it adds.")
    return Question(
        "place",
        text("Where must one more 3×3 stand to widen the receptive field most?"),
        choice(
            right,
            {
                "first": (text("before the first layer"), instead),
                "last": (text("after the last layer"), instead),
                "same": (text("the place does not matter"), instead),
            },
        ),
        text(
            "It adds two steps of the map that it reads: 1 px at the beginning, {step} px at the end. So {first} px or {last} px.",
            step=field_of(layers).stride[1],
            **sizes,
        ),
        _shown(first if right == "first" else last),
    )


def _stride(scene: Scene[Setting]) -> Question | None:
    layers = scene.setting.layers
    at = next((at for at, layer in enumerate(layers) if layer.stride > 1), None)
    if at is None:
        return None
    then = (*layers[:at], layers[at]._replace(stride=1), *layers[at + 1 :])
    if not _can_be_had(then):
        return None
    sizes = {"now": _width(layers), "then": _width(then), "s": layers[at].stride}
    if sizes["now"] == sizes["then"]:
        return None
    instead = text("A stride adds nothing itself; it multiplies what every later layer adds.")
    return Question(
        "stride",
        text("The first stride of {s} becomes 1. What becomes of the receptive field?", **sizes),
        choice(
            "shrinks",
            {
                "grows": (text("a larger one"), instead),
                "stays": (text("it stays"), instead),
                "shrinks": (text("a smaller one"), ""),
            },
        ),
        text(
            "From {now} px to {then} px: every later layer steps over 1/{s} of the pixels.", **sizes
        ),
        _shown(then),
    )


def _reached(scene: Scene[Setting]) -> Question | None:
    """Only without holes: then a pixel reaches every unit whose box holds it."""
    network, (_, height, width) = scene.built.network, scene.pixels.shape
    found = unit_mask(network, (3, height, width))
    if found.read < found.inside:
        return None
    _, columns = between(network, (3, height, width), "", _last(scene)).reached(
        height // 2, width // 2
    )
    field = field_of(scene.setting.layers)
    units = scene.output_of(_last(scene)).shape[-1]
    right = len(range(max(0, columns.start), min(units, columns.stop)))
    sizes = {"size": field.size[1], "step": field.stride[1], "right": right}
    return Question(
        "reached",
        text(
            "The pixel in the middle of the photo changes. How many units in one row of the last map can change?"
        ),
        Number(
            right,
            "",
            text(
                "Those whose field holds the pixel: {size} px wide, one every {step} px.", **sizes
            ),
            within=1 if right > 2 else 0,
        ),
        text(
            "Fields of {size} px that lie {step} px apart: {right} of a row hold the pixel.",
            **sizes,
        ),
        {"part": "directions", "direction": "reached"},
    )


def _last(scene: Scene[Setting]) -> str:
    return list(dict(scene.built.network.named_children()))[-1]


def _law(scene: Scene[Setting]) -> Question:
    few = min(scene.setting.depth, DEEPEST)
    few -= TIMES * few == scene.setting.depth  # that is on the page
    narrow, wide = spread(few), spread(TIMES * few)
    return Question(
        "law",
        text(
            "{few} layers of 3×3 become {many}. How many times as far does the gradient of a unit spread then?",
            few=few,
            many=TIMES * few,
        ),
        Number(
            round(wide.deviation / narrow.deviation, 3),
            "",
            text(
                "The box grows {n}-fold. But steps to and fro cancel, and variances add up.",
                n=TIMES,
            ),
            within=0.1,
        ),
        text(
            "Its standard deviation grows from {narrow} to {wide} px, the box from {few} to {many} px: the root of n against n.",
            narrow=number(narrow.deviation),
            wide=number(wide.deviation),
            few=narrow.box,
            many=wide.box,
        ),
        {"part": "law", "depth": TIMES * few},
    )


def _relu(scene: Scene[Setting]) -> Question:
    shape, then = tuple(scene.pixels.shape), scene.changed(relu=not scene.setting.relu)
    now, changed = (receptive_field(each.built.network, shape) for each in (scene, then))
    asks = {
        True: text("All ReLUs are taken away. Does the receptive field change?"),
        False: text("A ReLU follows every convolution. Does the receptive field change?"),
    }
    return Question(
        "relu",
        asks[scene.setting.relu],
        yes_or_no(right=now != changed, instead=text("A ReLU reads one place of one map.")),
        text(
            "It stays {n} px wide. A ReLU changes how much each pixel counts, never which ones are seen.",
            n=now.size[1],
        ),
        {"relu": not scene.setting.relu},
    )
