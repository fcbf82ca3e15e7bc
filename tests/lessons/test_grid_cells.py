"""The grid over a picture: the mean of every cell, as a click finds the cell."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from viz.lessons.grid_cells import cell_means, largest_cells

SIDES = st.integers(4, 23)


@given(height=SIDES, width=SIDES, rows=st.integers(1, 4), columns=st.integers(1, 4))
def test_a_pixel_is_in_the_cell_that_a_click_on_it_hits(
    height: int, width: int, rows: int, columns: int
) -> None:
    values = torch.rand(height, width, generator=torch.Generator().manual_seed(0))
    means = cell_means(values, (rows, columns))
    inside: dict[tuple[int, int], list[float]] = {}
    for y in range(height):
        for x in range(width):
            cell = int(y / height * rows + 1e-9), int(x / width * columns + 1e-9)
            inside.setdefault(cell, []).append(float(values[y, x]))
    for (row, column), found in inside.items():
        assert float(means[row, column]) == pytest.approx(sum(found) / len(found), rel=1e-5)
    assert len(inside) == rows * columns


def test_no_cell_is_the_largest_where_all_are_zero() -> None:
    assert largest_cells(torch.zeros(4, 4)) == frozenset()
    assert len(largest_cells(torch.ones(4, 4))) == 16
