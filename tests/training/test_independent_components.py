"""Principal and independent components: by other methods, and planted ones are found again."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from viz.training.independent_components import (
    fast_ica,
    independent_filters,
    least_gaussian_first,
    principal_components,
)


def laplacian(count: int, numbers: int, seed: int) -> Tensor:
    """Independent sources of variance 1 that are mostly near 0 and sometimes far."""
    generator = torch.Generator().manual_seed(seed)
    uniform = torch.rand(count, numbers, generator=generator, dtype=torch.float64) - 0.5
    return -uniform.sign() * (1 - 2 * uniform.abs()).log() / math.sqrt(2)


def mixing(numbers: int, seed: int, larger: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(numbers + larger, numbers, generator=generator, dtype=torch.float64)


def correlations(first: Tensor, second: Tensor) -> Tensor:
    """Of every column with every column."""
    together = torch.corrcoef(torch.cat([first, second], 1).T)
    return together[: first.shape[1], first.shape[1] :].abs()


def test_principal_components_are_those_of_the_singular_values():
    x = laplacian(300, 6, seed=0) @ mixing(6, seed=1).T
    components, variances = principal_components(x, 4)
    centred = x.numpy() - x.numpy().mean(0)
    _, singular, rows = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(variances, singular[:4] ** 2 / 300)
    np.testing.assert_allclose(np.abs((components.numpy() * rows[:4]).sum(1)), 1)
    assert all(row[row.abs().argmax()] > 0 for row in components)


def test_whitened_responses_have_the_identity_as_covariance():
    x = laplacian(500, 5, seed=2) @ mixing(5, seed=3, larger=4).T
    for filters in independent_filters(x, 5, seed=0, iterations=3):
        responses = (x - x.mean(0)) @ filters.T
        covariance = responses.T @ responses / len(x)
        torch.testing.assert_close(covariance, torch.eye(5, dtype=x.dtype))


@pytest.mark.parametrize("seed", range(3))
def test_independent_sources_are_found_again(seed: int):
    """Sources of two kinds, mixed into more numbers than there are of them."""
    sources = laplacian(6000, 5, seed)
    sources[:, 3:] = sources[:, 3:].sign() * (1 - (-sources[:, 3:].abs()).exp())  # flat ones
    x = sources @ mixing(5, seed + 10, larger=3).T
    *_, filters = independent_filters(x, 5, seed)
    agreement = correlations(sources, (x - x.mean(0)) @ filters.T)
    assert sorted(agreement.argmax(1).tolist()) == [0, 1, 2, 3, 4], "one filter for each source"
    assert agreement.amax(1).min() > 0.99


def test_one_iteration_is_hyvarinens_formula():
    white = laplacian(40, 3, seed=4)
    before, after = fast_ica(white, seed=5, iterations=1)
    rows = []
    for w in before.numpy():
        new = np.zeros(3)
        for x in white.numpy():
            y = math.tanh(w @ x)
            new += x * y - (1 - y * y) * w
        rows.append(new / 40)
    w = np.array(rows)
    values, vectors = np.linalg.eigh(w @ w.T)
    np.testing.assert_allclose(after, vectors @ np.diag(values**-0.5) @ vectors.T @ w)


def test_every_seed_ends_at_the_same_filters_where_there_is_something_to_find():
    x = laplacian(4000, 4, seed=6) @ mixing(4, seed=7).T
    ends = [[*independent_filters(x, 4, seed)][-1] for seed in (0, 1)]
    agreement = correlations(*((x @ each.T) for each in ends))
    assert agreement.amax(1).min() > 0.9999


def test_in_gaussian_noise_there_is_nothing_to_find():
    generator = torch.Generator().manual_seed(8)
    x = torch.randn(20000, 6, generator=generator, dtype=torch.float64)
    ends = [[*independent_filters(x, 6, seed)][-1] for seed in (0, 1)]
    agreement = correlations(*((x @ each.T) for each in ends))
    assert agreement.amax(1).min() < 0.95


def test_the_least_gaussian_is_first():
    generator = torch.Generator().manual_seed(9)
    normal = torch.randn(20000, 1, generator=generator, dtype=torch.float64)
    sparse = laplacian(20000, 1, seed=10)
    sparser = sparse**3 / (sparse**3).std()
    order = least_gaussian_first(-torch.eye(3).double(), torch.cat([normal, sparse, sparser], 1))
    assert torch.equal(order, torch.eye(3).double().flip(0))


def test_a_flat_picture_has_filters_without_infinite_numbers():
    *_, filters = independent_filters(torch.zeros(50, 9, dtype=torch.float64), 4, seed=0)
    assert filters.isfinite().all()


def test_more_components_than_numbers_are_refused():
    with pytest.raises(ValueError, match="5 principal components"):
        principal_components(torch.zeros(9, 4), 5)
