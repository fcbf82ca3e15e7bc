"""Filters that are learned while the room looks on: a picture of them after every iteration."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.lessons.emergence.setting import Setting
from viz.lessons.learned_bank import OWN
from viz.training.filter_sources import luminance, pictures_of, training_patches
from viz.training.independent_components import (
    independent_filters,
    least_gaussian_first,
    principal_filters,
)
from viz.training.learned_kernels import large_enough
from viz.training.patches import SIDE_PX
from viz.training.shipped_filters import FILTERS

ITERATIONS = 40


class Learning(NamedTuple):
    """The filters after some iterations.

    Attributes:
        iteration: how many, of `ITERATIONS`.
        ica: `(64, 12, 12)` of norm 1; after the last iteration the least Gaussian first.
        pca: `(64, 12, 12)` of norm 1, the largest variance first.
        similarity: the mean cosine between each filter and itself an iteration before.
    """

    iteration: int
    ica: Tensor
    pca: Tensor
    similarity: float


def learning(setting: Setting, pixels: Tensor) -> Generator[Learning | None, None, Learning]:
    """Learns from the pictures of the Setting's source.

    Args:
        setting: its source and seed.
        pixels: `(3, H, W)`, the visitor's picture.

    Yields:
        None for each picture that is ready, then the filters after each iteration.

    Returns:
        The filters at the end.
    """
    pictures, seed = list[Tensor](), setting.filters_seed
    for picture in _pictures(setting, pixels):
        pictures.append(picture)
        yield None
    patches = training_patches(pictures, seed)
    yield None
    pca, before = of_norm_1(principal_filters(patches, FILTERS)), None
    for n, rows in enumerate(independent_filters(patches, FILTERS, seed, ITERATIONS)):
        ica = of_norm_1(rows)
        similarity = 0.0 if before is None else _similarity(before, ica)
        now, before = Learning(n, ica, pca, similarity), ica
        yield now
    return now._replace(ica=of_norm_1(least_gaussian_first(rows, patches)))


def _pictures(setting: Setting, pixels: Tensor) -> Iterator[Tensor]:
    if setting.source == OWN:
        yield large_enough(luminance(pixels.cpu()))
    else:
        yield from pictures_of(setting.source, setting.filters_seed)


def of_norm_1(rows: Tensor) -> Tensor:
    """Rows of 144 numbers as filters `(n, 12, 12)` without a mean, of norm 1."""
    return F.normalize(rows - rows.mean(1, keepdim=True)).unflatten(1, (SIDE_PX, SIDE_PX))


def _similarity(before: Tensor, after: Tensor) -> float:
    return float(torch.linalg.vecdot(before.flatten(1), after.flatten(1)).abs().mean())
