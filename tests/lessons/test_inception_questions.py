"""The questions about an Inception module: every right answer by another method."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from looking import noise, shipped
from predicting import asked, option, revealed, right
from torch import Tensor, nn

from viz.lessons.inception import LESSON
from viz.lessons.inception.module import module
from viz.lessons.inception.setting import Setting
from viz.networks.googlenet import MODULES

PICTURES = {"camera": lambda: shipped("camera", 96), "noise": lambda: noise(60, 60)}
SETTINGS = (
    Setting(),
    Setting(inputs=60, side_px=14, reduced=False, projected=False, five=40, box="pool"),
    Setting(inputs=9, side_px=7, five=3, reduce_five=30, part="merging", branch="three"),
)
views = pytest.mark.parametrize(
    ("setting", "name"), [(setting, name) for setting in SETTINGS for name in PICTURES]
)


def clamped(setting: Any) -> Setting:
    found = LESSON.outline(setting).setting
    assert isinstance(found, Setting)
    return found


def run(setting: Setting) -> tuple[Tensor, int]:
    """What leaves the module for random maps, and how many numbers leave its layers."""
    network, counts = module(setting), list[int]()
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d) or type(layer).__name__ == "MaxPool":
            layer.register_forward_hook(lambda *args: counts.append(args[2].numel()))
    side = setting.side_px
    return network(noise(side, side, channels=setting.inputs)), sum(counts)


@views
def test_the_channels_are_those_that_leave_the_module(setting: Setting, name: str) -> None:
    question = asked(LESSON, setting, PICTURES[name]())["channels"]
    maps, _ = run(clamped(revealed(setting, question)))
    assert right(question) == len(maps)


@views
def test_reductions_store_more_maps(setting: Setting, name: str) -> None:
    question = asked(LESSON, setting, PICTURES[name]())["memory"]
    stored = {on: run(clamped(revealed(setting, question, reduced=on)))[1] for on in (True, False)}
    assert option(question) == ("yes" if stored[True] < stored[False] else "no") == "no"


@views
def test_the_dearest_branch_of_googlenet(setting: Setting, name: str) -> None:
    question = asked(LESSON, setting, PICTURES[name]())["dearest"]
    shown = revealed(setting, question)
    c, places = shown.inputs, shown.side_px**2
    macs = {
        "the 1×1 branch": c * shown.one,
        "the 3×3 branch": (c + 9 * shown.three) * shown.reduce_three,
        "the 5×5 branch": (c + 25 * shown.five) * shown.reduce_five,
        "the pool’s branch": c * shown.projection,
    }
    assert option(question) == max(macs, key=lambda branch: macs[branch] * places)
    assert shown.inputs == MODULES[0].inputs


@views
def test_the_widest_1x1_that_pays(setting: Setting, name: str) -> None:
    question = asked(LESSON, setting, PICTURES[name]())["pays"]
    c, o = setting.inputs, setting.five
    cheaper = [r for r in range(1, c + 1) if c * r + r * o * 25 < c * o * 25]
    assert right(question) == max(cheaper)


@views
def test_the_branches_see_what_the_largest_sees(setting: Setting, name: str) -> None:
    question = asked(LESSON, setting, PICTURES[name]())["union"]
    network, counts = module(clamped(setting)), torch.zeros(15)
    for seed in range(20):  # a ReLU lets nothing through for some maps
        maps = noise(15, 15, seed, setting.inputs).sub(0.5).requires_grad_()
        with torch.enable_grad():
            network(maps)[:, 7, 7].sum().backward()
        assert maps.grad is not None
        counts += maps.grad.abs().sum((0, 2))
    rows = counts.nonzero()
    side = int(rows.max() - rows.min()) + 1
    assert option(question) == f"{side}×{side}"


@views
def test_a_merged_layer_differs_where_zeros_have_no_bias(setting: Setting, name: str) -> None:
    found = asked(LESSON, setting, PICTURES[name]())
    maps, first, then = (
        noise(20, 20, channels=5)[None],
        noise(1, 1, channels=15).view(3, 5, 1, 1),
        noise(5, 5, channels=12).view(4, 3, 5, 5),
    )
    bias = torch.full((3,), 0.2)
    both = F.conv2d(F.conv2d(maps, first, bias), then, padding=2)
    kernel = torch.einsum("omij,mc->ocij", then, first[:, :, 0, 0])
    once = F.conv2d(maps, kernel, (then * 0.2).sum((1, 2, 3)), padding=2)
    apart = (both - once).abs().amax((0, 1))
    assert apart[2:-2, 2:-2].max() < 1e-4 < apart[:2].max()
    assert option(found["border"]) == "only in the border"


def test_a_map_without_an_inside_has_no_border_to_ask_about() -> None:
    assert "border" not in asked(LESSON, Setting(side_px=7), noise(4, 4))
