"""Several ways to the same maps, raced on every device there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import torch
from torch import Tensor

from viz import devices
from viz.experiments.claim import rounding_bound
from viz.run.proof import timed

RUNS = 5


class Way(Protocol):
    """One way to compute something; see `experiments.pointwise.Way`."""

    @property
    def name(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def function(self) -> Callable[[Tensor], Tensor]: ...
    @property
    def crop(self) -> Callable[[Tensor], Tensor]: ...
    @property
    def magnitude(self) -> Callable[[Tensor], Tensor]: ...
    @property
    def terms(self) -> int: ...


@dataclass(frozen=True)
class Raced:
    """How one way came out.

    Attributes:
        name, sentence: the way.
        pixels: of how many pixels it made maps.
        difference, bound: largest difference from the first way on the same pixels, of all
            devices, and what rounding allows there.
        within: whether every number is within what rounding allows.
        milliseconds: the best of five runs, by the device's title.
    """

    name: str
    sentence: str
    pixels: int
    difference: float
    bound: float
    within: bool
    milliseconds: dict[str, float]


@torch.inference_mode()
def raced(ways: Sequence[Way], given: Tensor, racing: Sequence[torch.device]) -> tuple[Raced, ...]:
    """Runs every way on every device, and compares it with the first way.

    Args:
        given: the maps `(C, H, W)` that every way starts from.
        racing: the devices.
    """
    return tuple(_raced(way, ways[0], given, racing) for way in ways)


def _raced(way: Way, first: Way, given: Tensor, racing: Sequence[torch.device]) -> Raced:
    crop = way.crop(given.cpu())
    allowed = rounding_bound(way.magnitude(crop), way.terms).flatten()
    wanted = first.function(crop)
    milliseconds, apart = {}, torch.zeros_like(allowed)
    for device in racing:
        x = crop.to(device)
        runs = [timed(partial(way.function, x), device) for _ in range(RUNS)]
        milliseconds[devices.title(device)] = min(ms for _, ms in runs)
        apart = torch.maximum(apart, (runs[0][0].cpu() - wanted).abs().flatten())
    worst = int(torch.where(apart == apart.max(), allowed, -1).argmax())
    return Raced(
        name=way.name,
        sentence=way.sentence,
        pixels=crop.shape[-2] * crop.shape[-1],
        difference=float(apart[worst]),
        bound=float(allowed[worst]),
        within=bool((apart <= allowed).all()),
        milliseconds=milliseconds,
    )
