"""Global average pooling instead of a fully connected head, both trained here."""

from __future__ import annotations

from collections.abc import Generator
from itertools import count

import torch
from torch import Tensor, nn

from viz.lessons.blocks import Block, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Blocks, Long, Scene, Section, always
from viz.lessons.network_in_network.heads import (
    SCHEDULE,
    Errors,
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
BEST = 3  # classes whose maps are shown


def show(scene: Scene[Setting]) -> Long:
    """Both networks, the class activation maps of a digit, and the parameters of both heads."""
    setting = scene.setting
    average = yield from _trained("average", setting, [])
    maps, wrong = _maps(average, setting.digit), errors(average)
    connected = yield from _trained("connected", setting, [maps])
    both = wrong, errors(connected)  # not one after the other, so that no slice is long
    return [
        Prose(_heading(*both), "heading"),
        maps,
        _heads(*both),
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


def _heading(average: Errors, connected: Errors) -> Text:
    few, many = (head_cost(kind).head for kind in KINDS)
    return text(
        "**{few}** parameters instead of **{many}**. Errors on new digits: **{plain} %** instead of **{other} %**; moved by one pixel: **{less} %** instead of **{more} %**",
        few=exact(few),
        many=exact(many),
        plain=percent(average.as_drawn),
        other=percent(connected.as_drawn),
        less=percent(average.moved),
        more=percent(connected.moved),
    )


def percent(share: float) -> str:
    """A share of some eight hundred digits in per cent.

    >>> percent(16 / 797)
    '2.0'
    """
    return f"{100 * share:.1f}"


@torch.no_grad()
def _maps(layers: nn.Sequential, at: int) -> Block:
    """A digit, and the class activation maps of the classes that it is most likely to be."""
    image, label = digit(at)
    outputs, maps = layers(image)[0], class_maps(layers, image[0])
    ink = 1 - image[0].expand(3, -1, -1)  # dark on light
    title = text("Test digit no. {number}: “{digit}”", number=at, digit=int(label))
    panels = [Panel(title, ink, kind="colour")]
    for n in outputs.topk(BEST).indices.tolist():
        title = text("Class {n}: output {value}", n=n, value=number(float(outputs[n]), 4))
        bias = float(layers.get_parameter("head.bias")[n])
        panels.append(Panel(title, maps[n : n + 1], note=_sum(maps[n], bias), scale="head"))
    return Panels("head_maps", panels, height_px=300, columns=1 + BEST)


def _sum(map_: Tensor, bias: float) -> Text:
    mean = float(map_.mean())
    return text(
        "mean {mean} {sign} {bias} = {sum}",
        mean=number(mean, 4),
        sign="−" if bias < 0 else "+",
        bias=number(abs(bias)),
        sum=number(mean + bias, 4),
    )


def _heads(*wrong: Errors) -> Block:
    rows: list[list[Words]] = []
    for kind, of_kind in zip(KINDS, wrong, strict=True):
        counts = head_cost(kind)
        shares = [f"{percent(share)} %" for share in of_kind]
        rows.append([TITLES[kind], exact(counts.head), exact(counts.whole), *shares])
    head = ["Head", "Its parameters", "All parameters", "Errors", "Errors, moved by 1 px"]
    return Table([text(name) for name in head], rows)


def _caption(setting: Setting) -> Text:
    return text(
        "A class activation map shows what speaks for a class (red) and what against it (blue); its mean and the bias of the class add up to the output. Both networks are trained here: {steps} steps of Adam on the same 1,000 digits, seed {seed}. Errors are on the 797 other digits, "
        "as they are, and moved by one pixel to the left and to the right. Another seed gives other numbers.",
        steps=SCHEDULE.steps,
        seed=setting.head_seed,
    )


SECTION = Section(
    show,
    always("digit", "head_seed"),
    own_data=lambda _: True,
    views=(
        Suggestion("A four", {"digit": 13}),
        Suggestion("Another seed", {"head_seed": 1}),
    ),
)
