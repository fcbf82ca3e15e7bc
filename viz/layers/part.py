"""A part of a network: the calls that lead from its input, or from one of its layers, to a layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from torch import Tensor, fx, nn

from viz.text import Text, text


class Lines(NamedTuple):
    """The lines of a program that do what a part does: a comment, the code, the functions it calls."""

    words: Text
    code: str
    functions: tuple[Callable[..., Any], ...] = ()


NO_LINES = Lines(text("a part of a network"), "")


class Part(nn.Module):
    """The calls of a network's graph up to one of them, in their order.

    Layers and weights are those of the network, not copies. Maps that no later call reads are freed.

    Args:
        network: in evaluation mode.
        last: the node whose maps leave the part; of the graph of the network.
        first: the node whose maps reach it; None for the input.
        key: says which network with which weights this is, and which part of it: parts with equal
            keys compute the same, so nobody need read all the weights.
        lines: of a program.

    Raises:
        ValueError: if the maps at `last` depend on others than those at `first`.
    """

    def __init__(
        self,
        network: nn.Module,
        last: fx.Node,
        *,
        first: fx.Node | None = None,
        key: str = "",
        lines: Lines = NO_LINES,
    ) -> None:
        super().__init__()
        self.nodes = leading_to(last, first)
        self.key, self.lines = key, lines
        self._done = _dead_after(self.nodes, last)
        modules = dict(network.named_modules())
        called = [str(each.target) for each in self.nodes if each.op == "call_module"]
        self._at = {target: at for at, target in enumerate(dict.fromkeys(called))}
        self.layers = nn.ModuleList(modules[target] for target in self._at)
        self._fixed: dict[str, Any] = {}
        for node in self.nodes:
            if node.op == "get_attr":
                self._keep(str(node.target), attrgetter(str(node.target))(network))

    def _keep(self, target: str, value: Any) -> None:
        """A weight that a call takes, so that it moves to a device with the others."""
        name = f"of_{target.replace('.', '_')}"
        if isinstance(value, nn.Parameter):
            self.register_parameter(name, value)
        elif isinstance(value, Tensor):
            self.register_buffer(name, value)
        else:
            self._fixed[target] = value

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, the maps of the last layer out."""
        start, *calls = self.nodes
        values: dict[fx.Node, Any] = {start: x if x.ndim == 4 else x[None]}
        for node, done in zip(calls, self._done, strict=True):
            values[node] = self._called(node, values)
            for each in done:
                del values[each]
        last: Tensor = values[self.nodes[-1]]
        return last if x.ndim == 4 else last[0]

    def layer_of(self, target: str) -> nn.Module:
        """The layer of a name in the network."""
        return self.layers[self._at[target]]

    def value_of(self, target: str) -> Any:
        """The weight, or other attribute, of a name in the network."""
        kept = f"of_{target.replace('.', '_')}"
        return self._fixed[target] if target in self._fixed else getattr(self, kept)

    def _called(self, node: fx.Node, values: dict[fx.Node, Any]) -> Any:
        target = str(node.target)
        if node.op == "get_attr":
            return self.value_of(target)
        args = fx.node.map_arg(node.args, values.__getitem__)
        kwargs = fx.node.map_arg(node.kwargs, values.__getitem__)
        if node.op == "call_module":
            return self.layer_of(target)(*args, **kwargs)
        if node.op == "call_method":
            return getattr(args[0], target)(*args[1:], **kwargs)
        assert callable(node.target)
        return node.target(*args, **kwargs)

    def __repr__(self) -> str:
        """Its key: a description of all layers would be long, and says less."""
        return f"Part({self.key})"


def leading_to(last: fx.Node, first: fx.Node | None = None) -> tuple[fx.Node, ...]:
    """A node and all that it depends on, from the first node on, in the order of the graph.

    Raises:
        ValueError: if it depends on what lies before the first node.
    """
    wanted, found = [last], {last}
    while wanted:
        node = wanted.pop()
        new = set() if node is first else set(node.all_input_nodes) - found
        found |= new
        wanted.extend(new)
    nodes = tuple(node for node in last.graph.nodes if node in found)
    begins = [each for each in nodes if each is first or each.op == "placeholder"]
    if begins != [nodes[0]]:
        raise ValueError(f"{last.name} depends on other maps than those at its start")
    return nodes


def _dead_after(nodes: Sequence[fx.Node], last: fx.Node) -> list[tuple[fx.Node, ...]]:
    """For every node after the first, the nodes whose values nobody reads after it."""
    seen, dead = {last}, []
    for node in reversed(nodes[1:]):
        ended = tuple(_new(node.all_input_nodes, seen))
        seen.update(ended)
        dead.append(ended)
    return dead[::-1]


def _new(nodes: Sequence[fx.Node], seen: set[fx.Node]) -> Iterator[fx.Node]:
    return (each for each in dict.fromkeys(nodes) if each not in seen)
