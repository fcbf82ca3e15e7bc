"""Orientation tuning before and after a 1×1 of a trained network, and with its weights shuffled.

A 1×1 reads one place, so its answer to a grating is its matrix times the answers of its inputs at
that place. One sweep up to the layer is enough for every matrix.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from viz.disk_cache import DiskCache
from viz.progress import Steps
from viz.tuning import Screen, Sweep, TuningCurve, curve_of, responding
from viz.tuning.places import whole_field_px

SWEEP = Sweep.evenly(16, (4.0, 5.7, 8.0, 11.3, 16.0, 22.6), phases=8)
MEAN, CONTRAST = 0.5, 0.5  # of gratings, for pixels in [0, 1]
LARGEST_PX = 224
SILENT_BELOW = 0.01  # of the largest answer of the layer
SHUFFLES = 10


class Tuned(NamedTuple):
    """Tuning of the channels before and after a 1×1.

    Attributes:
        before: of its inputs.
        after: of its outputs, before their normalisation and ReLU.
        shuffled: with its weights shuffled, one for each shuffle.
    """

    before: TuningCurve
    after: TuningCurve
    shuffled: tuple[TuningCurve, ...]


def swept(part: nn.Module, channels: int, key: str, cache: DiskCache) -> Steps[Tensor]:
    """What the unit in the middle of every input answers to gratings; kept on disk.

    Args:
        part: from the picture to what reaches the 1×1.
        channels: of the picture.
        key: equal for equal parts with equal weights.
        cache: where the answers are kept.

    Returns:
        `(channels, wavelengths, orientations, phases)`.
    """
    size_px = shown_px(part, channels)
    whole = f"tuning 1: {key}, {SWEEP}, {MEAN}, {CONTRAST}, {size_px}"
    kept = (cache.get(whole) or {}).get("responses")
    if kept is not None and kept.ndim == 4 and tuple(kept.shape[1:]) == SWEEP.shape:
        return kept
    found: Tensor = yield from responding(part, SWEEP, Screen(channels, MEAN, CONTRAST, size_px))
    cache.put(whole, {"responses": found})
    return found


def shown_px(part: nn.Module, channels: int) -> int:
    """The side of the gratings: the field of a unit, if it is not too large."""
    try:
        return min(LARGEST_PX, whole_field_px(part, channels))
    except ValueError:  # a layer that sees all of any picture
        return LARGEST_PX


def mixed(matrix: Tensor, responses: Tensor) -> Tensor:
    """What the outputs of a 1×1 answer, `(O, …)`, for answers `(C, …)` of its inputs."""
    return (matrix @ responses.flatten(1)).unflatten(1, responses.shape[1:])


def shuffled(matrix: Tensor, seed: int) -> Tensor:
    """The same weights in another order: any weight may come to any output and input.

    >>> shuffled(torch.arange(6.0).view(2, 3), 0).sum()
    tensor(15.)
    """
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(matrix.numel(), generator=generator)
    return matrix.flatten()[order].view_as(matrix)


def tuned(matrix: Tensor, responses: Tensor, seed: int) -> Tuned:
    """Tuning before and after a 1×1.

    Args:
        matrix: `(O, C)`.
        responses: `(C, …)` of its inputs, see `swept`.
        seed: of the first shuffle.
    """
    seeds = range(SHUFFLES * seed, SHUFFLES * (seed + 1))
    return Tuned(
        _curve(responses),
        _curve(mixed(matrix, responses)),
        tuple(_curve(mixed(shuffled(matrix, each), responses)) for each in seeds),
    )


def _curve(responses: Tensor) -> TuningCurve:
    largest = float(responses.abs().max()) if responses.numel() else 0.0
    return curve_of(responses, SWEEP, silent_below=max(1e-5, SILENT_BELOW * largest))


def selectivities(curve: TuningCurve) -> Tensor:
    """The selectivity of every channel that answers, in ascending order."""
    return curve.selectivity[~curve.is_silent].sort().values


def mean_selectivity(curve: TuningCurve) -> float:
    """The mean over the channels that answer; NaN if none does."""
    return float(selectivities(curve).mean())
