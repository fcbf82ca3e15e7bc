"""A device that is not the CPU, for machines that have no other: the CPU computes, but apart.

A `FarTensor` wraps a tensor of the CPU and says that it is on the device `far`. As on a GPU, an
operation refuses tensors of both devices, only a copy joins them, and `numpy()` needs `force`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves, tree_map
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

NAME = "far"
CPU = torch.device("cpu")
COPIES = ("_to_copy", "copy_")
# What makes tensors from numbers alone; all other makers fill an empty one.
MAKERS = (
    "arange",
    "arange.start",
    "arange.start_step",
    "eye",
    "eye.m",
    "full",
    "linspace",
    "randperm",
)


class FarTensor(Tensor):
    """A tensor on the device `far`; `near` is the one that holds its numbers."""

    near: Tensor

    @staticmethod
    def __new__(cls: type[FarTensor], near: Tensor) -> FarTensor:
        made: FarTensor = Tensor._make_wrapper_subclass(
            cls,
            near.size(),
            strides=near.stride(),
            storage_offset=near.storage_offset(),
            dtype=near.dtype,
            device=torch.device(NAME, 0),
            requires_grad=near.requires_grad,
        )
        made.near = near
        return made

    def __init__(self, near: Tensor) -> None:
        pass  # __new__ has done it

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        return _computed(func, args, kwargs or {})

    def __repr__(self, **_: Any) -> str:  # type: ignore[override]
        return f"FarTensor({self.near!r})"

    def tolist(self) -> Any:
        return self.near.tolist()

    def numpy(self, *, force: bool = False) -> np.ndarray:
        if not force:
            raise TypeError("can't convert a tensor of this device to numpy")
        return self.near.numpy(force=True)


def _computed(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    name = func.overloadpacket.__name__
    if name == "_has_compatible_shallow_copy_type":  # how a module asks whether it may move
        return False
    if name not in COPIES:
        _refuse_both(func, (args, kwargs))
    goal = kwargs.get("device")
    here = {**kwargs, "device": CPU} if goal is not None else kwargs
    result = func(*tree_map(_near, args), **tree_map(_near, here))
    if goal is not None and torch.device(goal) == CPU:
        return result
    in_place = func._schema.is_mutable and isinstance(result, Tensor)
    return args[0] if in_place and isinstance(args[0], FarTensor) else tree_map(_far, result)


def _refuse_both(func: Any, given: Any) -> None:
    tensors = [each for each in tree_leaves(given) if isinstance(each, Tensor) and each.ndim > 0]
    far = [isinstance(each, FarTensor) for each in tensors]
    if any(far) and not all(far):
        raise RuntimeError(f"{func}: expected all tensors to be on the same device")


def _near(found: Any) -> Any:
    return found.near if isinstance(found, FarTensor) else found


def _far(found: Any) -> Any:
    plain = isinstance(found, Tensor) and not isinstance(found, FarTensor)
    return FarTensor(found) if plain else found


@cache
def far_device() -> torch.device:
    """The device; torch learns of it at the first call."""
    _setup_privateuseone_for_python_backend(NAME)
    library = torch.library.Library("aten", "IMPL")
    for name in ("empty.memory_format", "empty_strided", *MAKERS):
        library.impl(name, _made_by(name), "PrivateUse1")
    library.impl("_copy_from", _copied, "PrivateUse1")
    _LIBRARIES.append(library)
    return torch.device(NAME, 0)


_LIBRARIES: list[
    torch.library.Library
] = []  # torch forgets what is registered with the last reference


def _made_by(name: str) -> Callable[..., FarTensor]:
    packet, _, overload = name.partition(".")
    maker = getattr(getattr(torch.ops.aten, packet), overload or "default")
    return lambda *args, **kwargs: FarTensor(maker(*args, **{**kwargs, "device": CPU}))


def _copied(source: Tensor, goal: Tensor, non_blocking: bool = False) -> Tensor:
    _near(goal).copy_(_near(source))
    return goal
