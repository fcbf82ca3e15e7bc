"""Two textures told apart by few numbers: the pixels, the classifiers, and the training."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.optimize
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st
from looking import noise
from torch import Tensor

from viz.images.shipped import shipped
from viz.lessons.bank_of_50 import BANK
from viz.lessons.reduction import told_apart
from viz.lessons.reduction.least_squares import decoding_error
from viz.lessons.reduction.telling_apart import (
    DECAY,
    Told,
    by_fisher,
    by_variance,
    logistic_weights,
    read_by_logistic,
)
from viz.lessons.reduction.textures import STEP_PX, Pixels, Textures, apart, textures
from viz.lessons.reduction.trained_for_task import trained, whitening
from viz.lessons.stages import oriented_maps

CPU = torch.device("cpu")


def last(steps: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def contest(*given: Any) -> told_apart.Contest:
    *_, found = told_apart.contest(*given)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def both() -> Textures:
    found: Textures = last(textures(CPU))
    return found


def drawn(n: int = 400, channels: int = 4, seed: int = 0) -> Pixels:
    """Two classes with correlated channels and different means."""
    draw = np.random.default_rng(seed)
    second = np.arange(n) % 2
    mix, shift = draw.normal(size=(channels, channels)), draw.normal(size=(channels, 1))
    values = mix @ draw.normal(size=(channels, n)) + shift * second
    return Pixels(torch.from_numpy(values), torch.from_numpy(second).double())


# ── The pixels ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("place", [0, 1])
def test_textures_are_the_photographs_through_the_bank(both: Textures, place: int):
    photo = shipped(("grass", "brick")[place]).pixels
    maps = oriented_maps(BANK)(photo)[:, ::STEP_PX, ::STEP_PX]
    assert torch.equal(both.pictures[place], photo[:, ::STEP_PX, ::STEP_PX])
    ratio = both.maps[place].flatten(1).norm(dim=1) / maps.flatten(1).norm(dim=1)
    torch.testing.assert_close(both.maps[place], maps * ratio[:, None, None], atol=1e-4, rtol=1e-4)


def test_channels_have_variance_1_over_both_textures(both: Textures):
    spread = both.maps.transpose(0, 1).flatten(1).double().var(1, correction=0)
    torch.testing.assert_close(spread, torch.ones_like(spread), atol=1e-4, rtol=0)


@given(st.integers(8, 600), st.integers(0, 20), st.integers(1, 5))
def test_no_filter_of_the_test_reads_what_one_of_the_training_reads(width, half, step):
    kernel = 2 * half + 1
    assume(width > kernel)
    training, test = apart(width, kernel, step)
    read = list(range(0, width, step))
    left, right = read[training], read[test]
    if left and right:
        assert right[0] - left[-1] >= kernel
    assert all(at < (width - kernel + 1) // 2 for at in left)


def test_the_sets_of_the_textures_are_of_nearly_equal_size(both: Textures):
    columns = range(both.maps.shape[-1])
    training, test = columns[both.training], columns[both.test]
    assert (test[0] - training[-1]) * STEP_PX >= BANK.kernels().shape[-1]
    assert abs(len(training) - len(test)) <= 1


@pytest.mark.parametrize("rectified", [True, False])
def test_a_pixel_has_the_label_of_its_texture(both: Textures, rectified: bool):
    pixels = both.pixels(both.test, rectified=rectified)
    height, width = both.maps.shape[-2], len(range(128)[both.test])
    values = pixels.values.view(50, height, 2 * width)
    labels = pixels.second.view(height, 2 * width)
    grass, brick = both.maps[..., both.test].double()
    if rectified:
        grass, brick = grass.relu(), brick.relu()
    assert torch.equal(values[..., :width], grass)
    assert torch.equal(values[..., width:], brick)
    assert not labels[:, :width].any()
    assert labels[:, width:].all()


def test_second_time_nothing_is_filtered(both: Textures):
    assert list(textures(CPU)) == []
    assert last(textures(CPU)) is both


# ── The classifiers ─────────────────────────────────────────────────────────────────────────────


def loss(weights: Tensor, pixels: Pixels) -> Tensor:
    scores = weights[:-1] @ pixels.values + weights[-1]
    error = F.binary_cross_entropy_with_logits(scores, pixels.second)
    return error + DECAY / 2 * weights.square().sum()


@pytest.mark.parametrize("seed", range(3))
def test_newtons_weights_are_the_least_loss(seed: int):
    pixels = drawn(seed=seed)
    weights = logistic_weights(*pixels).requires_grad_()
    (slope,) = torch.autograd.grad(loss(weights, pixels), weights)
    assert slope.abs().max() < 1e-8
    other = scipy.optimize.minimize(
        lambda w: float(loss(torch.from_numpy(w), pixels)), np.zeros(5), tol=1e-12
    )
    np.testing.assert_allclose(weights.detach().numpy(), other.x, atol=1e-3)


def test_classes_without_overlap_have_finite_weights():
    pixels = Pixels(
        torch.tensor([[0.0, 1.0, 5.0, 6.0]]).double(), torch.tensor([0, 0, 1, 1]).double()
    )
    told = read_by_logistic(torch.eye(1).double(), pixels)
    weights = told.classifier.requires_grad_()
    (slope,) = torch.autograd.grad(loss(weights, pixels), weights)
    assert slope.abs().max() < 1e-8
    assert told.accuracy(pixels) == 1


def test_numbers_that_repeat_one_another_have_a_classifier():
    pixels = drawn()
    doubled = torch.cat([pixels.values, pixels.values, torch.zeros_like(pixels.values[:1])])
    weights, alone = logistic_weights(doubled, pixels.second), logistic_weights(*pixels)
    assert torch.isfinite(weights).all()
    torch.testing.assert_close(weights[:4] + weights[4:8], alone[:4], atol=1e-3, rtol=1e-3)


def test_fishers_row_is_the_first_generalised_eigenvector():
    pixels = drawn()
    x, second = pixels.values.numpy(), pixels.second.numpy().astype(bool)
    within = (np.cov(x[:, second], ddof=0) + np.cov(x[:, ~second], ddof=0)) / 2
    apart = x[:, second].mean(1) - x[:, ~second].mean(1)
    expected = scipy.linalg.eigh(np.outer(apart, apart), within)[1][:, -1]
    found = by_fisher(pixels)[0].numpy()
    cosine = found @ expected / np.linalg.norm(found) / np.linalg.norm(expected)
    assert abs(cosine) == pytest.approx(1, abs=1e-6)


def test_accuracy_counts_pixels():
    told = Told(torch.tensor([[1.0, 0.0]]).double(), torch.tensor([1.0, -2.0]).double())
    pixels = Pixels(
        torch.tensor([[0.0, 1.0, 3.0, 4.0], [9.0, 9.0, 9.0, 9.0]]).double(),
        torch.tensor([0.0, 1.0, 1.0, 1.0]).double(),
    )
    assert told.is_second(pixels.values).tolist() == [False, False, True, True]
    assert told.accuracy(pixels) == 0.75


# ── The training ────────────────────────────────────────────────────────────────────────────────


def test_whitened_channels_are_uncorrelated_with_variance_1():
    pixels = drawn(channels=5)
    doubled = torch.cat([pixels.values, 2 * pixels.values[:1]])  # one direction does not vary
    rows, mean = whitening(doubled)
    white = (rows @ (doubled - mean)).numpy()
    assert len(white) == 5
    np.testing.assert_allclose(np.cov(white, ddof=0), np.eye(5), atol=1e-8)


@pytest.mark.parametrize("k", [1, 2, 4])
def test_training_finds_the_best_linear_classifier_of_all_channels(k: int):
    """With a linear classifier k trained numbers are one: their mixture."""
    pixels = drawn(seed=5)
    told = last(trained(pixels, k, seed=1))
    assert told.rows.shape == (k, 4)
    mixed = torch.cat([told.classifier[:-1] @ told.rows, told.classifier[-1:]])
    best = logistic_weights(*pixels)
    assert float(loss(mixed, pixels)) == pytest.approx(float(loss(best, pixels)), abs=1e-3)
    assert (
        told.is_second(pixels.values) == (best[:-1] @ pixels.values + best[-1] > 0)
    ).double().mean() > 0.99


def test_a_seed_gives_the_same_weights_and_another_seed_others():
    pixels = drawn()
    one, same, other = (last(trained(pixels, 2, seed)) for seed in (0, 0, 1))
    assert torch.equal(one.rows, same.rows)
    assert not torch.allclose(one.rows, other.rows)


def test_training_works_in_inference_mode_and_pauses():
    with torch.inference_mode():
        steps = trained(Pixels(*(each + 0 for each in drawn())), 1, seed=0)
        assert next(steps) is None
        steps.close()


# ── The contest ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def results(both: Textures) -> tuple[told_apart.Contest, Pixels, Pixels]:
    training, test = (both.pixels(each, rectified=True) for each in (both.training, both.test))
    return contest(training, (1, 2, 50), (0, 1), "rectified"), training, test


def test_principal_components_are_not_best_for_the_task(results):
    """One trained number is as good as fifty; PCA's first is worse, but better for the channels."""
    found, training, test = results
    first, everything = found.principal[0], found.principal[-1]
    assert found.counts == (1, 2, 50)
    assert first.accuracy(test) < 0.8
    for told in (*found.trained[0], *found.trained[1]):
        assert told.accuracy(test) == pytest.approx(everything.accuracy(test), abs=2e-3)
    assert everything.accuracy(test) > 0.86
    assert 0.84 < found.fisher.accuracy(test) < everything.accuracy(training)
    missed = [told_apart.channels_missed(told, training) for told in (first, found.trained[0][0])]
    assert missed[0] < missed[1]


def test_principal_components_of_the_contest_are_those_of_numpy(results):
    found, training, _ = results
    values = training.values.numpy()
    u = np.linalg.svd(values - values.mean(1, keepdims=True), full_matrices=False)[0]
    np.testing.assert_allclose(
        np.abs(found.principal[1].rows.numpy()), np.abs(u[:, :2].T), atol=1e-5
    )
    torch.testing.assert_close(found.principal[1].rows, by_variance(training, 2))


def test_linear_filters_alone_tell_nothing_apart(both: Textures):
    """Their mean is 0 in every texture, so a linear classifier of them guesses."""
    training, test = (both.pixels(each, rectified=False) for each in (both.training, both.test))
    everything = read_by_logistic(torch.eye(50).double(), training)
    assert everything.accuracy(test) == pytest.approx(0.5, abs=0.05)


def test_what_was_trained_is_not_trained_again(results, monkeypatch):
    found, training, _ = results
    monkeypatch.setattr(told_apart, "trained", lambda *_: pytest.fail("trained again"))
    again = contest(training, (1, 2), (0, 1), "rectified")
    assert again.trained[0][0] is found.trained[0][0]


def test_progress_shows_what_is_done(both: Textures):
    pixels = drawn()
    seen = [each for each in told_apart.contest(pixels, (1, 3), (0,), "drawn") if each is not None]
    assert [each.counts for each in seen] == [(1,), (1, 3)]


def test_errors_of_the_channels_are_those_of_the_numbers():
    pixels, rows = drawn(), noise(1, 4, channels=2)[:, 0].double()
    told = read_by_logistic(rows, pixels)
    assert told_apart.channels_missed(told, pixels) == decoding_error(
        pixels.values, rows @ pixels.values
    )
