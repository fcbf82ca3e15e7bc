"""The lesson's claims about its stack."""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor, nn

from viz.geometry import ReceptiveField
from viz.lessons.claim import Claim, seen_on
from viz.lessons.lesson import Built
from viz.lessons.receptive_field.axis_gradients import by_gradients, by_impulses, summed
from viz.lessons.receptive_field.presets import without_pointwise
from viz.lessons.receptive_field.setting import Setting
from viz.lessons.receptive_field.space import shuffled, sorted_values, without_space
from viz.lessons.receptive_field.stack import field_of
from viz.reads import unit_mask
from viz.trace import receptive_field

NEIGHBOURS = 3


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The lesson's claims about the stack on screen, for this picture."""
    network, shape = built.network, (pixels.shape[0], pixels.shape[1], pixels.shape[2])
    field = receptive_field(network, shape)
    made = [
        _support_claim(network, shape),
        _without_claim(built, field),
        _neighbours_claim(network, field),
        _directions_claim(network, shape),
        *_space_claims(network),
    ]
    return seen_on(pixels, made)


def _support_claim(network: nn.Module, shape: tuple[int, int, int]) -> Claim:
    return Claim(
        "A unit sees exactly the pixels at which its gradient is not zero.",
        lambda x: _mask(network, shape).to(x),
        lambda x: _measured(network, shape).to(x),
        methods=("traced layer by layer", "gradient, weights of 1"),
    )


def _mask(network: nn.Module, shape: tuple[int, int, int]) -> Tensor:
    """The pixels that the unit in the middle reads, as a mask of the picture."""
    found, (_, height, width) = unit_mask(network, shape), shape
    mask = torch.zeros(height, width)
    rows, columns = found.mask.nonzero(as_tuple=True)
    mask[rows + found.top, columns + found.left] = 1
    return mask


def _measured(network: nn.Module, shape: tuple[int, int, int]) -> Tensor:
    """The same by autograd, along rows and along columns."""
    axes = (by_gradients(summed(network, axis), shape[axis + 1]) for axis in (0, 1))
    rows, columns = (axis[len(axis) // 2] > 0 for axis in axes)
    return (rows[:, None] & columns).float()


def _without_claim(built: Built[Setting], field: ReceptiveField) -> Claim:
    shorter = field_of(without_pointwise(built.setting.layers))
    return Claim(
        "Without its 1×1 layers of stride 1, the stack has the same receptive field.",
        lambda x: _numbers(field).to(x),
        lambda x: _numbers(shorter).to(x),
        methods=("traced, all layers", "without the 1×1"),
    )


def _numbers(field: ReceptiveField) -> Tensor:
    return torch.tensor([field.size, field.stride, field.padding], dtype=torch.float32)


def _neighbours_claim(network: nn.Module, field: ReceptiveField) -> Claim:
    return Claim(
        "The fields of neighbouring units lie one effective stride apart.",
        lambda x: _starts(network, field).diff().to(x),
        lambda x: torch.full((NEIGHBOURS - 1,), float(field.stride[0])).to(x),
        methods=("gradients of 3 units", "product of the strides"),
    )


def _starts(network: nn.Module, field: ReceptiveField) -> Tensor:
    """The first rows that neighbouring units see, far from both ends of a long axis."""
    window = field.rows
    first = -(-max(0, window.padding) // window.stride)
    length = window.seen(first + NEIGHBOURS)[1] + 1
    seen = by_gradients(summed(network, 0), length, first, NEIGHBOURS) > 0
    return seen.float().argmax(1).float()


def _directions_claim(network: nn.Module, shape: tuple[int, int, int]) -> Claim:
    return Claim(
        "A unit sees a pixel if and only if the pixel reaches the unit.",
        lambda x: torch.cat([_reached(network, shape, axis).flatten() for axis in (0, 1)]).to(x),
        lambda x: torch.cat([_seen(network, shape, axis).flatten() for axis in (0, 1)]).to(x),
        methods=("every pixel forwards", "every unit backwards"),
    )


def _reached(network: nn.Module, shape: tuple[int, int, int], axis: int) -> Tensor:
    return (by_impulses(summed(network, axis), shape[axis + 1]) > 0).float()


def _seen(network: nn.Module, shape: tuple[int, int, int], axis: int) -> Tensor:
    return (by_gradients(summed(network, axis), shape[axis + 1]) > 0).float()


def _space_claims(network: nn.Module) -> list[Claim]:
    """What shuffled pixels do to the maps, without spatial kernels and with them."""
    plain = deepcopy(without_space(network)).double()
    return [
        Claim(
            "With 1×1 layers alone, a picture with its pixels shuffled gives the same values.",
            lambda x: _values(plain.to(x.device), shuffled(x)),
            lambda x: _values(plain.to(x.device), x),
            magnitude=lambda x: _largest(_values(plain.to(x.device), x)),
            methods=("pixels shuffled", "the picture"),
        ),
        Claim(
            "With the stack on screen, it gives other values.",
            lambda x: sorted_values(network.to(x.device)(shuffled(x))),
            lambda x: sorted_values(network.to(x.device)(x)),
            equal=False,
            magnitude=lambda x: _largest(sorted_values(network.to(x.device)(x))),
            methods=("pixels shuffled", "the picture"),
        ),
    ]


def _values(network: nn.Module, x: Tensor) -> Tensor:
    """The values of every map in ascending order, computed in double precision."""
    return sorted_values(network(x.double()).float())


def _largest(values: Tensor) -> Tensor:
    """The largest size of all values, in the place of each."""
    return torch.full_like(values, float(values.abs().max()))
