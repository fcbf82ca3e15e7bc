"""The contest: every method with its own best affine decoder, for every number of channels kept."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from viz import devices
from viz.layers.cross_channel_pooling import PoolParts
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import random_rows
from viz.lessons.agreement import relative_error
from viz.lessons.reduction.least_squares import decoding_error, root_of_share
from viz.lessons.reduction.moments import Moments, best_order, linear_error
from viz.trace import Cost, cost

RUNS = 5
MAPS_AT_ONCE = 30  # pooled maps that are measured together, in some 20 ms


def linear_curves(moments: Moments, seed: int) -> Generator[None, None, dict[str, list[float]]]:
    """The relative errors of the methods that are 1×1 convolutions, for k = 1 … C; it pauses often.

    Args:
        moments: of the C channels.
        seed: of the random 1×1; its first k rows are those of a smaller one.

    Returns:
        By the name of the method.
    """
    channels = len(moments.mean)
    every = torch.eye(channels)
    nested = {
        "random": random_rows(channels, channels, seed),
        "first": every,
        "best": every[list(best_order(moments.covariance))],
    }
    counts = range(1, channels + 1)
    encoders = {name: [rows[:k] for k in counts] for name, rows in nested.items()}
    encoders["mean"] = [PoolParts(k, "mean")(every[:, :, None])[:, :, 0] for k in counts]
    found = {"pca": principal_errors(moments)}
    for name, of_method in encoders.items():
        yield
        found[name] = yield from _errors(of_method, moments)
    return found


def _errors(encoders: Sequence[Tensor], moments: Moments) -> Generator[None, None, list[float]]:
    errors = []
    for rows in encoders:
        errors.append(linear_error(rows, moments))
        yield
    return errors


def principal_errors(moments: Moments) -> list[float]:
    """The relative error of PCA for k = 1 … C: the eigenvalues that are dropped, of all.

    error² = (sum of the C − k smallest eigenvalues) / (sum of all)

    Source: Eckart, Young 1936, "The approximation of one matrix by another of lower rank".

    >>> principal_errors(Moments(torch.diag(torch.tensor([9.0, 16.0])).double(), torch.zeros(2)))
    [0.6, 0.0]
    """
    smallest_first = torch.linalg.eigvalsh(moments.covariance).clamp(min=0)
    dropped = [float(smallest_first[:n].sum()) for n in reversed(range(len(smallest_first)))]
    return [root_of_share(each, moments.total) for each in dropped]


def group_max_errors(maps: Tensor, first: int, last: int) -> Tensor:
    """The relative errors of the group max for k from `first` to `last`.

    Args:
        maps: `(C, H, W)`; C is at least `last`.

    Returns:
        `(last − first + 1,)` float64 on the CPU.

    >>> group_max_errors(torch.rand(2, 4, 5), first=2, last=2).item() < 1e-6      # groups of one
    True
    """
    x = maps.flatten(1).cpu().double()
    codes = (PoolParts(k)(maps).flatten(1).cpu().double() for k in range(first, last + 1))
    return torch.tensor([decoding_error(x, z) for z in codes], dtype=x.dtype)


def pieces(channels: int) -> Iterator[tuple[int, int]]:
    """The numbers of groups from 1 to C in runs of little work, each with its first and last.

    >>> list(pieces(12))
    [(1, 7), (8, 10), (11, 12)]
    """
    first, maps = 1, 0
    for k in range(1, channels + 1):
        maps += k
        if k == channels or maps + k + 1 > MAPS_AT_ONCE:
            yield first, k
            first, maps = k + 1, 0


@dataclass(frozen=True)
class Entrant:
    """One method at the present k.

    Attributes:
        decoded: `(C, H, W)`, what the decoder gives back.
        residual: the same minus the channels.
        error: the relative error, from these maps.
        errors: the same of each channel alone.
        encoder, decoder: exact counts of both.
        encode_ms: the best time of the encoder.
    """

    decoded: Tensor
    residual: Tensor
    error: float
    errors: tuple[float, ...]
    encoder: Cost
    decoder: Cost
    encode_ms: float


def entrant(encoder: nn.Module, affine: Tensor, maps: Tensor) -> Generator[None, None, Entrant]:
    """Runs a method and counts it; it pauses often.

    Args:
        encoder: the layer from C channels to k.
        affine: `(C, k + 1)`, the decoder's rows, each with its bias after it.
        maps: `(C, H, W)`, on the device that computes.
    """
    affine = affine.float()
    decoder = Pointwise(affine[:, :-1], affine[:, -1]).to(maps.device)
    encoder = encoder.to(maps.device)
    times = list[float]()
    for _ in range(RUNS):
        codes, ms = devices.timed(partial(encoder, maps), maps.device)
        times.append(ms)
        yield
    decoded = decoder(codes)
    yield
    error = relative_error(decoded, maps)
    yield
    errors = [relative_error(*pair) for pair in zip(decoded[:, None], maps[:, None], strict=True)]
    return Entrant(
        decoded,
        decoded - maps,
        error,
        tuple(errors),
        cost(encoder, tuple(maps.shape)),
        cost(decoder, tuple(codes.shape)),
        min(times),
    )
