"""Fields of random networks with branches against gradients, in double precision.

Weights are positive and pools are means, so no gradient cancels: it differs from 0 exactly where a
pixel is read. Pictures are so large that the boxes of some units lie inside.
"""

from __future__ import annotations

from itertools import product

import pytest
import torch
from drawn_networks import Block, built, plans
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from viz.geometry import Interval, ReceptiveField, clipped
from viz.reads import unit_mask
from viz.trace import between, layer_rows, receptive_field
from viz.trace.flow import flow

MANY = settings(
    max_examples=300,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.filter_too_much],
)
CHANNELS = 2


def large_enough(plan: list[Block]) -> tuple[int, int, int]:
    """A shape in which the boxes of some units lie inside the picture."""
    field = receptive_field(built(plan, (CHANNELS, 64, 64)), (CHANNELS, 64, 64))
    reach = [
        s + 2 * abs(p) + 4 * j
        for s, p, j in zip(field.size, field.padding, field.stride, strict=True)
    ]
    return CHANNELS, reach[0], reach[1] + 3


def extent(read: Tensor) -> tuple[Interval, Interval] | None:
    """First and last row and column where a map is not 0; None if it is 0 everywhere."""
    places = read.nonzero()
    if not len(places):
        return None
    (top, left), (bottom, right) = places.amin(0).tolist(), places.amax(0).tolist()
    return (top, bottom), (left, right)


def some_units(height: int, width: int) -> set[tuple[int, int]]:
    """Two corners, the middle, and one beside it."""
    middle = height // 2, width // 2
    return {(0, 0), (height - 1, width - 1), middle, (height // 3, middle[1])}


def read_by(out: Tensor, unit: tuple[int, int], source: Tensor) -> Tensor:
    """Where the gradient of a unit is not 0, for every channel: bool `(channels, H, W)`."""
    return torch.stack(
        [
            torch.autograd.grad(channel[unit], source, retain_graph=True)[0].flatten(0, -3).any(0)
            for channel in out
        ]
    )


def check(field: ReceptiveField, unit: tuple[int, int], read: Tensor, *, together: bool) -> bool:
    """Nothing outside the box is read, and its sides are if it lies inside; whether it does."""
    seen = field.rows.seen(unit[0]), field.columns.seen(unit[1])
    inside = tuple(clipped(one, length) for one, length in zip(seen, read.shape[1:], strict=True))
    for channel in read.any(0, keepdim=True) if together else read:
        found = extent(channel)
        if found is not None:
            assert inside[0] is not None
            assert inside[1] is not None
            for (first, last), (start, end) in zip(found, inside, strict=True):
                assert start <= first <= last <= end
        if inside == seen and field.certainty == "exact":
            assert found == seen
    return inside == seen


def pixels_of(network: nn.Module, shape: tuple[int, int, int], unit: tuple[int, int]) -> Tensor:
    """The mask of a unit, with all holes, in the whole picture."""
    found = unit_mask(network, shape, unit)
    whole = torch.zeros(shape[1:], dtype=torch.bool)
    places = found.mask.nonzero() + torch.tensor([found.top, found.left])
    whole[tuple(places.T)] = True
    return whole


@given(plans)
@MANY
@pytest.mark.slow
def test_fields_are_where_the_gradient_of_a_unit_is_not_0(plan: list[Block]):
    shape = large_enough(plan)
    network = built(plan, shape)
    maps = flow(network, shape).output.maps
    picture = torch.rand(shape, dtype=torch.float64).add_(0.5).requires_grad_()
    out = network(picture[None])[0]
    assert maps.shape == tuple(out.shape)
    counted = 0
    for unit in some_units(*maps.extent):
        read = read_by(out, unit, picture)
        counted += check(maps.field, unit, read, together=True)
        check(maps.seen, unit, read, together=False)
    assert torch.equal(pixels_of(network, shape, unit), read.any(0))
    event(f"inside: {counted > 0}")
    event(f"all channels: {maps.field.certainty}, each: {maps.seen.certainty}")
    event(f"aligned: {maps.field.aligned}")


@given(plans, st.data())
@settings(MANY, max_examples=100)
@pytest.mark.slow
def test_the_field_between_two_layers_is_where_the_gradient_is_not_0(
    plan: list[Block], data: st.DataObject
):
    shape = large_enough(plan)
    network = built(plan, shape)
    names = [row.name for row in layer_rows(network, shape) if row.kind in ("Conv2d", "AvgPool2d")]
    first, last = sorted(
        data.draw(st.lists(st.sampled_from(range(len(names))), min_size=2, max_size=2, unique=True))
    )
    try:
        found = between(network, shape, names[first], names[last])
    except ValueError:  # in two branches that do not read one another
        assume(False)
    kept = outputs(network, shape, names[first], names[last])
    assert found.earlier_shape == tuple(kept[0].shape[1:])
    assert found.later_shape == tuple(kept[1].shape[1:])
    for unit in some_units(*found.units):
        check(found.field, unit, read_by(kept[1][0], unit, kept[0]), together=False)


def outputs(network: nn.Module, shape: tuple[int, ...], *names: str) -> list[Tensor]:
    """The maps after named layers."""
    kept: dict[str, Tensor] = {}
    hooks = [
        network.get_submodule(name).register_forward_hook(
            lambda module, args, out, name=name: kept.__setitem__(name, out)
        )
        for name in names
    ]
    picture = torch.rand((1, *shape), dtype=torch.float64).add_(0.5).requires_grad_()
    network(picture)
    for hook in hooks:
        hook.remove()
    return [kept[name] for name in names]


@given(plans, st.floats(0, 0.999), st.floats(0, 0.999))
@settings(MANY, max_examples=100)
@pytest.mark.slow
def test_a_pixel_changes_no_unit_outside_its_projective_field(
    plan: list[Block], down: float, across: float
):
    shape = large_enough(plan)
    network = built(plan, shape)
    pixel = int(down * shape[1]), int(across * shape[2])
    found = between(network, shape)
    picture = torch.rand((1, *shape), dtype=torch.float64).add_(0.5)
    changed = picture.clone()
    changed[..., pixel[0], pixel[1]] += 1
    with torch.no_grad():
        reached = (network(changed) - network(picture))[0].abs().amax(0) > 1e-9
    rows, columns = found.reached(*pixel)
    assert 0 <= rows.start <= rows.stop <= found.units[0]
    assert 0 <= columns.start <= columns.stop <= found.units[1]
    outside = reached.clone()
    outside[rows.start : rows.stop, columns.start : columns.stop] = False
    assert not outside.any()
    for row, column in product(rows, columns):  # the same relation, the other way round
        assert pixel[0] in found.seen(row, column)[0]
        assert pixel[1] in found.seen(row, column)[1]


@pytest.mark.parametrize("pixel", list(product((0, 7, 20, 40), (0, 13, 37))))
def test_without_holes_a_pixel_changes_every_unit_of_its_projective_field(pixel: tuple[int, int]):
    """Kernels at least as large as strides, no dilation: each unit reads all of its box."""
    layers = [nn.Conv2d(1, 1, 3, 2, 1), nn.AvgPool2d(2), nn.Conv2d(1, 1, (1, 3), (1, 2))]
    network = nn.Sequential(*layers).double()
    for weight in network.parameters():
        nn.init.uniform_(weight, 0.5, 1)
    picture = torch.rand(1, 1, 41, 38, dtype=torch.float64)
    changed = picture.clone()
    changed[..., pixel[0], pixel[1]] += 1
    with torch.no_grad():
        reached = (network(changed) - network(picture))[0, 0].abs() > 1e-9
    rows, columns = between(network, (1, 41, 38)).reached(*pixel)
    expected = torch.zeros_like(reached)
    expected[rows.start : rows.stop, columns.start : columns.stop] = True
    assert torch.equal(reached, expected)
