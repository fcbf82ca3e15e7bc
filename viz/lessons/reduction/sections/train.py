"""The 1×1 while it learns, beside PCA: its errors, a map that it gives back, and its rows."""

from __future__ import annotations

from math import log10
from typing import NamedTuple

import torch
from torch import Tensor

from viz.figures.curves import curves
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import principal_rows
from viz.lessons.blocks import Block, Chart, Columns, Metrics, Panel, Panels
from viz.lessons.lesson import Long, Scene, Section, always
from viz.lessons.measured import Measured, Measuring
from viz.lessons.reduction.contest import principal_errors
from viz.lessons.reduction.moments import linear_decoder, moments_of
from viz.lessons.reduction.sections.looked_at import (
    shown_channel,
)
from viz.lessons.reduction.setting import Setting
from viz.lessons.reduction.subspaces import cosines_of_rows, largest_cosine, principal_angles
from viz.lessons.reduction.training import STEPS_AT_ONCE, Training, training
from viz.numbers import number
from viz.progress import Progress
from viz.text import text

REPORTED = 60  # steps between two reports
MAX_POINTS = 200  # of a curve


class Rival(NamedTuple):
    """PCA, beside which the 1×1 learns: its rows `(k, C)`, its decoder `(C, k + 1)`, its error."""

    rows: Tensor
    decoder: Tensor
    error: float


def show(scene: Scene[Setting]) -> Long:
    """Trains with progress, then compares the result with PCA."""
    setting, maps = scene.setting, scene.input_of("reduce")
    rival, moments = _pca(setting, scene.measuring("reduce")), moments_of(scene.measuring("reduce"))
    channel, name = shown_channel(scene)
    angles, steps = list[float](), setting.train_steps
    yield None
    for seen in training(moments, setting.kept, steps, setting.train_seed):
        angles.append(float(principal_angles(seen.encoder, rival.rows)[-1]))
        if seen.steps % REPORTED or seen.steps == steps:
            yield None
            continue
        sentence = text(
            "Adam, step {n} of {all}: error {error}, PCA {pca}",
            n=seen.steps,
            all=steps,
            error=number(seen.errors[-1]),
            pca=number(rival.error),
        )
        yield Progress(
            seen.steps / steps, sentence, _shown(seen, rival, angles, maps, channel, name)
        )
    return _shown(seen, rival, angles, maps, channel, name)


def _pca(setting: Setting, measured: Measuring) -> Rival:
    rows = measured(Measured(principal_rows, outputs=setting.channels)).cpu()[: setting.kept]
    moments = moments_of(measured)
    error = principal_errors(moments)[setting.kept - 1]
    return Rival(rows, linear_decoder(rows, moments), error)


def _shown(
    seen: Training, rival: Rival, angles: list[float], maps: Tensor, channel: int, name: str
) -> list[Block]:
    charts = Columns([[_errors(seen, rival.error)], [_angles(seen, angles)]])
    return [_figures(seen, rival, angles[-1]), charts, _maps(maps, seen, rival, channel, name)]


def _figures(seen: Training, rival: Rival, angle: float) -> Block:
    above = 100 * (seen.errors[-1] / rival.error - 1) if rival.error > 1e-4 else 0.0
    return Metrics(
        [
            (text("Error, trained"), number(seen.errors[-1])),
            (text("Error, PCA"), number(rival.error)),
            (text("Above PCA"), f"{above:.2f} %"),
            (text("Largest angle"), f"{angle:.1f}°"),
            (text("Largest cosine"), number(largest_cosine(seen.encoder), 2)),
        ]
    )


def _errors(seen: Training, pca: float) -> Block:
    """Against the logarithm of the step: most is learned in the first hundred."""
    every = 10 ** (torch.linspace(0, log10(max(1, seen.steps)), MAX_POINTS))
    at = sorted({int(step) for step in every.tolist()} | {max(1, seen.steps)})
    at = [step for step in at if step <= seen.steps] or [0]
    line = {
        "x": [log10(max(1, step)) for step in at],
        "lines": {text("trained"): [seen.errors[n] for n in at], text("PCA"): [pca] * len(at)},
        "x_title": text("steps of Adam"),
        "y_title": text("relative error"),
        "thick": (text("trained"),),
        "x_ticks": [0, 1, 2, 3],
        "x_labels": ["1", "10", "100", "1000"],
    }
    alt = text(
        "Relative error of the 1×1 after each of {n} steps, from {first} to {last}; that of PCA is {pca}",
        n=seen.steps,
        first=number(seen.errors[0]),
        last=number(seen.errors[-1]),
        pca=number(pca),
    )
    return Chart("training_errors", curves, line, alt)


def _angles(seen: Training, angles: list[float]) -> Block:
    steps = [min(n * STEPS_AT_ONCE, seen.steps) for n in range(len(angles))]
    line = {
        "x": steps,
        "lines": {text("angle"): angles},
        "x_title": text("steps of Adam"),
        "y_title": text("largest angle to PCA's space, degrees"),
        "thick": (text("angle"),),
    }
    alt = text(
        "Largest angle between the space of the trained rows and that of PCA, from {first} to {last} degrees",
        first=number(angles[0]),
        last=number(angles[-1]),
    )
    return Chart("training_angles", curves, line, alt)


def _maps(maps: Tensor, seen: Training, rival: Rival, at: int, name: str) -> Block:
    """What both decoders give back, what is missing, and the cosines between the rows of both."""
    channel = maps[at : at + 1]
    trained = _decoded(maps, seen.encoder, seen.decoder[at : at + 1])
    by_pca = _decoded(maps, rival.rows, rival.decoder[at : at + 1])
    nothing = channel.mean().expand_as(channel)
    cosines = {
        "trained": cosines_of_rows(seen.encoder)[None],
        "pca": cosines_of_rows(rival.rows)[None],
    }
    return Panels(
        "training_maps",
        [
            Panel(text("Channel {name}", name=name), channel, scale="back"),
            Panel(text("Trained"), trained, scale="back"),
            Panel(text("PCA"), by_pca, scale="back"),
            Panel(
                text("Cosines, trained rows"), cosines["trained"], kind="weight", scale="cosines"
            ),
            Panel(text("Mean alone, error"), nothing - channel, scale="lost"),
            Panel(text("Trained, error"), trained - channel, scale="lost"),
            Panel(text("PCA, error"), by_pca - channel, scale="lost"),
            Panel(text("Cosines, PCA's rows"), cosines["pca"], kind="weight", scale="cosines"),
        ],
        height_px=180,
        columns=4,
    )


def _decoded(maps: Tensor, encoder: Tensor, affine: Tensor) -> Tensor:
    """Some channels after encoder and decoder, which are one 1×1 together."""
    weight = (affine[:, :-1] @ encoder.double()).float()
    decoded: Tensor = Pointwise(weight, affine[:, -1].float()).to(maps.device)(maps)
    return decoded


SECTION = Section(show, always("train_steps", "train_seed"))
