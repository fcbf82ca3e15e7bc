"""The contest: errors against k, the maps of every method at the present k, and what each costs."""

from __future__ import annotations

from collections.abc import Generator, Mapping

from torch import Tensor

from viz.figures.curves import curves
from viz.lessons.blocks import Block, Chart, Panel, Panels, Table, Words
from viz.lessons.lesson import Blocks, Long, Scene, Section
from viz.lessons.measured import Measured, Measuring
from viz.lessons.reduction.contest import (
    Entrant,
    entrant,
    group_max_errors,
    linear_curves,
    pieces,
)
from viz.lessons.reduction.decoding import decoding_rows
from viz.lessons.reduction.encoders import encoder_of
from viz.lessons.reduction.moments import moments_of
from viz.lessons.reduction.sections.looked_at import measuring, shown_channel
from viz.lessons.reduction.setting import METHODS, Setting
from viz.numbers import exact, number
from viz.progress import Progress
from viz.text import Text, text

NAMES = {name: Text(said) for name, said in METHODS.items()}


def show(scene: Scene[Setting]) -> Long:
    """The curves of all methods, then their maps and costs at the present k."""
    setting, maps = scene.setting, scene.input_of("reduce")
    measured = measuring(scene)
    errors = linear_curves(moments_of(measured), setting.seed)
    errors["max"] = yield from _of_group_max(measured, setting.channels)
    entrants = {}
    for name in METHODS:
        encoder = encoder_of(name, setting.channels, setting.kept, setting.seed, measured)
        encoder = encoder.to(maps.device)
        entrants[name] = entrant(encoder, decoding_rows(encoder(maps), maps), maps)
        yield None
    return [
        _chart(errors, setting),
        _maps(maps, entrants, shown_channel(scene)),
        _table(entrants),
    ]


def _of_group_max(
    measured: Measuring, channels: int
) -> Generator[Progress[Blocks] | None, None, list[float]]:
    errors: list[float] = []
    for first, last in pieces(channels):
        errors += measured(Measured(group_max_errors, first=first, last=last)).tolist()
        done = text("Decoding group max: {n} of {all} numbers", n=last, all=channels)
        yield Progress(last / (channels + 1), done)
    return errors


def _chart(errors: Mapping[str, list[float]], setting: Setting) -> Block:
    at = {name: errors[name][setting.kept - 1] for name in METHODS}
    lines = {
        "x": list(range(1, setting.channels + 1)),
        "lines": {NAMES[name]: errors[name] for name in METHODS},
        "x_title": text("channels kept, k of {n}", n=setting.channels),
        "y_title": text("relative error"),
        "thick": (NAMES["pca"],),
        "at": float(setting.kept),
    }
    alt = text(
        "Relative error against the number of channels kept, for {n} methods; at k = {k} it is {pca} for PCA and {worst} "
        "for the worst method",
        n=len(METHODS),
        k=setting.kept,
        pca=number(at["pca"]),
        worst=number(max(at.values())),
    )
    return Chart("contest", curves, lines, alt)


def _maps(maps: Tensor, entrants: Mapping[str, Entrant], shown: tuple[int, str]) -> Block:
    """The channel and what each method gives back of it, then what is missing."""
    at, name = shown
    original = Panel(text("Channel {name}", name=name), maps[at : at + 1], scale="decoded")
    decoded = [
        Panel(NAMES[each], found.decoded[at : at + 1], scale="decoded", note=_note(found))
        for each, found in entrants.items()
    ]
    nothing = Panel(text("Variance"), maps[at : at + 1], scale="missing")
    missing = [
        Panel(
            text("{method}: error", method=NAMES[each]),
            found.residual[at : at + 1],
            scale="missing",
        )
        for each, found in entrants.items()
    ]
    return Panels("contest_maps", [original, *decoded, nothing, *missing], height_px=180, columns=7)


def _note(found: Entrant) -> Text:
    return text("error {error}", error=number(found.error))


def _table(entrants: Mapping[str, Entrant]) -> Table:
    head = ["Method", "Relative error", "Parameters", "MACs", "Milliseconds"]
    rows: list[list[Words]] = [
        [
            NAMES[name],
            number(found.error),
            exact(found.encoder.parameters),
            exact(found.encoder.macs),
            f"{found.encode_ms:.2f}",
        ]
        for name, found in sorted(entrants.items(), key=lambda each: each[1].error)
    ]
    return Table([text(each) for each in head], rows)


SECTION = Section(show)
