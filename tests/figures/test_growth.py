"""Pairs of bars: every count in its place, readable from the last row."""

from __future__ import annotations

import pytest

from viz.figures import theme
from viz.figures.growth import paired_bars

COUNTS = {"with": [256, 480], "without": [416, 832]}
WRITTEN = [["256", "480"], ["416", "832"]]


def test_every_bar_has_its_count_its_text_and_its_name():
    figure = paired_bars(["3a", "3b"], COUNTS, written=WRITTEN, unit="MACs", axis_title="channels")
    for bar, (name, counts), texts in zip(figure.data, COUNTS.items(), WRITTEN, strict=True):
        assert (list(bar.x), list(bar.y), list(bar.text)) == (counts, ["3a", "3b"], texts)
        assert bar.name == name
        assert "%{x:,} MACs" in bar.hovertemplate
        assert bar.textfont.size == theme.TEXT_PX >= 15
        assert bar.constraintext == "none"
    assert [bar.marker.color for bar in figure.data] == [theme.BLUE, theme.GREY]
    assert figure.layout.showlegend
    assert figure.layout.xaxis.title.text == "channels"


def test_there_is_room_for_the_number_after_the_longest_bar():
    low, high = paired_bars(["a", "b"], COUNTS, written=WRITTEN).layout.xaxis.range
    assert low == 0
    assert high > 1.2 * 832


def test_the_first_pair_is_on_top_and_names_are_no_numbers():
    axis = paired_bars(["1", "2"], COUNTS, written=WRITTEN).layout.yaxis
    assert (axis.autorange, axis.type) == ("reversed", "category")


@pytest.mark.parametrize(
    ("names", "counts", "written"),
    [
        (["3a"], COUNTS, WRITTEN),
        (["3a", "3b"], {"with": [1, 2]}, WRITTEN[:1]),
        (["3a", "3b"], COUNTS, WRITTEN[:1]),
        (["3a", "3b"], COUNTS, [["1"], ["2"]]),
    ],
)
def test_what_does_not_belong_together_is_refused(
    names: list[str], counts: dict[str, list[int]], written: list[list[str]]
):
    with pytest.raises(ValueError, match="2 alternatives"):
        paired_bars(names, counts, written=written)
