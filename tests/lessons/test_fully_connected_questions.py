"""The questions about fully connected layers: every right answer by another method."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from looking import noise, shipped
from predicting import Array, asked, maps_of, option, revealed, right
from torch import Tensor, nn

from viz.lessons.fully_connected import LESSON
from viz.lessons.fully_connected.setting import Setting
from viz.networks.vgg import vgg_16

PICTURES = {"astronaut": lambda: shipped("astronaut", 384), "noise": lambda: noise(320, 290)}
SETTINGS = (Setting(input_px=288), Setting(input_px=256, zero_padding=True, seed=7, part="grid"))
views = pytest.mark.parametrize(
    ("setting", "name"), [(setting, name) for setting in SETTINGS for name in PICTURES]
)


def crops(setting: Setting, pixels: Tensor) -> Array:
    """The scores of every crop by itself, `(10, rows, columns)`."""
    square = LESSON.network(setting, pixels).get_submodule("square")(pixels)
    alone, side = replace(setting, input_px=224), (setting.input_px - 224) // 32 + 1
    found = [
        maps_of(
            LESSON, alone, square[:, 32 * row : 32 * row + 224, 32 * column : 32 * column + 224]
        )
        for row, column in product(range(side), repeat=2)
    ]
    return np.stack(found, axis=1).reshape(10, side, side)


@views
def test_the_scores_are_those_of_the_network(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    question = asked(LESSON, setting, pixels)["scores"]
    assert right(question) == maps_of(LESSON, revealed(setting, question), pixels)[0].size


@views
def test_where_one_pass_gives_what_crops_give(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    question = asked(LESSON, setting, pixels)["padding"]
    shown = revealed(setting, question)
    whole, alone = maps_of(LESSON, shown, pixels), crops(shown, pixels)
    alike = (np.abs(whole - alone) < 1e-4 * np.abs(whole).max()).all(0)
    says = {0: "at no place", alike.size: "at every place"}
    assert option(question) == says.get(int(alike.sum()), "at some places only")
    assert alike.all() != shown.zero_padding


@views
def test_the_mean_of_four_crops(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    found = asked(LESSON, setting, pixels)
    if setting.input_px == 256:
        assert "four" not in found  # it is on the canvas
        return
    for padded in (False, True):
        setting = replace(setting, zero_padding=padded)
        question = asked(LESSON, setting, pixels)["four"]
        shown = revealed(setting, question)
        apart = crops(shown, pixels).mean((1, 2)) - maps_of(LESSON, shown, pixels).mean((1, 2))
        assert option(question) == ("yes" if np.abs(apart).max() < 1e-4 else "no")


def test_a_convolution_has_the_weights_of_the_layer() -> None:
    question = asked(LESSON, Setting(input_px=224), noise(224, 224))["weights"]
    dense, kernels = nn.Linear(32 * 7 * 7, 64, bias=False), nn.Conv2d(32, 64, 7, bias=False)
    assert dense.weight.numel() == kernels.weight.numel()
    assert option(question) == "as many as before"


def test_vgg_has_no_room_for_a_second_crop() -> None:
    """Sizes of the trunk's layers one after the other, as torch computes them."""
    question = asked(LESSON, Setting(input_px=224), noise(224, 224))["rest"]
    with torch.device("meta"):
        trunk = [layer for layer in vgg_16() if isinstance(layer, nn.Conv2d | nn.MaxPool2d)]
        sides = {}
        for px in (255, 256):
            maps = torch.empty(3, px, px)
            for layer in trunk:
                maps = layer(maps)
            sides[px] = maps.shape[-1] - 7 + 1
    assert sides == {255: 1, 256: 2}
    assert right(question) == sides[255] ** 2


def test_a_single_crop_has_nothing_to_disagree_with() -> None:
    assert "padding" not in asked(LESSON, Setting(input_px=224), noise(224, 224))
