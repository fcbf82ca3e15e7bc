"""The textbook example of fewer channels: counted from the network, not from a formula."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from viz.lessons.pointwise.setting import Setting
from viz.trace import Cost, cost, layer_rows

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Fewer:
    """A 1×1 layer between two numbers of channels, and what else could stand there.

    Attributes:
        network: the layer itself, without weights in memory.
        input_shape, output_shape: `(C, H, W)`.
        input_bytes, output_bytes: of the maps in float32.
        pointwise, with_bias, window: exact counts of the 1×1, of it with a bias for each output,
            and of a 3×3 with zeros around the maps in its place.
    """

    network: nn.Conv2d
    input_shape: Shape
    output_shape: Shape
    input_bytes: int
    output_bytes: int
    pointwise: Cost
    with_bias: Cost
    window: Cost


def fewer(setting: Setting) -> Fewer:
    """What turns many maps into few costs, for the counts the sliders say.

    Source: A. Prakash 2016, "One by One [1 x 1] Convolution": 200×200×50 through twenty 1×1
    filters.

    >>> found = fewer(Setting())
    >>> found.output_shape, found.pointwise.parameters, found.with_bias.parameters
    ((20, 200, 200), 1000, 1020)
    """
    channels, side = (setting.fewer_inputs, setting.fewer_outputs), setting.fewer_side_px
    shape = (channels[0], side, side)
    layer = nn.Conv2d(*channels, 1, bias=False, device="meta")
    with_bias = nn.Conv2d(*channels, 1, device="meta")
    window = nn.Conv2d(*channels, 3, padding=1, bias=False, device="meta")
    pointwise = cost(layer, shape)
    return Fewer(
        network=layer,
        input_shape=shape,
        output_shape=layer_rows(layer, shape)[-1].output_shape,
        input_bytes=cost(nn.Identity(), shape).activation_bytes,
        output_bytes=pointwise.activation_bytes,
        pointwise=pointwise,
        with_bias=cost(with_bias, shape),
        window=cost(window, shape),
    )
