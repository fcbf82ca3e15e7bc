"""The law of the spread: the box grows with n, what counts grows with the square root of n."""

from __future__ import annotations

from collections.abc import Sequence

from viz.figures.curves import curves
from viz.figures.profile import profile
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.lessons.receptive_field.law import Spread, bell, law, spread
from viz.lessons.receptive_field.setting import Setting
from viz.numbers import number
from viz.text import Text, text

DEEPEST = 40
LISTED = (1, 2, 5, 10, 20, 40)


def show(scene: Scene[Setting]) -> list[Block]:
    """The gradient of one depth beside the law, then every depth."""
    depth = scene.setting.depth
    found, every = spread(depth), [spread(n) for n in range(1, DEEPEST + 1)]
    maps = Panel(
        text("Gradient of the unit, in its box"),
        found.gradient.float()[None],
        note=text("{side} × {side} px", side=found.box),
    )
    return [
        Prose(_in_words(found)),
        Columns(
            [[Panels("law_gradient", [maps], height_px=330, columns=1)], [_profile(found)]],
            widths=(2, 3),
        ),
        Columns([[_sides(every, depth)], [_table(every, depth)]], widths=(4, 3)),
        Prose(
            text(
                "Linear layers without padding, all nine weights 1/9. Other positive kernels have other variances, and theirs add up too; a ReLU breaks the exact law."
            ),
            "caption",
        ),
    ]


def _in_words(found: Spread) -> Text:
    return text(
        "**{n}** layers: the box is **{box} px** wide. The gradient along an axis has a standard deviation of **{measured} px**, as the law says: "
        "√(2 · {n} / 3) = {law}. 95 % of the squared gradient lies in the middle **{side} × {side} px**, {percent} % of the box's area.",
        n=found.depth,
        box=found.box,
        measured=number(found.deviation, 5),
        law=number(law(found.depth), 5),
        side=found.side,
        percent=number(100 * (found.side / found.box) ** 2),
    )


def _profile(found: Spread) -> Chart:
    arguments = {
        "x": list(range(-found.depth, found.depth + 1)),
        "bars": found.along.tolist(),
        "curve": bell(found.depth),
        "names": (text("gradient, measured"), text("bell curve of the law")),
        "deviation": law(found.depth),
        "deviation_name": text("√(2n/3) = {px} px", px=number(law(found.depth))),
        "x_title": text("pixels from the middle of the box"),
        "y_title": text("gradient along an axis"),
    }
    alt = text(
        "The gradient along an axis of {box} px and the normal distribution of standard deviation {law} px",
        box=found.box,
        law=number(law(found.depth)),
    )
    return Chart("law_profile", profile, arguments, alt)


def _sides(every: Sequence[Spread], depth: int) -> Chart:
    arguments = {
        "x": [each.depth for each in every],
        "lines": {
            text("box, 2n + 1"): [each.box for each in every],
            text("4 · √(2n/3)"): [4 * law(each.depth) for each in every],
            text("95 %"): [each.side for each in every],
        },
        "thick": (text("95 %"),),
        "x_title": text("n, number of 3×3 layers"),
        "y_title": text("side, px (95 %: of the squared gradient)"),
        "at": depth,
    }
    alt = text(
        "From 1 to {n} layers the box grows to {box} px, the side that holds 95 % of the squared gradient to {side} px",
        n=every[-1].depth,
        box=every[-1].box,
        side=every[-1].side,
    )
    return Chart("law_sides", curves, arguments, alt)


def _table(every: Sequence[Spread], depth: int) -> Table:
    head = ["n", "Box", "95 %", "Deviation", "√(2n/3)"]
    rows: list[list[Words]] = []
    for each in every:
        if each.depth in {*LISTED, depth}:
            n = f"**{each.depth}**" if each.depth == depth else str(each.depth)
            numbers = number(each.deviation, 5), number(law(each.depth), 5)
            rows.append([n, str(each.box), str(each.side), *numbers])
    return Table([text(name) for name in head], rows, words=0)


SECTION = Section(
    show,
    always("depth"),
    own_data=lambda _: True,
    views=(Suggestion("Two layers", {"depth": 2}), Suggestion("Forty layers", {"depth": 40})),
)
