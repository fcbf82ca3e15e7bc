"""Filters that are learned from one picture at once, few enough for a slider's step."""

from __future__ import annotations

from torch import Tensor

from viz.layers.reflection import reflected
from viz.training.independent_components import (
    independent_filters,
    least_gaussian_first,
    principal_filters,
)
from viz.training.patches import patches

OWN_PATCHES = 3000  # written out below: a program has the functions alone


def learned_kernels(luminance: Tensor, method: str, seed: int, count: int) -> Tensor:
    """Filters learned from patches of a picture.

    Args:
        luminance: `(1, H, W)`, of any size: around a small picture is its mirror image.
        method: `ica`, independent components, or `pca`, principal components.
        seed: of the patches and of the first turn.
        count: how many of the 64 filters; the first of `ica` are least Gaussian, of `pca` have most
            variance.

    Returns:
        `(count, 12, 12)` float32 on the CPU, each with mean 0 and norm 1.

    >>> import torch
    >>> learned_kernels(torch.zeros(1, 1, 1), "ica", seed=0, count=8).shape
    torch.Size([8, 12, 12])
    """
    drawn = own_patches(luminance, seed)
    if method == "pca":
        filters = principal_filters(drawn, 64)
    else:
        *_, filters = independent_filters(drawn, 64, seed, iterations=40)
        filters = least_gaussian_first(filters, drawn)
    centred = filters[:count] - filters[:count].mean(1, keepdim=True)
    norms = centred.norm(dim=1, keepdim=True)
    return (centred / norms).view(-1, 12, 12).float()


def own_patches(luminance: Tensor, seed: int) -> Tensor:
    """The patches of a picture that its filters are learned from, `(3000, 144)` float64.

    Args:
        luminance: `(1, H, W)`.
        seed: of their places.

    >>> import torch
    >>> own_patches(torch.zeros(1, 5, 40), seed=0).shape
    torch.Size([3000, 144])
    """
    return patches([large_enough(luminance.cpu().double()[0])], 3000, seed)


def large_enough(picture: Tensor, least_px: int = 24) -> Tensor:
    """`(H, W)` with its mirror image around it, until there is room for patches.

    >>> import torch
    >>> large_enough(torch.zeros(1, 30)).shape
    torch.Size([25, 54])
    """
    while min(picture.shape) < least_px:
        picture = reflected(picture, least_px // 2)
    return picture
