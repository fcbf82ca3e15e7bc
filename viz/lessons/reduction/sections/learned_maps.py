"""A channel that comes back better and better while the 1×1 learns, and the rows that it ends with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor

from viz.layers.pointwise import Pointwise
from viz.lessons.blocks import Block, Columns, Panel, Panels, Prose
from viz.lessons.reduction.subspaces import cosines_of_rows, largest_cosine
from viz.lessons.reduction.training import Training
from viz.numbers import number
from viz.text import Text, text


class Rival(NamedTuple):
    """PCA, beside which the 1×1 learns: its rows `(k, C)`, its decoder `(C, k + 1)`, its error."""

    rows: Tensor
    decoder: Tensor
    error: float


def learned_maps(
    states: Sequence[Training], rival: Rival, maps: Tensor, at: int, name: str
) -> Panels:
    """What comes back of one channel after some steps and from PCA; below each map what is missing.

    Args:
        states: in the order of their steps.
        rival: PCA of as many numbers.
        maps: `(C, H, W)`, on the device that computes.
        at: the channel.
        name: its name.
    """
    channel = maps[at : at + 1]
    back = {text("After {n} steps", n=seen.steps): (seen.encoder, seen.decoder) for seen in states}
    decoded = {
        title: _decoded(maps, rows, decoder[at : at + 1])
        for title, (rows, decoder) in (*back.items(), (text("PCA"), (rival.rows, rival.decoder)))
    }
    shown = [Panel(text("Channel {name}", name=name), channel, scale="back")]
    shown += [Panel(title, each, scale="back") for title, each in decoded.items()]
    nothing = channel.mean().expand_as(channel)
    missing = [Panel(text("mean alone, error 1"), nothing - channel, scale="lost")]
    missing += [_missing(each - channel, channel) for each in decoded.values()]
    return Panels("training_maps", [*shown, *missing], height_px=260, columns=len(shown))


def _missing(residual: Tensor, channel: Tensor) -> Panel:
    whole = float((channel - channel.mean()).norm())
    error = float(residual.norm()) / whole if whole > 1e-6 else 0.0
    return Panel(text("missing, error {error}", error=number(error)), residual, scale="lost")


def _decoded(maps: Tensor, encoder: Tensor, affine: Tensor) -> Tensor:
    """Some channels after encoder and decoder, which are one 1×1 together."""
    weight = (affine[:, :-1] @ encoder.double()).float()
    decoded: Tensor = Pointwise(weight, affine[:, -1].float()).to(maps.device)(maps)
    return decoded


def cosines(seen: Training, rival: Rival, angle: float) -> Block:
    """The cosines between the rows of both, and what they say."""
    panels = [
        Panel(title, cosines_of_rows(rows)[None], kind="weight", scale="cosines")
        for title, rows in (
            (text("Trained: cosines of its rows"), seen.encoder),
            (text("PCA: cosines of its rows"), rival.rows),
        )
    ]
    return Columns(
        [
            [Panels("training_cosines", panels, height_px=280, columns=2)],
            [Prose(_same_space(seen, angle))],
        ],
        widths=(3, 2),
        align="center",
    )


def _same_space(seen: Training, angle: float) -> Text:
    return text(
        "Off the diagonal PCA's rows have cosine 0: they are orthogonal. Two trained rows have a cosine of up to **{cosine}**, "
        "whatever its sign. Yet both span nearly the same space: no direction in one is more than **{angle}°** away from the other.",
        cosine=number(largest_cosine(seen.encoder), 2),
        angle=f"{angle:.1f}",
    )
