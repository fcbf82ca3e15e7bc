"""Predictions about pooling over channels."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Literal

import torch
from torch import Tensor

from viz.layers.cross_channel_pooling import Maxout, pool_channels, winning_channel
from viz.lessons.agreement import relative_error
from viz.lessons.answers import inside_and_outside, where_largest, which_of, worth_asking
from viz.lessons.bank_of_50 import CHANNELS, OF_AN_ORIENTATION, PHASES, WAVELENGTHS_PX
from viz.lessons.cross_channel_pooling.complex_cell import phases_swept
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.cross_channel_pooling.shuffling import shuffled
from viz.lessons.question import Number, Question
from viz.lessons.scene import Scene
from viz.numbers import number
from viz.text import text
from viz.trace import cost

MOST_PIECES = 10
MOST_PIXELS = 20_000  # that a 1×1 is fitted to
STEADY = 0.05  # the modulation of a unit that answers the same
SAME = 1e-3  # a relative error that is rounding


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """The questions of a Setting, on the maps of the bank in their original order."""
    maps, setting = scene.input_of(scene.setting.after_bank), scene.setting
    made = (_linear(setting), _parameters(setting), _finest(maps), _shuffled(maps, setting))
    return worth_asking(scene, (*made, _phase()))


def _group(setting: Setting) -> int:
    """The size of the Setting's groups; a group of one is no question."""
    return setting.group if setting.group > 1 else OF_AN_ORIENTATION


def _linear(setting: Setting) -> Question:
    n = _group(setting)
    because = (
        text("The largest of a sum is not the sum of the largest, so no matrix gives the max."),
        text("The mean is a 1×1: {n} weights of 1/{n} for a group, 0 for all others.", n=n),
    )
    return Question(
        "linear",
        text("Which of these is exactly a 1×1 convolution?"),
        which_of(
            (text("the max over groups of {n}", n=n), text("the mean over groups of {n}", n=n)),
            (adds_up("max", n), adds_up("mean", n)),
            because,
        ),
        text("A mean adds up and divides, and a matrix can do both."),
        {"kind": "mean", "group": n},
    )


def adds_up(mode: Literal["max", "mean"], group: int) -> bool:
    """Whether pooling the sum of two maps is the sum of both pooled, up to rounding."""
    one, other = torch.randn(2, CHANNELS, 1, 64, generator=torch.Generator().manual_seed(0))
    both, first, second = (
        pool_channels(each, group, mode=mode) for each in (one + other, one, other)
    )
    return bool((both - first - second).abs().max() < SAME)


def _parameters(setting: Setting) -> Question:
    units, pieces = setting.units, setting.pieces % MOST_PIECES + 1
    layer = Maxout(torch.empty(units, pieces, CHANNELS, device="meta"))
    right = cost(layer, (CHANNELS, 1, 1)).parameters
    sizes = {"units": units, "pieces": pieces, "channels": CHANNELS}
    return Question(
        "parameters",
        text(
            "Maxout reads all {channels} channels. With Units {units} and Pieces {pieces}, how many weights and biases has it?",
            **sizes,
        ),
        Number(
            right,
            "",
            text(
                "Each of the {units} × {pieces} pieces has {channels} weights and a bias.", **sizes
            ),
        ),
        text(
            "{units} × {pieces} × ({channels} + 1) = {right}. The group max has none.",
            right=right,
            **sizes,
        ),
        {"kind": "maxout", "units": units, "pieces": pieces},
    )


def _finest(maps: Tensor) -> Question | None:
    wins = finest_wins(maps)
    answer = where_largest(wins, text("There wider bars win more often."))
    if answer is None:
        return None
    there, elsewhere = inside_and_outside(wins, answer)
    return Question(
        "finest",
        text(
            "Of each orientation’s {n} channels only the largest is kept. Where do the finest bars, {px} px wide, win most often?",
            n=OF_AN_ORIENTATION,
            px=f"{WAVELENGTHS_PX[0]:g}",
        ),
        answer,
        text(
            "In the marked places they win at {there} % of the pixels, elsewhere at {elsewhere} %. Fine bars suit fine texture.",
            there=round(100 * there),
            elsewhere=round(100 * elsewhere),
        ),
        {"kind": "max", "group": OF_AN_ORIENTATION, "winner": True, "shuffled": False},
    )


def finest_wins(maps: Tensor) -> Tensor:
    """How many of the orientations the finest bars win at each pixel, of `(50, H, W)`; `(H, W)`."""
    return (winning_channel(maps, OF_AN_ORIENTATION) < PHASES).float().mean(0)


def _shuffled(maps: Tensor, setting: Setting) -> Question:
    n = _group(setting)
    found = shuffled(thinned(maps), n, setting.shuffle_seed)
    stays = found.wrecked_error < SAME, relative_error(found.refitted, found.fitted) < SAME
    r = number(found.wrecked_correlation, 2)
    of_max = text("Its groups hold other channels now.", r=r)
    if stays[0]:
        of_max = text("Over all channels a max does not depend on their order.")
    return Question(
        "shuffled",
        text("The {n} channels are shuffled. Which layer still gives its old maps?", n=CHANNELS),
        which_of(
            (text("the max over {n} neighbours", n=n), text("a 1×1 that is fitted again")),
            stays,
            (of_max, text("A 1×1 has a weight for each channel, wherever it stands in the list.")),
        ),
        text(
            "The order of channels means nothing to a 1×1. The max has a correlation of {r} with its old maps.",
            r=r,
        ),
        {"kind": "fitted", "group": n, "shuffled": True},
    )


def thinned(maps: Tensor) -> Tensor:
    """Every so many rows and columns of large maps: fits to all pixels would take a second.

    >>> thinned(torch.zeros(1, 300, 200)).shape
    torch.Size([1, 150, 100])
    """
    step = ceil((maps[0].numel() / MOST_PIXELS) ** 0.5)
    return maps[:, ::step, ::step]


def _phase() -> Question:
    depth = phases_swept().modulation_depth
    two, energy = (round(100 * depth[name]) for name in ("two", "energy"))
    return Question(
        "phase",
        text(
            "A bar moves by half a wavelength. Two filters, 90° of phase apart, are pooled: which unit answers as before?"
        ),
        which_of(
            (text("the max, after a ReLU"), text("the mean of the squares")),
            (depth["two"] < STEADY, depth["energy"] < STEADY),
            (
                text(
                    "Where both phases are negative, the ReLU leaves nothing.",
                    n=two,
                ),
                text("cos² + sin² is constant.", n=energy),
            ),
        ),
        text(
            "The max swings by {two} % as the bar moves, the mean of squares by {energy} %.",
            two=two,
            energy=energy,
        ),
        {"part": "phase"},
    )
