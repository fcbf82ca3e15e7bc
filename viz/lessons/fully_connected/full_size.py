"""The head of VGG-16 in its full size, as fully connected layers and as convolutions.

It takes 427 MB, so only one is in memory at a time, whoever asks for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from viz import memory
from viz.layers.fully_connected import folded
from viz.lessons.claim import rounding_bound
from viz.text import Message

SIZES = ((512, 7, 7), 4096, 1000)  # what reaches the head, and what leaves each of its layers
ROWS = 64  # of a matrix at a time: a slice takes some ten milliseconds, and copies 6 MB
SPARE = 1.25  # times its memory must be free
REFUSED: Message = (
    "The full-size head takes 427 MB, and the server has not that much memory to spare now. "
    "Switch it off, or try again later."
)
WAIT_S = 0.02
_ONE = threading.Lock()
_FOUND: dict[object, Compared] = {}


class Compared(NamedTuple):
    """Both ways to compute the head.

    Attributes:
        parameters: of both layers, biases included.
        bytes: that they take in memory.
        difference: the largest one between their outputs.
        allowed: what rounding may cause there.
    """

    parameters: int
    bytes: int
    difference: float
    allowed: float


class Dense(NamedTuple):
    """A fully connected layer: weights `(O, N)` and biases `(O,)`."""

    weight: Tensor
    bias: Tensor

    @classmethod
    def empty(cls, inputs: int, outputs: int) -> Dense:
        """With memory and without numbers."""
        return cls(torch.empty(outputs, inputs), torch.empty(outputs))


class Share(NamedTuple):
    """How much of the work is done; 0 while another visitor's head is in memory."""

    done: float
    waits: bool = False


Shares = Generator[Share, None, Compared]


def compared() -> Shares:
    """Allocates the head, compares both ways, and frees it; computed once for all visitors.

    Raises:
        TooLarge: if there is not enough free memory.
    """
    while SIZES not in _FOUND:
        if not _ONE.acquire(blocking=False):
            time.sleep(WAIT_S)  # its own slices come in between
            yield Share(0.0, waits=True)
            continue
        try:
            _FOUND[SIZES] = yield from _compared()
        finally:
            _ONE.release()
            memory.give_back()
    return _FOUND[SIZES]


def parameters() -> int:
    """Weights and biases of both layers."""
    (channels, height, width), hidden, classes = SIZES
    return (channels * height * width + 1) * hidden + (hidden + 1) * classes


def needed_bytes() -> int:
    """Of their weights in float32."""
    return 4 * parameters()


def _compared() -> Shares:
    free = memory.available_bytes()
    if free is not None and free < SPARE * needed_bytes():
        raise memory.TooLarge(REFUSED)
    maps_shape, hidden, classes = SIZES
    generator = torch.Generator().manual_seed(0)
    maps = torch.rand(maps_shape, generator=generator)
    first, last = Dense.empty(maps.numel(), hidden), Dense.empty(hidden, classes)
    yield from _in_parts(_drawn([first, last], generator), 0.0, 0.6)
    dense, convolved = maps.new_empty(hidden), maps.new_empty(hidden)
    for n, part in enumerate(first.weight.split(ROWS)):
        at, bias = slice(n * ROWS, n * ROWS + len(part)), first.bias[n * ROWS :][: len(part)]
        dense[at] = F.linear(maps.flatten(), part, bias)
        convolved[at] = F.conv2d(maps, folded(part, maps_shape), bias).flatten()
        yield Share(0.6 + 0.4 * at.stop / hidden)
    return _outcome(last, dense.relu(), convolved.relu())


def _outcome(last: Dense, dense: Tensor, convolved: Tensor) -> Compared:
    scores = F.linear(dense, last.weight, last.bias)
    kernels = folded(last.weight, (len(dense), 1, 1))
    of_convolutions = F.conv2d(convolved[:, None, None], kernels, last.bias).flatten()
    apart = (scores - of_convolutions).abs()
    worst = int(apart.argmax())
    allowed = rounding_bound(F.linear(dense, last.weight.abs()), len(dense))[worst]
    return Compared(parameters(), needed_bytes(), float(apart[worst]), float(allowed))


def _drawn(layers: list[Dense], generator: torch.Generator) -> Iterator[float]:
    """Draws all weights, a part at a time; yields how much is done."""
    count, done = sum(len(layer.weight) for layer in layers), 0
    for layer in layers:
        within = layer.weight.shape[1] ** -0.5
        layer.bias.uniform_(-within, within, generator=generator)
        for part in layer.weight.split(ROWS):
            part.uniform_(-within, within, generator=generator)
            done += len(part)
            yield done / count


def _in_parts(steps: Iterator[float], first: float, last: float) -> Iterator[Share]:
    for done in steps:
        yield Share(first + (last - first) * done)
