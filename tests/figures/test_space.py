"""The cloud of pixels: every point where it belongs, in its own colour, comparable with another."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.figures import theme
from viz.figures.space import MAX_POINTS, cloud, spans


def drawn(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points, colours, and which are lit."""
    random = np.random.default_rng(seed)
    return random.normal(size=(count, 3)), random.random((count, 3)), random.random(count) < 0.3


def positions(trace) -> np.ndarray:
    return np.stack([np.asarray(getattr(trace, axis)) for axis in "xyz"], axis=1)


@pytest.mark.slow
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
            np.testing.assert_allclose(shown, np.maximum(colour * 255, 1), atol=0.5)


def test_no_colour_is_one_that_streamlit_takes_for_a_place_in_its_theme():
    dark = np.stack([np.zeros(64), np.zeros(64), np.arange(64) / 255], axis=1)
    for lit in (True, False):
        for trace in cloud(dark, dark, np.full(64, lit), "RGB").data:
            assert not any(colour.startswith("#0000") for colour in trace.marker.color)


def test_lit_points_are_larger_in_their_own_colour_and_the_others_fade():
    points, colours, lit = drawn(40)
    unlit, bright = cloud(points, colours, lit, "RGB").data
    assert bright.marker.size > 1.5 * unlit.marker.size
    assert bright.marker.line.color == theme.GREY
    assert bright.marker.line.width <= 0.5, "a rim wider than that hides the colour of the pixel"
    assert bright.marker.opacity == 1
    assert unlit.marker.opacity < 0.4
    alone, none = cloud(points, colours, np.zeros(40, bool), "RGB").data
    assert alone.marker.opacity > 0.8
    assert len(none.x) == 0


@pytest.mark.slow
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


def on_screen(scene, height: int) -> np.ndarray:
    """Where the eight corners of the box are, in pixels right of and above the middle."""
    eye, center = (
        [point[each] for each in "xyz"] for point in (scene.camera.eye, scene.camera.center)
    )
    toward = np.subtract(eye, center) / np.linalg.norm(np.subtract(eye, center))
    right = np.cross([0, 0, 1], toward) / np.linalg.norm(np.cross([0, 0, 1], toward))
    ratio = [scene.aspectratio[each] for each in "xyz"]
    corners = np.array(list(product((-0.5, 0.5), repeat=3))) * ratio - center
    return (corners @ np.stack([right, np.cross(toward, right)], axis=1)) * (height - 40) / 2


@pytest.mark.slow
@pytest.mark.parametrize("names", ["RGB", ("R+G+B", "R−G", "R+G−2B"), ("PC 1", "PC 2", "")])
@pytest.mark.parametrize("height", [300, 420, 500])
@given(shape=st.tuples(*[st.floats(0.1, 10)] * 3), seed=st.integers(0, 9))
def test_the_box_fills_a_narrow_column_with_room_for_its_numbers(names, height, shape, seed):
    points, colours, lit = drawn(20, seed)
    scene = cloud(points * shape, colours, lit, names, height=height).layout.scene
    assert scene.camera.projection.type == "orthographic"
    across, up = on_screen(scene, height).T
    wide, tall = np.ptp(across), np.ptp(up)
    assert across.min() > -155 + 30
    assert across.max() < 155 - 30
    assert tall < height - 40 - 80
    assert wide > 120 or tall > height - 130


def test_the_eye_stands_across_the_grey_diagonal():
    """Along it lie most colours of a photo; seen from its end a cloud would be a spot."""
    figure = cloud(np.array([[0.0, 0, 0], [1, 1, 1]]), np.zeros((2, 3)), np.ones(2, bool), "RGB")
    camera = figure.layout.scene.camera
    toward = np.array([camera.eye[each] - camera.center[each] for each in "xyz"])
    assert abs(toward @ [1, 1, 1]) / np.linalg.norm(toward) / 3**0.5 < 0.3


def test_two_clouds_of_the_same_ranges_are_seen_from_one_place():
    (one, *_), (other, *_) = sets = drawn(30, 0), drawn(30, 1)
    ranges = spans(one, other)
    first, second = (cloud(*each, "RGB", ranges=ranges) for each in sets)
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
    axes = [scene[f"{axis}axis"] for axis in "xyz"]
    words = ["<br>".join(axis.ticktext or ()) for axis in axes]
    assert [word.count("<b>") for word in words] == [1, 1, 0]
    assert "<b>R−G</b>" in words[0]
    assert "<b>PC 2</b>" in words[1]
    assert all(axis.tickfont.size >= 14 for axis in axes)
    assert [axis.showticklabels for axis in axes] == [True, True, False]
    assert figure.layout.title.text == "Behind the matrix"
    assert figure.layout.title.font.size == theme.TEXT_PX
    hover = figure.data[0].hovertemplate
    assert "R−G %{x" in hover
    assert "%{z" not in hover


@pytest.mark.slow
@given(
    shape=st.tuples(*[st.floats(0.05, 20)] * 3),
    shift=st.tuples(*[st.floats(-5, 5)] * 3),
    seed=st.integers(0, 9),
)
def test_numbers_lie_apart_and_away_from_where_axes_meet(shape, shift, seed):
    points, colours, lit = drawn(20, seed)
    points = points * shape + shift
    scene = cloud(points, colours, lit, "RGB").layout.scene
    axes = [scene[f"{axis}axis"] for axis in "xyz"]
    longest = max(np.ptp(span) for span in spans(points))
    for name, axis in zip("RGB", axes, strict=True):
        (low, high), places = axis.range, np.array(axis.tickvals)
        assert low <= places[0]
        assert places[-1] <= high
        assert np.all(np.diff(places) > 0.129 * longest)
        assert axis.ticktext[-1].endswith(f"<b>{name}</b>"), "the name stands at the upper end"
        for place, text in zip(places, axis.ticktext, strict=True):
            number = text.split("<br>")[0]
            if "<b>" not in number:
                assert place - low >= 0.099 * longest
                assert float(number.replace("−", "-")) == pytest.approx(place, rel=1e-3)


def test_colours_of_black_and_of_white_are_seen_before_the_walls():
    scene = cloud(*drawn(5), "RGB").layout.scene
    for axis in (scene.xaxis, scene.yaxis, scene.zaxis):
        assert axis.showbackground
        assert 0x60 < int(axis.backgroundcolor[1:3], 16) < 0xC0


def test_points_that_are_all_one_still_have_a_range():
    zeros = np.zeros((3, 3))
    low, high = cloud(zeros, zeros, np.ones(3, bool), "RGB").layout.scene.xaxis.range
    assert low < 0 < high


@pytest.mark.parametrize(
    ("points", "colours", "lit", "names"),
    [
        ((MAX_POINTS + 1, 3), (MAX_POINTS + 1, 3), MAX_POINTS + 1, "RGB"),
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
    figure = cloud(*drawn(MAX_POINTS), "RGB")
    assert len(figure.to_json()) < 40 * MAX_POINTS
