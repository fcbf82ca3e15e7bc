"""Two textures told apart from k numbers a pixel: PCA's k, and k that are trained for it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from viz.bounded_cache import BoundedCache
from viz.lessons.reduction.least_squares import decoding_error
from viz.lessons.reduction.telling_apart import Told, by_fisher, by_variance, read_by_logistic
from viz.lessons.reduction.textures import Pixels
from viz.lessons.reduction.trained_for_task import trained

COUNTS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50)
RUNS = 3  # of the training, from as many first weights

_TRAINED: BoundedCache[object, Told] = BoundedCache(max_size=2000, size_of=lambda _: 1)


@dataclass(frozen=True)
class Contest:
    """What each method made of the training pixels, for the numbers a pixel that are done so far.

    Attributes:
        counts: how many numbers a pixel.
        principal: for each of these, PCA's.
        trained: for each of these, one for each seed.
        fisher: Fisher's discriminant, a single number.
    """

    counts: tuple[int, ...]
    principal: tuple[Told, ...]
    trained: tuple[tuple[Told, ...], ...]
    fisher: Told


def contest(
    pixels: Pixels, counts: Sequence[int], seeds: Sequence[int], name: str
) -> Iterator[Contest | None]:
    """Trains every method for every number of numbers, one count after the other.

    Args:
        pixels: those to learn from.
        counts: how many numbers a pixel, ascending.
        seeds: of the training.
        name: of the pixels; with it, what was trained is cached.

    Yields:
        What is done, after each count; None, a pause, in between.
    """
    rows, fisher = by_variance(pixels, max(counts)), read_by_logistic(by_fisher(pixels), pixels)
    done = Contest((), (), (), fisher)
    for k in counts:
        principal = read_by_logistic(rows[:k], pixels)
        runs: tuple[Told, ...] = ()
        for seed in seeds:
            yield None
            runs = (*runs, (yield from _trained_once(pixels, k, seed, name)))
        done = Contest(
            (*done.counts, k), (*done.principal, principal), (*done.trained, runs), fisher
        )
        yield done


def _trained_once(pixels: Pixels, k: int, seed: int, name: str) -> Generator[None, None, Told]:
    key = (name, k, seed)
    made = _TRAINED.get(key)
    if made is None:
        made = yield from trained(pixels, k, seed)
        _TRAINED.put(key, made)
    return made


def channels_missed(told: Told, pixels: Pixels) -> float:
    """The relative error of the channels, decoded from the same numbers, see `decoding_error`."""
    return decoding_error(pixels.values, told.rows @ pixels.values)
