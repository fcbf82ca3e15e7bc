"""What a chain of layers amounts to as one kernel a channel, as long as it is linear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from torch import Tensor, nn

from viz.layers.channel_shuffle import PermuteChannels, ShuffleChannels
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, WinningChannel
from viz.layers.gabor import GaborBank
from viz.layers.pointwise import Pointwise, mix_channels


class NotLinear(ValueError):
    """A layer of the chain is not linear, so no kernel stands for the whole; it is named `kind`."""

    def __init__(self, layer: nn.Module) -> None:
        largest = isinstance(layer, PoolChannels | WinningChannel)
        self.kind = "max" if largest else type(layer).__name__
        super().__init__(f"{self.kind} is not linear")


def bank_kernels(network: nn.Module) -> Tensor | None:
    """The kernels `(N, k, k)` of the first Gabor bank in the network, None without one."""
    for layer in network.modules():
        if isinstance(layer, GaborBank):
            return layer.weight[:, 0]
    return None


def effective_kernels(stages: Iterable[nn.Module]) -> Tensor | None:
    """For every output channel the one kernel that the whole chain amounts to.

    A layer that only mixes channels mixes kernels just as it mixes maps, so the bank's kernels
    are pushed through the layers after it. Biases shift a map and are no part of its kernel;
    a stride only chooses where the kernel is applied.

    Args:
        stages: the chain from the picture on, in data order.

    Returns:
        `(channels, k, k)`, to be applied to the luminance; None without a Gabor bank.

    Raises:
        NotLinear: at the first layer after the bank that is not linear.

    >>> import torch
    >>> from viz.layers.gabor import GaborParameters
    >>> bank = GaborBank(GaborParameters(2, 1, 8.0, 4.0, 21, 1.0))
    >>> both = Pointwise(torch.tensor([[1.0, 1.0]]), stride=2)
    >>> bool((effective_kernels([bank, both])[0] == bank.weight.sum((0, 1))).all())
    True
    """
    kernels: Tensor | None = None
    for layer in _layers(stages):
        if isinstance(layer, GaborBank):
            kernels = layer.weight[:, 0]
        elif kernels is not None:
            kernels = _through(layer, kernels)
    return kernels


def _through(layer: nn.Module, kernels: Tensor) -> Tensor:
    if isinstance(layer, Pointwise) or (isinstance(layer, Maxout) and layer.pieces == 1):
        return mix_channels(kernels, layer.matrix.to(kernels.device))
    linear_pool = isinstance(layer, PoolChannels) and (layer.mode == "mean" or layer.group == 1)
    if linear_pool or isinstance(layer, ShuffleChannels | PermuteChannels | nn.Identity):
        return layer(kernels)
    raise NotLinear(layer)


def _layers(stages: Iterable[nn.Module]) -> Iterator[nn.Module]:
    """The layers inside the stages, in data order."""
    for stage in stages:
        if isinstance(stage, nn.Sequential):
            yield from _layers(stage)
        else:
            yield stage
