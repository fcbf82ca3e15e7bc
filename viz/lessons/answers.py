"""What the questions of several lessons have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor

from viz.lessons.grid_cells import GRID, cell_means, largest_cells
from viz.lessons.question import OneOf, Question, Where, Words
from viz.lessons.scene import S, Scene
from viz.text import text

YES, NO = text("yes"), text("no")
BOTH, NEITHER = text("both"), text("neither of them")


def choice(right: str, options: Mapping[str, tuple[Words, Words]]) -> OneOf:
    """One of some options that have names, in their order.

    Args:
        right: the name of the right one.
        options: by name, what it says, and why it is wrong.

    >>> choice("b", {"a": ("A", "not A"), "b": ("B", "not B")}).right
    1
    """
    said, instead = zip(*options.values(), strict=True)
    return OneOf(tuple(said), list(options).index(right), tuple(instead))


def which_of(
    named: tuple[Words, Words], holds: tuple[bool, bool], because: tuple[Words, Words]
) -> OneOf:
    """Which of two things something holds of: the one, the other, both or neither.

    Args:
        named: both things.
        holds: whether it holds of each.
        because: why it holds of each, or why not; said of the first that is judged wrongly.

    >>> answer = which_of(("A", "B"), (False, True), ("A does not", "B does"))
    >>> answer.right, answer.instead[0], answer.instead[3]
    (1, 'A does not', 'B does')
    """
    judged = ((True, False), (False, True), (True, True), (False, False))
    instead = tuple(because[0 if one != holds[0] else 1] for one, _ in judged)
    return OneOf((*named, BOTH, NEITHER), judged.index(holds), instead)


def yes_or_no(*, right: bool, instead: Words) -> OneOf:
    """Yes or no; `instead` is said to whoever is wrong.

    >>> yes_or_no(right=False, instead="It is not.").right
    1
    """
    return OneOf((YES, NO), int(not right), (instead, instead))


def where_largest(values: Tensor, instead: Words) -> Where | None:
    """The cells of the photo with the largest means; None if there are none, or all are alike.

    Args:
        values: `(H, W)`, not negative, of the whole photo.
        instead: why another cell is wrong.
    """
    if min(values.shape) < max(GRID):
        return None
    right = largest_cells(cell_means(values))
    return Where("photo", right, GRID, instead) if 0 < len(right) < GRID[0] * GRID[1] else None


def inside_and_outside(values: Tensor, where: Where) -> tuple[float, float]:
    """The mean of the values in the right cells, and in the others.

    >>> inside_and_outside(torch.tensor([[1.0, 3.0]]), Where("photo", frozenset({(0, 1)}), (1, 2), ""))
    (3.0, 1.0)
    """
    means, right = cell_means(values, where.grid), torch.zeros(where.grid, dtype=torch.bool)
    right[tuple(torch.tensor(sorted(where.right)).T)] = True
    right = right.to(means.device)
    return float(means[right].mean()), float(means[~right].mean())


def worth_asking(scene: Scene[S], made: Iterable[Question | None]) -> Sequence[Question]:
    """The questions that make sense, and whose answer is not on the canvas already."""
    return [each for each in made if each and not _is_shown(scene, each)]


def _is_shown(scene: Scene[S], question: Question) -> bool:
    """Whether the fields of `reveal` have these values now."""
    now = vars(scene.setting)
    shown = [now[name] == value for name, value in question.reveal.items() if name in now]
    return bool(shown) and all(shown)
