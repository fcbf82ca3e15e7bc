"""Predictions about the order of a pool and a 1×1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

import torch
from torch import Tensor

from viz.lessons.answers import choice, worth_asking
from viz.lessons.claim import rounding_bound
from viz.lessons.grid_cells import cell_means
from viz.lessons.pooling_order.circulating import SAID, continued, pooled
from viz.lessons.pooling_order.orders import BIAS, mixing, pool_of
from viz.lessons.pooling_order.pools import AVERAGE, MAX, pool
from viz.lessons.pooling_order.setting import Setting
from viz.lessons.question import Question, Where, Words
from viz.lessons.scene import Scene
from viz.numbers import number
from viz.text import Text, text

NONNEGATIVE = {"beta": MAX, "mix_recipe": "nonnegative", "mix_edits": ()}
NEGATIVE = {"beta": MAX, "mix_recipe": "identity", "mix_outputs": 1, "mix_edits": ((0, 0, -1000),)}
FINE = (5, 5)  # cells of the photo: those of the border, and nine inside
COUNTED = {"beta": AVERAGE, "padding": True, "counted": True, "bias": True}


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """The questions of a Setting; those about a section only while it is closed."""
    about = (_other_pool, _frame, _nonnegative, _negative, _relu, _figure)
    return worth_asking(scene, (each(scene) for each in about))


class Gap(NamedTuple):
    """The two orders of a pool and a layer.

    Attributes:
        difference: `(rows, h, w)`, the pool first minus the layer first.
        bound: what rounding allows.
        border: how many units at each side read padding.
    """

    difference: Tensor
    bound: Tensor
    border: int

    @property
    def differs(self) -> Tensor:
        """`(h, w)`, whether the orders differ in any row."""
        return (self.difference.abs() > self.bound).any(0)

    @property
    def inside(self) -> Tensor:
        """The same without the border."""
        height, width = self.differs.shape
        return self.differs[self.border : height - self.border, self.border : width - self.border]

    @property
    def worst(self) -> tuple[float, float]:
        """The largest difference, and the bound there."""
        at = int(self.difference.abs().argmax())
        return float(self.difference.abs().flatten()[at]), float(self.bound.flatten()[at])


def gap(scene: Scene[Setting], fields: Mapping[str, object]) -> Gap:
    """The two orders with other values in the Setting, whose pool is an average or a max."""
    then = scene.changed(**fields)
    rows = then.built.mixing("orders").matrix.to(scene.pixels.device)
    of = then.output_of("orders")[2 * len(rows) :]
    maps, pooling = then.input_of("orders"), pool_of(then.setting, tuple(scene.pixels.shape))
    size = mixing(rows.abs(), then.setting)(pooling(maps.abs())) + BIAS * then.setting.bias
    return Gap(of, rounding_bound(size, rows.shape[1] + then.setting.pool_size**2), _border(then))


def _border(scene: Scene[Setting]) -> int:
    setting = scene.setting
    padded = setting.padding or min(scene.pixels.shape[-2:]) < setting.pool_size
    return ceil(setting.pool_size // 2 / setting.stride) if padded else 0


PLACES = {
    "nowhere": (
        text("nowhere"),
        text("That needs a pool that only adds up, or a layer that keeps the order of numbers."),
    ),
    "border": (
        text("only in the border"),
        text("That needs a bias, and an average that counts the padded zeros."),
    ),
    "inside": (
        text("inside too"),
        text("That needs a pool that chooses numbers, and a layer that mixes them."),
    ),
}


def place_of(found: Gap) -> str:
    """Where two orders differ: a key of `PLACES`."""
    if not found.differs.any():
        return "nowhere"
    return "inside" if found.inside.any() else "border"


def _rest(found: Gap) -> Text:
    difference, bound = found.worst
    return text(
        "The largest difference is {difference}; rounding alone allows {bound}.",
        difference=number(difference),
        bound=number(bound),
    )


def _other_pool(scene: Scene[Setting]) -> Question | None:
    step = MAX if scene.setting.beta == AVERAGE else AVERAGE
    found = gap(scene, {"beta": step})
    if not found.inside.numel():
        return None
    ask = {
        AVERAGE: text("The pool becomes an average. Where do the two orders differ?"),
        MAX: text("The pool becomes a max. Where do the two orders differ?"),
    }
    answer = choice(place_of(found), PLACES)
    return Question("pool", ask[step], answer, _rest(found), {"beta": step})


def _frame(scene: Scene[Setting]) -> Question | None:
    found = gap(scene, COUNTED)
    if min(found.differs.shape) < max(FINE):
        return None
    right = (cell_means(found.differs.float(), FINE) > 0).nonzero().tolist()
    if len(right) == FINE[0] * FINE[1]:
        return None
    return Question(
        "frame",
        text(
            "The pool becomes an average that counts the padded zeros, and the 1×1 gets a bias. Where do the two orders differ?"
        ),
        Where(
            "photo",
            frozenset((row, column) for row, column in right),
            FINE,
            text("There no window reaches into the padding, so no zeros are averaged."),
        ),
        text(
            "Only in the border are zeros averaged with the bias of {bias}: up to {difference} is missing.",
            bias=BIAS,
            difference=number(abs(found.worst[0])),
        ),
        COUNTED,
    )


ORDERS = {
    "equal": (
        text("neither: both are equal"),
        text("That needs one input a row, with a weight that is not negative."),
    ),
    "pool": (text("max first"), text("That needs weights that are not negative.")),
    "mix": (text("1×1 first"), text("That needs weights that are all negative.")),
    "either": (
        text("at some pixels the one, at others the other"),
        text("That needs weights of both signs."),
    ),
}


def larger(found: Gap) -> str:
    """Which order gives the larger numbers: a key of `ORDERS`."""
    above, below = ((sign * found.difference > found.bound).any() for sign in (1, -1))
    if above and below:
        return "either"
    return "pool" if above else "mix" if below else "equal"


def _nonnegative(scene: Scene[Setting]) -> Question:
    found = gap(scene, NONNEGATIVE)
    return Question(
        "nonnegative",
        text("All weights become non-negative. Which order gives the larger numbers?"),
        choice(larger(found), ORDERS),
        text(
            "Max first takes the largest number of every channel, so no sum can be larger: the difference goes from {low} to {high}.",
            **_ends(found),
        ),
        NONNEGATIVE,
    )


def _negative(scene: Scene[Setting]) -> Question:
    found = gap(scene, NEGATIVE)
    return Question(
        "negative",
        text("A row reads one channel, with the weight −1. Which order gives the larger numbers?"),
        choice(larger(found), ORDERS),
        text(
            "Max first gives minus the largest number of a window, 1×1 first minus the smallest: the difference goes from {low} to {high}.",
            **_ends(found),
        ),
        NEGATIVE,
    )


def _ends(found: Gap) -> dict[str, str]:
    low, high = found.difference.aminmax()
    return {"low": number(float(low)), "high": number(float(high))}


def _relu(scene: Scene[Setting]) -> Question:
    setting, pixels = scene.setting, scene.pixels
    mixed = scene.built.mixing("orders").to(pixels.device)(scene.input_of("orders"))
    largest = pool(MAX, setting.pool_size, stride=setting.stride, padding=setting.pool_size // 2)
    difference = largest(mixed).relu() - largest(mixed.relu())
    found = Gap(difference, torch.zeros_like(difference), 0)
    return Question(
        "relu",
        text(
            "A ReLU takes the place of the 1×1, after or before max pooling. Where do they differ?"
        ),
        choice(place_of(found), PLACES),
        text("A ReLU keeps the order of numbers, so the largest one stays the largest."),
        {"part": "agree"},
    )


def _figure(scene: Scene[Setting]) -> Question:
    setting = scene.setting
    grid = continued(setting.grid_rows, setting.grid_columns)
    found = pooled(grid, SAID, "max")
    right = "same" if torch.equal(found, grid) else "fewer"
    sizes = {"rows": setting.grid_rows, "columns": setting.grid_columns}
    options: dict[str, tuple[Words, Words]] = {
        "fewer": (
            text("fewer numbers, the largest ones"),
            text("That needs a larger window, or a larger stride."),
        ),
        "same": (text("the same numbers"), ""),
        "largest": (
            text("the largest number everywhere"),
            text("That needs a window as large as the map."),
        ),
    }
    return Question(
        "figure",
        text(
            "{rows} × {columns} numbers, max pooling with a 1×1 window and stride 1: what comes out?",
            **sizes,
        ),
        choice(right, options),
        text(
            "The largest of one number is that number: {kept} of {all} stay as they are.",
            kept=int((found == grid).sum()),
            all=grid.numel(),
        ),
        {"part": "figure", "grid_window": SAID.size, "grid_stride": SAID.stride},
    )
