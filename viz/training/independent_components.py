"""Principal components and independent components (FastICA) of observations.

The functions stand alone and use only torch, so their text can be pasted into a program.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor


def principal_components(observations: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The directions in which observations vary most.

    C = mean of (x − mean)(x − mean)ᵀ = Σ over k of variance_k · e_k e_kᵀ

    Args:
        observations: `(n, d)` float64.
        count: how many to keep, at most d.

    Returns:
        `(count, d)`, the orthonormal rows e_k, each with the sign that makes its furthest number
        from 0 positive; and `(count,)`, their variances, the largest first. None is below 1e-12 of
        the largest, so that one may divide by them.

    Raises:
        ValueError: if there are not so many.

    >>> long = torch.tensor([[3.0, 3.0], [-3.0, -3.0], [1.0, -1.0], [-1.0, 1.0]]).double()
    >>> components, variances = principal_components(long, 2)
    >>> components.round(decimals=2).tolist(), variances.round(decimals=2).tolist()
    ([[0.71, 0.71], [0.71, -0.71]], [9.0, 1.0])
    """
    if not 1 <= count <= observations.shape[1]:
        raise ValueError(f"{tuple(observations.shape)} has no {count} principal components")
    centred = observations - observations.mean(0)
    variances, vectors = torch.linalg.eigh(centred.T @ centred / len(centred))
    largest = variances.flip(0)[:count]
    floor = max(1e-12 * float(largest[0]), 1e-30)  # a flat picture has no variance at all
    return with_fixed_sign(vectors.T.flip(0)[:count]), largest.clamp(min=floor)


def with_fixed_sign(rows: Tensor) -> Tensor:
    """The rows, each with the sign that makes its furthest number from 0 positive.

    >>> with_fixed_sign(torch.tensor([[1.0, -2.0], [3.0, 1.0]]))
    tensor([[-1.,  2.],
            [ 3.,  1.]])
    """
    furthest = rows.gather(1, rows.abs().argmax(1, keepdim=True))
    return torch.where(furthest < 0, -rows, rows)


def fast_ica(white: Tensor, seed: int, iterations: int = 40) -> Iterator[Tensor]:
    """Turns whitened observations until their numbers are as independent as a turn makes them.

    Each iteration, for all rows w of W at once, with y = w·x and the mean over all x:

        w ← mean(x tanh y) − w · mean(1 − tanh² y),   then   W ← (W Wᵀ)^(−1/2) W

    Args:
        white: `(n, m)` float64, mean 0, covariance the identity.
        seed: of the first turn, which is random.
        iterations: the number of turns after it.

    Yields:
        `(m, m)`, the orthogonal W: the random one, then one after each iteration. Times a whitened
        observation it gives independent components, in any order and with any sign.

    Source: Hyvärinen 1999, "Fast and robust fixed-point algorithms for independent component
    analysis", IEEE Trans. Neural Networks 10(3).

    >>> sources = torch.rand(4000, 2, generator=torch.Generator().manual_seed(1)).double()
    >>> mixed = sources @ torch.tensor([[2.0, 1.0], [1.0, 1.0]]).double()
    >>> components, variances = principal_components(mixed, 2)
    >>> white = (mixed - mixed.mean(0)) @ components.T / variances.sqrt()
    >>> *_, turn = fast_ica(white, seed=0)
    >>> agreement = torch.corrcoef(torch.cat([sources, white @ turn.T], 1).T)[:2, 2:]
    >>> agreement.abs().amax(1) > 0.99
    tensor([True, True])
    """
    rows = white.T.contiguous()
    numbers, count = rows.shape
    generator = torch.Generator().manual_seed(seed)
    turn = nearest_rotation(torch.randn(numbers, numbers, generator=generator).to(white))
    yield turn
    for _ in range(iterations):
        bent = (turn @ rows).tanh_()
        slope = 1 - bent.square().mean(1, keepdim=True)
        turn = nearest_rotation(bent @ rows.T / count - slope * turn)
        yield turn


def nearest_rotation(rows: Tensor) -> Tensor:
    """The nearest matrix with orthonormal rows, (W Wᵀ)^(−1/2) W.

    >>> nearest_rotation(torch.tensor([[3.0, 0.0], [0.0, 0.5]]))
    tensor([[1., 0.],
            [0., 1.]])
    """
    left, _, right = torch.linalg.svd(rows, full_matrices=False)
    return left @ right


def independent_filters(
    observations: Tensor, count: int, seed: int, iterations: int = 40
) -> Iterator[Tensor]:
    """Filters whose responses to the observations are as independent as FastICA makes them.

    The observations are reduced to their first principal components, whitened, and turned.

    Args:
        observations: `(n, d)` float64.
        count: of principal components, and of filters.
        seed: of the first turn.
        iterations: of FastICA.

    Yields:
        `(count, d)` filters after each iteration, see `fast_ica`. Their responses have variance 1
        and no correlation: W C Wᵀ is the identity.
    """
    whitening = principal_filters(observations, count)
    white = (observations - observations.mean(0)) @ whitening.T
    for turn in fast_ica(white, seed, iterations):
        yield turn @ whitening


def principal_filters(observations: Tensor, count: int) -> Tensor:
    """The principal components, scaled so that their responses have variance 1: `(count, d)`.

    The same filters before the turn of `independent_filters`.
    """
    components, variances = principal_components(observations, count)
    return components / variances.sqrt()[:, None]


def least_gaussian_first(filters: Tensor, observations: Tensor) -> Tensor:
    """The filters in the order of their negentropy, which FastICA makes large; signs are fixed.

    negentropy ≈ (mean of log cosh y − 0.374567)², where the number is that of a Gaussian y

    Args:
        filters: `(m, d)`, whose responses have variance 1.
        observations: `(n, d)`.

    Returns:
        `(m, d)`.

    >>> coin = torch.tensor([[1.0, 1.4], [-1.0, -0.6], [1.0, -1.2], [-1.0, 0.4]])
    >>> least_gaussian_first(torch.eye(2), coin)
    tensor([[1., 0.],
            [0., 1.]])
    """
    responses = (observations - observations.mean(0)) @ filters.T
    log_cosh = torch.logaddexp(responses, -responses).mean(0) - torch.tensor(2.0).log()
    order = (log_cosh - 0.374567).abs().argsort(descending=True)
    return with_fixed_sign(filters[order])
