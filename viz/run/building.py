"""From a Setting and a picture to layers, with cached maps for the recipes that look at them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import torch
from torch import Tensor, nn

from viz import images
from viz.bounded_cache import BoundedCache
from viz.images import Picture
from viz.lessons.chain import Through
from viz.lessons.lesson import Built, Lesson
from viz.run.facts import estimate, stage_facts
from viz.run.stages import forward
from viz.settings import Setting
from viz.view import View

_SIZED: BoundedCache[Hashable, Picture] = BoundedCache(
    64 * 2**20, size_of=lambda each: each.pixels.nbytes
)


def sized(picture: Picture, working_size_px: int) -> Picture:
    """The picture at a working size, cached because a slider needs it at every step."""
    key = (picture.key, tuple(picture.pixels.shape), working_size_px)
    at_size = _SIZED.get(key)
    if at_size is None:
        at_size = images.at_working_size(picture, working_size_px)
        _SIZED.put(key, at_size)
    return at_size


def through_cache(picture: Picture, device: torch.device) -> Through:
    """Runs the picture through stages; those that were computed before come from the cache."""

    def through(chain: nn.Sequential, _: Tensor) -> Tensor:
        stages = forward(chain, picture, device)
        return stages[next(reversed(stages))].maps

    return through


def built(
    lesson: Lesson[Any],
    setting: Setting,
    picture: Picture,
    device: torch.device,
    *,
    shown: str = "",
) -> Built[Any]:
    """The layers of a Setting; recipes that need maps get cached ones.

    Args:
        shown: the only stage whose maps are needed: recipes of stages after it get zeros, which
            give a matrix of the same shape at once.

    Raises:
        TooLarge: if its maps would take more than one request may.
    """
    stages = {stage.name for stage in lesson.stages(setting)}
    from_cache = through_cache(picture, device)

    def through(chain: nn.Sequential, pixels: Tensor) -> Tensor:
        names = set(dict(chain.named_children()))
        after_shown = shown == "picture" or shown in names
        if after_shown and names <= stages:  # else it ends with what is measured
            facts = stage_facts(chain, tuple(picture.pixels.shape))
            return torch.zeros(list(facts.values())[-1]["shape"][0], 1, 1)
        return from_cache(chain, pixels)

    # Not in inference mode if the caller is not: weights made in it cannot leave a GPU outside it.
    made = lesson.build(setting, picture.pixels, through)
    estimate(made.network, tuple(picture.pixels.shape)).check()
    return made


def chosen_stage(network: nn.Sequential, view: View) -> str:
    """The stage in view if it is switched on, else the last one.

    >>> chosen_stage(nn.Sequential(), View(stage="picture"))
    'picture'
    """
    stages = ["picture", *dict(network.named_children())]
    return view.stage if view.stage in stages else stages[-1]
