"""What the channels have in common, before the reduction and after it, and the energy that k numbers keep."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from viz.figures.correlations import correlations as heat_map
from viz.figures.curves import curves
from viz.lessons.bank_of_50 import (
    ANGLES,
    BANK_CHANNELS,
    CHANNELS,
    OF_AN_ORIENTATION,
    ORIENTATIONS,
    PHASES,
    WAVELENGTHS_PX,
)
from viz.lessons.blocks import Block, Chart, Columns, Prose, Table, Words
from viz.lessons.lesson import Scene, Section
from viz.lessons.reduction.correlation import (
    correlations,
    energy_kept,
    in_common,
    numbers_for,
    of_neighbours,
)
from viz.lessons.reduction.encoders import encoder_of, matrix_of
from viz.lessons.reduction.moments import moments_of
from viz.lessons.reduction.setting import Setting
from viz.text import Text, text

SHAPE = (ORIENTATIONS, len(WAVELENGTHS_PX), PHASES)
SHARES = (0.9, 0.95, 0.99)
NEIGHBOURS = {
    "wavelength": text("a channel and the next wavelength"),
    "orientation": text("a channel and the next orientation"),
    "phase": text("a channel and the other phase"),
}


def show(scene: Scene[Setting]) -> list[Block]:
    """The energy against k, the correlations before and after, and what neighbours share."""
    measured, setting = scene.measuring(scene.setting.reducing), scene.setting
    covariance, k = moments_of(measured).covariance, setting.kept
    before, kept = correlations(covariance), energy_kept(covariance)
    after = {
        title: correlations(
            _reduced(covariance, encoder_of(name, setting.channels, k, 0, measured))
        )
        for title, name in (
            (text("{k} group means", k=k), "mean"),
            (text("{k} numbers of PCA", k=k), "pca"),
        )
    }
    return [
        Prose(_numbers(kept), "heading"),
        Columns([[_of_channels(before)], *([_of_numbers(*each)] for each in after.items())]),
        Columns([[_energy(kept, k)], [_table(before, after)]], widths=(3, 2), align="center"),
    ]


def _reduced(covariance: Tensor, encoder: nn.Module) -> Tensor:
    """The covariance of the numbers that a 1×1 makes of the channels."""
    rows = matrix_of(encoder, len(covariance))
    assert rows is not None, "both methods are a 1×1"
    return rows.double() @ covariance @ rows.double().T


def _numbers(kept: Tensor) -> Text:
    few, more, most = (numbers_for(kept, share) for share in SHARES)
    return text(
        "Of {all} channels, **{few}** numbers keep 90 % of the energy, **{more}** keep 95 %, **{most}** keep 99 %.",
        all=len(kept) - 1,
        few=few,
        more=more,
        most=most,
    )


def _of_channels(matrix: Tensor) -> Chart:
    """All channels, orientation by orientation; in each first one phase, then the other."""
    n = len(matrix)
    order = torch.arange(CHANNELS).view(SHAPE).transpose(1, 2).flatten()
    order = order[order < n]
    sizes = (order // OF_AN_ORIENTATION).bincount().tolist()
    arguments = {
        "matrix": matrix[order][:, order],
        "names": [BANK_CHANNELS.names[at] for at in order.tolist()],
        "title": text("{n} channels", n=n),
        "groups": dict(zip(ANGLES.names, sizes, strict=False)),
    }
    alt = text("Correlations of {n} channels, in blocks of one orientation", n=n)
    return Chart("before", heat_map, arguments, alt, themed=True)


def _of_numbers(title: Text, matrix: Tensor) -> Chart:
    names = [str(n + 1) for n in range(len(matrix))]
    alt = text("Correlations of {numbers}", numbers=title)
    arguments = {"matrix": matrix, "names": names, "title": title, "with_scale": False}
    return Chart(f"after {title.message}", heat_map, arguments, alt, themed=True)


def _energy(kept: Tensor, k: int) -> Chart:
    count = len(kept) - 1
    lines = {
        "x": list(range(count + 1)),
        "lines": {
            text("PCA"): (100 * kept).tolist(),
            text("unrelated"): [100 * n / count for n in range(count + 1)],
        },
        "x_title": text("numbers a pixel, k"),
        "y_title": text("energy kept, %"),
        "thick": (text("PCA"),),
        "at": float(k),
    }
    alt = text(
        "Energy that k numbers keep, and what k of {n} unrelated channels would keep", n=count
    )
    return Chart("energy", curves, lines, alt)


def _table(before: Tensor, after: Mapping[Text, Tensor]) -> Table:
    """Mean and largest |r| of all pairs, then the mean |r| of neighbouring channels."""
    head = [text("correlation, without its sign"), text("mean"), text("largest")]
    every = {text("{n} channels", n=len(before)): before, **after}
    rows: list[list[Words]] = [
        [name, *(f"{r:.2f}" for r in in_common(matrix))] for name, matrix in every.items()
    ]
    rows += [[NEIGHBOURS[name], f"{r:.2f}", ""] for name, r in of_neighbours(before, SHAPE).items()]
    return Table(head, rows)


SECTION = Section(show)
