"""The textbook example of channel reduction: counted from the network, not from a formula."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from viz.trace import Cost, cost, layer_rows

Shape = tuple[int, ...]


@dataclass(frozen=True)
class ChannelReduction:
    """A 1×1 layer between two numbers of channels, and its alternatives.

    Attributes:
        input_shape, output_shape: `(C, H, W)`.
        input_bytes, output_bytes: of the maps in float32.
        pointwise, with_bias, window: exact counts of the `layers`.
    """

    input_shape: Shape
    output_shape: Shape
    input_bytes: int
    output_bytes: int
    pointwise: Cost
    with_bias: Cost
    window: Cost


def layers(inputs: int, outputs: int) -> dict[str, nn.Conv2d]:
    """The 1×1, the same with a bias for each output, and a 3×3 with zero padding.

    Their weights take no memory.
    """
    return {
        "pointwise": nn.Conv2d(inputs, outputs, 1, bias=False, device="meta"),
        "with_bias": nn.Conv2d(inputs, outputs, 1, device="meta"),
        "window": nn.Conv2d(inputs, outputs, 3, padding=1, bias=False, device="meta"),
    }


def channel_reduction(inputs: int, outputs: int, side_px: int) -> ChannelReduction:
    """The cost of reducing many square maps to few.

    Source: A. Prakash 2016, "One by One [1 x 1] Convolution": 200×200×50 through twenty 1×1
    filters.

    >>> found = channel_reduction(50, 20, 200)
    >>> found.output_shape, found.pointwise.parameters, found.with_bias.parameters
    ((20, 200, 200), 1000, 1020)
    """
    shape, found = (inputs, side_px, side_px), layers(inputs, outputs)
    costs = {name: cost(layer, shape) for name, layer in found.items()}
    return ChannelReduction(
        input_shape=shape,
        output_shape=layer_rows(found["pointwise"], shape)[-1].output_shape,
        input_bytes=cost(nn.Identity(), shape).activation_bytes,
        output_bytes=costs["pointwise"].activation_bytes,
        **costs,
    )
