"""How long each branch takes on the maps that reach the module."""

from __future__ import annotations

from functools import partial

from torch import Tensor

from viz import devices
from viz.lessons.inception.module import BRANCHES, chain
from viz.lessons.inception.setting import Setting

FAST_MS, RUNS = 20.0, 3  # a branch that is as fast runs again, and the best run counts


def milliseconds(setting: Setting, maps: Tensor) -> dict[str, float]:
    """The milliseconds of each branch alone, by its name, after a run that warms up.

    Args:
        setting: the module.
        maps: `(C, H, W)` on the device that computes.
    """
    return {branch: _of_branch(branch, setting, maps) for branch in BRANCHES}


def _of_branch(branch: str, setting: Setting, maps: Tensor) -> float:
    layers = partial(chain(branch, setting).to(maps.device), maps)
    _, best = devices.timed(layers, maps.device)
    if best < FAST_MS:
        best = min(best, *(devices.timed_once(layers, maps.device)[1] for _ in range(RUNS - 1)))
    return best
