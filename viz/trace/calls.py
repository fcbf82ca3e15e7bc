"""Calls inside `forward` as the layers that do the same: one line or rule for every function."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from viz.trace.joins import Concatenation, Elementwise, Gather
from viz.trace.maps import Maps
from viz.trace.values import parameters
from viz.trace.views import RULES, Layers


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
