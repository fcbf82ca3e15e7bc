"""What width and depth cost: the block on screen, several times as wide and as deep."""

from __future__ import annotations

from viz.figures.curves import curves
from viz.lessons.blocks import Block, Chart, Columns, Prose, Table, Words
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.network_in_network.setting import Setting
from viz.lessons.network_in_network.widths import MOST_TIMES, Counts, Sizes, counted, sizes
from viz.lessons.opening import Suggestion
from viz.numbers import exact, number
from viz.text import Text, text


def show(scene: Scene[Setting]) -> list[Block]:
    """A sentence with both factors, the curve of parameters, and the counts."""
    height, width = scene.pixels.shape[-2:]
    now, times = sizes(scene.built), scene.setting.times
    blocks = {
        text("on screen"): now,
        text("{n} × as wide", n=times): now.wider(times),
        text("{n} × as deep", n=times): now.deeper(times),
    }
    counts = {name: counted(each, height, width) for name, each in blocks.items()}
    here, wide, deep = counts.values()
    sentence = text(
        "{n} times as wide: **{wide} times** the parameters. As deep: **{deep} times**.",
        n=times,
        wide=number(wide.of_mixing / here.of_mixing),
        deep=number(deep.of_mixing / here.of_mixing),
    )
    return [
        Prose(sentence, "heading"),
        Columns([[_chart(now, times, height, width)], [_table(counts)]], widths=(1, 1)),
    ]


def _chart(now: Sizes, times: int, height: int, width: int) -> Block:
    x = range(1, MOST_TIMES + 1)

    def mixing(of: Sizes) -> int:
        return counted(of, height, width).of_mixing

    wider = text("wider")
    lines = {
        "x": list(x),
        "lines": {
            wider: [mixing(now.wider(n)) for n in x],
            text("deeper"): [mixing(now.deeper(n)) for n in x],
        },
        "x_title": text("times as wide, or as deep"),
        "y_title": text("parameters of the 1×1 layers"),
        "thick": (wider,),
        "at": float(times),
        "x_ticks": list(x),
    }
    alt = text("Parameters of the 1×1 layers: a parabola for width, a straight line for depth")
    return Chart("widths", curves, lines, alt)


def _table(counts: dict[Text, Counts]) -> Table:
    head = ["Block", "Filter weights", "1×1 weights", "MACs, millions"]
    rows: list[list[Words]] = [
        [
            name,
            exact(each.of_filters),
            exact(each.of_mixing),
            exact(round(each.macs / 1e6)),
        ]
        for name, each in counts.items()
    ]
    return Table([text(name) for name in head], rows)


SECTION = Section(
    show,
    always("times"),
    opening={"weights": "random", "orientations": 8, "hidden": 24, "outputs": 16},
    views=(
        Suggestion("Twice", {"times": 2}),
        Suggestion("Eight times", {"times": 8}),
    ),
)
