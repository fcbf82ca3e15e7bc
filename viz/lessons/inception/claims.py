"""The lesson's claims about the module."""

from __future__ import annotations

from functools import cache
from math import prod

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.branches import joined
from viz.lessons.chain import before
from viz.lessons.claim import Claim, seen_on
from viz.lessons.inception.merging_claims import merging_claims
from viz.lessons.inception.module import BRANCHES, boxes, chain, module, without_numbers
from viz.lessons.inception.setting import Setting
from viz.lessons.lesson import Built
from viz.text import text
from viz.trace import cost


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The module and its branches, its costs, and what a k×k, a pool and a 1×1 before a k×k are."""
    setting, given = built.setting, before(built.setting.path[0], built.network)
    side = min(setting.side_px, *pixels.shape[-2:])
    made = [
        _branches_alone(setting, given),
        _costs(setting, given),
        _shifts("five", setting, given),
        _shifts("three", setting, given),
        _pool(given),
        *merging_claims(given, setting, side),
    ]
    return seen_on(pixels, made)


def _branches_alone(setting: Setting, given: nn.Module) -> Claim:
    whole, alone = module(setting), [chain(branch, setting) for branch in BRANCHES]
    return Claim(
        "The module is its four branches, each run alone, side by side.",
        lambda x: whole.to(x.device)(x),
        lambda x: joined([branch.to(x.device)(x) for branch in alone]),
        given=given,
        methods=("whole module", "branches alone"),
    )


def _costs(setting: Setting, given: nn.Module) -> Claim:
    """In double precision, for counts have more digits than a float of 32 bits."""

    def traced(x: Tensor) -> Tensor:
        macs = cost(without_numbers(setting), tuple(x.shape)).macs
        return torch.tensor([macs], dtype=torch.float64)

    def multiplied(x: Tensor) -> Tensor:
        layers = [box for name, box in boxes(setting).items() if name != "pool"]
        weights = sum(box.outputs * box.channels * box.kernel**2 for box in layers)
        return torch.tensor([weights * prod(x.shape[1:])], dtype=torch.float64)

    return Claim(
        "The MACs of the module are those of its boxes: outputs × inputs × k² × pixels.",
        traced,
        multiplied,
        given=lambda pixels: given(pixels).cpu(),
        methods=("trace", "plain products"),
    )


def _shifts(name: str, setting: Setting, given: nn.Module) -> Claim:
    """A k×k layer costs k² times as much as a 1×1 because it is as many of them."""
    *leading, last = chain(name, setting)
    weight = last.get_parameter("conv.weight")
    side, stored = weight.shape[-1], cache(weight.to)

    def shifted(x: Tensor) -> Tensor:
        padded, total = F.pad(x, [side // 2] * 4), x.new_zeros(len(weight), *x.shape[1:])
        for i in range(side):
            for j in range(side):
                seen = padded[:, i : i + x.shape[1], j : j + x.shape[2]]
                total += torch.einsum("oc,chw->ohw", stored(x.device)[:, :, i, j], seen)
        return total

    return Claim(
        text(
            "The {side}×{side} is {n} layers of 1×1, each on shifted maps, added up.",
            side=side,
            n=side**2,
        ),
        lambda x: F.conv2d(x, stored(x.device), padding=side // 2),
        shifted,
        given=nn.Sequential(given, *leading),
        magnitude=lambda x: F.conv2d(x.abs(), stored(x.device).abs(), padding=side // 2),
        terms=weight[0].numel(),
        methods=(f"conv2d {side}×{side}", text("{n} times 1×1", n=side**2)),
    )


def _pool(given: nn.Module) -> Claim:
    pooled = chain("pool", Setting(projected=False))
    return Claim(
        "The pool keeps the size of its maps: each number is the largest of nine neighbours.",
        pooled,
        lambda x: F.max_pool2d(x, 3, stride=1, padding=1),
        given=given,
        methods=("nine shifted maps", "max_pool2d"),
    )
