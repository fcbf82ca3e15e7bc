"""The figures of orientations: the Fourier plane, the polar curve, and the convention of angles."""

from __future__ import annotations

import base64
import io
import math

import numpy as np
import pytest
from PIL import Image

from viz.figures.angle_convention import LINE, angle_convention
from viz.figures.fourier_plane import fourier_plane
from viz.figures.groups import orientation_colour
from viz.figures.polar_tuning import polar_tuning


def test_the_plane_has_its_frequencies_and_an_outline_in_each_hue():
    power = np.zeros((5, 5))
    power[4, 3] = 4.0  # highest upwards, half way to the right
    right, up = np.array([[0.1, 0.1], [0.2, 0.2]]), np.array([[0.0, 0.0], [0.1, 0.1]])
    figure = fourier_plane(power, 0.2, [90, 135], right, up, ring=0.125, ring_name="8 px")
    plane, *outlines = figure.data
    row, column = np.unravel_index(np.array(plane.z).argmax(), (5, 5))
    assert (plane.x[column], plane.y[row], np.max(plane.z)) == (0.1, 0.2, 1)
    assert [line.line.color for line in outlines] == [
        orientation_colour(each) for each in (90, 135)
    ]
    assert outlines[1].x == (0.2, 0.2)
    assert [note.text for note in figure.layout.annotations] == ["90°", "135°", "8 px"]
    assert figure.layout.shapes[0].x1 == 0.125


def test_of_many_filters_a_few_are_named_and_none_twice():
    many = [180 * n / 16 for n in range(16)] * 2
    places = np.full((32, 2), 0.1)
    notes = fourier_plane(np.eye(3), 0.2, many, places, places, ring=0.1).layout.annotations
    assert [note.text for note in notes] == ["0°", "45°", "90°", "135°", ""]


def test_an_outline_too_few_is_refused():
    with pytest.raises(ValueError, match="2 orientations have 1 and 1"):
        fourier_plane(np.eye(3), 0.2, [0, 90], np.zeros((1, 2)), np.zeros((1, 2)), ring=0.1)


def test_the_curve_goes_around_twice_in_its_hue_and_a_radius_lies_as_its_bars():
    curves = {"law": [1.0, 0.5], "square": [1.0, 0.25]}
    others = {"45°": [0.0, 1.0]}
    figure = polar_tuning(
        [0, 90], curves, [0.0], {"a": [1.0], "b": [0.9]}, others, preferred_degrees=30
    )
    faint, law, square, first, second = figure.data
    assert (law.theta, law.r) == ((0, 90, 180, 270, 0), (1.0, 0.5, 1.0, 0.5, 1.0))
    assert (second.theta, second.r) == ((0, 180), (0.9, 0.9))
    assert law.line.color == first.marker.color == orientation_colour(30)
    assert faint.line.color == orientation_colour(45)
    assert law.line.dash != square.line.dash
    assert first.marker.symbol != second.marker.symbol
    axis = figure.layout.polar.angularaxis
    assert (axis.direction, axis.rotation) == ("counterclockwise", 0)
    assert axis.ticktext[axis.tickvals.index(225)] == "45°"


def test_a_curve_with_gaps_is_refused():
    with pytest.raises(ValueError, match="one value for each"):
        polar_tuning([0, 90], {"law": [1]}, [0], {}, {}, preferred_degrees=0)


@pytest.mark.parametrize("degrees", [0, 30, 90, 135])
def test_the_line_lies_along_the_bars_of_the_picture(degrees: int):
    figure = angle_convention(degrees, named=f"{degrees}°")
    along = figure.data[2]
    turn = math.radians(degrees)
    assert along.x[1] == pytest.approx(LINE * math.cos(turn))
    assert along.y[1] == pytest.approx(LINE * math.sin(turn))
    source = figure.layout.images[0].source.split(",")[1]
    disc = np.asarray(Image.open(io.BytesIO(base64.b64decode(source))).convert("RGBA"))
    middle, far = len(disc) // 2, len(disc) // 3
    for share in (-0.9, -0.5, 0.4, 0.8):  # white along the line, from rim to rim
        row = middle - round(share * far * math.sin(turn))
        column = middle + round(share * far * math.cos(turn))
        assert disc[row, column, 0] > 200, share
    assert disc[0, 0, 3] == 0  # clear outside
    arc = figure.data[3]
    ends = math.degrees(math.atan2(arc.y[-1], arc.x[-1]))
    assert (arc.y[0], ends) == (0, pytest.approx(degrees))
