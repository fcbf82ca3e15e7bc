"""A chain of stages as a lesson builds it: how it begins, and the maps that reach a stage of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from torch import Tensor, nn

# Takes pixels through a chain; whoever remembers what stages gave has a quicker way than `apply`.
Through = Callable[[nn.Sequential, Tensor], Tensor]


def apply(chain: nn.Sequential, pixels: Tensor) -> Tensor:
    """The maps that a chain of stages makes of the pixels, on their device.

    The stages go where the pixels are, and stay there: a Setting's weights are made on the CPU,
    and what a lesson measures gets its pixels on the device of choice. `run.forward` does the same.

    >>> import torch
    >>> apply(nn.Sequential(nn.ReLU()), torch.tensor([-1.0, 1.0]))
    tensor([0., 1.])
    """
    maps: Tensor = chain.to(pixels.device)(pixels)
    return maps


def before(stage: str, chain: nn.Sequential) -> nn.Sequential:
    """The stages that stand before one of them, by their names.

    Raises:
        ValueError: if the chain has no such stage.

    >>> chain = nn.Sequential(nn.ReLU(), nn.Identity())
    >>> len(before("0", chain)), len(before("1", chain))
    (0, 1)
    """
    stages = list(chain.named_children())
    at = [name for name, _ in stages].index(stage)
    return nn.Sequential(OrderedDict(stages[:at]))
