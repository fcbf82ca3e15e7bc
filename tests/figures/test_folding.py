"""The figure of a row that is folded into a kernel."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from viz.figures.folding import GAP, GRIDS_AT, INPUT_AT, KERNEL_AT, folding
from viz.figures.theme import FIELD

ROW = [1.0, -2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
PLACES = [(c, i, j) for c in range(2) for i in range(2) for j in range(2)]
INPUTS = [[[9, 8], [7, 6]], [[5, 4], [3, 2]]]


def drawn(done: int) -> go.Figure:
    titles = ["a", "b"]
    return folding(
        *(ROW, PLACES, INPUTS),
        done=done,
        row_title="row",
        kernel_titles=titles,
        input_titles=titles,
    )


def texts(figure, name: str) -> dict[tuple[float, float], str]:
    return {(note.x, note.y): note.text for note in figure.layout.annotations if note.name == name}


@pytest.mark.parametrize("done", range(len(ROW) + 1))
def test_the_kernel_has_what_was_folded_and_the_row_has_all(done: int) -> None:
    figure = drawn(done)
    assert [*texts(figure, "row").values()] == ["1", "−2", "3", "4", "5", "6", "7", "8"]
    wide = 2 + GAP
    wanted = {
        (KERNEL_AT + c * wide + j, GRIDS_AT + 1 + i): f"{ROW[n]:g}".replace("-", "−")
        for n, (c, i, j) in enumerate(PLACES[:done])
    }
    assert texts(figure, "kernel") == wanted
    read = {(INPUT_AT + c * wide + j, GRIDS_AT + 1 + i): str(INPUTS[c][i][j]) for c, i, j in PLACES}
    assert texts(figure, "input") == read


def test_the_newest_weight_is_framed_in_the_row_the_kernel_and_the_window() -> None:
    figure = drawn(6)
    framed = [
        ((shape.x0 + shape.x1) / 2, (shape.y0 + shape.y1) / 2)
        for shape in figure.layout.shapes
        if shape.line.color == FIELD
    ]
    at = (2 + GAP + 1, GRIDS_AT + 1)  # the second channel, row 0, column 1
    wanted = [(5, 1), (KERNEL_AT + at[0], at[1]), (INPUT_AT + at[0], at[1])]
    for one, other in zip(framed, wanted, strict=True):
        assert one == pytest.approx(other)
    assert not [s for s in drawn(0).layout.shapes if s.line.color == FIELD]


def test_all_of_it_is_inside_the_axes() -> None:
    layout = drawn(8).layout
    (left, right), (bottom, top) = layout.xaxis.range, layout.yaxis.range
    for shape in layout.shapes:
        assert left <= shape.x0 < shape.x1 <= right
        assert top <= shape.y0 < shape.y1 <= bottom


def test_a_heading_grows_away_from_its_grid_and_no_arrow_crosses_it() -> None:
    """That of the row is above it, those of the grids are below them."""
    notes = drawn(1).layout.annotations
    (row,) = (note for note in notes if note.text == "row")
    grids = [note for note in notes if note.text in ("a", "b")]
    assert (row.y, row.yanchor) == (0.4, "bottom")
    assert len(grids) == 4
    assert {note.yanchor for note in grids} == {"top"}
    (arrow,) = (note for note in notes if note.name == "arrow")
    lowest = max(shape.y1 for shape in drawn(0).layout.shapes)
    assert max(arrow.y, arrow.ay) < lowest <= min(note.y for note in grids) < lowest + 0.5
