"""Alternatives as divided bars."""

from __future__ import annotations

from viz.figures.costs import MIN_NAMED, cost_bars


def test_parts_follow_one_another_and_short_ones_have_no_room_for_a_name():
    parts = {"thin": {"first": 1, "middle": 40, "last": 100}, "direct": {"whole": 200}}
    figure = cost_bars(parts, highlighted=["middle"], axis_title="MACs")
    assert [(bar.y[0], bar.x[0]) for bar in figure.data] == [
        (name, count) for name, of in parts.items() for count in of.values()
    ]
    named = [each for of in parts.values() for each, n in of.items() if n >= MIN_NAMED * 200]
    assert [bar.text for bar in figure.data if bar.text] == named
    first, middle, *_ = (bar.marker.color for bar in figure.data)
    assert first != middle
    assert figure.layout.barmode == "stack"
    assert figure.layout.xaxis.title.text == "MACs"
