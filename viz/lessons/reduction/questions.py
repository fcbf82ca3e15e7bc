"""Predictions about reducing channels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from viz.layers.cross_channel_pooling import pool_parts
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import random_rows
from viz.lessons.answers import NEITHER, choice, worth_asking, yes_or_no
from viz.lessons.measured import looking_at
from viz.lessons.question import Number, Question
from viz.lessons.reduction.contest import principal_errors
from viz.lessons.reduction.least_squares import CONSTANT
from viz.lessons.reduction.moments import Moments, best_order, linear_error, moments_of
from viz.lessons.reduction.rectified import errors, errors_of_reduced
from viz.lessons.reduction.setting import Setting
from viz.lessons.scene import Scene
from viz.text import text
from viz.trace import cost

WITHIN = 10  # percent of the energy
PIXELS = 2000  # that training and the ReLU are asked about
CLEAR = 0.005  # of the energy: smaller differences are not asked for


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """The questions of a Setting; most ask for a number of channels that is not on the canvas."""
    moments = moments_of(scene.measuring(scene.setting.reducing))
    some = some_pixels(scene.input_of(scene.setting.reducing))
    made = [_weights(scene.setting), _trained(some, scene.setting), _pairs(some, scene.setting)]
    if moments.total > CONSTANT:
        made += [_lost(scene.setting, moments), _means(moments), _kept(scene.setting, moments)]
    return worth_asking(scene, made)


def another(setting: Setting, numbers: Iterable[int]) -> int | None:
    """The first of some numbers that can be kept, and is not kept now; not all channels."""
    return next((k for k in numbers if 1 <= k < setting.channels and k != setting.kept), None)


def lost(rows: Tensor, moments: Moments) -> float:
    """The share of the energy that a 1×1 loses, `(k, C)`, after its best decoder."""
    return linear_error(rows, moments) ** 2


def _percent(share: float) -> int:
    return round(100 * share)


def _weights(setting: Setting) -> Question:
    c = setting.channels
    k = another(setting, (2 * c // 5, c // 2, 1)) or c
    layer = Pointwise(torch.empty(k, c, device="meta"))
    right = cost(layer, (c, 1, 1)).parameters
    return Question(
        "weights",
        text("A 1×1 without biases turns {c} maps into {k}. How many weights has it?", c=c, k=k),
        Number(
            right,
            "",
            text("A weight for each pair of an input and an output, at every pixel the same."),
        ),
        text(
            "{c} inputs × {k} outputs = {right}, however large the maps are.", c=c, k=k, right=right
        ),
        {"method": "pca", "kept": k, "step_by_step": True},
    )


def _lost(setting: Setting, moments: Moments) -> Question | None:
    c = setting.channels
    k = another(setting, (c // 10, c // 5, c // 2, 1))
    if k is None:
        return None
    right = _percent(principal_errors(moments)[k - 1] ** 2)
    unrelated = _percent(1 - k / c)
    sizes = {"k": k, "c": c, "unrelated": unrelated}
    return Question(
        "lost",
        text(
            "PCA keeps {k} numbers of {c} at every pixel. How much of the energy is lost?", **sizes
        ),
        Number(
            right,
            "%",
            text("Filters that are alike respond alike."),
            within=WITHIN,
            high=100,
        ),
        text(
            "Of {c} unrelated channels it would be {unrelated} %; but these repeat one another.",
            **sizes,
        ),
        {"method": "pca", "kept": k},
    )


def _means(moments: Moments) -> Question | None:
    """The means of two neighbours, against far fewer numbers of PCA."""
    c = len(moments.mean)
    n, k = c // 2, c // 5
    if c % 2 or not k:
        return None
    means = pool_parts(torch.eye(c)[:, :, None], n, mode="mean")[:, :, 0]
    shares = {"mean": lost(means, moments), "pca": principal_errors(moments)[k - 1] ** 2}
    if abs(shares["mean"] - shares["pca"]) < CLEAR:
        return None
    right = min(shares, key=lambda name: shares[name])
    of = {name: _percent(share) for name, share in shares.items()}
    instead = {
        "pca": text("More numbers are no use if each of them says little."),
        "mean": text("Here the many means say more than the few numbers."),
    }[right]
    return Question(
        "means",
        text(
            "The means of two neighbouring channels are {n} numbers. Do they lose less than {k} numbers of PCA?",
            n=n,
            k=k,
        ),
        yes_or_no(right=right == "mean", instead=instead),
        text(
            "Neighbours are the two phases of one filter, which have nothing in common: {n} means lose {mean} %, {k} numbers of PCA {pca} %.",
            n=n,
            k=k,
            **of,
        ),
        {"method": "mean", "kept": n},
    )


def _kept(setting: Setting, moments: Moments) -> Question | None:
    c = setting.channels
    k = c // 5
    if not 1 <= k < c:
        return None
    every = torch.eye(c)
    rows = {
        "first": every[:k],
        "random": random_rows(c, c, setting.seed)[:k],
        "best": every[list(best_order(moments.covariance)[:k])],
    }
    shares = {name: lost(matrix, moments) for name, matrix in rows.items()}
    right, second = sorted(shares, key=lambda name: shares[name])[:2]
    if shares[second] - shares[right] < CLEAR:
        return None
    return Question(
        "kept",
        text("{k} numbers are left of {c}, whatever they are. Which lose the least?", k=k, c=c),
        choice(
            right,
            {
                "first": (
                    text("the first {k} channels", k=k),
                    text("Neighbours in the list are alike, and say little of the others."),
                ),
                "random": (
                    text("{k} random mixtures of all channels", k=k),
                    text("Random mixtures repeat one another in part."),
                ),
                "best": (
                    text("the {k} best channels, as they are", k=k),
                    text("A channel that is left out is lost, unless others repeat it."),
                ),
            },
        ),
        text(
            "Lost of the energy: first {first} %, random {random} %, best {best} %; PCA {pca} %.",
            pca=_percent(principal_errors(moments)[k - 1] ** 2),
            **{name: _percent(of) for name, of in shares.items()},
        ),
        {"method": right, "kept": k},
    )


def some_pixels(maps: Tensor) -> Tensor:
    """Every so many pixels of `(C, H, W)`: `(C, n)` in double precision on the CPU."""
    values = maps.flatten(1).cpu().double()
    return values[:, :: -(-values.shape[1] // PIXELS)]


def _trained(some: Tensor, setting: Setting) -> Question:
    best = errors_of_reduced(some, some)[setting.kept] ** 2
    pca = principal_errors(moments_of(looking_at(some[:, None])))[setting.kept - 1] ** 2
    return Question(
        "trained",
        text(
            "An encoder to {k} numbers and a decoder, both 1×1, are trained on these maps. Can they lose less than PCA?",
            k=setting.kept,
        ),
        yes_or_no(
            right=best < pca - CLEAR,
            instead=text("Both are linear, and nothing linear loses less than PCA."),
        ),
        text(
            "The best linear pair loses {best} % of the energy, PCA {pca} %. Training can only come near.",
            best=_percent(best),
            pca=_percent(pca),
        ),
        {"part": "train"} if setting.part != "train" else {},
    )


def _pairs(some: Tensor, setting: Setting) -> Question | None:
    """What a ReLU leaves of PCA's numbers: in another basis, and with their negatives."""
    found = relu_errors(some, setting)
    shares = {name: error**2 for name, error in found.items()}
    if not shares["pairs"] - shares["linear"] < CLEAR < shares["rotated"] - shares["linear"]:
        return None
    k, of = setting.kept, {name: _percent(each) for name, each in shares.items()}
    more = text("Another basis has negative numbers too.")
    nothing = text("A number is ReLU(x) − ReLU(−x), so its pair loses nothing.")
    return Question(
        "pairs",
        text("A ReLU cuts off the negative ones of PCA’s {k} numbers. What avoids the loss?", k=k),
        choice(
            "pairs",
            {
                "rotated": (text("another basis of the same {k} numbers", k=k), more),
                "pairs": (text("each number and its negative: {n} outputs", n=2 * k), ""),
                "neither": (NEITHER, nothing),
            },
        ),
        text(
            "Lost of the energy: {linear} % without a ReLU, {rectified} % with it, {rotated} % in another basis, {pairs} % with pairs.",
            **{name: of[name] for name in ("linear", "rectified", "rotated", "pairs")},
        ),
        {"part": "relu"},
    )


def relu_errors(some: Tensor, setting: Setting) -> dict[str, float]:
    """The relative error of each method at the Setting's k, for channels `(C, n)`."""
    steps = errors(some, [setting.kept], 0.0, setting.seed)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return {name: each[0] for name, each in end.value.items()}
