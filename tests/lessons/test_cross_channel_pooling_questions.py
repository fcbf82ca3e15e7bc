"""The questions about cross-channel pooling: every right answer by another method."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from looking import noise, shipped
from predicting import Array, asked, cells, loudest, maps_of, option, revealed, right
from torch import Tensor

from viz.layers.gabor import gabor_banks
from viz.lessons.bank_of_50 import BANK, BANK_CHANNELS
from viz.lessons.cross_channel_pooling import LESSON
from viz.lessons.cross_channel_pooling.setting import Setting

PICTURES = {"chelsea": lambda: shipped("chelsea", 96), "brick": lambda: shipped("brick", 80)}
SETTINGS = (
    Setting(),
    Setting(kind="maxout", group=25, units=1, pieces=10, part="phase"),
    Setting(kind="mean", group=50, shuffled=True, shuffle_seed=3, winner=True),
)
views = pytest.mark.parametrize(
    ("setting", "name"), [(setting, name) for setting in SETTINGS for name in PICTURES]
)


def bank(pixels: Tensor) -> Array:
    """The fifty maps in their order."""
    return maps_of(LESSON, Setting(kind="max", group=1), pixels)


@views
def test_a_matrix_gives_the_mean_but_not_the_max(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    found = asked(LESSON, setting, pixels)
    if "linear" not in found:
        assert setting.kind == "mean"  # it is on the canvas
        return
    shown = revealed(setting, found["linear"], shuffled=False)
    values = bank(pixels).reshape(50, -1)[:, ::7]
    missed = {}
    for kind in ("max", "mean"):
        wanted = maps_of(LESSON, revealed(shown, found["linear"], kind=kind), pixels)
        wanted = wanted.reshape(len(wanted), -1)[:, ::7]
        matrix, *_ = np.linalg.lstsq(values.T, wanted.T, rcond=None)
        missed[kind] = np.abs(values.T @ matrix - wanted.T).max()
    assert missed["mean"] < 1e-4 < missed["max"]
    assert option(found["linear"]) == f"the mean over groups of {shown.group}"


@views
def test_the_parameters_are_those_of_the_layer(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    question = asked(LESSON, setting, pixels)["parameters"]
    shown = revealed(setting, question, maxout_weights="random")
    layer = LESSON.network(shown, pixels).get_submodule("pooling")
    assert right(question) == sum(weights.numel() for weights in layer.parameters())
    assert (shown.units, shown.pieces) != (setting.units, setting.pieces)


@views
def test_the_finest_bars_win_where_their_maps_are_largest(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    question = asked(LESSON, setting, pixels)["finest"]
    of_4_px = np.array([" 4 px" in each for each in BANK_CHANNELS.names]).reshape(5, 10)
    winners = bank(pixels).reshape(5, 10, *pixels.shape[1:]).argmax(1)
    wins = np.stack([own[won] for own, won in zip(of_4_px, winners, strict=True)]).mean(0)
    found, grid = cells(question)
    assert found == loudest(wins, grid)


@views
def test_only_a_max_depends_on_the_order_of_channels(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    question = asked(LESSON, setting, pixels)["shuffled"]
    keeps = {}
    for kind in ("max", "fitted"):
        shown = revealed(setting, question, kind=kind, winner=False)
        shuffled = maps_of(LESSON, shown, pixels)
        ordered = maps_of(LESSON, replace(shown, shuffled=False), pixels)
        keeps[kind] = np.abs(shuffled - ordered).max() < 1e-2 * np.abs(ordered).max()
    assert keeps == {"max": shown.group == 50, "fitted": True}
    expected = "both" if keeps["max"] else "a 1×1 that is fitted again"
    assert option(question) == expected


def test_the_mean_of_squares_answers_a_moved_bar_as_before() -> None:
    """Bars drawn as sine gratings, before and after a step of half a wavelength."""
    question = asked(LESSON, Setting(), noise())["phase"]
    even, odd = gabor_banks(BANK.orientations, phases=2, wavelengths_px=(8.0,))[:2]
    rows = torch.arange(even.shape[0])[:, None].expand_as(even)
    turns = [torch.cos(2 * math.pi * (rows / 8 + step)) for step in (0.1, 0.6)]
    pairs = [torch.stack([(even * each).sum(), (odd * each).sum()]) for each in turns]
    of_max = [float(F.relu(each).max()) for each in pairs]
    energy = [float(each.square().mean()) for each in pairs]
    assert abs(of_max[0] - of_max[1]) > 0.2 * max(of_max)
    assert energy[0] == pytest.approx(energy[1], rel=0.02)
    assert option(question) == "the mean of the squares"


def test_a_flat_picture_has_no_fine_texture() -> None:
    assert "finest" not in asked(LESSON, Setting(), torch.full((3, 20, 20), 0.5))
