"""Small networks on small digits: with 1×1 layers and without, at equal parameters and width."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F

from viz.figures.strips import mean_and_spread, strips
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Blocks, Long, Scene, Section
from viz.lessons.network_in_network.digit_errors import (
    Outcomes,
    against_plain,
    digit_cases,
    errors,
)
from viz.lessons.network_in_network.sections.trained import how_trained
from viz.lessons.network_in_network.setting import Setting
from viz.lessons.network_in_network.training_here import train_here
from viz.numbers import exact, number
from viz.text import Text, text
from viz.training.digit_costs import counts
from viz.training.digit_runs import COMPARED, EXAMPLES, SEEDS, Equal, compared
from viz.training.digits import CLASSES, split
from viz.training.shipped_runs import shipped

NAMES = {
    "plain": text("3×3"),
    "nin": text("3×3, then 1×1 (NIN)"),
    "separable": text("depthwise 3×3, then 1×1"),
    "pointwise": text("1×1 only"),
    "pointwise_connected": text("1×1 only, fully connected head"),
}
TITLES: dict[Equal, Text] = {
    "parameters": text("**Equal parameters**"),
    "width": text("**Equal width**"),
}
TICKS = (1, 2, 5, 10, 20, 50, 100)
NIN, SEPARABLE = COMPARED.index("nin"), COMPARED.index("separable")


def show(scene: Scene[Setting]) -> Long:
    """The networks that were trained before; those of the visitor's seeds are marked with rings."""
    seeds = scene.setting.digit_seeds
    here = yield from train_here(digit_cases(seeds), _comparison)
    return [*_comparison(here), *how_trained(here, "digit_seeds", _spread())]


def _spread() -> Text:
    return text(
        "A dot is a network that began with other weights, from another of {seeds} seeds. The thick mark is their mean; the bar, as ±, "
        "reaches one standard deviation to either side.",
        seeds=len(SEEDS),
    )


def _comparison(here: Outcomes) -> Blocks:
    outcomes = shipped().outcomes
    sides = [[Prose(TITLES[equal]), _chart(equal, here), _table(equal)] for equal in TITLES]
    words = [Prose(says_mixing(outcomes), "heading"), Prose(says_cheap(outcomes))]
    return [Columns([words, [_examples()]], widths=(5, 3)), Columns(sides)]


def says_mixing(outcomes: Outcomes) -> Text:
    """What a 1×1 after every 3×3 does at equal parameters."""
    found = against_plain(outcomes, NIN, "parameters")
    words = points(found.mean, found.error)
    return text("At equal parameters, a 1×1 after every 3×3 makes {words}.", words=words)


def says_cheap(outcomes: Outcomes) -> Text:
    """What a 1×1 after a depthwise 3×3 does, at equal parameters and at equal width."""
    equal, narrow = (against_plain(outcomes, SEPARABLE, each) for each in TITLES)
    (plain, _, wide, *_), (_, _, small, *_) = compared("parameters"), compared("width")
    share = counts(*small).parameters / counts(*plain).parameters
    return text(
        "What a 1×1 buys is **cheap mixing of channels**. After a depthwise 3×3, {wide} channels cost the parameters of {plain}: {equal}. "
        "With {plain} channels it has {share} % of the parameters: {narrow}.",
        wide=wide.width,
        plain=plain.width,
        equal=points(equal.mean, equal.error),
        share=round(100 * share),
        narrow=points(narrow.mean, narrow.error),
    )


def points(mean: float, error: float) -> Text:
    """A difference of errors in words, or that there is none that is clear."""
    if abs(mean) <= error:
        return text("no clear difference in errors")
    size = f"{abs(mean):.1f}"
    if mean < 0:
        return text("**{n} points fewer errors**", n=size)
    return text("**{n} points more errors**", n=size)


def _examples() -> Block:
    """The first test digit of each class, in two rows of one picture."""
    test = split().test
    first = [int((test.labels == digit).nonzero()[0]) for digit in range(CLASSES)]
    paper = F.pad(1 - test.images[first, 0], (1, 1, 1, 1), value=1.0)
    rows = torch.cat([torch.cat([*half], dim=1) for half in paper.chunk(2)])
    title = text(
        "{n} digits of 8×8 pixels to learn from, {m} for testing",
        n=exact(EXAMPLES[-1]),
        m=exact(len(test.labels)),
    )
    panel = Panel(title, rows.expand(3, -1, -1), kind="colour")
    return Panels("digit_examples", [panel], height_px=140, columns=1)


def _chart(equal: Equal, here: Outcomes) -> Block:
    outcomes, networks = shipped().outcomes, compared(equal)
    found = {NAMES[each.design]: errors(outcomes, each, EXAMPLES[-1]).test for each in networks}
    rings = {NAMES[each.design]: errors(here, each, EXAMPLES[-1]).test for each in networks}
    arguments = {
        "values": found,
        "rings": rings,
        "notes": {name: _errors(test) for name, test in found.items()},
        "highlighted": [NAMES["nin"], NAMES["separable"]],
        "axis_title": text("errors on new digits, %: left is better"),
        "ticks": TICKS,
        "at": (text("mean of 3×3"), mean_and_spread(found[NAMES["plain"]])[0]),
    }
    alt = text(
        "Test errors of the seeds of five networks. {equal}. Mean of {first}: {plain} %, of {second}: {nin} %, of {third}: {separable} %.",
        equal=TITLES[equal],
        **_means(found),
    )
    return Chart(f"digit_errors_{equal}", strips, arguments, alt)


def _means(found: Mapping[Text, tuple[float, ...]]) -> dict[str, object]:
    """Names and mean errors of the first three networks, for the alternative text."""
    places = zip(("first", "second", "third"), COMPARED, found.items(), strict=False)
    said: dict[str, object] = {}
    for place, design, (name, test) in places:
        said |= {place: name, design: number(mean_and_spread(test)[0])}
    return said


def _errors(test: tuple[float, ...]) -> Text:
    mean, spread = mean_and_spread(test)
    return text("{n} ± {spread} %", n=f"{mean:.1f}", spread=f"{spread:.1f}")


def _table(equal: Equal) -> Table:
    head = [text(word) for word in ("Network", "Channels", "Parameters", "MACs")]
    rows: list[list[Words]] = []
    for each in compared(equal):
        cost = counts(*each)
        rows.append([NAMES[each.design], str(each.width), exact(cost.parameters), exact(cost.macs)])
    return Table(head, rows)


def _controls(setting: Setting) -> tuple[str, ...]:
    return ("digit_seeds",) if setting.digit_seeds else ()  # the button below begins


SECTION = Section(show, _controls, own_data=lambda _: True)
