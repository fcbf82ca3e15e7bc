"""Runs a network layer by layer, so that others have their turn between two of them.

A run can halt after any layer and go on from there, once or often, with other maps.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

from torch import Tensor, fx, nn

from viz.trace.graph import traced

T = TypeVar("T")
Y = TypeVar("Y")
Z = TypeVar("Z")
Slices = Generator[None, None, T]  # work in slices: other jobs may run between them


class Halt(NamedTuple):
    """A run that has come to a layer.

    Attributes:
        node: of the layer.
        maps: its output, `(N, C, h, w)`.
        known: all that the rest of the network reads.
    """

    node: fx.Node
    maps: Tensor
    known: dict[fx.Node, Any]


class Runner:
    """The layers of a network in the order in which its code calls them.

    Args:
        network: in evaluation mode; any module that `viz.trace` can read.
        graph: of its code, if it was traced before.

    Raises:
        ValueError: naming the module whose code cannot be traced.

    >>> import torch
    >>> runner = Runner(nn.Sequential(nn.ReLU(), nn.Flatten()))
    >>> halted = at_once(runner.upto(runner.node("0"), torch.ones(1, 1, 1, 2)))
    >>> at_once(runner.after(halted, torch.tensor([[[[1.0, 2]]], [[[3, 4]]]])))
    tensor([[1., 2.],
            [3., 4.]])
    """

    def __init__(self, network: nn.Module, graph: fx.Graph | None = None) -> None:
        self.network = network
        self.graph = graph or traced(network)
        self.nodes = list(self.graph.nodes)

    def node(self, name: str) -> fx.Node:
        """The first call of a layer by its qualified name, or the call of that name.

        Raises:
            KeyError: if there is none.
        """
        for each in self.nodes:
            if each.op == "call_module" and each.target == name:
                return each
        return {each.name: each for each in self.nodes}[name]

    def through(self, x: Tensor) -> Slices[Tensor]:
        """The output for a batch `(N, C, H, W)`."""
        output: Tensor = yield from self._quietly(self.nodes[1:], {self.nodes[0]: x})
        return output

    def upto(self, node: fx.Node, x: Tensor) -> Slices[Halt]:
        """A run that halts after a layer."""
        known: dict[fx.Node, Any] = {self.nodes[0]: x}
        for done in self._walk(self.nodes[1:], known):
            if done is node:
                return Halt(node, known[node], known)
            yield
        raise ValueError(f"no layer {node}")

    def after(self, halt: Halt, maps: Tensor) -> Slices[Tensor]:
        """The output for other maps of the layer, `(M, C, h, w)`, all else as it was."""
        known = {
            node: _for_all(value, len(maps)) if node.op != "get_attr" else value
            for node, value in halt.known.items()
        }
        known[halt.node] = maps
        rest = self.nodes[self.nodes.index(halt.node) + 1 :]
        output: Tensor = yield from self._quietly(rest, known)
        return output

    def _quietly(self, nodes: Iterable[fx.Node], known: dict[fx.Node, Any]) -> Slices[Any]:
        return (yield from followed(self._walk(nodes, known), lambda _: None))

    def _walk(
        self, nodes: Iterable[fx.Node], known: dict[fx.Node, Any]
    ) -> Generator[fx.Node, None, Any]:
        """Computes nodes, and forgets what no later one reads."""
        interpreter = fx.Interpreter(self.network, graph=self.graph)
        interpreter.env, interpreter.args_iter = known, iter(())  # further arguments are defaults
        for node in nodes:
            value = interpreter.run_node(node)
            if node.op == "output":
                return value
            known[node] = value
            for read in interpreter.user_to_last_uses.get(node, ()):
                known.pop(read, None)
            yield node
        raise AssertionError("a graph ends with its output")


def _for_all(value: Any, count: int) -> Any:
    """A value of one picture for several."""
    if isinstance(value, Tensor) and value.ndim > 1 and len(value) == 1:
        return value.expand(count, *value.shape[1:])
    return value


def followed(steps: Generator[Y, None, T], said: Callable[[Y], Z]) -> Generator[Z, None, T]:
    """The same work, which says something else when it pauses.

    >>> list(followed((n for n in range(3)), lambda n: n / 2))
    [0.0, 0.5, 1.0]
    """
    while True:
        try:
            paused = next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        yield said(paused)


def at_once(slices: Slices[T]) -> T:
    """The result of work in slices, done without a pause."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result: T = end.value
            return result


def timed(slices: Slices[T]) -> Slices[tuple[T, float]]:
    """The result, and the milliseconds of the work itself, without those of other jobs between."""
    seconds = 0.0
    while True:
        started = perf_counter()
        try:
            next(slices)
        except StopIteration as end:
            return end.value, 1e3 * (seconds + perf_counter() - started)
        seconds += perf_counter() - started
        yield
