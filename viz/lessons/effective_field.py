"""How much each pixel of the field counts: the squared gradient of a unit, averaged over weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from viz.geometry import Window
from viz.layers.chain import layers_of
from viz.trace import receptive_field

SHARE = 0.95
Drawn = Callable[[int], nn.Module]


class Crop(NamedTuple):
    """The part of one axis that a unit needs.

    Attributes:
        start, stop: of the part.
        unit: the same unit, counted in the maps of the part.
    """

    start: int
    stop: int
    unit: int


def crop(window: Window, unit: int, length: int) -> Crop:
    """The smallest part of an axis in which the unit sees the same.

    It begins at a multiple of the stride, so that all layers between have the same positions.

    >>> crop(Window(size=7, stride=2, padding=3), unit=10, length=100)
    Crop(start=16, stop=24, unit=2)
    """
    needed = min(unit, -(-max(0, window.padding) // window.stride))
    start = (unit - needed) * window.stride
    return Crop(start, max(start + 1, min(length, window.seen(unit)[1] + 1)), needed)


class Effective(NamedTuple):
    """The mean squared gradient so far.

    Attributes:
        draws: how many networks it is the mean of.
        energy: `(side, side)` double, the box of the unit; 0 outside the picture.
    """

    draws: int
    energy: Tensor


def effective(
    drawn: Drawn, pixels: Tensor, unit: tuple[int, int], draws: int
) -> Iterator[Effective]:
    """The squared gradient of a unit in the pixels, summed over colours and averaged over draws.

    The unit is taken before its ReLU, for after it half of all units have no gradient, and all its
    channels count alike: they are added with random signs, whose products average to zero.

    Args:
        drawn: the number of a draw -> the layers with its weights, of the same geometry each time.
        pixels: `(3, H, W)`.
        unit: row and column in the last map.
        draws: how many.

    Yields:
        The mean after every draw.
    """
    height, width = pixels.shape[-2:]
    field = receptive_field(drawn(0), (len(pixels), height, width))
    axes = (field.rows, unit[0], height), (field.columns, unit[1], width)
    rows, columns = (crop(*axis) for axis in axes)
    part = pixels[:, rows.start : rows.stop, columns.start : columns.stop]
    top, left = field.rows.seen(unit[0])[0], field.columns.seen(unit[1])[0]
    total = torch.zeros(field.size, dtype=torch.float64)
    for draw in range(draws):
        energy = squared_gradient(drawn(draw), part, (rows.unit, columns.unit), draw)
        total += in_box(energy, rows.start - top, columns.start - left, field.size)
        yield Effective(draw + 1, total / (draw + 1))


@torch.inference_mode(False)
@torch.enable_grad()
def squared_gradient(
    network: nn.Module,
    pixels: Tensor,
    unit: tuple[int, int],
    seed: int,
    channel: int | None = None,
) -> Tensor:
    """The squared gradient of one unit in the pixels, `(H, W)` double, summed over colours.

    Args:
        network: ends in maps; a last ReLU is left out.
        pixels: `(C, H, W)`.
        unit: row and column in the last map.
        seed: of the signs with which all channels are added.
        channel: the only one that counts; None for all.
    """
    layers = [layer for _, layer in layers_of(network)]
    if layers and isinstance(layers[-1], nn.ReLU | nn.ReLU6):
        layers.pop()
    maps = x = pixels.cpu().clone().requires_grad_()
    for layer in layers:
        maps = layer(maps)
    at_unit = maps[:, unit[0], unit[1]]
    generator = torch.Generator().manual_seed(seed)
    signs = torch.randint(0, 2, (len(maps),), generator=generator) * 2.0 - 1
    (at_unit @ signs.to(at_unit) if channel is None else at_unit[channel]).backward()
    assert x.grad is not None
    return x.grad.double().square().sum(0)


def in_box(energy: Tensor, top: int, left: int, size: tuple[int, int]) -> Tensor:
    """The energy as the box of a unit shows it; 0 where there is no picture.

    Args:
        energy: `(H, W)`.
        top, left: row and column of the box at which the energy begins; negative if the box begins
            within it.
        size: (height, width) of the box.

    >>> in_box(torch.ones(2, 2), 1, -1, (3, 2))
    tensor([[0., 0.],
            [1., 0.],
            [1., 0.]])
    """
    box = torch.zeros(size, dtype=energy.dtype)
    (height, width), (rows, columns) = energy.shape, size
    down, right = max(0, top), max(0, left)
    up, back = max(0, -top), max(0, -left)
    tall, wide = min(rows - down, height - up), min(columns - right, width - back)
    if min(tall, wide) > 0:
        box[down : down + tall, right : right + wide] = energy[up : up + tall, back : back + wide]
    return box


def side_holding(energy: Tensor, share: float = SHARE) -> int:
    """The side of the smallest square around the middle that holds a share of all energy.

    >>> peak = torch.zeros(5, 5)
    >>> peak[1:4, 1:4] = 1
    >>> side_holding(peak, 1.0), side_holding(peak, 0.1)
    (3, 1)
    """
    side, total = len(energy), float(energy.sum())
    for inner in range(2 - side % 2, side, 2):
        edge = (side - inner) // 2
        held = float(energy[edge : edge + inner, edge : edge + inner].sum())
        if held >= share * total * (1 - 1e-12):
            return inner
    return side
