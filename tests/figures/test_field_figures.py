"""Growth, cones and profiles: every mark in its place, with a name, readable from the last row."""

from __future__ import annotations

from typing import Any

import pytest

from viz.figures.field_cone import field_cone
from viz.figures.field_growth import MOST_NUMBERED, Dot, field_growth
from viz.figures.profile import profile
from viz.figures.theme import BLUE, FIELD, GREY, TEXT_PX

NAMES = {name: name for name in ("spatial", "flat", "stride", "published", "picture")}
DOTS = [
    Dot(1, 3, False, 2, "first"),
    Dot(2, 3, True, 1, "second"),
    Dot(3, 7, False, 1, "third"),
    Dot(3, 11, False, 1, "beside it"),
]


def texts(figure: Any) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_the_line_follows_the_largest_field_of_every_depth():
    line = field_growth(DOTS, names=NAMES).data[0]
    assert list(zip(line.x, line.y, strict=True)) == [(0, 1), (1, 3), (2, 3), (3, 11)]


def test_1x1_layers_are_marked_by_form_and_colour_and_say_who_they_are():
    _, spatial, flat, *_ = field_growth(DOTS, names=NAMES).data
    assert list(spatial.text) == ["first", "third", "beside it"]
    assert list(flat.text) == ["second"]
    assert [list(zip(each.x, each.y, strict=True)) for each in (spatial, flat)] == [
        [(1, 3), (3, 7), (3, 11)],
        [(2, 3)],
    ]
    assert (spatial.marker.color, flat.marker.color) == (FIELD, GREY)
    assert flat.marker.symbol == "square-open"
    assert (spatial.name, flat.name) == ("spatial", "flat")


def test_strides_are_upright_lines_with_what_they_divide_by():
    figure = field_growth(DOTS, names=NAMES)
    assert [line.x0 for line in figure.layout.shapes] == [1]
    assert texts(figure).count("÷2") == 1
    assert figure.data[-1].name == "stride"
    assert len(field_growth(DOTS[1:], names=NAMES).data) == 3


def test_published_figures_and_the_picture_are_drawn_where_they_are():
    figure = field_growth(DOTS, names=NAMES, published=[(3, 12, "said")], picture_px=15)
    assert [(mark.x[0], mark.y[0]) for mark in figure.data if mark.name == "published"] == [(3, 12)]
    assert [line.y0 for line in figure.layout.shapes if line.y0 == line.y1] == [15]
    assert figure.layout.yaxis.range[1] > 15
    far = field_growth(DOTS, names=NAMES, picture_px=224)
    assert "picture" not in texts(far), "a level far above would flatten the line"
    assert far.layout.yaxis.range[1] < 20


def test_few_fields_are_written_and_many_are_not():
    assert {"<b>3</b>", "3", "<b>7</b>", "<b>11</b>"} <= set(texts(field_growth(DOTS, names=NAMES)))
    many = [Dot(n, n, True, 1, "") for n in range(1, MOST_NUMBERED + 2)]
    assert texts(field_growth(many, names=NAMES)) == []


BARS = {"A": [(-4.0, 3.0, "7"), (0.0, 1.0, "1")], "B": [(0.0, 7.0, "7"), (4.0, 5.0, "1")]}


def test_every_row_has_its_bars_and_the_numbers_of_the_first():
    figure = field_cone(["photo", "1"], BARS, length=20, border="border")
    *bars, named = figure.data
    for bar, (name, row), colour in zip(bars, BARS.items(), (FIELD, BLUE), strict=True):
        assert bar.name == name
        assert bar.marker.color == colour
        assert [(start, start + wide) for start, wide in zip(bar.base, bar.x, strict=True)] == [
            (start, end) for start, end, _ in row
        ]
    assert texts(figure) == ["7", "1"]
    assert named.name == "border"
    assert {line.line.dash for line in figure.layout.shapes} == {named.line.dash}
    assert list(figure.layout.yaxis.ticktext) == ["photo", "1"]


def test_what_lies_beyond_a_border_is_in_sight():
    figure = field_cone(["photo", "1"], BARS, length=6)
    low, high = figure.layout.xaxis.range
    assert low < -4
    assert high > 7
    assert [line.x0 for line in figure.layout.shapes] == [-0.5, 5.5]


def test_a_long_stack_is_no_higher_than_a_screen_and_names_some_rows():
    names = [str(n) for n in range(60)]
    figure = field_cone(names, {"A": [(0.0, 1.0, "1")] * 60}, length=9)
    assert figure.layout.height <= 800
    assert 10 < len(figure.layout.yaxis.tickvals) < 30
    assert texts(figure) == []
    with pytest.raises(ValueError, match="60 rows"):
        field_cone(names, {"A": [(0.0, 1.0, "1")]}, length=9)


def test_bars_the_curve_and_the_deviation_are_where_they_are():
    x, y, law = [-1, 0, 1], [0.3, 0.4, 0.3], [0.2, 0.5, 0.2]
    figure = profile(x, y, law, names=("bars", "law"), deviation=0.8, deviation_name="σ")
    bars, curve = figure.data
    assert (list(bars.x), list(bars.y), list(curve.y)) == (x, y, law)
    assert (bars.name, curve.name) == ("bars", "law")
    assert [line.x0 for line in figure.layout.shapes] == [-0.8, 0.8]
    assert texts(figure) == ["σ"]
    assert figure.layout.annotations[0].font.size == TEXT_PX
    with pytest.raises(ValueError, match="3 places"):
        profile(x, y[:2], law, names=("bars", "law"), deviation=1)
