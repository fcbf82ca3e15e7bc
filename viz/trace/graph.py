"""The graph of a network: its layers as nodes, in the order of the data."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, get_ident
from typing import Any

from torch import fx, nn

from viz.layers.branches import Branches, joined
from viz.layers.chain import layers_of
from viz.trace.rules import read


def graph(network: nn.Module) -> fx.Graph:
    """The graph of a network: an nn.Sequential is a chain, Branches part; anything else is traced."""
    if not _is_plain(network):
        return _traced(network)
    names = {module: name for name, module in network.named_modules()}
    made = fx.Graph()
    made.output(_passed(made, names, network, made.placeholder("x")))
    return made


def _is_plain(module: nn.Module) -> bool:
    """Whether it is made of layers in chains and branches only."""
    chain = (layer for _, layer in layers_of(module))
    return all(
        all(map(_is_plain, layer.values())) if isinstance(layer, Branches) else is_layer(layer)
        for layer in chain
    )


def _passed(
    made: fx.Graph, names: dict[nn.Module, str], module: nn.Module, value: fx.Node
) -> fx.Node:
    """The node after a module of chains and branches, for the node of its input."""
    for _, layer in layers_of(module):
        if isinstance(layer, Branches):
            branches = [_passed(made, names, branch, value) for branch in layer.values()]
            value = made.call_function(joined, (branches,))
            value.meta["nn_module_stack"] = {names[layer]: (names[layer], Branches)}
        else:
            value = made.call_module(names[layer], (value,))
    return value


def is_layer(module: nn.Module) -> bool:
    """Whether a module is one layer, which is not traced into."""
    has_rule = read.dispatch(type(module)) is not read.dispatch(object)
    return has_rule or (
        type(module).__module__.startswith("torch.nn.") and not isinstance(module, nn.Sequential)
    )


def _traced(network: nn.Module) -> fx.Graph:
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
