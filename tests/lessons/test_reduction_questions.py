"""The questions about reducing channels: every right answer by least squares in numpy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from looking import noise, shipped
from predicting import Array, asked, option, revealed, right
from torch import Tensor, nn

from viz.lessons.question import OneOf
from viz.lessons.reduction import LESSON
from viz.lessons.reduction.setting import Setting

PICTURES = {"chelsea": lambda: shipped("chelsea", 96), "brick": lambda: shipped("brick", 80)}
SETTINGS = (
    Setting(),
    Setting(channels=20, method="max", kept=4, seed=5, step_by_step=True, part="relu"),
    Setting(channels=33, method="random", kept=12, relu=True, looked_at=30, part="train"),
)
views = pytest.mark.parametrize(
    ("setting", "name"), [(setting, name) for setting in SETTINGS for name in PICTURES]
)


def channels(setting: Setting, pixels: Tensor) -> Array:
    """What reaches the encoder, `(C, n)`, each with a mean of 0."""
    chain = LESSON.build(setting, pixels).before(setting.reducing)
    values = chain(pixels).double().flatten(1).numpy()
    centred: Array = values - values.mean(1, keepdims=True)
    return centred


def lost(values: Array, numbers: Array) -> float:
    """The share of the energy that the best decoder of some numbers misses."""
    numbers = numbers - numbers.mean(1, keepdims=True)
    found, *_ = np.linalg.lstsq(numbers.T, values.T, rcond=None)
    missed: float = ((values.T - numbers.T @ found) ** 2).sum() / (values**2).sum()
    return missed


def numbers_of(setting: Any, pixels: Tensor) -> Array:
    """The numbers that an encoder keeps, `(k, n)`."""
    shown = replace(setting, step_by_step=True, relu=False)
    built = LESSON.build(shown, pixels)
    chain = nn.Sequential(*built.before("reduce"), built.network.get_submodule("reduce"))
    found: Array = chain(pixels).double().flatten(1).numpy()
    return found


@views
def test_the_weights_are_those_of_the_layer(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    question = asked(LESSON, setting, pixels)["weights"]
    layer = LESSON.network(revealed(setting, question), pixels).get_submodule("reduce")
    assert right(question) == sum(weights.numel() for weights in layer.parameters())


@views
def test_pca_loses_the_small_singular_values(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    question = asked(LESSON, setting, pixels)["lost"]
    squares = np.linalg.svd(channels(setting, pixels), compute_uv=False) ** 2
    k = question.reveal["kept"]
    assert isinstance(k, int)
    assert k != setting.kept
    assert right(question) == round(100 * squares[k:].sum() / squares.sum())


@views
def test_the_numbers_that_lose_least(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    question = asked(LESSON, setting, pixels)["kept"]
    values, shares = channels(setting, pixels), {}
    for method in ("first", "random", "best"):
        numbers = numbers_of(revealed(setting, question, method=method), pixels)
        shares[method] = lost(values, numbers)
    least = min(shares, key=lambda method: shares[method])
    assert question.reveal["method"] == least
    assert isinstance(question.answer, OneOf)
    assert question.answer.right == list(shares).index(least)


@views
def test_the_means_of_two_against_numbers_of_pca(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    found = asked(LESSON, setting, pixels)
    if setting.channels % 2:
        assert "means" not in found
        return
    values, c = channels(setting, pixels), setting.channels
    means = lost(values, values.reshape(c // 2, 2, -1).mean(1))
    squares = np.linalg.svd(values, compute_uv=False) ** 2
    pca = squares[c // 5 :].sum() / squares.sum()
    assert option(found["means"]) == ("yes" if means < pca else "no")


@views
def test_pairs_lose_nothing_and_another_basis_does(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    found = asked(LESSON, setting, pixels)
    if setting.part == "relu":
        assert "pairs" not in found
        return
    values = channels(setting, pixels)
    directions, *_ = np.linalg.svd(values, full_matrices=False)
    numbers = directions[:, : setting.kept].T @ values
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(setting.kept, setting.kept)))
    pairs = np.concatenate([numbers.clip(0), (-numbers).clip(0)])
    linear = lost(values, numbers)
    assert lost(values, pairs) < linear + 1e-9
    assert lost(values, (turn @ numbers).clip(0)) > linear + 0.01
    assert option(found["pairs"]).startswith("each number and its negative")


@views
def test_no_linear_pair_beats_pca(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    question = asked(LESSON, setting, pixels)["trained"]
    values = channels(setting, pixels)
    squares = np.linalg.svd(values, compute_uv=False) ** 2
    pca = squares[setting.kept :].sum() / squares.sum()
    draws = np.random.default_rng(0).normal(size=(10, setting.kept, len(values)))
    assert all(lost(values, rows @ values) > pca for rows in draws)
    assert option(question) == "no"


def test_a_flat_picture_has_no_energy_to_lose() -> None:
    found = asked(LESSON, Setting(), torch.full((3, 20, 20), 0.5))
    assert set(found) == {"weights", "trained"}
    assert len(asked(LESSON, Setting(channels=2, kept=1), noise())) >= 2
