"""The loss and the cost of a strided 1×1, compared with three other downsamplers."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from viz.layers.downsampling import low_pass_mixing, pooled_mixing, upsampled
from viz.layers.pointwise import Pointwise, mix_channels
from viz.text import Text, text
from viz.trace import cost

TITLES = {
    "strided": "1×1, stride {s}",
    "low_pass": "3×3 low-pass, stride {s}",
    "max": "max pool {s}×{s}, then 1×1",
    "average": "average pool {s}×{s}, then 1×1",
}
POOLED = ("max", "average")  # their units are at the middle of a block


@dataclass(frozen=True)
class Downsampled:
    """The result of one downsampler.

    Attributes:
        name: a key of `TITLES`.
        title: its name.
        parameters, macs: exact counts; comparisons and sums in a pool are not multiply-adds.
        maps: `(O, h, w)`, its output.
        large: `(O, H, W)`, the upsampled output, see `viz.layers.downsampling.upsampled`.
        rms: root of the mean squared difference of `large` from the 1×1 at every pixel, over all
            pixels and channels, the border included.
        relative: `rms` divided by the root mean square of that map; 0 if both are 0.
    """

    name: str
    title: Text
    parameters: int
    macs: int
    maps: Tensor
    large: Tensor
    rms: float
    relative: float


def layers(matrix: Tensor, stride: int) -> dict[str, nn.Module]:
    """The four downsamplers as layers, all with the same mixing matrix `(O, C)` and output size.

    >>> {name: tuple(layer(torch.zeros(2, 7, 6)).shape)
    ...  for name, layer in layers(torch.eye(2), stride=4).items()}
    {'strided': (2, 2, 2), 'low_pass': (2, 2, 2), 'max': (2, 2, 2), 'average': (2, 2, 2)}
    """
    return {
        "strided": Pointwise(matrix, stride=stride),
        "low_pass": low_pass_mixing(matrix, stride),
        "max": pooled_mixing(matrix, stride, "max"),
        "average": pooled_mixing(matrix, stride, "average"),
    }


def compared(maps: Tensor, matrix: Tensor, stride: int) -> tuple[Downsampled, ...]:
    """All four downsamplers on the same maps, each compared with the 1×1 at every pixel.

    Args:
        maps: `(C, H, W)`, the input of the layer.
        matrix: `(O, C)`, on the same device.
        stride: at least 1.

    Returns:
        In the order of `TITLES`.

    >>> [round(each.relative, 2) for each in compared(torch.ones(1, 8, 8), torch.eye(1), 2)]
    [0.0, 0.0, 0.0, 0.0]
    """
    with torch.no_grad():
        wanted = mix_channels(maps, matrix)
        downsamplers = layers(matrix, stride).items()
        return tuple(_measured(name, layer, maps, wanted, stride) for name, layer in downsamplers)


def _measured(
    name: str, layer: nn.Module, maps: Tensor, wanted: Tensor, stride: int
) -> Downsampled:
    counts = cost(layer, tuple(maps.shape))
    small = layer(maps)
    size = (wanted.shape[1], wanted.shape[2])
    large = upsampled(small, size, stride, centred=name in POOLED)
    rms, of_wanted = _root_mean_square(large - wanted), _root_mean_square(wanted)
    relative = rms / of_wanted if of_wanted else 0.0
    title = text(TITLES[name], s=stride)
    return Downsampled(name, title, counts.parameters, counts.macs, small, large, rms, relative)


def _root_mean_square(maps: Tensor) -> float:
    return float(maps.square().mean().sqrt())
