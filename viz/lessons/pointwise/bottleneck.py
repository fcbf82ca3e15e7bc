"""A 3×3 between two 1×1 layers, and the direct 3×3 that it replaces: counted from the layers."""

from __future__ import annotations

from typing import NamedTuple

from torch import nn

from viz.trace import cost, layer_rows


class Counted(NamedTuple):
    """A layer, as `kernel inputs → outputs`, and its exact counts."""

    name: str
    parameters: int
    macs: int


class Bottleneck(NamedTuple):
    """The three layers of a bottleneck, and one layer with as many maps in and out."""

    layers: tuple[Counted, ...]
    direct: Counted

    @property
    def macs(self) -> int:
        """The multiply-adds of the three layers together."""
        return sum(layer.macs for layer in self.layers)

    @property
    def parameters(self) -> int:
        """Their weights."""
        return sum(layer.parameters for layer in self.layers)


def _convolution(inputs: int, outputs: int, kernel: int) -> nn.Conv2d:
    """A layer without a bias that keeps the size; its weights take no memory."""
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False, device="meta")


def bottleneck(channels: int, reduced: int, side_px: int) -> Bottleneck:
    """The cost of a 1×1 to few maps, a 3×3 among them, and a 1×1 back.

    Source: K. He et al. 2016, "Deep Residual Learning for Image Recognition", figure 5:
    256 → 64 → 64 → 256 maps of 56×56.

    >>> found = bottleneck(256, 64, 56)
    >>> found.parameters, found.direct.parameters
    (69632, 589824)
    """
    shape = (channels, side_px, side_px)
    chain = nn.Sequential(
        _convolution(channels, reduced, 1),
        _convolution(reduced, reduced, 3),
        _convolution(reduced, channels, 1),
    )
    names = (
        f"1×1 {channels} → {reduced}",
        f"3×3 {reduced} → {reduced}",
        f"1×1 {reduced} → {channels}",
    )
    rows = zip(names, layer_rows(chain, shape), strict=True)
    whole = cost(_convolution(channels, channels, 3), shape)
    direct = Counted(f"3×3 {channels} → {channels}", whole.parameters, whole.macs)
    return Bottleneck(tuple(Counted(name, row.parameters, row.macs) for name, row in rows), direct)
