"""The questions of a lesson by name, and what is right, for tests that get it by another method."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from looking import noise
from torch import Tensor, nn

from viz.lessons.lesson import Lesson
from viz.lessons.question import Number, OneOf, Question, Where
from viz.settings import Setting

Array = npt.NDArray[np.float64]
Cells = frozenset[tuple[int, int]]


def asked(lesson: Lesson[Any], setting: Setting, pixels: Tensor) -> dict[str, Question]:
    with torch.no_grad():
        found = lesson.questions(lesson.scene(setting, pixels))
    return {question.name: question for question in found}


def as_read(question: Question) -> str:
    """The right answer, an option or a number, as it is read."""
    if isinstance(question.answer, OneOf):
        return option(question)
    return f"{right(question):g}"


def option(question: Question) -> str:
    """The right option."""
    assert isinstance(question.answer, OneOf)
    return str(question.answer.options[question.answer.right])


def right(question: Question) -> float:
    """The right number."""
    assert isinstance(question.answer, Number)
    return question.answer.right


def cells(question: Question) -> tuple[Cells, tuple[int, int]]:
    """The right cells, and the grid."""
    assert isinstance(question.answer, Where)
    return question.answer.right, question.answer.grid


def revealed(setting: Any, question: Question, **fields: object) -> Any:
    """The Setting that shows the answer."""
    known = {name: each for name, each in question.reveal.items() if hasattr(setting, name)}
    return replace(setting, **{**known, **fields})


def maps_of(lesson: Lesson[Any], setting: Setting, pixels: Tensor) -> Array:
    """The last maps, `(C, H, W)`."""
    with torch.no_grad():
        found: Array = lesson.network(setting, pixels)(pixels).double().numpy()
    return found


def loudest(values: Array, grid: tuple[int, int], share: float = 0.75) -> Cells:
    """The cells of `(H, W)` whose mean reaches a share of the largest, pixel by pixel."""
    (height, width), (rows, columns) = values.shape, grid
    sums, counts = np.zeros(grid), np.zeros(grid)
    for y in range(height):
        for x in range(width):
            cell = y * rows // height, x * columns // width
            sums[cell] += values[y, x]
            counts[cell] += 1
    means = sums / counts
    return frozenset((int(r), int(c)) for r, c in np.argwhere(means >= share * means.max()))


def columns_seen(network: nn.Module, height: int, width: int) -> int:
    """How many columns of pixels the unit in the middle of the last map depends on."""
    x = noise(height, width)[None].requires_grad_()
    with torch.enable_grad():
        maps = network(x[0])
        maps[:, maps.shape[1] // 2, maps.shape[2] // 2].square().sum().backward()
    assert x.grad is not None
    counts = x.grad.abs().sum((0, 1, 2))
    seen = (counts > 1e-4 * counts.max()).nonzero().flatten()  # a product of spectra rounds
    return int(seen[-1] - seen[0]) + 1
