"""Calls inside `forward` as the layers that do the same: one line or rule for every function."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from viz.layers.channel_shuffle import PickChannels
from viz.layers.cross_channel_pooling import PoolChannels, WinningChannel
from viz.trace.joins import Concatenation, Elementwise, Gather
from viz.trace.maps import Maps
from viz.trace.values import parameters

Layers = Sequence[nn.Module]  # one after the other; of a call that gives several maps, one each


def call_name(node: fx.Node) -> str:
    """The name of the function or method that a node calls; empty if it is none of torch's.

    A method that changes its maps in place has the name of the one that does not.
    """
    if node.op == "call_method":
        return str(node.target).removesuffix("_")
    name = getattr(node.target, "__name__", "")
    torchs = (getattr(home, name, None) for home in (torch, F, operator, torch.ops.aten))
    return name if any(each is node.target for each in torchs) else ""


def layers_of_call(
    name: str, sources: Sequence[Maps], args: Sequence[Any], kwargs: dict[str, Any]
) -> Layers:
    """The layers that do what a call does.

    Args:
        name: see `call_name`.
        sources: the maps that it reads.
        args, kwargs: what else it is given, without the maps.

    Raises:
        ValueError: if there is no rule for the call, or none with these arguments.
    """
    if name in ELEMENTWISE:
        return [Elementwise(parameters([*args, *kwargs.values()]))]
    if len(sources) == 1 and name in LAYERS:
        return [LAYERS[name](*args, **kwargs)]
    if len(sources) == 1 and name in RULES:
        return RULES[name](sources[0], *args, **kwargs)
    if name in ("cat", "concat", "concatenate"):
        return [_concatenation(*args, **kwargs)]
    if name == "gather" and len(sources) == 2:
        return [_gather(*args, **kwargs)]
    raise ValueError


def _concatenation(dim: int = 0) -> nn.Module:
    if dim not in (1, -3):
        raise ValueError(f"joins along dimension {dim}, not along channels")
    return Concatenation()


def _gather(dim: int) -> nn.Module:
    if dim not in (2, 3, -1, -2):
        raise ValueError(f"gathers along dimension {dim}, not along rows or columns")
    return Gather(dim % 4 - 2)


def _pad(pads: Sequence[int], mode: str = "constant", value: float | None = None) -> nn.Module:
    kinds: dict[str, Any] = {"reflect": nn.ReflectionPad2d, "replicate": nn.ReplicationPad2d}
    left, right, top, bottom = [*pads, 0, 0][:4] if len(pads) in (2, 4) else (0, 0, 0, 0)
    if len(pads) not in (2, 4) or mode not in (*kinds, "constant"):
        raise ValueError(f"pads by {tuple(pads)} in mode {mode!r}, not rows and columns")
    sides = (left, right, top, bottom)
    return kinds[mode](sides) if mode in kinds else nn.ConstantPad2d(sides, value or 0.0)


def _max_pool(
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> nn.Module:
    return nn.MaxPool2d(kernel_size, stride, padding, dilation, return_indices, ceil_mode)


def _conv2d(
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> nn.Module:
    _expect_weight(weight)
    outputs, channels, *kernel = weight.shape
    layer = nn.Conv2d(
        *(channels * groups, outputs, tuple(kernel), stride, padding, dilation, groups),
        bias=False,
        device="meta",
    )
    return _with_weights(layer, weight, bias)


def _linear(weight: Any, bias: Any = None) -> nn.Module:
    _expect_weight(weight)
    outputs, features = weight.shape
    return _with_weights(nn.Linear(features, outputs, bias=False, device="meta"), weight, bias)


def _expect_weight(weight: Any) -> None:
    if not isinstance(weight, Tensor):
        raise ValueError("takes weights that are computed, not those of the network")


def _with_weights(layer: nn.Module, weight: Tensor, bias: Any) -> nn.Module:
    """The layer with these very weights, so that they are counted once."""
    given = {"weight": weight, "bias": bias} if isinstance(bias, Tensor) else {"weight": weight}
    for name, value in given.items():
        own = isinstance(value, nn.Parameter)
        setattr(layer, name, value if own else nn.Parameter(value, requires_grad=False))
    return layer


def _batch_norm(mean: Any, variance: Any, *weights: Any, **others: Any) -> nn.Module:
    training = others.get("training", weights[2] if len(weights) > 2 else False)
    if training or mean is None:
        raise ValueError("normalises by statistics of the whole batch; call .eval() first")
    return Elementwise(parameters([*weights, *others.values()]))


def _reduced(
    over_pixels: Callable[[int], nn.Module], over_channels: Callable[[int], nn.Module]
) -> Callable[..., Layers]:
    """A mean or maximum over rows and columns, or over channels."""

    def rule(maps: Maps, dim: Any = None, keepdim: bool = False) -> Layers:
        dims = (
            {each % 4 for each in (dim if isinstance(dim, tuple | list) else [dim])} if dim else ()
        )
        if set(dims) == {1} and keepdim and not maps.flat:
            return [over_channels(maps.channels)]
        if set(dims) != {2, 3} or maps.flat:
            raise ValueError(
                f"reduces dimension {dim}, not rows and columns, or channels with keepdim"
            )
        return [over_pixels(1)] if keepdim else [over_pixels(1), nn.Flatten()]

    return rule


def _flattened(maps: Maps, *shape: Any) -> Layers:
    """A view as a vector for every picture of the batch."""
    sizes = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
    features = maps.channels * maps.extent[0] * maps.extent[1]
    if sizes in ((1, -1), (-1, features), (1, features)):
        return [nn.Flatten()]
    if sizes[:1] in ((1,), (-1,)) and sizes[1:] == maps.shape:
        return [nn.Identity()]
    raise ValueError(f"views maps of {maps.shape} as {sizes}")


def _channels(maps: Maps, starts: Iterable[int]) -> Layers:
    bounds = [*starts, maps.channels]
    return [PickChannels(range(*pair)) for pair in pairwise(bounds)]


def _chunk(maps: Maps, chunks: int, dim: int = 0) -> Layers:
    _expect_channels(dim)
    return _channels(maps, range(0, maps.channels, -(-maps.channels // chunks)))


def _split(maps: Maps, sizes: Any, dim: int = 0) -> Layers:
    _expect_channels(dim)
    if isinstance(sizes, int):
        return _channels(maps, range(0, maps.channels, sizes))
    return _channels(maps, [sum(sizes[:at]) for at in range(len(sizes))])


def _expect_channels(dim: int) -> None:
    if dim not in (1, -3):
        raise ValueError(f"cuts along dimension {dim}, not along channels")


def _sliced(maps: Maps, key: Any) -> Layers:
    """Slices of channels, rows and columns: some are left out, and of the rest every n-th."""
    slices = list(key) if isinstance(key, tuple) else [key]
    if Ellipsis in slices:
        at = slices.index(Ellipsis)
        slices[at : at + 1] = [slice(None)] * (5 - len(slices))
    slices += [slice(None)] * (4 - len(slices))
    batch, *others = slices
    if batch != slice(None) or len(others) != 3 or not all(isinstance(s, slice) for s in others):
        raise ValueError(f"takes {key} of {maps.shape}, not channels, rows and columns")
    places = [range(n)[s] for n, s in zip((maps.channels, *maps.extent), others, strict=True)]
    if maps.flat or min(map(len, places)) < 1 or places[0].step != 1:
        raise ValueError(f"takes {key} of {maps.shape}")
    return _places(maps, *places)


def _places(maps: Maps, channels: range, rows: range, columns: range) -> Layers:
    layers: list[nn.Module] = []
    if len(channels) < maps.channels:
        layers.append(PickChannels(channels))
    starts, stops = (columns.start, rows.start), (columns[-1] + 1, rows[-1] + 1)
    ends = (maps.extent[1] - stops[0], maps.extent[0] - stops[1])
    if any((*starts, *ends)):
        layers.append(nn.ZeroPad2d((-starts[0], -ends[0], -starts[1], -ends[1])))
    if (rows.step, columns.step) != (1, 1):
        layers.append(nn.MaxPool2d(1, (rows.step, columns.step)))
    return layers or [nn.Identity()]


SEVERAL = ("chunk", "split")  # calls that give several maps

# Functions of the numbers at one position, that have no layer or take several maps.
ELEMENTWISE = frozenset(
    (
        *("add", "iadd", "sub", "isub", "rsub", "mul", "imul", "div", "truediv", "itruediv", "pow"),
        *(
            "neg",
            "abs",
            "sign",
            "sqrt",
            "rsqrt",
            "square",
            "reciprocal",
            "exp",
            "log",
            "sin",
            "cos",
        ),
        *("clamp", "maximum", "minimum", "where", "gt", "ge", "lt", "le", "eq", "ne"),
    )
)

LAYERS: dict[str, Callable[..., nn.Module]] = {
    "relu": nn.ReLU,
    "relu6": nn.ReLU6,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "selu": nn.SELU,
    "celu": nn.CELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "mish": nn.Mish,
    "softplus": nn.Softplus,
    "softsign": nn.Softsign,
    "sigmoid": nn.Sigmoid,
    "logsigmoid": nn.LogSigmoid,
    "tanh": nn.Tanh,
    "hardtanh": nn.Hardtanh,
    "hardsigmoid": nn.Hardsigmoid,
    "hardswish": nn.Hardswish,
    "dropout": lambda *args, **kwargs: nn.Dropout(),
    "dropout2d": lambda *args, **kwargs: nn.Dropout2d(),
    "local_response_norm": nn.LocalResponseNorm,
    "batch_norm": _batch_norm,
    "conv2d": _conv2d,
    "linear": _linear,
    "max_pool2d": _max_pool,
    "avg_pool2d": nn.AvgPool2d,
    "adaptive_avg_pool2d": nn.AdaptiveAvgPool2d,
    "adaptive_max_pool2d": nn.AdaptiveMaxPool2d,
    "flatten": lambda start_dim=0, end_dim=-1: nn.Flatten(start_dim, end_dim),
    "softmax": lambda dim=None, **kwargs: nn.Softmax(dim),
    "log_softmax": lambda dim=None, **kwargs: nn.LogSoftmax(dim),
    "pad": _pad,
    **dict.fromkeys(
        ("contiguous", "clone", "detach", "float", "double", "long", "to"),
        lambda *args: nn.Identity(),
    ),
}

RULES: dict[str, Callable[..., Layers]] = {
    "mean": _reduced(nn.AdaptiveAvgPool2d, lambda channels: PoolChannels(channels, "mean")),
    "amax": _reduced(nn.AdaptiveMaxPool2d, PoolChannels),
    "argmax": _reduced(nn.AdaptiveMaxPool2d, WinningChannel),
    "view": _flattened,
    "reshape": _flattened,
    "chunk": _chunk,
    "split": _split,
    "getitem": _sliced,
}
