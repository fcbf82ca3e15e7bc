"""Claims about a 1×1 and the k×k after it: one layer, of low rank, unless something is between."""

from __future__ import annotations

from torch import Tensor, nn

from viz.lessons.claim import Claim
from viz.lessons.inception.branch import side_of
from viz.lessons.inception.low_rank import best_in_weights, through
from viz.lessons.inception.merging import Pair, away_from_border, pair
from viz.lessons.inception.setting import Setting
from viz.text import text


def merging_claims(given: nn.Module, setting: Setting, side: int) -> list[Claim]:
    """The claims of the layers without their last ReLU.

    Args:
        given: the stages before the module.
        setting: the widths and the seed; the reductions count as switched on.
        side: of the maps that reach the module.
    """
    three, five = pair("three", setting), pair("five", setting)
    claims = [
        _one_layer(given, each, side_of(branch))
        for branch, each in (("three", three), ("five", five))
    ]
    claims += [_with_relu(given, three), _of_low_rank(given, three, setting.reduce_three)]
    if side > 2 * five.border_px:
        claims += [_inside(given, five.biased()), _in_the_border(given, five.biased())]
    return claims


def _one_layer(given: nn.Module, layers: Pair, k: int) -> Claim:
    return Claim(
        text("Without a ReLU between them, a 1×1 and the {k}×{k} after it are one {k}×{k}.", k=k),
        lambda x: layers.to(x.device).both(x),
        lambda x: layers.once.to(x.device)(x),
        True,
        given,
        lambda x: layers.to(x.device).magnitude(x),
        layers.terms,
        methods=(text("1×1, then {k}×{k}", k=k), text("one {k}×{k}", k=k)),
    )


def _with_relu(given: nn.Module, layers: Pair) -> Claim:
    return Claim(
        "With a ReLU between them they are not.",
        lambda x: layers.to(x.device).with_relu(x),
        lambda x: layers.once.to(x.device)(x),
        False,
        given,
        lambda x: layers.to(x.device).magnitude(x),
        layers.terms,
        methods=("1×1, ReLU, then 3×3", "one 3×3"),
    )


def _of_low_rank(given: nn.Module, layers: Pair, rank: int) -> Claim:
    """SVD computes the factors in double precision; cutting there loses what is 0 but for rounding."""
    factors, k = best_in_weights(layers.once.weight), layers.then.kernel_size[0]

    def magnitude(x: Tensor) -> Tensor:
        sizes = factors._replace(first=factors.first.abs(), then=factors.then.abs())
        return through(sizes, rank, x.abs(), k) + layers.to(x.device).magnitude(x)

    return Claim(
        text(
            "The merged 3×3 has rank {rank}: the best bottleneck of {rank} channels by SVD equals it.",
            rank=rank,
        ),
        lambda x: layers.once.to(x.device)(x),
        lambda x: through(factors, rank, x, k),
        True,
        given,
        magnitude,
        layers.terms,
        methods=("one 3×3", text("SVD cut at rank {rank}", rank=rank)),
    )


def _inside(given: nn.Module, layers: Pair) -> Claim:
    width = layers.border_px
    return Claim(
        text(
            "With a bias in the 1×1 and padded zeros, one 5×5 is equal {width} px from the border on.",
            width=width,
        ),
        lambda x: away_from_border(layers.to(x.device).both(x), width),
        lambda x: away_from_border(layers.once.to(x.device)(x), width),
        True,
        given,
        lambda x: away_from_border(layers.to(x.device).magnitude(x), width),
        layers.terms,
        methods=("biased 1×1, then 5×5", "one 5×5"),
    )


def _in_the_border(given: nn.Module, layers: Pair) -> Claim:
    return Claim(
        "In the border it is not: the 5×5 reads zeros there that have no bias.",
        lambda x: layers.to(x.device).both(x),
        lambda x: layers.once.to(x.device)(x),
        False,
        given,
        lambda x: layers.to(x.device).magnitude(x),
        layers.terms,
        methods=("biased 1×1, then 5×5", "one 5×5"),
    )
