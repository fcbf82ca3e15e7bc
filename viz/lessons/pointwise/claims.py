"""The lesson's claims about its layers."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.channel_shuffle import shuffle_channels
from viz.layers.pointwise import Pointwise
from viz.lessons.claim import Claim, seen_on
from viz.lessons.layer_claims import pointwise_claims
from viz.lessons.lesson import Built
from viz.lessons.pointwise.merged import Pair, pair
from viz.lessons.pointwise.setting import Setting
from viz.lessons.ways import magnitude, product


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The lesson's claims about the layers that are switched on, for this picture."""
    setting, given, layer = built.setting, built.before("pointwise"), built.mixing("pointwise")
    made = pointwise_claims(given, layer.matrix, swapped=setting.swapped)
    if setting.groups > 1:
        made.append(_grouped_claim(given, layer))
    if setting.shuffle:
        made.append(_shuffle_claim(built.before("shuffle"), setting.groups, layer.out_channels))
    if setting.second:
        made += _merged_claims(given, pair(built), pixels)
    return seen_on(pixels, made)


def _grouped_claim(given: nn.Module, layer: Pointwise) -> Claim:
    """The claim about groups. Products with zeros add no rounding: only the group's terms count."""
    rows, groups = layer.rows[:, :, None, None], layer.groups
    return Claim(
        "A grouped 1×1 is a dense one with zeros outside its blocks.",
        lambda x: F.conv2d(x, rows.to(x.device), groups=groups),
        product(layer.matrix),
        True,
        given,
        magnitude(layer.matrix),
        layer.rows.shape[1],
        methods=("conv2d in groups", "matrix product"),
    )


def _shuffle_claim(given: nn.Module, groups: int, channels: int) -> Claim:
    order = torch.arange(channels).view(groups, -1).T.flatten()
    return Claim(
        "A channel shuffle is a permutation matrix.",
        lambda x: shuffle_channels(x, groups),
        product(torch.eye(channels)[order]),
        True,
        given,
        methods=("channel shuffle", "permutation matrix"),
    )


def _merged_claims(given: nn.Module, layers: Pair, pixels: Tensor) -> list[Claim]:
    x, rest = given(pixels), (layers.magnitude, layers.terms)
    changed = (layers.both_with_relu(x) - layers.once(x)).abs() > layers.bound(x)
    # Without negative values, as with grey or sepia, a ReLU folds nothing.
    fold = "With a ReLU between them they are not."
    if not changed.any():
        fold = "A ReLU between them changes nothing here: the second layer reads no negative value."
    return [
        Claim(
            "Two 1×1 layers without an activation between them are one.",
            layers.both,
            layers.once,
            True,
            given,
            *rest,
            methods=("two layers", "one layer"),
        ),
        Claim(
            *(fold, layers.both_with_relu, layers.once, not changed.any(), given, *rest),
            methods=("two with a ReLU", "one layer"),
        ),
    ]
