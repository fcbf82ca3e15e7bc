"""The cloud of pixels: every point where it belongs, in its own colour, comparable with another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.figures import theme
from viz.figures.space import MOST_POINTS, cloud, spans


def drawn(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points, colours, and which are lit."""
    random = np.random.default_rng(seed)
    return random.normal(size=(count, 3)), random.random((count, 3)), random.random(count) < 0.3


def positions(trace) -> np.ndarray:
    return np.stack([np.asarray(getattr(trace, axis)) for axis in "xyz"], axis=1)


@given(st.integers(0, 60), st.integers(0, 9))
def test_every_point_stands_once_where_it_belongs_in_its_colour(count: int, seed: int):
    points, colours, lit = drawn(count, seed)
    unlit, bright = cloud(points, colours, lit, "RGB").data
    np.testing.assert_allclose(positions(unlit), points[~lit], rtol=1e-6)
    np.testing.assert_allclose(positions(bright), points[lit], rtol=1e-6)
    for trace, chosen in ((unlit, ~lit), (bright, lit)):
        assert len(trace.marker.color) == chosen.sum()
        for word, colour in zip(trace.marker.color, colours[chosen], strict=True):
            shown = [int(word[at : at + 2], 16) for at in (1, 3, 5)]
            np.testing.assert_allclose(shown, colour * 255, atol=0.5)


def test_lit_points_are_larger_with_the_accent_and_the_others_fade():
    points, colours, lit = drawn(40)
    unlit, bright = cloud(points, colours, lit, "RGB").data
    assert bright.marker.size > 1.5 * unlit.marker.size
    assert bright.marker.line.color == theme.FIELD
    assert bright.marker.opacity == 1
    assert unlit.marker.opacity < 0.4
    alone, none = cloud(points, colours, np.zeros(40, bool), "RGB").data
    assert alone.marker.opacity > 0.8
    assert len(none.x) == 0


@given(st.integers(1, 60), st.integers(0, 9))
def test_all_axes_have_one_scale_and_hold_zero_and_every_point(count: int, seed: int):
    points, colours, lit = drawn(count, seed)
    scene = cloud(points * [1, 5, 0.2], colours, lit, "RGB").layout.scene
    assert scene.aspectmode == "manual"
    pixels_per_unit = []
    for axis, values in zip("xyz", (points * [1, 5, 0.2]).T, strict=True):
        low, high = scene[f"{axis}axis"].range
        assert low < min(0, values.min())
        assert max(0, values.max()) < high
        pixels_per_unit.append(scene.aspectratio[axis] / (high - low))
    np.testing.assert_allclose(pixels_per_unit, pixels_per_unit[0])
    ratio = scene.aspectratio
    assert ratio.x**2 + ratio.y**2 + ratio.z**2 == pytest.approx(3)


def test_two_clouds_of_the_same_ranges_are_seen_from_one_place():
    (one, *rest), (other, *others) = drawn(30, 0), drawn(30, 1)
    ranges = spans(one, other)
    first, second = (
        cloud(one, *rest, "RGB", ranges=ranges),
        cloud(other, *others, "RGB", ranges=ranges),
    )
    both = np.concatenate([one, other])
    for axis, low, high in zip("xyz", both.min(0), both.max(0), strict=True):
        span = first.layout.scene[f"{axis}axis"].range
        assert span == second.layout.scene[f"{axis}axis"].range
        assert span[0] < low < high < span[1]
    assert first.layout.scene.camera == second.layout.scene.camera
    assert first.layout.scene.aspectratio == second.layout.scene.aspectratio
    assert first.layout.uirevision == second.layout.uirevision is not None


def test_axes_are_named_and_readable_and_a_missing_one_has_no_numbers():
    figure = cloud(*drawn(5), ("R−G", "PC 2", ""), title="Behind the matrix")
    scene = figure.layout.scene
    assert [scene[f"{axis}axis"].title.text for axis in "xyz"] == ["R−G", "PC 2", ""]
    assert all(scene[f"{axis}axis"].tickfont.size >= 14 for axis in "xyz")
    assert all(scene[f"{axis}axis"].title.font.size >= 14 for axis in "xyz")
    assert [scene[f"{axis}axis"].showticklabels for axis in "xyz"] == [True, True, False]
    assert figure.layout.title.text == "Behind the matrix"
    assert figure.layout.title.font.size == theme.TEXT_PX
    hover = figure.data[0].hovertemplate
    assert "R−G %{x" in hover
    assert "%{z" not in hover


def test_points_that_are_all_one_still_have_a_range():
    zeros = np.zeros((3, 3))
    low, high = cloud(zeros, zeros, np.ones(3, bool), "RGB").layout.scene.xaxis.range
    assert low < 0 < high


@pytest.mark.parametrize(
    ("points", "colours", "lit", "names"),
    [
        ((MOST_POINTS + 1, 3), (MOST_POINTS + 1, 3), MOST_POINTS + 1, "RGB"),
        ((5, 2), (5, 3), 5, "RGB"),
        ((5, 3), (4, 3), 5, "RGB"),
        ((5, 3), (5, 3), 4, "RGB"),
        ((5, 3), (5, 3), 5, "RG"),
    ],
)
def test_what_does_not_fit_is_refused(points, colours, lit, names):
    with pytest.raises(ValueError, match=r"cloud|fit"):
        cloud(np.zeros(points), np.zeros(colours), np.zeros(lit, bool), names)


def test_the_most_points_are_sent_small():
    """The front end copies a figure many times; a point takes some twenty bytes."""
    figure = cloud(*drawn(MOST_POINTS), "RGB")
    assert len(figure.to_json()) < 40 * MOST_POINTS
