"""Chains of stages: the stages before one of them, and the maps that reach it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from torch import Tensor, nn

# Runs pixels through a chain of stages: `apply`, or a faster function with a cache.
Through = Callable[[nn.Sequential, Tensor], Tensor]


def apply(chain: nn.Sequential, pixels: Tensor) -> Tensor:
    """Runs pixels through a chain of stages, on the pixels' device.

    The stages are moved to that device and stay there: a Setting's weights are made on the CPU,
    while a lesson measures pixels on the chosen device. `run.forward` does the same.

    >>> import torch
    >>> apply(nn.Sequential(nn.ReLU()), torch.tensor([-1.0, 1.0]))
    tensor([0., 1.])
    """
    maps: Tensor = chain.to(pixels.device)(pixels)
    return maps


def upto_stage(stage: str, chain: nn.Sequential) -> nn.Sequential:
    """The stages before one of them and that stage, with their names.

    Raises:
        ValueError: if the chain has no such stage.

    >>> len(upto_stage("0", nn.Sequential(nn.ReLU(), nn.Identity())))
    1
    """
    stages = list(chain.named_children())
    at = [name for name, _ in stages].index(stage)
    return nn.Sequential(OrderedDict(stages[: at + 1]))


def before(stage: str, chain: nn.Sequential) -> nn.Sequential:
    """The stages before one of them, with their names.

    Raises:
        ValueError: if the chain has no such stage.

    >>> chain = nn.Sequential(nn.ReLU(), nn.Identity())
    >>> len(before("0", chain)), len(before("1", chain))
    (0, 1)
    """
    stages = list(chain.named_children())
    at = [name for name, _ in stages].index(stage)
    return nn.Sequential(OrderedDict(stages[:at]))
