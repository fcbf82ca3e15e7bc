"""Channels of the open layer switched off, and what the network answers then."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from viz.figures.banded import banded
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.opening import Suggestion
from viz.lessons.scene import Scene
from viz.lessons.section import Blocks, Long, Section, always
from viz.lessons.trained.running import Halt, followed
from viz.lessons.trained.setting import Setting
from viz.lessons.trained.subject import Subject, no_network, subject
from viz.lessons.trained.switching import (
    Falls,
    Importance,
    answers,
    falls,
    importance,
    switched_off,
)
from viz.numbers import number
from viz.progress import Progress
from viz.text import Text, text

LISTED, SHOWN = 5, 4  # classes, and maps of channels that are off
SINGLE = 0.7  # of the progress: every channel by itself
INSTEAD = {"zero": text("0"), "mean": text("their means over the photo")}


class Choice(NamedTuple):
    """The channels that are off, and the numbers for each class with them and without.

    Attributes:
        channels: in their order.
        before, after: `(K,)`, the network's logits.
    """

    channels: list[int]
    before: Tensor
    after: Tensor


def show(scene: Scene[Setting]) -> Long:
    """Every channel alone, then ever more of them, then those that were chosen."""
    of = subject(scene)
    if of is None:
        return no_network()
    by = scene.setting.off_by
    x = of.seen(scene.pixels)
    halt = yield from of.runner.upto(of.leaves, x[None])
    if halt.maps.ndim != 4:
        return [Prose(text("This layer has no maps. Open another one above."))]
    output = yield from of.runner.after(halt, halt.maps)
    if output.ndim < 2 or output.flatten(1).shape[1] < 2:
        return [Prose(text("This network does not choose among classes."))]
    before = output.flatten(1)[0]
    said = text("Every channel off by itself, one after the other")
    one = importance(of.runner, halt, before, by)
    single = yield from followed(one, _from_to(0, SINGLE, said))
    said = text("Ever more channels off, in six orders")
    more = falls(of.runner, halt, single, by, scene.setting.off_seed)
    many = yield from followed(more, _from_to(SINGLE, 1, said))
    channels = _chosen(scene, of, single)
    mask = torch.zeros(1, halt.maps.shape[1], dtype=torch.bool, device=x.device)
    mask[0, channels] = True
    after = yield from followed(answers(of.runner, halt, mask, by), _from_to(1, 1, said))
    return _blocks(scene, of, Choice(channels, before, after[0]), halt, single, many)


def _from_to(
    first: float, last: float, said: Text
) -> Callable[[float | None], Progress[Blocks] | None]:
    """A part of the progress, for the share of the part."""
    return lambda done: None if done is None else Progress(first + (last - first) * done, said)


def _chosen(scene: Scene[Setting], of: Subject, single: Importance) -> list[int]:
    """The channels that are off, by the fields of the section."""
    setting, channels = scene.setting, len(single.without)
    if setting.off_order == "clicked":
        return [of.channel]
    order = single.order
    if setting.off_order == "random":
        generator = torch.Generator().manual_seed(setting.off_seed)
        order = torch.randperm(channels, generator=generator)
    count = min(2**setting.off, channels)
    return sorted(order[:count].tolist())


def _blocks(
    scene: Scene[Setting],
    of: Subject,
    choice: Choice,
    halt: Halt,
    single: Importance,
    many: Falls,
) -> list[Block]:
    answer = of.class_name(single.answer)
    left: list[Block] = [_answers(of, choice), Prose(_alone(of, single, answer), "caption")]
    return [
        Prose(_heading(scene, of, choice, single, answer), "heading"),
        Columns([left, [_curve(many, answer)]], widths=(2, 3)),
        Prose(text("The channels that are off, of them those that cost most, on the photo")),
        _maps(scene, choice, halt, single),
    ]


def _heading(
    scene: Scene[Setting], of: Subject, choice: Choice, single: Importance, answer: str
) -> Text:
    return text(
        "With {off} of {layer} replaced by {instead}, “{answer}” goes from **{before} %** to **{after} %**",
        off=_how_many(scene, of, choice, len(single.without)),
        layer=of.layer_name,
        instead=INSTEAD[scene.setting.off_by],
        answer=answer,
        before=percent(single.before),
        after=percent(float(choice.after.softmax(0)[single.answer])),
    )


def _how_many(scene: Scene[Setting], of: Subject, choice: Choice, channels: int) -> Text:
    off = len(choice.channels)
    if scene.setting.off_order == "clicked":
        return text("channel {n}", n=of.channel + 1)
    if off == channels:
        return text("all {n} channels", n=off)
    if scene.setting.off_order == "random":
        return text("{n} of {all} channels, drawn at random,", n=off, all=channels)
    return text("the {n} most important of {all} channels", n=off, all=channels)


def percent(share: float) -> str:
    """A probability in per cent, as precise as it can be read.

    >>> percent(0.93456), percent(0.00041), percent(0.0)
    ('93.5', '0.041', '0')
    """
    return number(100 * share, 3 if share >= 0.01 else 2)


def _answers(of: Subject, choice: Choice) -> Table:
    """The most probable classes before and after."""
    before, after = choice.before.softmax(0), choice.after.softmax(0)
    most = torch.maximum(before, after).topk(min(LISTED, len(before))).indices.tolist()
    rows: list[list[Words]] = [
        [
            of.class_name(each),
            f"{percent(float(before[each]))} %",
            f"{percent(float(after[each]))} %",
        ]
        for each in sorted(most, key=lambda each: -float(after[each]))
    ]
    return Table([text(name) for name in ("Class", "All channels", "Some off")], rows)


def _alone(of: Subject, single: Importance, answer: str) -> Text:
    kept = int((single.without > single.before - 0.01).sum())
    return text(
        "One channel off at a time: channel {worst} costs “{answer}” most, it falls to {least} %. {kept} of {all} channels cost less than one percentage point. Grey in the plot: from the lowest to the highest of the random orders.",
        worst=int(single.order[0]) + 1,
        answer=answer,
        least=percent(float(single.without.min())),
        kept=kept,
        all=len(single.without),
    )


def _curve(many: Falls, answer: str) -> Chart:
    places = list(range(len(many.counts)))
    mean, low, high = (
        (100 * each).tolist()
        for each in (many.random.mean(0), many.random.amin(0), many.random.amax(0))
    )
    arguments = {
        "x": places,
        "thick": (text("most important first"), (100 * many.ordered).tolist()),
        "spread": (text("5 random orders, mean"), (low, mean, high)),
        "x_title": text("number of channels that are off"),
        "y_title": text("probability of “{answer}”, %", answer=answer),
        "x_ticks": places,
        "x_labels": [str(count) for count in many.counts],
    }
    half = len(many.counts) // 2
    alt = text(
        "With {n} channels off the probability is {ordered} % if the most important go first, {random} % in random orders",
        n=many.counts[half],
        ordered=percent(float(many.ordered[half])),
        random=percent(float(many.random[:, half].mean())),
    )
    return Chart("falls", banded, arguments, alt)


def _maps(scene: Scene[Setting], choice: Choice, halt: Halt, single: Importance) -> Panels:
    """The maps of channels that are off, on the photo."""
    shown = sorted(choice.channels, key=lambda each: float(single.without[each]))[:SHOWN]
    mask = torch.ones(1, halt.maps.shape[1], dtype=torch.bool, device=halt.maps.device)
    instead = switched_off(halt.maps, mask, scene.setting.off_by).expand_as(halt.maps)
    names = [text("channel {n}", n=each + 1) for each in shown]
    panels = [
        Panel(
            name,
            halt.maps[0, each][None],
            note=text(
                "replaced by {value}; alone it leaves {percent} %",
                value=number(float(instead[0, each, 0, 0]), 2),
                percent=percent(float(single.without[each])),
            ),
            scale="off",
            over=scene.pixels,
        )
        for name, each in zip(names, shown, strict=True)
    ]
    return Panels("switched_off", panels, height_px=330, columns=SHOWN, narrowest_px=150)


SECTION = Section(
    show,
    always("off_order", "off", "off_by", "off_seed"),
    opening={"layer": 19},
    views=(
        Suggestion("Behind a shortcut", {"layer": 34, "off": 7}),
        Suggestion("Means before the mean", {"layer": 50, "off": 10, "off_by": "mean"}),
        Suggestion("At random", {"layer": 19, "off_order": "random"}),
    ),
)
