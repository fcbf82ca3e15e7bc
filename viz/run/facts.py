"""The facts of every stage for the stage bar, except its time: known without computing anything."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from torch import nn

from viz.bounded_cache import BoundedCache
from viz.layers.chain import description
from viz.reads import holes
from viz.run.budget import Estimate, estimated
from viz.trace import LayerRow, layer_rows

Facts = dict[str, dict[str, Any]]

# Tracing takes a millisecond, and its result rarely changes while a slider moves.
_TRACED: BoundedCache[Hashable, tuple[Facts, Estimate]] = BoundedCache(256, size_of=lambda _: 1)


# A stage is never changed once it is built, and a step of a slider asks for it several times.
_DESCRIBED: WeakKeyDictionary[nn.Module, str] = WeakKeyDictionary()


def described(stage: nn.Module) -> str:
    """The cached `description` of a stage.

    >>> described(nn.ReLU())
    'ReLU()'
    """
    found = _DESCRIBED.get(stage)
    if found is None:
        found = _DESCRIBED[stage] = description(stage)
    return found


def stage_facts(network: nn.Sequential, input_shape: tuple[int, ...]) -> Facts:
    """Shape, parameters, MACs and receptive field of every stage, the picture first.

    If units do not read their whole box, a fact also has `viz.reads.holes`. Facts are cached by
    the descriptions of the stages, which hold all that they depend on.

    >>> stage_facts(nn.Sequential(nn.Conv2d(3, 8, 5)), (3, 32, 32))["0"]["shape"]
    [8, 28, 28]
    """
    return {name: dict(fact) for name, fact in _traced(network, input_shape)[0].items()}


def estimate(network: nn.Sequential, input_shape: tuple[int, ...]) -> Estimate:
    """The memory and time that the network would take on the CPU, see `viz.run.budget`."""
    return _traced(network, input_shape)[1]


def _traced(network: nn.Sequential, input_shape: tuple[int, ...]) -> tuple[Facts, Estimate]:
    stages = [(name, described(stage)) for name, stage in network.named_children()]
    key = (*stages, input_shape)
    traced = _TRACED.get(key)
    if traced is None:
        rows = layer_rows(network, input_shape)
        traced = _facts(network, input_shape, rows), estimated(rows)
        _TRACED.put(key, traced)
    return traced


def _facts(network: nn.Sequential, input_shape: tuple[int, ...], rows: Sequence[LayerRow]) -> Facts:
    facts: Facts = {"picture": _fact(list(input_shape), [])}
    shape = list(input_shape)
    read = holes(network, input_shape)
    for name, _ in network.named_children():
        of_stage = [row for row in rows if row.name.split(".")[0] == name]
        shape = list(of_stage[-1].output_shape) if of_stage else shape
        facts[name] = _fact(shape, of_stage)
        facts[name].update(read.get(of_stage[-1].name, {}) if of_stage else {})
    return facts


def _fact(shape: list[int], rows: Sequence[LayerRow]) -> dict[str, Any]:
    """One stage's entry in the stage bar; its field is that of its last layer."""
    field = rows[-1].receptive_field if rows else None
    return {
        "shape": shape,
        "parameters": sum(row.parameters for row in rows),
        "macs": sum(row.macs for row in rows),
        "size": field.size if field else (1, 1),
        "stride": field.stride if field else (1, 1),
        "padding": field.padding if field else (0, 0),
    }
