"""The small grid of grey levels: the right pixels, inside the picture, whole numbers."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from viz.lessons.small_grid import small_grid

# Every pixel has a grey level of its own: row 0 has 0 to 9, row 1 has 10 to 19, …
PIXELS = (torch.arange(150.0) / 255).view(15, 10).expand(3, 15, 10)


def test_the_middle_by_hand():
    assert small_grid(PIXELS, 2, 3).tolist() == [[[63, 64, 65], [73, 74, 75]]]


@given(st.integers(1, 12), st.integers(1, 10), st.integers(0, 14), st.integers(0, 9))
def test_a_grid_around_a_pixel_holds_it_as_near_its_middle_as_the_edge_lets_it(
    rows: int, columns: int, row: int, column: int
):
    grid = small_grid(PIXELS, rows, columns, (row, column))[0]
    top, left = divmod(int(grid[0, 0]), 10)
    expected = torch.arange(150.0).view(15, 10)[top : top + rows, left : left + columns]
    assert grid.equal(expected)
    for at, first, cells, length in ((row, top, rows, 15), (column, left, columns, 10)):
        assert first <= at < first + cells
        assert at - first == cells // 2 or first in (0, length - cells)


@pytest.mark.parametrize("centre", [None, (1, 1)])
def test_a_smaller_picture_repeats_its_border(centre: tuple[int, int] | None):
    grid = small_grid(PIXELS[:, :2, :2], 3, 4, centre)
    assert grid.tolist() == [[[0, 1, 1, 1], [10, 11, 11, 11], [10, 11, 11, 11]]]
