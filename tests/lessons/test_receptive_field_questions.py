"""The questions about receptive fields: every right answer by gradients, impulses or plain sums."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from looking import noise
from predicting import asked, columns_seen, option, revealed, right

from viz.lessons.receptive_field import LESSON
from viz.lessons.receptive_field.setting import ONE, Setting
from viz.settings import Layer

SIDE = 120
SETTINGS = (
    Setting(),
    Setting(layers=(Layer("c", 5, 3, 2, 2), Layer("m", 3, 2), ONE, Layer("d", 3)), relu=False),
    Setting(network="alexnet_v2", depth=4, part="directions"),
    Setting(layers=(Layer("c", 3), Layer("c", 3, 1, 0, 0, 3)), depth=40, part="law"),
)
views = pytest.mark.parametrize("setting", SETTINGS)


def seen(setting: Setting) -> int:
    side = 420 if setting.network != "stack" else SIDE
    return columns_seen(LESSON.network(setting, noise(side, side)), side, side)


@views
def test_the_field_after_one_more_layer(setting: Setting) -> None:
    question = asked(LESSON, setting, noise(SIDE, SIDE))["deeper"]
    shown = revealed(setting, question, relu=False)
    side = 420 if right(question) > SIDE / 2 else SIDE
    assert right(question) == columns_seen(LESSON.network(shown, noise(side, side)), side, side)


@views
def test_the_place_where_a_layer_widens_the_field_most(setting: Setting) -> None:
    found = asked(LESSON, setting, noise(SIDE, SIDE))["place"]
    layers, three = LESSON.outline(setting).setting.layers, Layer("c", 3)
    widths = []
    for stack in ((three, *layers), (*layers, three)):
        size, step = 1, 1
        for layer in stack:
            size, step = size + (layer.span - 1) * step, step * layer.stride
        widths.append(size)
    places = ("the place does not matter", "after the last layer", "before the first layer")
    assert option(found) == places[int(np.sign(widths[1] - widths[0]))]


@views
def test_without_its_first_stride_a_unit_sees_less(setting: Setting) -> None:
    found = asked(LESSON, setting, noise(SIDE, SIDE))
    if all(layer.stride == 1 for layer in LESSON.outline(setting).setting.layers):
        assert "stride" not in found
        return
    network = revealed(setting, found["stride"], relu=False)
    now = revealed(setting, found["relu"], relu=False)
    assert seen(network) < seen(now)
    assert option(found["stride"]) == "a smaller one"


@views
def test_the_units_that_change_with_a_pixel(setting: Setting) -> None:
    found = asked(LESSON, setting, noise(SIDE, SIDE))
    if "reached" not in found:
        assert setting.part == "directions" or setting.depth == 40  # on the page, or with holes
        return
    shown = revealed(setting, found["relu"], relu=False)
    pixels = noise(SIDE, SIDE)
    network = LESSON.network(shown, pixels).double()
    other = pixels.clone()
    other[:, SIDE // 2, SIDE // 2] += 100  # so much that a max notices it
    with torch.no_grad():
        changed = (network(other.double()) - network(pixels.double())).abs().amax((0, 1)) > 0
    assert abs(right(found["reached"]) - int(changed.sum())) <= 1


@views
def test_the_bell_widens_with_the_root_of_the_depth(setting: Setting) -> None:
    question = asked(LESSON, setting, noise(SIDE, SIDE))["law"]
    many = question.reveal["depth"]
    assert isinstance(many, int)
    assert many != setting.depth
    spreads = []
    for depth in (many // 4, many):
        bell = np.ones(1)
        for _ in range(depth):
            bell = np.convolve(bell, np.ones(3) / 3)
        spreads.append((bell * np.arange(-depth, depth + 1) ** 2).sum() ** 0.5)
    assert right(question) == pytest.approx(spreads[1] / spreads[0], abs=1e-3)


@views
def test_a_relu_changes_no_field(setting: Setting) -> None:
    question = asked(LESSON, setting, noise(SIDE, SIDE))["relu"]
    assert revealed(setting, question).relu is not setting.relu
    assert option(question) == "no"
