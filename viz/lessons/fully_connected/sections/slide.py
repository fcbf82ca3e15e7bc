"""A network for single digits slides over a page that the visitor arranges."""

from __future__ import annotations

from torch import Tensor

from viz.lessons.blocks import Panel, Panels, Prose, Table, Words
from viz.lessons.fully_connected.finding import (
    Find,
    Raced,
    apart,
    finds,
    in_one_pass,
    on_the_page,
    page_of,
    raced,
    sprites,
)
from viz.lessons.fully_connected.setting import Setting
from viz.lessons.lesson import Long, Scene, Section
from viz.lessons.opening import Suggestion
from viz.networks.digit_finder import NONE
from viz.numbers import exact, number
from viz.text import Text, text
from viz.training.digits import split
from viz.training.shipped_finder import PADDINGS, SCRIPT, finder


def show(scene: Scene[Setting]) -> Long:
    """The map of scores, how long it took, and where crops by themselves give other scores."""
    paper = page_of(scene.setting.digits)
    scores = in_one_pass(paper)
    yield None
    race = yield from raced(paper)
    found: dict[int, Tensor] = {}
    for padding in PADDINGS:
        yield None
        found[padding] = apart(paper, padding)
    yield None
    return [
        _somewhere(scores),
        Prose(_heading(race, scores), "heading"),
        _race(race, scores),
        _which(scores),
        Prose(_verdict(found), "heading"),
        _differences(found),
        Prose(_reason(), "caption"),
        Prose(_origin(), "caption"),
    ]


def _somewhere(scores: Tensor) -> Panels:
    certain = 1 - scores.softmax(0)[NONE]
    title = text("Probability of a digit, at the middle of each crop")
    panel = Panel(title, on_the_page(certain[None]), note=_said(finds(scores)))
    return Panels("somewhere", [panel], height_px=420)


def _said(found: list[Find]) -> Text:
    if not found:
        return text("no digit is found")
    return text(
        "found, from left to right: {digits}", digits=", ".join(str(f.digit) for f in found)
    )


def _heading(race: Raced, scores: Tensor) -> Text:
    return text(
        "All {crops} crops in one pass: **{times} times** as fast as one after the other, **{batch} times** as fast as in one batch",
        crops=exact(scores[0].numel()),
        times=number(race.crops_ms / race.one_pass_ms, 2),
        batch=number(race.batch_ms / race.one_pass_ms, 2),
    )


def _which(scores: Tensor) -> Panels:
    names = [str(digit) for digit in range(NONE)]
    panel = Panel(text("Probability of each digit"), on_the_page(scores.softmax(0)[:NONE]), names)
    return Panels("which", [panel], height_px=260, columns=1)


def _race(race: Raced, scores: Tensor) -> Table:
    crops = exact(scores[0].numel())
    rows: list[list[Words]] = [
        [text("One pass over the page"), exact(race.one_pass_macs), f"{race.one_pass_ms:.2f} ms"],
        [
            text("{crops} crops in one batch", crops=crops),
            exact(race.crops_macs),
            f"{race.batch_ms:.2f} ms",
        ],
        [
            text("{crops} crops, one after the other", crops=crops),
            exact(race.crops_macs),
            f"{race.crops_ms:.2f} ms",
        ],
    ]
    return Table([text(name) for name in ("Method", "MACs", "Time here")], rows)


def _differences(found: dict[int, Tensor]) -> Panels:
    titles = {0: text("Difference without padding"), 1: text("Difference with zero padding")}
    panels = [
        Panel(
            titles[padding],
            of_scores[None],
            scale="apart",
            note=text("largest difference {most}", most=number(float(of_scores.max()), 2)),
        )
        for padding, of_scores in found.items()
    ]
    return Panels("apart", panels, height_px=330, columns=2)


def _verdict(found: dict[int, Tensor]) -> Text:
    return text(
        "One pass equals the crops by themselves: apart by at most **{plain}**. With zero padding in the trunk: by **{padded}**",
        plain=number(float(found[0].max()), 2),
        padded=number(float(found[1].max())),
    )


def _reason() -> Text:
    return text(
        "How far the scores of one pass and of each crop by itself are apart: the largest of the 11 differences, in double precision. "
        "Zero padding surrounds the maps of a lone crop with zeros. In one pass there are no zeros at that place, but the maps of what lies beside the crop; of empty paper too, where they equal the biases."
    )


def _origin() -> Text:
    plain, padded = finder(0), finder(1)
    count = len(split().test.labels)
    return text(
        "Trained on crops of pages with 1,000 digits, seed {seed}, on {made} (`{script}`). Of {count} other digits, alone on paper, the network gets {right} % right, the one with zero padding {padded} %.",
        seed=plain.seed,
        made=plain.made.isoformat(),
        script=SCRIPT,
        count=count,
        right=number(100 * (1 - plain.wrong / count)),
        padded=number(100 * (1 - padded.wrong / count)),
    )


CLOSE = ((3, 16, 16), (15, 16, 24), (6, 16, 32), (18, 16, 40))
OVERLAPPING = ((9, 16, 14), (24, 16, 18), (0, 14, 36), (3, 19, 39))
SECTION = Section(
    show,
    is_cached=False,  # times are measured again
    views=(
        Suggestion("Digits that touch", {"digits": CLOSE}),
        Suggestion("Digits that overlap", {"digits": OVERLAPPING}),
        Suggestion("An empty page", {"digits": ()}),
    ),
    own_data=lambda _: True,
    painting="digits",
    sprites=sprites,
)
