"""Global average pooling instead of a fully connected head, both trained here."""

from __future__ import annotations

from collections.abc import Generator
from itertools import count

import torch
from torch import nn

from viz.lessons.blocks import Block, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Blocks, Long, Scene, Section, always
from viz.lessons.network_in_network.heads import (
    SCHEDULE,
    Kind,
    class_maps,
    digit,
    errors,
    head_cost,
    learning,
)
from viz.lessons.network_in_network.setting import Setting
from viz.lessons.opening import Suggestion
from viz.numbers import exact, number
from viz.progress import Progress
from viz.text import Text, text

KINDS: tuple[Kind, ...] = ("average", "connected")
TITLES = {"average": text("Global average pooling"), "connected": text("Fully connected")}
PART = {
    "average": text("Training with global average pooling"),
    "connected": text("Training the fully connected head"),
}
REPORTED_STEPS = 15  # steps from one report to the next, a tenth of a second
BEST = 3  # classes in the table


def show(scene: Scene[Setting]) -> Long:
    """Both networks, the class activation maps of a digit, and the parameters of both heads."""
    setting = scene.setting
    average = yield from _trained("average", setting, [])
    maps = _maps(average, setting.digit)
    connected = yield from _trained("connected", setting, [maps])
    return [
        Prose(_heading(), "heading"),
        Columns([[_digit(setting.digit)], [maps]], widths=(1, 4)),
        Columns([[_sums(average, setting.digit)], [_heads(average, connected)]], widths=(1, 1)),
        Prose(_caption(setting), "caption"),
    ]


def _trained(
    kind: Kind, setting: Setting, shown: list[Block]
) -> Generator[Progress[Blocks] | None, None, nn.Sequential]:
    """Trains a network; reports every so many steps, with the newest maps of the one that has them."""
    steps = learning(kind, setting.head_seed, SCHEDULE)
    for n in count(1):
        try:
            share, layers = next(steps)
        except StopIteration as end:
            trained: nn.Sequential = end.value
            return trained
        if n % REPORTED_STEPS:
            yield None
            continue
        newest = shown or [_maps(layers, setting.digit)]
        yield Progress((KINDS.index(kind) + share) / len(KINDS), PART[kind], newest)
    raise AssertionError  # the count does not end


def _heading() -> Text:
    average, connected = (head_cost(kind).head for kind in KINDS)
    return text(
        "A head of **{few}** parameters instead of **{many}**",
        few=exact(average),
        many=exact(connected),
    )


def _digit(at: int) -> Block:
    picture = 1 - digit(at).images[0]  # ink is dark
    panel = Panel(text("A digit"), picture.expand(3, -1, -1), kind="colour")
    return Panels("head_digit", [panel], height_px=200, columns=1)


def _maps(layers: nn.Sequential, at: int) -> Block:
    maps = class_maps(layers, digit(at).images[0])
    panel = Panel(
        text("Class activation maps: what speaks for each class, and what against it"),
        maps,
        [str(n) for n in range(len(maps))],
    )
    return Panels("head_maps", [panel], height_px=260, columns=1)


@torch.no_grad()
def _sums(layers: nn.Sequential, at: int) -> Block:
    """The mean of a map and the bias beside the network's own output, for the best classes."""
    image = digit(at).images
    outputs, means = layers(image)[0], class_maps(layers, image[0]).mean((-2, -1))
    bias = layers.get_parameter("head.bias")
    rows: list[list[Words]] = [
        [
            f"**{n}**",
            number(float(means[n])),
            number(float(bias[n])),
            number(float(means[n] + bias[n]), 4),
            number(float(outputs[n]), 4),
        ]
        for n in outputs.topk(BEST).indices.tolist()
    ]
    head = ["Class", "Mean of its map", "+ bias", "=", "Network"]
    return Table([text(name) for name in head], rows)


def _heads(*networks: nn.Sequential) -> Block:
    rows: list[list[Words]] = []
    for kind, layers in zip(KINDS, networks, strict=True):
        counts, wrong = head_cost(kind), errors(layers)
        shares = [f"{number(100 * share)} %" for share in wrong]
        rows.append([TITLES[kind], exact(counts.head), exact(counts.whole), *shares])
    head = ["Head", "Parameters", "With all layers", "Errors", "Moved by 1 px"]
    return Table([text(name) for name in head], rows)


def _caption(setting: Setting) -> Text:
    return text(
        "Both are trained here: {steps} steps of Adam on the same 1,000 digits, seed {seed}. Errors are on the 797 other digits, "
        "as they are, and moved by one pixel to the left and to the right. Another seed gives other numbers.",
        steps=SCHEDULE.steps,
        seed=setting.head_seed,
    )


SECTION = Section(
    show,
    always("digit", "head_seed"),
    views=(
        Suggestion("Another digit", {"digit": 7}),
        Suggestion("Another seed", {"head_seed": 1}),
    ),
)
