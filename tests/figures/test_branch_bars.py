"""Stacked bars in the hues of the branches."""

from __future__ import annotations

import pytest

from viz.figures.branch_bars import branch_bars
from viz.figures.theme import BRANCHES

CALLED = {"one": "1×1", "five": "5×5"}


def test_parts_are_stacked_in_their_hues_and_totals_stand_at_their_ends():
    figure = branch_bars(
        ["reduced", "naive"],
        {"one": [0.25, 0.5], "five": [0.5, 0.75]},
        called=CALLED,
        written=["75", "125"],
        hover={"one": ["25", "50"], "five": ["50", "75"]},
        axis_title="share",
    )
    *bars, totals = figure.data
    assert figure.layout.barmode == "stack"
    assert [bar.marker.color for bar in bars] == [BRANCHES["one"], BRANCHES["five"]]
    assert [bar.name for bar in bars] == ["1×1", "5×5"]
    assert totals.x == (0.75, 1.25)
    assert totals.text == (" 75", " 125")
    assert figure.layout.xaxis.range[1] > 1.25
    assert list(figure.layout.yaxis.ticktext) == ["reduced", "naive"]


def test_every_bar_has_a_part_of_every_branch():
    with pytest.raises(ValueError, match="2 bars"):
        branch_bars(["a", "b"], {"one": [1.0]}, called=CALLED, written=["", ""], hover={})
