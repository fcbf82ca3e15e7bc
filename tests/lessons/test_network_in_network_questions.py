"""The questions about an mlpconv layer: every right answer by another method."""

from __future__ import annotations

import numpy as np
import pytest
from looking import noise, shipped
from predicting import asked, columns_seen, maps_of, option, revealed, right
from torch import nn

from viz.lessons.network_in_network import LESSON
from viz.lessons.network_in_network.setting import Setting
from viz.training.digit_runs import EXAMPLES, SEEDS, Case, compared
from viz.training.digits import split
from viz.training.shipped_runs import shipped as trained

PICTURES = {"brick": lambda: shipped("brick", 64), "noise": lambda: noise(40, 31)}
SETTINGS = (
    Setting(),
    Setting(orientations=6, kernel_px=11, outputs_relu=False, times=4, part="wide"),
    Setting(weights="random", hidden=11, outputs=5, kernel_px=3, hidden_relu=False, part="head"),
)
views = pytest.mark.parametrize(
    ("setting", "name"), [(setting, name) for setting in SETTINGS for name in PICTURES]
)


@views
def test_without_the_relu_between_them_or_is_and(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    found = asked(LESSON, setting, pixels)
    if setting.weights == "random":
        assert "hidden_relu" not in found
        return
    either, both, *_ = maps_of(LESSON, setting, pixels)
    assert np.abs(either - both).max() > 0.1
    either, both, *_ = maps_of(LESSON, revealed(setting, found["hidden_relu"]), pixels)
    assert np.abs(either).max() > 0.1
    assert np.abs(either - both).max() < 1e-5
    assert option(found["hidden_relu"]) == "one and the same map"


@views
def test_without_the_first_relu_every_map_is_zero(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    found = asked(LESSON, setting, pixels)
    if setting.weights == "random":
        assert "filters_relu" not in found
        return
    assert np.abs(maps_of(LESSON, setting, pixels)).max() > 0.1
    assert np.abs(maps_of(LESSON, revealed(setting, found["filters_relu"]), pixels)).max() < 1e-5
    assert option(found["filters_relu"]) == "zero"


@views
def test_the_field_is_as_wide_as_the_pixels_with_a_gradient(setting: Setting, name: str) -> None:
    question = asked(LESSON, setting, PICTURES[name]())["field"]
    shown = revealed(
        setting,
        question,
        weights="random",
        filters_relu=False,
        hidden_relu=False,
        outputs_relu=False,
    )
    assert right(question) == columns_seen(LESSON.network(shown, noise(40, 40)), 40, 40)
    assert shown.kernel_px != setting.kernel_px


@views
def test_weights_grow_with_the_square_of_the_width(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    question = asked(LESSON, setting, pixels)["wider"]
    network, times = LESSON.network(setting, pixels), question.reveal["times"]
    assert isinstance(times, int)
    assert times != setting.times
    counts = []
    for wide in (1, times):
        layers = [network.get_submodule(name) for name in ("hidden", "outputs")]
        sizes = [layer.get_parameter("weight").shape[:2] for layer in layers]
        made = [nn.Conv2d(wide * n, wide * m, 1, bias=False) for m, n in sizes]
        counts.append(sum(layer.weight.numel() for layer in made))
    assert right(question) == pytest.approx(counts[1] / counts[0])


def test_a_head_on_averaged_maps_is_one_small_layer() -> None:
    question = asked(LESSON, Setting(), noise())["head"]
    layer = nn.Linear(32, 10)
    assert right(question) == layer.weight.numel() + layer.bias.numel()


def test_what_a_1x1_after_every_3x3_changes() -> None:
    """The mean difference over the seeds, against three of its standard errors."""
    question, outcomes = asked(LESSON, Setting(), noise())["digits"], trained().outcomes
    plain, nin = (
        np.array([outcomes[Case(network, EXAMPLES[-1], seed)].wrong_in_test for seed in SEEDS])
        for network in compared("parameters")[:2]
    )
    points = 100 * (nin - plain) / len(split().test.labels)
    error = 3 * points.std(ddof=1) / len(points) ** 0.5
    says = "fewer errors" if points.mean() < 0 else "more errors"
    says = "no clear difference" if abs(points.mean()) <= error else says
    assert option(question) == says


def test_what_a_section_shows_is_not_asked() -> None:
    assert "head" not in asked(LESSON, Setting(part="head"), noise())
    assert "digits" not in asked(LESSON, Setting(part="digits"), noise())
