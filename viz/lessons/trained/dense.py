"""The classifier at every place of a photo, in one pass, and the same photo crop by crop."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from viz.lessons.trained.head import Classifier
from viz.lessons.trained.running import Runner, Slices, timed
from viz.trace.flow import flow

Size = tuple[int, int]


class Dense(NamedTuple):
    """One pass over a photo.

    Attributes:
        scores: `(K, h, w)`, a number for each class at every place.
        logits: `(K,)`, the network's own, of the whole photo.
        ms: milliseconds of the pass.
    """

    scores: Tensor
    logits: Tensor
    ms: float

    @property
    def apart(self) -> float:
        """The largest difference between the average of the scores and the network's own logits."""
        averages = self.scores.double().mean((1, 2))
        return float((averages - self.logits.double()).abs().max())


def dense(runner: Runner, end: Classifier, x: Tensor) -> Slices[Dense]:
    """The classifier at every place of a photo `(C, H, W)`."""
    halt, ms = yield from timed(runner.upto(end.maps, x[None]))
    scores, last_ms = yield from timed(_scored(end, halt.maps))
    logits = yield from _logits(runner, end, x)
    return Dense(scores[0], logits.flatten(), ms + last_ms)


def _scored(end: Classifier, maps: Tensor) -> Slices[Tensor]:
    yield
    scores: Tensor = end.at_a_place(maps)
    return scores


def _logits(runner: Runner, end: Classifier, x: Tensor) -> Slices[Tensor]:
    """By the network's own average and linear layer."""
    halt = yield from runner.upto(end.logits, x[None])
    return halt.maps


class Window(NamedTuple):
    """Crops of the size that the network was made for, in steps of one place of its maps.

    Attributes:
        side_px: (height, width) of a crop.
        stride_px: pixels from one place to the next.
        places: (rows, columns) of places in a crop.
    """

    side_px: Size
    stride_px: Size
    places: Size

    def whole(self, size: Size) -> Size:
        """The largest size in pixels, at most this one, that holds whole places.

        >>> Window((224, 224), (32, 32), (7, 7)).whole((341, 512))
        (320, 512)
        """
        height, width = (s // j * j for s, j in zip(size, self.stride_px, strict=True))
        return height, width

    def crops(self, places: Size) -> Size:
        """Rows and columns of crops in a photo of so many places; (0, 0) if it is too small.

        >>> Window((224, 224), (32, 32), (7, 7)).crops((10, 16))
        (4, 10)
        """
        down, across = (max(0, n - own + 1) for n, own in zip(places, self.places, strict=True))
        return (down, across) if down and across else (0, 0)


def window(network: nn.Module, input_shape: tuple[int, int, int]) -> Window:
    """The crops of a network that averages its last maps over all places.

    Raises:
        ValueError: if the network cannot be read, see `viz.trace`.
    """
    step = flow(network, input_shape).output
    while step.sources and (step.maps.flat or step.maps.extent == (1, 1)):
        step = step.sources[0]
    _, height, width = input_shape
    return Window((height, width), step.maps.field.stride, step.maps.extent)


class Cropped(NamedTuple):
    """A photo crop by crop.

    Attributes:
        logits: `(crops, K)`, row by row; of the crops that are done.
        of_dense: `(crops, K)`, the same windows of the one pass, averaged.
        at_places: `(rows, columns)`, how far the scores of a crop alone are from those of the one
            pass at each of its places: the mean over classes and crops.
        ms: milliseconds of all crops.
    """

    logits: Tensor
    of_dense: Tensor
    at_places: Tensor
    ms: float

    @property
    def apart(self) -> float:
        """The mean difference of the logits."""
        return float((self.logits - self.of_dense).abs().mean())

    @property
    def same_answer(self) -> int:
        """How many crops get the same class as their windows."""
        return int((self.logits.argmax(1) == self.of_dense.argmax(1)).sum())


def cropped(
    runner: Runner, end: Classifier, x: Tensor, size: Window, found: Dense
) -> Generator[float | None, None, Cropped]:
    """Every crop of a photo `(C, H, W)` by itself, beside the same window of the one pass.

    Yields:
        The share that is done after each crop; None between.
    """
    rows, columns = size.crops((found.scores.shape[1], found.scores.shape[2]))
    alone, windows, ms = [], [], 0.0
    apart = found.scores.new_zeros(size.places)
    for n in range(rows * columns):
        row, column = divmod(n, columns)
        halt, spent = yield from timed(runner.upto(end.maps, _crop(x, size, row, column)[None]))
        scores = end.at_a_place(halt.maps)[0]
        of_dense = _places(found.scores, (row, column), size)
        apart += (scores - of_dense).abs().mean(0) / (rows * columns)
        alone.append(scores.mean((1, 2)))
        windows.append(of_dense.mean((1, 2)))
        ms += spent
        yield (n + 1) / (rows * columns)
    return Cropped(torch.stack(alone), torch.stack(windows), apart, ms)


def _crop(x: Tensor, size: Window, row: int, column: int) -> Tensor:
    top, left = row * size.stride_px[0], column * size.stride_px[1]
    return x[:, top : top + size.side_px[0], left : left + size.side_px[1]]


class Surrounded(NamedTuple):
    """The crop in the middle of a photo with ever more of the photo around it.

    Attributes:
        margins_px: what it keeps of the photo on each side, if there is so much.
        apart: how far its scores are from those of the one pass, the mean over classes and places.
    """

    margins_px: tuple[int, ...]
    apart: tuple[float, ...]


def surrounded(
    runner: Runner, end: Classifier, x: Tensor, size: Window, found: Dense
) -> Slices[Surrounded]:
    """Replaces the zeros around the crop in the middle by the photo, one place more at a time."""
    places = (found.scores.shape[1], found.scores.shape[2])
    first = tuple(n // 2 for n in size.crops(places))
    steps = range(1 + max(places))
    margins, apart = [], []
    for margin in steps:
        tops = [max(0, at - margin) for at in first]
        ends = [
            min(n, at + own + margin) for n, at, own in zip(places, first, size.places, strict=True)
        ]
        part = _part(x, size, tops, ends)
        halt = yield from runner.upto(end.maps, part[None])
        scores = end.at_a_place(halt.maps)[0]
        inside = _places(scores, [a - t for a, t in zip(first, tops, strict=True)], size)
        apart.append(float((inside - _places(found.scores, first, size)).abs().mean()))
        margins.append(margin * max(size.stride_px))
        if tops == [0, 0] and tuple(ends) == places:
            break
    return Surrounded(tuple(margins), tuple(apart))


def _part(x: Tensor, size: Window, tops: Sequence[int], ends: Sequence[int]) -> Tensor:
    """The pixels of some places: a crop is larger than the strides of its places by what remains."""
    rest = [s - n * j for s, n, j in zip(size.side_px, size.places, size.stride_px, strict=True)]
    (down, right), (below, beside) = (
        [n * j for n, j in zip(each, size.stride_px, strict=True)] for each in (tops, ends)
    )
    return x[:, down : below + rest[0], right : beside + rest[1]]


def _places(scores: Tensor, first: Sequence[int], size: Window) -> Tensor:
    rows, columns = (slice(at, at + own) for at, own in zip(first, size.places, strict=True))
    return scores[:, rows, columns]
