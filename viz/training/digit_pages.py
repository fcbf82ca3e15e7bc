"""Pages with several digits, and crops of them to learn which digit a crop shows, or none."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from viz.networks.digit_finder import NONE
from viz.training.digits import SIDE_PX, Digits

PAGE_PX = (24, 32)  # of a page to learn from
ON_A_PAGE, TRIES = 5, 40
OFF_PX = 2  # a crop that is this far from every digit shows none

Corner = tuple[int, int]  # row and column of a digit's upper left pixel


def page(images: Sequence[Tensor], corners: Sequence[Corner], size: tuple[int, int]) -> Tensor:
    """Digits on paper; where two overlap, the darker ink is seen.

    Args:
        images: `(1, 8, 8)` each.
        corners: the place of each, inside the page.
        size: height and width of the page in px.

    Returns:
        `(1, H, W)`, 0 is paper.

    >>> page([torch.ones(1, 8, 8)], [(0, 2)], (8, 12))[0, 0]
    tensor([0., 0., 1., 1., 1., 1., 1., 1., 1., 1., 0., 0.])
    """
    paper = torch.zeros(1, *size)
    for image, (row, column) in zip(images, corners, strict=True):
        under = crop(paper, (row, column))
        under.copy_(torch.maximum(under, image))
    return paper


def crop(paper: Tensor, corner: Corner) -> Tensor:
    """The 8×8 px of a page from a corner on, as a view."""
    row, column = corner
    return paper[..., row : row + SIDE_PX, column : column + SIDE_PX]


@torch.inference_mode(False)
def crops_of_pages(digits: Digits, pages: int, seed: int) -> Digits:
    """Crops of random pages: each digit as it lies there and a pixel beside it, and crops of none.

    Args:
        digits: what the pages are made of.
        pages: how many.
        seed: other pages.

    >>> from viz.training.digits import some_for_training
    >>> crops_of_pages(some_for_training(50, 0), pages=2, seed=0).images.shape[1:]
    torch.Size([1, 8, 8])
    """
    generator = torch.Generator().manual_seed(seed)
    images: list[Tensor] = []
    labels: list[int] = []
    for _ in range(pages):
        corners = _corners(generator)
        drawn = torch.randint(len(digits.labels), (len(corners),), generator=generator).tolist()
        paper = page([digits.images[n] for n in drawn], corners, PAGE_PX)
        of_digits = [int(digits.labels[n]) for n in drawn]
        for seen in (corners, [_beside(corner, generator) for corner in corners]):
            images += [crop(paper, corner) for corner in seen]
            labels += of_digits
        empty = [at for at in _places(4 * len(corners), generator) if _apart(at, corners, OFF_PX)]
        images += [crop(paper, corner) for corner in empty]
        labels += [NONE] * len(empty)
    return Digits(torch.stack(images), torch.tensor(labels))


def _corners(generator: torch.Generator) -> list[Corner]:
    """Random places of digits that do not overlap."""
    chosen: list[Corner] = []
    for at in _places(TRIES, generator):
        if len(chosen) < ON_A_PAGE and _apart(at, chosen, SIDE_PX):
            chosen.append(at)
    return chosen


def _places(count: int, generator: torch.Generator) -> list[Corner]:
    rows, columns = (
        torch.randint(length - SIDE_PX + 1, (count,), generator=generator).tolist()
        for length in PAGE_PX
    )
    return list(zip(rows, columns, strict=True))


def _beside(corner: Corner, generator: torch.Generator) -> Corner:
    """One of the eight places a pixel away, or the same place, within the page."""
    steps = torch.randint(-1, 2, (2,), generator=generator).tolist()
    row, column = (
        min(max(at + step, 0), length - SIDE_PX)
        for at, step, length in zip(corner, steps, PAGE_PX, strict=True)
    )
    return row, column


def _apart(at: Corner, others: Sequence[Corner], px: int) -> bool:
    """Whether a place is at least so far from all others, along either axis."""
    return all(max(abs(at[0] - row), abs(at[1] - column)) >= px for row, column in others)
