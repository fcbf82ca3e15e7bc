"""Three networks learn the classes that were painted on the photo."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from torch import Tensor

from viz.figures.curves import curves
from viz.figures.decisions import decisions
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Long, Scene, Section, always
from viz.lessons.network_in_network.colour_plane import ColourPlane, colour_plane
from viz.lessons.network_in_network.painted import MOST_OF_A_CLASS, Painted, painted
from viz.lessons.network_in_network.setting import Setting
from viz.lessons.network_in_network.telling_apart import Learning, learning
from viz.lessons.opening import Suggestion
from viz.numbers import exact, number
from viz.progress import Progress
from viz.settings import BoxValues
from viz.text import Text, text
from viz.trace import cost
from viz.training.logistic import linear_optimum
from viz.training.pixel_classes import RATE, decision

DRAFT_PX = 160  # the longer side of the maps while the networks learn
TITLES = {"linear": text("Linear 1×1"), "maxout": text("Maxout"), "mlpconv": text("mlpconv")}
LINES = {"linear": text("linear"), "maxout": text("maxout"), "mlpconv": text("mlpconv")}


def show(scene: Scene[Setting]) -> Long:
    """The decisions of the three networks while they learn; then their numbers and curves."""
    setting, pixels = scene.setting, scene.pixels.cpu()
    found = painted(pixels, setting.painted)
    if found.missing:
        return [Prose(_ask_for(found.missing))]
    draft = _smaller(pixels)
    steps, seed = setting.training_steps, setting.training_seed
    for now in learning(found, setting.classifier_parameters, steps, seed):
        yield Progress(now.share, _says(now), _decided(now, found, draft))
    return [
        Columns([[*_decided(now, found, pixels), Prose(_verdict(found))]]),  # beside the painting
        _plane(now, found, colour_plane(found)),
        _table(now),
        Prose(_caption(found), "caption"),
        Columns([[_losses(now)], [_shares(now)]]),
    ]


def _smaller(pixels: Tensor) -> Tensor:
    """Every n-th pixel, so that the maps of a step take no time."""
    every = -(-max(pixels.shape[-2:]) // DRAFT_PX)
    return pixels[:, ::every, ::every]


def _ask_for(missing: list[int]) -> Text:
    names = [CLASSES[kind] for kind in missing]
    if len(names) > 1:
        return text("**Paint both classes**: choose one and drag rectangles on the photo.")
    return text("**Paint class {name} too**: choose it and drag a rectangle.", name=names[0])


def _says(now: Learning) -> Text:
    shares = {name: percent(course.held_out[-1]) for name, course in now.courses.items()}
    return text(
        "Step {n} of {all}. Right on held‑out pixels: linear {linear}, maxout {maxout}, mlpconv {mlpconv}",
        n=now.steps[-1],
        all=now.all_steps,
        **shares,
    )


def percent(share: float) -> str:
    """An accuracy in per cent; a dash for NaN.

    >>> percent(0.4567), percent(0.99999), percent(1.0), percent(math.nan)
    ('45.7 %', '99.9 %', '100 %', '–')
    """
    if math.isnan(share):
        return "–"
    return f"{100 if share == 1 else min(99.9, round(100 * share, 1)):g} %"


def _decided(now: Learning, found: Painted, pixels: Tensor) -> list[Block]:
    """The decision at every pixel of the photo."""
    standard = found.standardised(pixels)
    panels = [
        Panel(
            TITLES[name],
            decision(course.network, standard),
            scale="decision",
            note=text("{share} right", share=percent(course.held_out[-1])),
        )
        for name, course in now.courses.items()
    ]
    meaning = text(
        "Red: class A, blue: class B. The number is the probability of A minus that of B. Below a map: the share of the held‑out pixels that it gets right."
    )
    maps = Panels("decisions", panels, height_px=400, narrowest_px=150)
    return [maps, Prose(meaning, "caption")]


def _plane(now: Learning, found: Painted, plane: ColourPlane) -> Block:
    """The decision in the plane of colours."""
    arguments = {
        "points": plane.points,
        "colours": plane.colours,
        "labels": plane.labels,
        "along": plane.along,
        "planes": {
            TITLES[name]: plane.decided(of.network, found) for name, of in now.courses.items()
        },
        "x_title": text("green – red"),
        "y_title": text("blue – yellow"),
    }
    alt = text(
        "{n} learned pixels in the plane of colours, divided into both classes by each network",
        n=len(plane.points),
    )
    return Chart("colour_plane", decisions, arguments, alt, themed=True)


def _verdict(found: Painted) -> Text:
    """Whether any linear 1×1 could do it, by a method that does not train."""
    best = linear_optimum(found.learned)
    if best.separable:
        return text(
            "**A plane in colour space separates these two classes**, so a linear 1×1 is enough for the learned pixels."
        )
    return text(
        "**No plane in colour space separates these two classes.** The loss of a linear 1×1 is convex; Newton's method finds its "
        "least value, **{least}**. Guessing has {chance}. No training of a linear 1×1 gets below it.",
        least=number(best.loss),
        chance=number(math.log(2)),
    )


def _caption(found: Painted) -> Text:
    return text(
        "Trained with Adam, learning rate {rate}, with all {n} learned pixels in each step; at most {most} of each class, evenly spaced. "
        "Loss: cross-entropy. Shares are the mean of both classes, so guessing gives 50 %. The planes show the colours of one "
        "lightness, with the learned pixels as dots (A) and diamonds (B).",
        rate=RATE,
        n=exact(len(found.learned.labels)),
        most=exact(MOST_OF_A_CLASS),
    )


def _table(now: Learning) -> Table:
    head = ["Layer", "Parameters", "MACs a pixel", "Loss", "Right, learned", "Right, held out"]
    rows: list[list[Words]] = []
    for name, course in now.courses.items():
        counts = cost(course.network, (3, 1, 1))
        shares = percent(course.learned[-1]), percent(course.held_out[-1])
        numbers = exact(counts.parameters), exact(counts.macs), number(course.losses[-1])
        rows.append([TITLES[name], *numbers, *shares])
    return Table([text(name) for name in head], rows)


def _losses(now: Learning) -> Block:
    losses = {name: list(course.losses) for name, course in now.courses.items()}
    alt = text("Loss of the three networks on the learned pixels, after each step")
    return _lines("losses", now, losses, text("loss on learned pixels"), alt)


def _shares(now: Learning) -> Block:
    shares = {name: [100 * each for each in of.held_out] for name, of in now.courses.items()}
    alt = text("Share of held‑out pixels that the three networks get right, after each step")
    return _lines("shares", now, shares, text("% right on held‑out pixels"), alt)


def _lines(
    key: str, now: Learning, values: Mapping[str, Sequence[float]], y_title: Text, alt: Text
) -> Block:
    lines = {
        "x": list(now.steps),
        "lines": {LINES[name]: each for name, each in values.items()},
        "x_title": text("steps"),
        "y_title": y_title,
        "thick": (LINES["mlpconv"],),
    }
    return Chart(key, curves, lines, alt)


def _square(kind: int, row: float, column: float, side: int) -> tuple[int, int, int, int, int]:
    top, left = round(row - side / 2), round(column - side / 2)
    return kind, top, left, top + side, left + side


def _on_the_ring(kind: int, *degrees: float) -> BoxValues:
    """Squares on the mosaic's ring, at angles counter-clockwise from the right."""
    turns = [math.radians(each) for each in degrees]
    return tuple(
        _square(kind, 500 - 290 * math.sin(turn), 500 + 290 * math.cos(turn), 110) for turn in turns
    )


CLASSES = ("A", "B")
GREY = (_square(1, 500, 500, 200), (1, 15, 230, 95, 370), (1, 905, 630, 985, 770))
RING = (*_on_the_ring(0, *range(0, 360, 45)), *GREY)
HALVES = (*_on_the_ring(0, 0, 45, 315), *_on_the_ring(1, 135, 180, 225))
SECTION = Section(
    show,
    always("classifier_parameters", "training_steps", "training_seed"),
    opening={"painted": RING},
    picture="mosaic",
    views=(
        Suggestion("Two halves of the ring", {"painted": HALVES}),
        Suggestion("Maxout gets stuck", {"training_seed": 1}),
        Suggestion("8 parameters each", {"classifier_parameters": 8}),
    ),
    painting="painted",
)
