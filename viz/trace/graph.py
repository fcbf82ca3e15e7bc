"""The graph of a network whose `forward` is Python code, by torch.fx."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, get_ident
from typing import Any

from torch import fx, nn

from viz.layers.part import Part
from viz.trace.rules import read


def is_layer(module: nn.Module) -> bool:
    """Whether a module is one layer, or has a graph already: it is not traced into."""
    has_rule = read.dispatch(type(module)) is not read.dispatch(object)
    return (
        isinstance(module, Part)
        or has_rule
        or (
            type(module).__module__.startswith("torch.nn.")
            and not isinstance(module, nn.Sequential)
        )
    )


def traced(network: nn.Module) -> fx.Graph:
    """The calls of layers and functions that `forward` makes, in their order.

    Raises:
        ValueError: naming the module, if its code cannot be traced.
    """
    tracer = _Tracer()
    try:
        with _TRACING:
            return tracer.trace(network)
    except (RuntimeError, TypeError, ValueError) as error:
        inside = next(reversed(tracer.module_stack), type(network).__name__)
        raise ValueError(f"{inside}: {error}") from error


_TRACING = Lock()


class _Tracer(fx.Tracer):
    """A tracer that other threads do not notice.

    Tracing replaces `__call__` and `__getattr__` of nn.Module itself, so for every thread. For
    other threads both behave as before. Two traces at once would restore each other's
    replacements, hence the lock.
    """

    def __init__(self) -> None:
        super().__init__()
        self._thread = get_ident()

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return is_layer(m)

    def call_module(
        self,
        m: nn.Module,
        forward: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        if get_ident() != self._thread:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, Any]) -> Any:
        if get_ident() != self._thread:
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)
