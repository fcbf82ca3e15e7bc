"""A network that was trained on single digits, slid over a page of them."""

from __future__ import annotations

from collections.abc import Generator
from copy import deepcopy
from functools import cache
from time import perf_counter
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.fully_connected import fully_convolutional
from viz.lessons.fully_connected.setting import DIGIT_PX, HANDS, PAGE_PX
from viz.lessons.lesson import Sprites
from viz.networks.digit_finder import CROP, NONE, flattened
from viz.settings import PlacedValues
from viz.trace import cost
from viz.training.digit_pages import page
from viz.training.digits import Digits, split
from viz.training.shipped_finder import finder

POSITIONS = (PAGE_PX[0] - DIGIT_PX + 1, PAGE_PX[1] - DIGIT_PX + 1)  # of crops, down and across
RUNS = 5  # of the one pass; the quickest counts
APART_PX = 4  # two finds that are nearer are one
A_SLICE = 200  # crops, some twenty milliseconds


@cache
def hands() -> Digits:
    """Three handwritings of each digit, none of which was used for training, in their order.

    >>> hands().labels[::3].tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """
    test = split().test
    places = [(test.labels == digit).nonzero()[:HANDS, 0] for digit in range(NONE)]
    return test.at(torch.cat(places))


def sprites() -> Sprites:
    """The handwritings to choose from, and the page for them."""
    digits = hands()
    return Sprites(digits.images[:, 0], tuple(map(str, digits.labels.tolist())), PAGE_PX)


def page_of(placed: PlacedValues) -> Tensor:
    """The page as it was arranged, `(1, 40, 64)`; 0 is paper."""
    images = [hands().images[kind] for kind, _, _ in placed]
    return page(images, [(row, column) for _, row, column in placed], PAGE_PX)


def crops_of(paper: Tensor) -> Tensor:
    """Every 8×8 px of a page, row by row, `(crops, 1, 8, 8)`."""
    return paper.unfold(1, DIGIT_PX, 1).unfold(2, DIGIT_PX, 1).flatten(0, 2)[:, None]


@cache
@torch.inference_mode(False)
def convolutional(padding: int) -> nn.Sequential:
    """The shipped network for pages."""
    return fully_convolutional(finder(padding).network, flattened(padding))


def in_one_pass(paper: Tensor, padding: int = 0) -> Tensor:
    """The scores of all crops, `(11, 33, 57)`."""
    scores: Tensor = convolutional(padding)(paper[None])[0]
    return scores


def apart(paper: Tensor, padding: int) -> Tensor:
    """How far the scores of one pass are from those of each crop by itself, `(33, 57)`.

    Both are computed in double precision, so that rounding is out of sight.
    """
    one_pass, dense = (deepcopy(each).double() for each in _both(padding))
    of_crops = dense(crops_of(paper).double()).T.unflatten(1, POSITIONS)
    return (one_pass(paper.double()[None])[0] - of_crops).abs().amax(0)


def _both(padding: int) -> tuple[nn.Sequential, nn.Sequential]:
    return convolutional(padding), finder(padding).network


def on_the_page(maps: Tensor) -> Tensor:
    """Maps of crops `(N, 33, 57)` as large as the page, `(N, 40, 64)`: each number at the middle of its crop.

    At the border, where no crop has its middle, they are 0.
    """
    before = DIGIT_PX // 2
    after = DIGIT_PX - 1 - before
    return F.pad(maps, (before, after, before, after))


class Find(NamedTuple):
    """A digit that was found on a page.

    Attributes:
        digit: which one.
        row, column: of the upper left pixel of its crop.
    """

    digit: int
    row: int
    column: int


def finds(scores: Tensor) -> list[Find]:
    """The places where a digit is more probable than none; of neighbouring ones the middle.

    >>> nothing = torch.zeros(11, *POSITIONS)
    >>> nothing[NONE] = 9.0
    >>> nothing[7, 3, 4] = 12.0
    >>> finds(nothing)
    [Find(digit=7, row=3, column=4)]
    """
    probable = scores.softmax(0)
    around = F.avg_pool2d(probable, 3, stride=1, padding=1)
    rows, columns = (probable[NONE] < 0.5).nonzero(as_tuple=True)
    order = around[NONE, rows, columns].argsort(stable=True)
    chosen: list[Find] = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if all(max(abs(row - at.row), abs(column - at.column)) >= APART_PX for at in chosen):
            chosen.append(Find(int(around[:NONE, row, column].argmax()), row, column))
    return sorted(chosen, key=lambda find: (find.column, find.row))


class Raced(NamedTuple):
    """Three ways to look at all crops.

    Attributes:
        one_pass_ms: milliseconds over the page.
        batch_ms: for all crops at once.
        crops_ms: for one crop after the other.
        one_pass_macs, crops_macs: exact counts; a batch takes as many as its crops.
    """

    one_pass_ms: float
    batch_ms: float
    crops_ms: float
    one_pass_macs: int
    crops_macs: int


def raced(paper: Tensor) -> Generator[None, None, Raced]:
    """Measures all three on this machine, a slice at a time."""
    (convolved, network), crops, milliseconds = _both(0), crops_of(paper), 0.0
    one_pass = min(_milliseconds(convolved, paper[None]) for _ in range(RUNS))
    batch = min(_milliseconds(network, crops) for _ in range(RUNS))
    yield
    for some in crops.split(A_SLICE):
        milliseconds += sum(_milliseconds(network, crop) for crop in some.split(1))
        yield
    macs = cost(convolved, tuple(paper.shape)).macs
    return Raced(one_pass, batch, milliseconds, macs, len(crops) * cost(network, CROP).macs)


def _milliseconds(network: nn.Module, x: Tensor) -> float:
    started = perf_counter()
    network(x)
    return 1e3 * (perf_counter() - started)
