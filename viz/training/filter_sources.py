"""What filters are learned from: photographs, and pictures that lack one property of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import torch
from torch import Tensor

from viz.images import dead_leaves, photographs, resized
from viz.layers.recipes import grey_rows
from viz.training.control_pictures import one_over_f_noise, phase_scrambled
from viz.training.patches import patches

PICTURE_PX = 224  # the longer side: the size at which the layers of every lesson see a photo
PATCHES = 20_000
APART = 100  # seeds from one draw of controls to the next: more than there are pictures


def luminance(pixels: Tensor) -> Tensor:
    """The brightness of a picture: `(3, H, W)` to `(H, W)`, see `grey_rows`."""
    return torch.einsum("c,chw->hw", grey_rows(1)[0].to(pixels), pixels)


def _photograph(n: int, _: int) -> Tensor:
    return luminance(resized(photographs()[n].pixels, PICTURE_PX))


def _scrambled(n: int, seed: int) -> Tensor:
    return phase_scrambled(_photograph(n, seed), seed)


def _noise(_: int, seed: int) -> Tensor:
    return one_over_f_noise(PICTURE_PX, seed).float()


def _leaves(_: int, seed: int) -> Tensor:
    return luminance(dead_leaves(PICTURE_PX, seed))


# Each draws one picture: its place among the photographs and its seed -> brightness.
SOURCES: Mapping[str, Callable[[int, int], Tensor]] = {
    "photographs": _photograph,
    "scrambled": _scrambled,
    "noise": _noise,
    "leaves": _leaves,
}


def pictures_of(source: str, seed: int) -> Iterator[Tensor]:
    """The pictures that filters are learned from, as brightness, one after the other.

    Args:
        source: `photographs`, the shipped ones; `scrambled`, the same with random phases; `noise`
            with amplitudes that fall as 1/f; or `leaves`, discs that lie on one another.
        seed: of the controls; the photographs are always the same.

    Yields:
        `(H, W)`, as many as there are photographs, the longer side at most 224 px.

    Raises:
        KeyError: if there is no such source.
    """
    for n in range(len(photographs())):
        yield SOURCES[source](n, APART * seed + n)


def training_patches(pictures: Sequence[Tensor], seed: int, count: int = PATCHES) -> Tensor:
    """`(count, 144)`, what filters are learned from, see `patches`."""
    return patches(pictures, count, seed)
