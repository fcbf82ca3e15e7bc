"""How long each branch takes on the maps that reach the module."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial

from torch import Tensor

from viz import devices
from viz.lessons.inception.module import BRANCHES, chain
from viz.lessons.inception.setting import Setting

FAST_MS, RUNS = 60.0, 3  # a branch that is as fast runs again, and the best run counts


def milliseconds(setting: Setting, maps: Tensor) -> Generator[None, None, dict[str, float]]:
    """The milliseconds of each branch alone, by its name, after a run that warms up.

    There is a pause after every run.

    Args:
        setting: the module.
        maps: `(C, H, W)` on the device that computes.
    """
    found = {}
    for branch in BRANCHES:
        layers = partial(chain(branch, setting).to(maps.device), maps)
        layers()
        spent = list[float]()
        while not spent or (len(spent) < RUNS and min(spent) < FAST_MS):
            yield
            spent.append(devices.timed_once(layers, maps.device)[1])
        found[branch] = min(spent)
    return found
