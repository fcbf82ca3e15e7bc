"""The numbers of a window: each in its cell, in ink that is read on the cell's colour."""

from __future__ import annotations

from viz.figures.heat import INKS
from viz.figures.window import window

VALUES = [[0.0, 0.25, 1.0], [-0.5, 0.75, 0.5]]


def test_every_number_stands_in_its_cell():
    cells, numbers = window(VALUES).data
    assert [list(row) for row in cells.z] == VALUES
    for x, y, said in zip(numbers.x, numbers.y, numbers.text, strict=True):
        assert float(said.replace("−", "-")) == VALUES[y][x]
    assert len(numbers.text) == 6


def test_dark_cells_have_light_numbers_and_light_cells_dark_ones():
    dark_ink, light_ink = INKS
    _, numbers = window([[0.0, 0.5, 1.0]]).data
    assert list(numbers.textfont.color) == [light_ink, dark_ink, dark_ink]


def test_whole_cells_are_seen_with_their_frames_and_begin_at_the_left():
    figure = window(VALUES, kept=(0, 2), chosen=(1, 0))
    (left, right), (low, high) = figure.layout.xaxis.range, figure.layout.yaxis.range
    for frame in figure.layout.shapes:
        assert left < frame.x0 < frame.x1 < right
        assert high < frame.y0 < frame.y1 < low
    assert figure.layout.xaxis.constraintoward == "left"
