"""The claims about a pool whose window is one pixel."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from viz.lessons.claim import Claim


def single_pixel_windows(given: nn.Module) -> list[Claim]:
    """With stride 1 it is the identity, with stride 2 it skips; both exactly."""
    return [
        Claim(
            "Max pooling with a 1×1 window and stride 1 changes nothing.",
            lambda x: F.max_pool2d(x, 1, 1),
            torch.clone,
            given=given,
            methods=("max_pool2d(x, 1, 1)", "a copy of the maps"),
        ),
        Claim(
            "Max pooling with a 1×1 window and stride 2 only skips pixels.",
            lambda x: F.max_pool2d(x, 1, 2),
            lambda x: x[:, ::2, ::2].contiguous(),
            given=given,
            methods=("max_pool2d(x, 1, 2)", "every second pixel"),
        ),
    ]
