"""The contest: errors against k, the maps of every method at the present k, and what each costs."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

from torch import Tensor, nn

from viz.figures.rivals import rivals
from viz.layers.pointwise import Pointwise
from viz.lessons.blocks import Block, Chart, Panel, Panels, Prose, Table, Words
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
from viz.lessons.reduction.sections.looked_at import shown_channel
from viz.lessons.reduction.setting import METHODS, Setting
from viz.lessons.reduction.training import training
from viz.numbers import exact, number
from viz.progress import Progress
from viz.text import Text, text

NAMES = {name: Text(said) for name, said in METHODS.items()}
TRAINED = text("trained 1×1")
REPORTED = 200  # steps of the training between two reports
ACROSS = 4  # panels in a row


def show(scene: Scene[Setting]) -> Long:
    """The curves of all methods, then their maps and costs at the present k; the trained 1×1 last."""
    setting, measured = scene.setting, scene.measuring(scene.setting.reducing)
    errors = yield from linear_curves(moments_of(measured), setting.seed)
    errors["max"] = yield from _of_group_max(measured, setting.channels)
    entrants = dict[Text, Entrant]()
    maps = scene.input_of(scene.setting.reducing)
    for name in METHODS:
        encoder = encoder_of(name, setting.channels, setting.kept, setting.seed, measured)
        entrants[NAMES[name]] = yield from _entrant(encoder, maps)
    shown = _shown(scene, errors, maps, entrants)
    rows = yield from _trained(setting, measured, shown)
    entrants[TRAINED] = yield from _entrant(Pointwise(rows.float()), maps)
    return _shown(scene, errors, maps, entrants)


def _entrant(encoder: nn.Module, maps: Tensor) -> Generator[None, None, Entrant]:
    encoder = encoder.to(maps.device)
    yield
    affine = decoding_rows(encoder(maps), maps)
    yield
    return (yield from entrant(encoder, affine, maps))


def _of_group_max(
    measured: Measuring, channels: int
) -> Generator[Progress[Blocks] | None, None, list[float]]:
    errors: list[float] = []
    for first, last in pieces(channels):
        errors += measured(Measured(group_max_errors, first=first, last=last)).tolist()
        done = text("Decoding group max: {n} of {all} numbers", n=last, all=channels)
        yield Progress(last / channels / 2, done)
    return errors


def _trained(
    setting: Setting, measured: Measuring, shown: Blocks
) -> Generator[Progress[Blocks] | None, None, Tensor]:
    """The rows of the 1×1 that learns; what is known already is shown meanwhile."""
    steps = setting.train_steps
    for seen in training(moments_of(measured), setting.kept, steps, setting.train_seed):
        done = text("Training the 1×1: step {n} of {all}", n=seen.steps, all=steps)
        told = seen.steps % REPORTED == 0
        yield Progress(0.5 + 0.5 * seen.steps / steps, done, shown) if told else None
    return seen.encoder


def _shown(
    scene: Scene[Setting],
    errors: Mapping[str, Sequence[float]],
    maps: Tensor,
    entrants: Mapping[Text, Entrant],
) -> Blocks:
    at, name = shown_channel(scene)
    return [
        Prose(_sentence(entrants, scene.setting), "heading"),
        _chart(errors, entrants, scene.setting),
        _maps(maps, entrants, at, name),
        Prose(_of_one(name), "caption"),
        _table(entrants),
        Prose(_of_costs(scene.setting), "caption"),
    ]


def _sentence(entrants: Mapping[Text, Entrant], setting: Setting) -> Text:
    """The best error, and whether training reaches it."""
    counts = {"all": setting.channels, "k": setting.kept}
    pca = number(entrants[NAMES["pca"]].error)
    if TRAINED not in entrants:
        return text(
            "{all} channels from {k} numbers a pixel: the smallest error is PCA's, **{pca}**. A 1×1 is being trained.",
            pca=pca,
            **counts,
        )
    return text(
        "{all} channels from {k} numbers a pixel: the smallest error is PCA's, **{pca}**. A trained 1×1 comes to **{trained}**.",
        pca=pca,
        trained=number(entrants[TRAINED].error),
        **counts,
    )


def _chart(
    errors: Mapping[str, Sequence[float]], entrants: Mapping[Text, Entrant], setting: Setting
) -> Block:
    at = {name: errors[name][setting.kept - 1] for name in METHODS}
    lines = {
        "x": list(range(1, setting.channels + 1)),
        "lines": {NAMES[name]: list(errors[name]) for name in METHODS},
        "main": NAMES["pca"],
        "at": float(setting.kept),
        "alone": {name: entrants[name].error for name in (TRAINED,) if name in entrants},
        "x_title": text("channels kept, k of {n}", n=setting.channels),
        "y_title": text("error of all channels"),
    }
    alt = text(
        "Relative error against the number of channels kept, for {n} methods; at k = {k} it is {pca} for PCA and {worst} "
        "for the worst method",
        n=len(METHODS),
        k=setting.kept,
        pca=number(at["pca"]),
        worst=number(max(at.values())),
    )
    return Chart("contest", rivals, lines, alt)


def _of_one(name: str) -> Text:
    return text(
        "Channel {name}, as on the canvas: what comes back of it, and below that what is missing. These errors are of this "
        "channel alone; a method may serve one channel better than another. The chart and the table are about all channels.",
        name=name,
    )


def _of_costs(setting: Setting) -> Text:
    """Why a mean of groups has no parameters, though it is a 1×1."""
    return text(
        "Counted as the layer runs. A group mean only adds and divides; as a 1×1 it has {weights} fixed weights, "
        "most of them 0. Pools and kept channels have nothing to learn.",
        weights=exact(setting.channels * setting.kept),
    )


def _maps(maps: Tensor, entrants: Mapping[Text, Entrant], at: int, name: str) -> Block:
    """Rows of maps that come back, the best first; below each row what is missing in each of them."""
    channel = maps[at : at + 1]
    nothing = channel.mean().expand_as(channel)
    back = [(text("Channel {name}", name=name), channel)]
    lost = [(text("mean alone, error 1"), nothing - channel)]
    for method, found in sorted(entrants.items(), key=lambda each: each[1].error):
        error = number(found.errors[at])
        back.append((method, found.decoded[at : at + 1]))
        lost.append((text("missing, error {error}", error=error), found.residual[at : at + 1]))
    panels: list[Panel] = []
    for first in range(0, len(back), ACROSS):
        row = slice(first, first + ACROSS)
        panels += [Panel(title, shown, scale="back") for title, shown in back[row]]
        panels += [Panel(title, shown, scale="lost") for title, shown in lost[row]]
    return Panels("contest_maps", panels, height_px=280, columns=ACROSS)


def _table(entrants: Mapping[Text, Entrant]) -> Table:
    head = ["Method", "Error, all channels", "Parameters", "MACs", "Milliseconds", "Decoder's MACs"]
    rows: list[list[Words]] = [
        [
            name,
            number(found.error),
            exact(found.encoder.parameters),
            exact(found.encoder.macs),
            f"{found.encode_ms:.2f}",
            exact(found.decoder.macs),
        ]
        for name, found in sorted(entrants.items(), key=lambda each: each[1].error)
    ]
    return Table([text(each) for each in head], rows)


SECTION = Section(show)
