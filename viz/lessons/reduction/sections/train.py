"""The 1×1 while it learns, beside PCA: its errors, a map that it gives back, and its rows."""

from __future__ import annotations

from torch import Tensor

from viz.figures.curves import curves
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import principal_rows
from viz.lessons.blocks import Block, Chart, Columns, Metrics, Panel, Panels
from viz.lessons.lesson import Long, Scene, Section, always
from viz.lessons.measured import Measured
from viz.lessons.reduction.contest import principal_errors
from viz.lessons.reduction.moments import linear_decoder, moments_of
from viz.lessons.reduction.sections.looked_at import measuring, shown_channel
from viz.lessons.reduction.setting import Setting
from viz.lessons.reduction.subspaces import cosines_of_rows, largest_cosine, principal_angles
from viz.lessons.reduction.training import Training, training
from viz.numbers import number
from viz.progress import Progress
from viz.text import text

REPORTED = 60  # steps between two reports
MAX_POINTS = 200  # of the curve


def show(scene: Scene[Setting]) -> Long:
    """Trains with progress, then compares the result with PCA."""
    setting, maps = scene.setting, scene.input_of("reduce")
    measured = measuring(scene)
    moments = moments_of(measured)
    rows = measured(Measured(principal_rows, outputs=setting.channels)).cpu()[: setting.kept]
    pca = principal_errors(moments)[setting.kept - 1]
    decoder, shown = linear_decoder(rows, moments), shown_channel(scene)
    yield None
    for seen in training(moments, setting.kept, setting.train_steps, setting.train_seed):
        if seen.steps % REPORTED or seen.steps == setting.train_steps:
            yield None
            continue
        sentence = text(
            "Adam, step {n} of {all}: error {error}, PCA {pca}",
            n=seen.steps,
            all=setting.train_steps,
            error=number(seen.errors[-1]),
            pca=number(pca),
        )
        newest = [_figures(seen, rows, pca), _errors(seen, pca, setting.train_steps)]
        newest.append(_maps(maps, seen, rows, decoder, shown))
        yield Progress(seen.steps / setting.train_steps, sentence, newest)
    return [
        _figures(seen, rows, pca),
        Columns(
            [[_errors(seen, pca, setting.train_steps)], [_rows(seen.encoder, rows)]],
            widths=(3, 2),
        ),
        _maps(maps, seen, rows, decoder, shown),
    ]


def _figures(seen: Training, rows: Tensor, pca: float) -> Block:
    above = 100 * (seen.errors[-1] / pca - 1) if pca > 1e-4 else 0.0
    angles = principal_angles(seen.encoder, rows)
    return Metrics(
        [
            (text("Error, trained"), number(seen.errors[-1])),
            (text("Error, PCA"), number(pca)),
            (text("Above PCA"), f"{above:.2f} %"),
            (text("Largest angle of the spaces"), f"{float(angles[-1]):.1f}°"),
            (text("Largest cosine of two rows"), number(largest_cosine(seen.encoder), 2)),
        ]
    )


def _errors(seen: Training, pca: float, steps: int) -> Block:
    every = max(1, -(-seen.steps // MAX_POINTS))
    at = [*range(0, seen.steps, every), seen.steps]
    line = {
        "x": at,
        "lines": {
            text("trained"): [seen.errors[n] for n in at],
            text("PCA"): [pca for _ in at],
        },
        "x_title": text("steps of Adam"),
        "y_title": text("relative error"),
        "thick": (text("trained"),),
        "x_ticks": [0, steps // 4, steps // 2, 3 * steps // 4, steps],
    }
    alt = text(
        "Relative error of the 1×1 after each of {n} steps, from {first} to {last}; that of PCA is {pca}",
        n=seen.steps,
        first=number(seen.errors[0]),
        last=number(seen.errors[-1]),
        pca=number(pca),
    )
    return Chart("training_errors", curves, line, alt)


def _rows(encoder: Tensor, rows: Tensor) -> Block:
    """The cosines between rows: they need not be orthogonal to span the space of PCA."""
    titles = {text("Cosines of PCA's rows"): rows, text("Cosines of the trained rows"): encoder}
    panels = [
        Panel(title, cosines_of_rows(of)[None], kind="weight", scale="cosines")
        for title, of in titles.items()
    ]
    return Panels("training_rows", panels, height_px=220, columns=2)


def _maps(
    maps: Tensor, seen: Training, rows: Tensor, decoder: Tensor, shown: tuple[int, str]
) -> Block:
    """The channel, what both decoders make of it, and what is missing."""
    at, name = shown
    channel = maps[at : at + 1]
    trained = _decoded(maps, seen.encoder, seen.decoder[at : at + 1])
    by_pca = _decoded(maps, rows, decoder[at : at + 1])
    return Panels(
        "training_maps",
        [
            Panel(text("Channel {name}", name=name), channel, scale="decoded"),
            Panel(text("Trained"), trained, scale="decoded"),
            Panel(text("PCA"), by_pca, scale="decoded"),
            Panel(text("Trained, error"), trained - channel, scale="missing"),
            Panel(text("PCA, error"), by_pca - channel, scale="missing"),
        ],
        height_px=200,
        columns=5,
    )


def _decoded(maps: Tensor, encoder: Tensor, affine: Tensor) -> Tensor:
    """Some channels after encoder and decoder, which are one 1×1 together."""
    weight = (affine[:, :-1] @ encoder.double()).float()
    decoded: Tensor = Pointwise(weight, affine[:, -1].float()).to(maps.device)(maps)
    return decoded


SECTION = Section(show, always("train_steps", "train_seed"))
