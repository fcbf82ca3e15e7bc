"""Patches: squares of the pictures, as many of each, without their means."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from viz.training.patches import patches


def counted(height: int, width: int) -> Tensor:
    """A picture in which every pixel has a number of its own."""
    return torch.arange(height * width, dtype=torch.float64).view(height, width).sqrt()


def every_square(picture: Tensor, side_px: int) -> set[tuple[float, ...]]:
    """All squares without their mean, by slicing."""
    found = set()
    for row in range(picture.shape[0] - side_px + 1):
        for column in range(picture.shape[1] - side_px + 1):
            square = picture[row : row + side_px, column : column + side_px].flatten()
            found.add(tuple((square - square.mean()).numpy().round(9).tolist()))
    return found


def test_patches_are_squares_of_the_picture_from_all_places():
    picture = counted(6, 9)
    drawn = patches([picture], 500, seed=3, side_px=4)
    assert {tuple(each) for each in drawn.numpy().round(9).tolist()} == every_square(picture, 4)


def test_every_picture_gives_as_many():
    flat_but = [torch.zeros(20, 30), torch.zeros(50, 40), torch.zeros(12, 12)]
    for n, picture in enumerate(flat_but):
        picture[:, ::2] = n + 1
    heights = patches(flat_but, 301, seed=0).amax(1)
    assert heights.unique(return_counts=True)[1].tolist() == [101, 100, 100]


def test_a_seed_is_a_draw():
    pictures = [counted(40, 40)]
    first, again, other = (patches(pictures, 50, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("pictures", [[], [torch.zeros(11, 40)]])
def test_what_no_square_fits_in_is_refused(pictures: list[Tensor]):
    with pytest.raises(ValueError, match="12 px"):
        patches(pictures, 1, seed=0)
