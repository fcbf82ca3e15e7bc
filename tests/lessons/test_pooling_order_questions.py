"""The questions about the order of pooling and 1×1: every right answer by another method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from looking import noise, shipped
from predicting import Array, asked, cells, maps_of, option, revealed

from viz.lessons.pooling_order import LESSON
from viz.lessons.pooling_order.setting import Setting

PICTURES = {"chelsea": lambda: shipped("chelsea", 96), "noise": lambda: noise(70, 60)}
SETTINGS = (
    Setting(),
    Setting(beta=0, bank="gabor", pool_size=4, stride=3, mix_recipe="random", mix_outputs=5),
    Setting(beta=3, bias=True, counted=True, pool_size=3, mix_recipe="principal", part="agree"),
)
views = pytest.mark.parametrize(
    ("setting", "name"), [(setting, name) for setting in SETTINGS for name in PICTURES]
)
SEEN = 1e-4  # far above rounding


def difference(setting: Any, name: str) -> Array:
    """The maps of one order minus those of the other."""
    first, second, _ = np.split(maps_of(LESSON, setting, PICTURES[name]()), 3)
    return first - second


def place(found: Array, border: int) -> str:
    differs = (np.abs(found) > SEEN).any(0)
    inner = differs[border:-border, border:-border]
    return "inside too" if inner.any() else "only in the border" if differs.any() else "nowhere"


@views
def test_where_the_orders_differ_with_the_other_pool(setting: Setting, name: str) -> None:
    question = asked(LESSON, setting, PICTURES[name]())["pool"]
    found = difference(revealed(setting, question), name)
    assert option(question) == place(found, border=2)


@views
def test_counted_zeros_show_in_the_cells_of_the_border(setting: Setting, name: str) -> None:
    question = asked(LESSON, setting, PICTURES[name]())["frame"]
    differs = (np.abs(difference(revealed(setting, question), name)) > SEEN).any(0)
    right, (rows, columns) = cells(question)
    height, width = differs.shape
    found = {(int(y) * rows // height, int(x) * columns // width) for y, x in np.argwhere(differs)}
    assert right == found
    assert all(r in (0, rows - 1) or c in (0, columns - 1) for r, c in right)


@views
@pytest.mark.parametrize(
    ("asks", "says"), [("nonnegative", "max first"), ("negative", "1×1 first")]
)
def test_the_sign_of_the_weights_decides_which_order_is_larger(
    setting: Setting, name: str, asks: str, says: str
) -> None:
    question = asked(LESSON, setting, PICTURES[name]())[asks]
    found = difference(revealed(setting, question), name)
    assert option(question) == says
    assert (found if says == "max first" else -found).min() > -SEEN
    assert np.abs(found).max() > SEEN


def test_a_relu_and_a_max_change_places() -> None:
    negative = Setting(mix_recipe="identity", mix_edits=((0, 0, -1000),))  # the ReLU cuts all off
    question = asked(LESSON, negative, noise())["relu"]
    maps = noise(20, 20, channels=4) - 0.5
    pooled = F.max_pool2d(maps, 5, 1, 2).relu()
    assert torch.equal(pooled, F.max_pool2d(maps.relu(), 5, 1, 2))
    assert option(question) == "nowhere"


def test_a_window_of_one_number_gives_that_number() -> None:
    question = asked(LESSON, Setting(grid_rows=4, grid_columns=9), noise())["figure"]
    maps = torch.rand(1, 4, 9)
    assert torch.equal(F.max_pool2d(maps, 1, 1), maps)
    assert option(question) == "the same numbers"


def test_what_a_section_shows_is_not_asked() -> None:
    assert "relu" not in asked(LESSON, Setting(part="agree"), noise())
    shown = Setting(part="figure", grid_window=1)
    assert "figure" not in asked(LESSON, shown, noise())


def test_a_flat_picture_pools_alike_in_both_orders() -> None:
    found = asked(LESSON, Setting(), torch.full((3, 20, 20), 0.5))
    assert option(found["nonnegative"]) == "neither: both are equal"
