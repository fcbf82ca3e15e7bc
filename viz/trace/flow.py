"""The walk along a network: every layer with what it reads, and the maps after it."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from torch import fx, nn

from viz.geometry import ReceptiveField
from viz.layers.branches import Branches, joined
from viz.layers.chain import layers_of, naming
from viz.layers.part import Part
from viz.trace.calls import call_name, layers_of_call
from viz.trace.graph import is_layer, traced
from viz.trace.joins import STAND_INS, Concatenation, concatenated
from viz.trace.maps import Maps
from viz.trace.rules import read
from viz.trace.step import Reading, Step
from viz.trace.values import OfMaps, flattened, value_of
from viz.trace.views import SEVERAL


def receptive_field(network: nn.Module, input_shape: tuple[int, ...]) -> ReceptiveField:
    """The receptive field of one unit of the network's output in its input.

    Padding that reflects or replicates the border counts like zeros: a box outside the picture
    tells where the window is, not which pixels are copied there.

    Args:
        network: a module on any device, even `meta`; a single layer is a network too.
        input_shape: `(C, H, W)`, without batch.

    Raises:
        ValueError: naming the layer, if it does not fit its input or has no rule in `read`.

    Source: Araujo, Norris, Sim 2019, "Computing Receptive Fields of Convolutional Neural
    Networks", Distill.

    >>> network = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
    >>> field = receptive_field(network, (3, 32, 32))
    >>> field.size, field.stride, field.padding, field.certainty
    ((4, 4), (2, 2), (1, 1), 'exact')
    """
    return flow(network, input_shape).output.maps.seen


def flow(network: nn.Module, input_shape: tuple[int, ...]) -> Reading:
    """Every layer in the order of the data. Args and errors are those of `receptive_field`."""
    if len(input_shape) != 3 or min(input_shape) < 1:
        raise ValueError(f"input_shape is (C, H, W) without batch, not {tuple(input_shape)}")
    channels, *extent = input_shape
    maps = Maps(channels, (extent[0], extent[1]), ReceptiveField())
    if is_layer(network):
        network = nn.Sequential(OrderedDict({type(network).__name__: network}))
    walk = _Walk(network, Step("", "", nn.Identity(), (), maps))
    output = walk.chain(network, walk.input) if _is_plain(network) else walk.graph()
    return Reading(walk.input, walk.layers, output)


def steps_of_nodes(
    network: nn.Module, input_shape: tuple[int, int, int]
) -> tuple[Reading, dict[fx.Node, Step]]:
    """As `flow`, and which node of the graph gives the maps after which step.

    A call that is read as several layers gives those of the last one.
    """
    channels, *extent = input_shape
    maps = Maps(channels, (extent[0], extent[1]), ReceptiveField())
    walk = _Walk(network, Step("", "", nn.Identity(), (), maps))
    output = walk.graph()
    steps = {node: of for node, of in walk.values.items() if isinstance(of, Step)}
    return Reading(walk.input, walk.layers, output), steps


class _Code(NamedTuple):
    """Whose graph is walked: its layers and weights by name, and what its names begin with."""

    layer: Callable[[str], nn.Module]
    value: Callable[[str], Any]
    prefix: str = ""


def _is_plain(module: nn.Module) -> bool:
    """Whether it is made of layers in chains and branches only, so that no code need be traced."""
    return all(
        all(map(_is_plain, layer.values())) if isinstance(layer, Branches) else is_layer(layer)
        for _, layer in layers_of(module)
    )


class _Walk:
    """The steps so far, and how to make the next ones."""

    def __init__(self, network: nn.Module, start: Step) -> None:
        self.network = network
        self.input = start
        self.layers: list[Step] = []
        self._modules = dict(network.named_modules())
        self._names = {module: name for name, module in self._modules.items()}
        self._calls: Counter[str] = Counter()
        self.values: dict[fx.Node, Any] = {}  # of the graph, if it was traced

    def chain(self, module: nn.Module, source: Step) -> Step:
        """Passes the layers of a chain one after the other, and branches side by side."""
        for _, layer in layers_of(module):
            name = self._names[layer]
            if isinstance(layer, Part):
                source = self._part(name, layer, source)
            elif isinstance(layer, Branches):
                ends = tuple(self.chain(branch, source) for branch in layer.values())
                source = self._joined(name, layer, ends)
            else:
                source = self._passed(name, layer, (source,))
        return source

    def graph(self) -> Step:
        """Passes the nodes of the network's graph."""
        modules = self._modules.__getitem__
        nodes = tuple(traced(self.network).nodes)
        return self._nodes(nodes, self.input, _Code(modules, self._attribute))

    def _part(self, name: str, part: Part, source: Step) -> Step:
        """Passes the nodes of a part; each layer keeps its name, after that of the part."""
        code = _Code(part.layer_of, part.value_of, f"{name}." if name else "")
        return self._nodes(part.nodes, source, code)

    def _attribute(self, target: str) -> Any:
        return attrgetter(target)(self.network)

    def _nodes(self, nodes: Sequence[fx.Node], start: Step, code: _Code) -> Step:
        """Passes the nodes of a graph, of which the first one gives the maps of `start`."""
        values = self.values
        values[nodes[0]] = start
        for node in nodes[1:]:
            args = fx.node.map_arg(node.args, values.__getitem__)
            kwargs = fx.node.map_arg(node.kwargs, values.__getitem__)
            values[node] = self._value(node, args, kwargs, code)
        last: Step = values[nodes[-1]]
        return last

    def _value(
        self, node: fx.Node, args: tuple[Any, ...], kwargs: dict[str, Any], code: _Code
    ) -> Any:
        """The step after a node, or the value of one that gives no maps."""
        target = str(node.target)
        if node.op == "output" and isinstance(args[0], Step):
            return args[0]
        if node.op == "get_attr":
            return code.value(target)
        if node.op == "call_module" and [type(each) for each in args] == [Step] and not kwargs:
            layer = code.layer(target)
            if isinstance(layer, Part):
                return self._part(code.prefix + target, layer, args[0])
            return self._passed(code.prefix + target, layer, args)
        return self._called(node, args, kwargs, code.prefix)

    def _passed(
        self, name: str, layer: nn.Module, sources: tuple[Step, ...], kind: str = ""
    ) -> Step:
        with naming(name, layer):
            maps = read(layer, *(source.maps for source in sources))
        self.layers.append(Step(name, kind or type(layer).__name__, layer, sources, maps))
        return self.layers[-1]

    def _joined(self, name: str, branches: Branches, ends: tuple[Step, ...]) -> Step:
        """What joins branches has their name."""
        kind = type(branches).__name__
        with naming(name, branches):
            maps = concatenated([end.maps for end in ends])
        self.layers.append(Step(name or kind, kind, Concatenation(), ends, maps))
        return self.layers[-1]

    def _called(
        self, node: fx.Node, args: tuple[Any, ...], kwargs: dict[str, Any], prefix: str
    ) -> Any:
        """The step after a call, several in a tuple, or the value of one that gives no maps."""
        inside = str(next(reversed(node.meta.get("nn_module_stack", {})), ""))
        path = f"{prefix}{inside}".rstrip(".")
        try:
            return value_of(node, args, kwargs)
        except OfMaps:
            pass
        if node.target is joined:
            return self._joined(path, Branches({}), tuple(args[0]))
        sources = tuple(
            each for each in flattened((args, *kwargs.values())) if isinstance(each, Step)
        )
        try:
            layers = self._layers(node, sources, args, kwargs)
        except (TypeError, ValueError) as error:
            asked = f"{path or type(self.network).__name__}: no rule says how to read the {node.op} {node.name!r}"
            raise ValueError(f"{asked} ({error})" if str(error) else asked) from error
        return self._in_turn(path, call_name(node), layers, sources)

    def _layers(
        self,
        node: fx.Node,
        sources: tuple[Step, ...],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Sequence[nn.Module]:
        others = [each for each in args if not _holds_maps(each)]
        named = {key: value for key, value in kwargs.items() if not _holds_maps(value)}
        return layers_of_call(call_name(node), [each.maps for each in sources], others, named)

    def _in_turn(
        self, path: str, called: str, layers: Sequence[nn.Module], sources: tuple[Step, ...]
    ) -> Any:
        """Passes the layers of one call: one after the other, or each from the same maps."""
        name, several = self._unused(f"{path}.{called}" if path else called), called in SEVERAL
        made, before = [], sources
        for layer in layers:
            kind = called if isinstance(layer, STAND_INS) else ""
            made.append(self._passed(name, layer, before, kind))
            before = sources if several else (made[-1],)
        return tuple(made) if several else made[-1]

    def _unused(self, name: str) -> str:
        """The name of a call, with a number from its second time on."""
        self._calls[name] += 1
        return name if self._calls[name] == 1 else f"{name}_{self._calls[name] - 1}"


def _holds_maps(value: Any) -> bool:
    return any(isinstance(each, Step) for each in flattened([value]))
