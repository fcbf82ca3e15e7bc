"""Classes painted on the photo: which pixels they are, what the networks learn, what the page says."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from looking import noise, shipped

from viz import lessons
from viz.lessons.blocks import Chart, Columns, Panels, Prose, Table
from viz.lessons.lesson import Scene
from viz.lessons.network_in_network.colour_plane import AXES, SIDE, colour_plane
from viz.lessons.network_in_network.painted import MOST_OF_A_CLASS, painted
from viz.lessons.network_in_network.sections import train
from viz.lessons.network_in_network.setting import PIECES, Setting
from viz.lessons.network_in_network.telling_apart import learning
from viz.progress import Progress
from viz.settings import BoxValues
from viz.trace import cost
from viz.training.logistic import linear_optimum
from viz.training.pixel_classes import CLASSES, accuracy, decision, loss

LESSON = lessons.load("network_in_network")
OPENING = LESSON.read({"part": "train"})[1]
EDGES = st.lists(st.integers(0, 1000), min_size=2, max_size=2, unique=True).map(sorted)
BOXES = st.lists(
    st.builds(lambda k, y, x: (k, y[0], x[0], y[1], x[1]), st.integers(0, 1), EDGES, EDGES),
    max_size=5,
)


# ── The painted pixels ──────────────────────────────────────────────────────────────────────────


def by_hand(height: int, width: int, boxes: BoxValues) -> tuple[np.ndarray, np.ndarray]:
    """The class of each pixel and whether it is held out, pixel by pixel from the last box."""
    labels, held = np.full((height, width), -1), np.zeros((height, width), bool)

    def span(low: int, high: int, length: int) -> range:
        inside = [n for n in range(length) if low <= 1000 * (n + 0.5) / length < high]
        return range(inside[0], inside[-1] + 1) if inside else range(0)

    for kind, top, left, bottom, right in boxes:
        rows, columns = span(top, bottom, height), span(left, right, width)
        for row in rows:
            for column in columns:
                labels[row, column] = kind
                held[row, column] = column >= columns[(len(columns) + 1) // 2 - 1] + 1
    return labels, held


@given(boxes=BOXES, height=st.sampled_from([20, 40]), width=st.sampled_from([20, 35]))
def test_the_right_half_of_every_rectangle_is_held_out(boxes: Any, height: int, width: int) -> None:
    """Pixels whose middle lies in a rectangle; those that hold none of any are tested below."""
    wide = tuple(
        box
        for box in boxes
        if (box[3] - box[1]) * height >= 1000 and (box[4] - box[2]) * width >= 1000
    )
    labels, held = by_hand(height, width, wide)
    places = torch.arange(height * width).view(1, height, width).expand(3, -1, -1).float()
    found = painted(places, wide)
    for pixels, wanted in ((found.learned, ~held), (found.held_out, held)):
        maps = pixels.maps * found.deviation + found.mean
        there = maps[0, 0].round().long().tolist()
        expected = [n for kind in (0, 1) for n in np.flatnonzero(wanted & (labels == kind))]
        assert there == expected
        assert pixels.labels.tolist() == labels.ravel()[expected].tolist()


@pytest.mark.parametrize("box", [(0, 0, 0, 1, 1), (1, 999, 999, 1000, 1000), (0, 512, 3, 513, 4)])
def test_a_rectangle_within_a_pixel_is_that_pixel_and_learned_from(box: Any) -> None:
    found = painted(torch.rand(3, 7, 9), (box,))
    assert found.learned.labels.tolist() == [box[0]]
    assert not len(found.held_out.labels)
    assert found.missing == [1 - box[0]]


def test_of_rectangles_that_cover_one_another_the_later_counts() -> None:
    below, above = (0, 0, 0, 1000, 1000), (1, 0, 0, 1000, 1000)
    assert painted(noise(8, 8), (below, above)).missing == [0]
    assert painted(noise(8, 8), (above, below)).missing == [1]


def test_no_pixel_is_in_both_halves_and_many_are_thinned_out_evenly() -> None:
    places = torch.arange(100.0 * 100).view(1, 100, 100).expand(3, -1, -1)
    found = painted(places, ((0, 0, 0, 1000, 800), (1, 0, 500, 1000, 1000)))
    halves = [
        (each.maps * found.deviation + found.mean)[0, 0].round()
        for each in (found.learned, found.held_out)
    ]
    assert not set(halves[0].tolist()) & set(halves[1].tolist())
    for pixels in (found.learned, found.held_out):
        counts = pixels.labels.bincount()
        assert (counts <= MOST_OF_A_CLASS).all()
        assert (counts > MOST_OF_A_CLASS / 2).all()


def test_learned_pixels_are_in_standard_units_and_a_constant_channel_is_not_divided_by_nothing() -> (
    None
):
    pixels = noise(20, 20)
    pixels[2] = 0.25
    found = painted(pixels, ((0, 0, 0, 500, 1000), (1, 500, 0, 1000, 1000)))
    maps = found.learned.maps[:, 0].double()
    assert maps.mean(1) == pytest.approx(torch.zeros(3), abs=1e-5)
    assert maps[:2].square().mean(1) == pytest.approx(torch.ones(2), abs=1e-4)
    assert (maps[2] == 0).all()
    assert torch.equal(found.colours[:, 2], torch.full((len(found.colours),), 0.25))
    torch.testing.assert_close(
        found.standardised(pixels[:, :1])[:, 0, :10].T, found.learned.maps[:, 0, :10].T
    )


# ── The opening ─────────────────────────────────────────────────────────────────────────────────


def opened(size_px: int = 224) -> Any:
    return painted(shipped("mosaic", size_px), OPENING.painted)


@pytest.mark.parametrize("size_px", [64, 224, 512])
def test_no_linear_1x1_separates_the_ring_and_the_best_one_guesses(size_px: int) -> None:
    found = opened(size_px)
    best = linear_optimum(found.learned)
    assert not best.separable
    assert math.log(2) - best.loss < 0.01
    scores = best.plane[:3] @ found.learned.maps.flatten(1).double() + best.plane[3]
    right = (scores < 0).long() == found.learned.labels
    shares = [float(right[found.learned.labels == kind].double().mean()) for kind in (0, 1)]
    assert sum(shares) / 2 < 0.6


def test_maxout_and_mlpconv_learn_the_ring_and_the_linear_one_ends_at_newtons_loss() -> None:
    found = opened()
    *_, last = learning(found, parameters=32, steps=OPENING.training_steps, seed=0)
    shares = {name: course.held_out[-1] for name, course in last.courses.items()}
    assert shares["linear"] < 0.6
    assert min(shares["maxout"], shares["mlpconv"]) > 0.95
    least = linear_optimum(found.learned).loss
    assert last.courses["linear"].losses[-1] == pytest.approx(least, abs=1e-4)


def test_both_halves_of_the_ring_are_separable_and_all_three_learn_them() -> None:
    found = painted(shipped("mosaic", 224), train.HALVES)
    assert linear_optimum(found.learned).separable
    *_, last = learning(found, parameters=32, steps=800, seed=0)
    assert all(course.held_out[-1] > 0.99 for course in last.courses.values())


def test_from_the_weights_of_seed_1_maxout_stays_stuck_and_more_steps_do_not_help() -> None:
    *_, last = learning(opened(), parameters=32, steps=1200, seed=1)
    shares = last.courses["maxout"].held_out
    assert shares[-1] < 0.95
    assert shares[-1] - shares[last.steps.index(800)] < 0.03
    assert last.courses["mlpconv"].held_out[-1] > 0.99


def test_with_eight_parameters_none_learns_the_ring() -> None:
    *_, last = learning(opened(), parameters=8, steps=800, seed=0)
    assert all(course.held_out[-1] < 0.8 for course in last.courses.values())


@pytest.mark.parametrize("parameters", PIECES)
def test_the_knob_says_what_maxout_and_mlpconv_have(parameters: int) -> None:
    found = painted(noise(8, 8), ((0, 0, 0, 500, 1000), (1, 500, 0, 1000, 1000)))
    *_, last = learning(found, parameters, steps=10, seed=0)
    counts = [cost(last.courses[name].network, (3, 1, 1)).parameters for name in last.courses]
    assert counts == [8, parameters, parameters]


def test_the_numbers_are_measured_every_few_steps_and_at_the_end() -> None:
    found = painted(noise(8, 8), ((0, 0, 0, 500, 1000), (1, 500, 0, 1000, 1000)))
    seen = [len(now.steps) for now in learning(found, parameters=32, steps=35, seed=2)]
    assert seen == [1, 2, 3, 4, 5]
    *_, last = learning(found, parameters=32, steps=35, seed=2)
    assert last.steps == [0, 10, 20, 30, 35]
    for course in last.courses.values():
        assert course.losses[-1] == loss(course.network, found.learned).item()
        assert course.learned[-1] == accuracy(course.network, found.learned)
        assert course.held_out[-1] == accuracy(course.network, found.held_out)


# ── The plane of colours ────────────────────────────────────────────────────────────────────────


def test_the_axes_of_the_plane_are_at_right_angles_to_grey_and_to_one_another() -> None:
    rows = torch.cat([AXES, torch.ones(1, 3) / math.sqrt(3)]).double()
    torch.testing.assert_close(rows @ rows.T, torch.eye(3).double(), atol=1e-6, rtol=0)


def test_a_place_of_the_plane_is_decided_as_its_colour() -> None:
    found = opened(96)
    plane = colour_plane(found)
    *_, last = learning(found, parameters=32, steps=60, seed=0)
    network = last.courses["mlpconv"].network
    decided = plane.decided(network, found)
    for row, column in [(0, 0), (5, 40), (SIDE - 1, 7)]:
        u, v = float(plane.along[column]), float(plane.along[row])
        red = plane.lightness + u / math.sqrt(2) + v / math.sqrt(6)
        green = plane.lightness - u / math.sqrt(2) + v / math.sqrt(6)
        blue = plane.lightness - 2 * v / math.sqrt(6)
        colour = torch.tensor([red, green, blue]).view(3, 1, 1)
        alone = float(decision(network, found.standardised(colour)))
        assert float(decided[row, column]) == pytest.approx(alone, abs=1e-4)


def test_points_are_learned_pixels_of_both_classes_and_lie_within_the_plane() -> None:
    plane = colour_plane(opened(96))
    assert len(plane.points) <= 300
    assert set(plane.labels.tolist()) == {0, 1}
    assert plane.points.abs().max() < plane.reach
    torch.testing.assert_close(plane.colours @ AXES.T, plane.points)


# ── The section ─────────────────────────────────────────────────────────────────────────────────


def blocks_of(setting: Setting, size_px: int = 96, name: str = "mosaic") -> list[Any]:
    return LESSON.section("train", setting, shipped(name, size_px))


def test_the_page_says_the_numbers_of_the_networks() -> None:
    setting = replace(OPENING, training_steps=100)
    found = opened(96)
    *_, last = learning(found, 32, 100, 0)
    first, plane, table, _, charts = blocks_of(setting)
    maps, _, verdict = first.columns[0]
    assert isinstance(plane, Chart)
    notes = [str(panel.note) for panel in maps.panels]
    assert notes == [
        f"{train.percent(course.held_out[-1])} right" for course in last.courses.values()
    ]
    assert "No plane" in str(verdict.text)
    assert f"{linear_optimum(found.learned).loss:.3f}"[:5] in str(verdict.text)
    assert [row[1:3] for row in table.rows] == [["8", "6"], ["32", "24"], ["32", "25"]]
    assert [row[-1] for row in table.rows] == [note.split(" right")[0] for note in notes]
    losses, shares = (column[0].arguments for column in charts.columns)
    assert losses["x"] == shares["x"] == last.steps
    assert list(losses["lines"].values()) == [of.losses for of in last.courses.values()]


def test_a_class_of_one_pixel_has_none_to_test_with() -> None:
    small = ((0, 0, 0, 1, 1), (1, 999, 999, 1000, 1000))
    first, _, table, *_ = blocks_of(replace(OPENING, painted=small, training_steps=100))
    assert {row[-1] for row in table.rows} == {"–"}
    assert {row[-2] for row in table.rows} == {"100 %"}
    assert all("–" in str(panel.note) for panel in first.columns[0][0].panels)


def test_separable_classes_are_said_to_be() -> None:
    first, *_ = blocks_of(replace(OPENING, painted=train.HALVES, training_steps=100))
    verdict = first.columns[0][-1]
    assert "A plane in colour space separates" in str(verdict.text)


@pytest.mark.parametrize(
    ("boxes", "says"),
    [
        ((), "Paint both classes"),
        (((0, 0, 0, 500, 500),), "Paint class B"),
        (((1, 0, 0, 500, 500),), "Paint class A"),
    ],
)
def test_without_pixels_of_a_class_it_asks_for_them(boxes: Any, says: str) -> None:
    (only,) = blocks_of(replace(OPENING, painted=boxes))
    assert isinstance(only, Prose)
    assert says in str(only.text)


def test_it_reports_every_few_steps_with_small_maps() -> None:
    setting = replace(OPENING, training_steps=100)
    scene: Scene[Setting] = LESSON.scene(setting, shipped("mosaic", 224))
    reported = list(train.show(scene))
    assert [each.fraction for each in reported] == pytest.approx([n / 10 for n in range(11)])
    for each in reported:
        assert isinstance(each, Progress)
        maps, caption = (
            each.newest
        )  # no chart: a browser's first one takes longer than the training
        assert [type(block) for block in (maps, caption)] == [Panels, Prose]
        assert all(max(panel.maps.shape) <= train.DRAFT_PX for panel in maps.panels)
        assert all(str(panel.title) for panel in maps.panels)


def test_the_maps_at_the_end_are_of_the_whole_photo() -> None:
    first, *_ = blocks_of(replace(OPENING, training_steps=100), size_px=224)
    assert isinstance(first, Columns)
    for panel in first.columns[0][0].panels:
        assert tuple(panel.maps.shape) == (1, 224, 224)
        assert -1 <= float(panel.maps.min()) <= float(panel.maps.max()) <= 1


@pytest.mark.parametrize("name", ["coffee", "camera", "retina"])
def test_it_learns_on_photographs_too(name: str) -> None:
    blocks = blocks_of(replace(OPENING, training_steps=100), 64, name)
    assert isinstance(blocks[2], Table)


def test_names_of_the_classes_are_those_of_the_control() -> None:
    control: Any = Setting.controls()["painted"]
    assert control.classes == train.CLASSES
    assert len(control.classes) == CLASSES
