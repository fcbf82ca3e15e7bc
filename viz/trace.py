"""Any network -> what its units see of the picture and what it costs, layer by layer.

A network is read as a graph (`torch.fx`) and none of it is ever run: shapes, fields and counts are
arithmetic on the layers' own settings, so no map and no weight is needed, copied or allocated.
A layer is whatever `read` has a rule for, or torch.nn has a name for; other modules are looked into.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import singledispatch
from math import prod
from threading import Lock, get_ident
from typing import Any

from torch import fx, nn

from viz.geometry import ReceptiveField, Window, output_size
from viz.layers.activation import Square
from viz.layers.channel_shuffle import PermuteChannels, ShuffleChannels
from viz.layers.cross_channel_pooling import Maxout, PoolChannels, WinningChannel

__all__ = ["Cost", "LayerRow", "ReceptiveField", "cost", "layer_rows", "read", "receptive_field"]

Sizes = int | tuple[int, ...]  # one for both axes, or (vertical, horizontal)


@dataclass(frozen=True)
class LayerRow:
    """One layer as the data passes it.

    Args:
        name: qualified name as in `named_modules()`; for a lone layer the name of its class.
        kind: name of its class.
        output_shape: `(C, H, W)`, or `(features,)` once the maps are flattened.
        receptive_field: what one number of its output sees of the network's input.
        parameters: weights and biases; those used before by an earlier row are not counted again.
        macs: multiply-adds, see `cost`.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    receptive_field: ReceptiveField
    parameters: int
    macs: int


@dataclass(frozen=True)
class Cost:
    """Exact counts of a network, see `cost`."""

    parameters: int
    macs: int
    activation_bytes: int

    @classmethod
    def of(cls, rows: Iterable[LayerRow]) -> Cost:
        """The totals of rows that are there already."""
        rows = list(rows)
        return cls(
            parameters=sum(row.parameters for row in rows),
            macs=sum(row.macs for row in rows),
            activation_bytes=sum(4 * prod(row.output_shape) for row in rows),
        )


def receptive_field(network: nn.Module, input_shape: tuple[int, ...]) -> ReceptiveField:
    """What one unit of the network's output sees of its input.

    Padding that mirrors or repeats the border counts like zeros: a box outside the picture says
    where the window stood, not which pixels were copied there.

    Args:
        network: a module on any device, `meta` included; a lone layer is one too.
        input_shape: `(C, H, W)`, without batch.

    Raises:
        ValueError: naming the layer, if it does not fit what reaches it or has no rule in `read`.

    Source: Araujo, Norris, Sim 2019, "Computing Receptive Fields of Convolutional Neural
    Networks", Distill.

    >>> network = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
    >>> receptive_field(network, (3, 32, 32))
    ReceptiveField(size=(4, 4), stride=(2, 2), padding=(1, 1), aligned=True, boxes=())
    """
    maps = _flow(network, input_shape)[1]
    return next(reversed(maps.values())).field


def layer_rows(network: nn.Module, input_shape: tuple[int, ...]) -> list[LayerRow]:
    """Every layer in the order of the data; one that is passed twice has two rows.

    Args and errors are those of `receptive_field`.

    >>> for row in layer_rows(nn.Sequential(nn.Conv2d(3, 8, 5), nn.ReLU()), (3, 32, 32)):
    ...     print(row.name, row.kind, row.output_shape, row.parameters, row.macs)
    0 Conv2d (8, 28, 28) 608 470400
    1 ReLU (8, 28, 28) 0 0
    """
    layers, maps = _flow(network, input_shape)
    counted: set[nn.Parameter] = set()
    rows = []
    for node, out in maps.items():
        if node.op == "call_module":
            layer = layers[str(node.target)]
            new = set(layer.parameters()) - counted
            counted |= new
            parameters = sum(parameter.numel() for parameter in new)
            rows.append(_row(str(node.target), layer, out, parameters))
    return rows


def cost(network: nn.Module, input_shape: tuple[int, ...]) -> Cost:
    """What the network costs, in exact integers: the totals of `layer_rows`.

    * `parameters`: weights and biases of the layers that the data passes, shared ones once;
    * `macs`: one multiply-add is 1. Only convolutions, linear layers and maxout have any, counted
      as a window sliding over every place, padding included; adding a bias is none;
    * `activation_bytes`: the outputs of all layers together, in float32.

    Args and errors are those of `receptive_field`.

    >>> cost(nn.Conv2d(50, 20, 1), (50, 200, 200))
    Cost(parameters=1020, macs=40000000, activation_bytes=3200000)
    """
    return Cost.of(layer_rows(network, input_shape))


def _row(name: str, layer: nn.Module, out: Maps, parameters: int) -> LayerRow:
    # Every weight is used once at every place of the output.
    weights = layer.weight.numel() if isinstance(layer, nn.Conv2d | nn.Linear | Maxout) else 0
    macs = weights * prod(out.extent)
    return LayerRow(name, type(layer).__name__, out.shape, out.field, parameters, macs)


# ── What flows between the layers, and how each kind of layer reads it ──────────────────────────


@dataclass(frozen=True)
class Maps:
    """What flows from one layer to the next: its shape, and what one number in it sees.

    Args:
        channels: number of maps.
        extent: (height, width) of each.
        field: what a unit of them sees of the network's input.
        flat: whether the maps have been flattened into one vector.
    """

    channels: int
    extent: tuple[int, int]
    field: ReceptiveField
    flat: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """As torch has it, without batch."""
        return (self.channels * prod(self.extent),) if self.flat else (self.channels, *self.extent)


@singledispatch
def read(layer: nn.Module, maps: Maps) -> Maps:
    """What comes out of `layer` when `maps` go in: one rule for every kind of layer.

    A layer of one's own gets a rule by `read.register(Kind, rule)`; subclasses inherit it.

    Raises:
        ValueError: if there is no rule, or the layer cannot take such maps.

    >>> read(nn.MaxPool2d(3, stride=2), Maps(64, (13, 13), ReceptiveField())).shape
    (64, 6, 6)
    """
    raise ValueError("no rule says how it reads its input")


@read.register
def _convolution(layer: nn.Conv2d, maps: Maps) -> Maps:
    _expect_channels(layer.in_channels, maps)
    if layer.padding_mode == "circular":
        raise ValueError("with circular padding, a border unit sees no single box")
    before, after = _padding(layer)
    out = _slide(maps, layer.kernel_size, layer.stride, before, after, layer.dilation)
    return replace(out, channels=layer.out_channels)


@read.register
def _linear(layer: nn.Linear, maps: Maps) -> Maps:
    # The convolution it equals has one kernel as large as the map.
    if maps.shape != (layer.in_features,):
        raise ValueError(f"takes ({layer.in_features},), not {maps.shape}")
    field = maps.field.then(*(Window(length) for length in maps.extent))
    return Maps(layer.out_features, (1, 1), field, flat=True)


@read.register
def _flatten(layer: nn.Flatten, maps: Maps) -> Maps:
    if layer.start_dim not in (1, -3) or layer.end_dim != -1:
        raise ValueError(f"flattens {layer.start_dim} to {layer.end_dim}, not channels to columns")
    return replace(maps, flat=True)


@read.register
def _max_pool(layer: nn.MaxPool2d, maps: Maps) -> Maps:
    if layer.return_indices:
        raise ValueError("returns indices beside its maps")
    window = (layer.kernel_size, layer.stride, layer.padding, layer.padding, layer.dilation)
    return _slide(maps, *window, ceil_mode=layer.ceil_mode)


@read.register
def _average_pool(layer: nn.AvgPool2d, maps: Maps) -> Maps:
    window = (layer.kernel_size, layer.stride, layer.padding, layer.padding)
    return _slide(maps, *window, ceil_mode=layer.ceil_mode)


@read.register
def _global_pool(layer: nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d, maps: Maps) -> Maps:
    if layer.output_size not in (1, (1, 1)):
        raise ValueError(f"pools {maps.extent} to {layer.output_size}, not the whole map to 1")
    return _slide(maps, maps.extent)


@read.register
def _pad(layer: nn.ConstantPad2d | nn.ReflectionPad2d | nn.ReplicationPad2d, maps: Maps) -> Maps:
    left, right, top, bottom = layer.padding
    return _slide(maps, 1, before=(top, left), after=(bottom, right))


@read.register
def _normalise(layer: nn.BatchNorm2d, maps: Maps) -> Maps:
    _expect_channels(layer.num_features, maps)
    if layer.training or layer.running_mean is None:
        raise ValueError("normalises by statistics of the whole batch; call .eval() first")
    return maps


@read.register
def _pool_channels(layer: PoolChannels | WinningChannel, maps: Maps) -> Maps:
    return replace(maps, channels=_share(layer.group, maps))


@read.register
def _maxout(layer: Maxout, maps: Maps) -> Maps:
    _expect_channels(layer.channels, maps)
    return replace(maps, channels=layer.units)


@read.register
def _shuffle_channels(layer: ShuffleChannels, maps: Maps) -> Maps:
    _share(layer.groups, maps)
    return maps


@read.register
def _permute_channels(layer: PermuteChannels, maps: Maps) -> Maps:
    _expect_channels(len(layer.order), maps)
    return maps


def _pointwise(layer: nn.Module, maps: Maps) -> Maps:
    return maps


for _kind in (
    *(nn.Identity, nn.Dropout, nn.Dropout2d, nn.AlphaDropout, nn.FeatureAlphaDropout),
    *(nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.PReLU, nn.RReLU, nn.ELU, nn.SELU, nn.CELU, nn.GELU),
    *(nn.SiLU, nn.Mish, nn.Softplus, nn.Softsign, nn.Sigmoid, nn.LogSigmoid, nn.Tanh),
    *(nn.Hardtanh, nn.Hardsigmoid, nn.Hardswish, nn.Hardshrink, nn.Softshrink, nn.Tanhshrink),
    *(nn.Threshold, nn.Softmax2d, nn.LocalResponseNorm, Square),
):
    read.register(_kind, _pointwise)


def _slide(
    maps: Maps,
    kernel: Sizes,
    stride: Sizes = 1,
    before: Sizes = 0,
    after: Sizes = 0,
    dilation: Sizes = 1,
    *,
    ceil_mode: bool = False,
) -> Maps:
    """The same channels, read through a window that slides along both axes."""
    _expect_maps(maps)
    extent, windows = [], []
    settings = map(_pair, (maps.extent, kernel, stride, before, after, dilation))
    for length, k, s, b, a, d in zip(*settings, strict=True):
        extent.append(output_size(length, k, s, b, a, d, ceil_mode=ceil_mode))
        windows.append(Window(d * (k - 1) + 1, s, b))
    return replace(maps, extent=(extent[0], extent[1]), field=maps.field.then(*windows))


def _pair(sizes: Sizes) -> tuple[int, int]:
    return (sizes, sizes) if isinstance(sizes, int) else (sizes[0], sizes[1])


def _padding(layer: nn.Conv2d) -> tuple[Sizes, Sizes]:
    """Padding of a convolution before and after; an odd sum pads more after, as torch does."""
    if layer.padding == "valid":
        return 0, 0
    if not isinstance(layer.padding, str):
        return layer.padding, layer.padding
    sums = [d * (k - 1) for d, k in zip(layer.dilation, layer.kernel_size, strict=True)]
    return tuple(both // 2 for both in sums), tuple(both - both // 2 for both in sums)


def _expect_maps(maps: Maps) -> None:
    if maps.flat:
        raise ValueError(f"takes maps, not a vector of {maps.shape[0]} features")


def _expect_channels(channels: int, maps: Maps) -> None:
    _expect_maps(maps)
    if maps.channels != channels:
        raise ValueError(f"takes {channels} channels, not {maps.channels} ({maps.shape})")


def _share(group: int, maps: Maps) -> int:
    _expect_maps(maps)
    if group < 1 or maps.channels % group:
        raise ValueError(f"{maps.channels} channels do not divide by {group}")
    return maps.channels // group


# ── The graph, and the walk along it ────────────────────────────────────────────────────────────


def _flow(
    network: nn.Module, input_shape: tuple[int, ...]
) -> tuple[dict[str, nn.Module], dict[fx.Node, Maps]]:
    """The modules by name, and what flows out of every node, in the order of the data."""
    if len(input_shape) != 3 or min(input_shape) < 1:
        raise ValueError(f"input_shape is (C, H, W) without batch, not {tuple(input_shape)}")
    channels, height, width = input_shape
    if _is_layer(network):
        network = nn.Sequential(OrderedDict({type(network).__name__: network}))
    layers = dict(network.named_modules())
    flow: dict[fx.Node, Maps] = {}
    for node in _graph(network).nodes:
        if node.op == "placeholder" and not flow:
            flow[node] = Maps(channels, (height, width), ReceptiveField())
        else:
            flow[node] = _passed(node, layers, [flow[source] for source in node.all_input_nodes])
    return layers, flow


def _passed(node: fx.Node, layers: dict[str, nn.Module], sources: list[Maps]) -> Maps:
    """What flows out of a node; kinds of nodes that join several sources become known here."""
    if node.op == "output" and isinstance(node.args[0], fx.Node):
        return sources[0]
    if node.op == "call_module" and len(sources) == 1:
        layer = layers[str(node.target)]
        try:
            return read(layer, sources[0])
        except ValueError as error:
            raise ValueError(f"{node.target} ({type(layer).__name__}): {error}") from error
    stack = node.meta.get("nn_module_stack", ())
    inside = next(reversed(stack), type(layers[""]).__name__)
    raise ValueError(f"{inside}: no rule says how to read the {node.op} {node.name!r}")


def _graph(network: nn.Module) -> fx.Graph:
    """The graph of a network: a chain of nn.Sequential makes its own, anything else is traced."""
    chain = list(_chain(network))
    if not all(_is_layer(module) for module in chain):
        return _traced(network)
    names = {module: name for name, module in network.named_modules()}
    graph = fx.Graph()
    value = graph.placeholder("x")
    for layer in chain:
        value = graph.call_module(names[layer], (value,))
    graph.output(value)
    return graph


def _chain(module: nn.Module) -> Iterator[nn.Module]:
    if isinstance(module, nn.Sequential) and type(module).forward is nn.Sequential.forward:
        for child in module:
            yield from _chain(child)
    else:
        yield module


def _is_layer(module: nn.Module) -> bool:
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
    """Tracing replaces `__call__` and `__getattr__` of nn.Module itself, so for every thread.

    Other threads must not notice: for them both do what they always did. Two traces at once would
    restore each other's replacements, hence the lock.
    """

    def __init__(self) -> None:
        super().__init__()
        self._thread = get_ident()

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return _is_layer(m)

    def call_module(
        self, m: nn.Module, forward: Callable[..., Any], args: tuple, kwargs: dict[str, Any]
    ) -> Any:
        if get_ident() != self._thread:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, Any]) -> Any:
        if get_ident() != self._thread:
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)
