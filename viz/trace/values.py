"""What calls give that is no map: sizes, numbers computed from them, and views of weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from torch import Tensor, fx, nn

from viz.trace.step import Step


class Weights(tuple[nn.Parameter, ...]):
    """The parameters that a tensor was computed from, in place of the tensor."""


class OfMaps(Exception):
    """Raised where a call gives maps."""


def value_of(node: fx.Node, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The value of a call that gives no maps; tensors that are computed become their `Weights`.

    Raises:
        OfMaps: if the call gives maps, or is of unknown kind.
    """
    if args and isinstance(args[0], Step):
        return _asked_of_maps(node, args[0], args[1:])
    given = [*flattened(args), *flattened(kwargs.values())]
    if node.target is getattr:
        return getattr(*args)
    if any(isinstance(each, Tensor | Weights) for each in given):
        if any(isinstance(each, Step) for each in given):
            raise OfMaps
        return Weights(parameters(given))
    home = getattr(node.target, "__module__", "")
    picks = getattr(node.target, "__name__", "") == "getitem"
    if home not in ("_operator", "builtins", "math") or not (
        picks or all(isinstance(each, int | float) for each in given)
    ):
        raise OfMaps
    return node.target(*args, **kwargs)  # type: ignore[operator] # its name is in one of these


def _asked_of_maps(node: fx.Node, step: Step, others: tuple[Any, ...]) -> Any:
    """What maps are asked for beside their numbers."""
    shape = (1, *step.maps.shape)
    known = {"shape": shape, "ndim": len(shape), "device": None, "dtype": None}
    if node.target is getattr and others[0] in known:
        return known[others[0]]
    if node.op == "call_method" and node.target in ("size", "dim"):
        return len(shape) if node.target == "dim" else shape[others[0]] if others else shape
    raise OfMaps


def parameters(values: Iterable[Any]) -> Iterator[nn.Parameter]:
    """The parameters among values, or that they were computed from, each once."""
    found = dict.fromkeys(
        each
        for value in flattened(values)
        for each in (value if isinstance(value, Weights) else (value,))
        if isinstance(each, nn.Parameter)
    )
    yield from found


def flattened(values: Iterable[Any]) -> Iterator[Any]:
    """Values, and those inside lists and tuples."""
    for value in values:
        if isinstance(value, list | tuple) and not isinstance(value, Weights):
            yield from flattened(value)
        else:
            yield value
