"""The 1×1 while it learns, beside PCA: its errors, a map that it gives back, and its rows."""

from __future__ import annotations

from math import log10

import torch
from torch import Tensor

from viz.figures.curves import curves
from viz.layers.recipes import principal_rows
from viz.lessons.blocks import Block, Chart, Columns, Metrics
from viz.lessons.lesson import Long, Scene, Section, always
from viz.lessons.measured import Measured, Measuring
from viz.lessons.reduction.contest import principal_errors
from viz.lessons.reduction.moments import linear_decoder, moments_of
from viz.lessons.reduction.sections.learned_maps import Rival, cosines, learned_maps
from viz.lessons.reduction.sections.looked_at import shown_channel
from viz.lessons.reduction.setting import Setting
from viz.lessons.reduction.subspaces import principal_angles
from viz.lessons.reduction.training import STEPS_AT_ONCE, Training, training
from viz.numbers import number
from viz.progress import Progress
from viz.text import text

REPORTED = 60  # steps between two reports
EARLIER = (20, 100)  # steps whose maps stay in view beside those of the last one
MAX_POINTS = 200  # of a curve


def show(scene: Scene[Setting]) -> Long:
    """Trains with progress, then compares the result with PCA."""
    setting, maps = scene.setting, scene.input_of(scene.setting.reducing)
    measured = scene.measuring(setting.reducing)
    rival, moments = _pca(setting, measured), moments_of(measured)
    looked_at = (maps, *shown_channel(scene))
    angles, steps, earlier = list[float](), setting.train_steps, list[Training]()
    yield None
    for seen in training(moments, setting.kept, steps, setting.train_seed):
        angles.append(float(principal_angles(seen.encoder, rival.rows)[-1]))
        if seen.steps in EARLIER:
            earlier.append(seen)
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
        shown = _shown(seen, earlier, rival, angles, looked_at)
        yield Progress(seen.steps / steps, sentence, shown)
    return _shown(seen, earlier, rival, angles, looked_at)


def _pca(setting: Setting, measured: Measuring) -> Rival:
    rows = measured(Measured(principal_rows, outputs=setting.channels)).cpu()[: setting.kept]
    moments = moments_of(measured)
    error = principal_errors(moments)[setting.kept - 1]
    return Rival(rows, linear_decoder(rows, moments), error)


def _shown(
    seen: Training,
    earlier: list[Training],
    rival: Rival,
    angles: list[float],
    looked_at: tuple[Tensor, int, str],
) -> list[Block]:
    states = [*earlier, *[seen] * (len(EARLIER) + 1 - len(earlier))]  # so that nothing jumps
    return [
        _figures(seen, rival, angles[-1]),
        Columns([[_errors(seen, rival.error)], [_angles(seen, angles)]]),
        learned_maps(states, rival, *looked_at),
        cosines(seen, rival, angles[-1]),
    ]


def _figures(seen: Training, rival: Rival, angle: float) -> Block:
    above = 100 * (seen.errors[-1] / rival.error - 1) if rival.error > 1e-4 else 0.0
    return Metrics(
        [
            (text("Error, trained"), number(seen.errors[-1])),
            (text("Error, PCA"), number(rival.error)),
            (text("Above PCA"), f"{above:.2f} %"),
            (text("Angle to PCA's space"), f"{angle:.1f}°"),
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


SECTION = Section(show, always("train_steps", "train_seed"))
