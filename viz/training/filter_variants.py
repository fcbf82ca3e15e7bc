"""The shares of Gabor-like filters when they are learned in another way than the shipped ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from viz.training.filter_sources import PATCHES, training_patches
from viz.training.gabor_fit import fit_gabors
from viz.training.independent_components import independent_filters
from viz.training.patches import SIDE_PX

GOOD_FIT = 0.7  # R² from which on a filter is called Gabor-like


class Variant(NamedTuple):
    """One choice of the method that is made otherwise.

    Attributes:
        filters: principal components that are kept.
        patches: how many are learned from.
        iterations: of FastICA.
        equal_contrast: whether every patch is divided by its own contrast.
        features: whether Gabor functions are fitted to the features, the columns of the inverse of
            the filters: what each filter's response adds to a patch.
    """

    filters: int = 64
    patches: int = PATCHES
    iterations: int = 40
    equal_contrast: bool = False
    features: bool = False


VARIANTS: Mapping[str, Variant] = {
    "fewer": Variant(filters=48),
    "more": Variant(filters=100),
    "half": Variant(patches=PATCHES // 2),
    "longer": Variant(iterations=100),
    "contrast": Variant(equal_contrast=True),
    "features": Variant(features=True),
}


def share_above(r_squared: Tensor, least: float = GOOD_FIT) -> float:
    """The share of fits above a limit; one that is NaN is not.

    >>> share_above(torch.tensor([0.9, 0.8, 0.1, torch.nan]))
    0.5
    """
    return float((r_squared > least).double().mean())


def share(variant: Variant, pictures: Sequence[Tensor], seed: int) -> float:
    """The share of Gabor-like filters.

    Args:
        variant: how they are learned.
        pictures: `(H, W)` each.
        seed: of the patches and of FastICA.
    """
    patches = training_patches(pictures, seed, variant.patches)
    if variant.equal_contrast:
        patches = of_equal_contrast(patches)
    *_, fitted = independent_filters(patches, variant.filters, seed, variant.iterations)
    if variant.features:
        fitted = torch.linalg.pinv(fitted).T
    return share_above(fit_gabors(fitted.unflatten(1, (SIDE_PX, SIDE_PX))).r_squared)


def of_equal_contrast(patches: Tensor) -> Tensor:
    """Patches divided by their contrast; a tenth of the mean contrast is added, for flat ones.

    >>> of_equal_contrast(torch.tensor([[3.0, -3.0], [0.0, 0.0]])).round(decimals=2)
    tensor([[ 0.6700, -0.6700],
            [ 0.0000,  0.0000]])
    """
    contrast = patches.norm(dim=1, keepdim=True)
    return patches / (contrast + 0.1 * contrast.mean()).clamp(min=1e-12)
