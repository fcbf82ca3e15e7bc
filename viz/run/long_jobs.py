"""Long jobs, whose results are cached so that equal requests are answered at once later."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterable
from types import FunctionType, ModuleType
from typing import Any, TypeVar

import numpy as np
from torch import Tensor

from viz.bounded_cache import BoundedCache
from viz.progress import Steps

T = TypeVar("T")
MAX_BYTES = 64 * 2**20


def bytes_of(value: object) -> int:
    """About how much memory a result holds: its arrays and tensors, and the objects around them.

    >>> bytes_of([np.zeros(1000), np.zeros(1000)]) >= 16_000
    True
    """
    seen: set[int] = set()
    held, left = 0, [value]
    while left:
        one = left.pop()
        if id(one) in seen or isinstance(one, type | FunctionType | ModuleType):
            continue
        seen.add(id(one))
        held += sys.getsizeof(one) + _outside(one)
        left.extend(_inside(one))
    return held


def _outside(value: object) -> int:
    """Bytes that an array or tensor refers to; a view holds the whole of its base."""
    if isinstance(value, Tensor):
        return value.untyped_storage().nbytes()
    return value.base.nbytes if isinstance(value, np.ndarray) and value.base is not None else 0


def _inside(value: Any) -> Iterable[object]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return value
    return vars(value).values() if hasattr(value, "__dict__") else ()


_RESULTS: BoundedCache[Hashable, Any] = BoundedCache(MAX_BYTES, size_of=bytes_of)


def ready(key: Hashable) -> Any:
    """The cached result of the long job with this key; None if there is none."""
    return _RESULTS.get(key)


def long_job(key: Hashable, work: Callable[[], Steps[T]]) -> Steps[T]:
    """Runs the steps of `work` and caches the result; returns a cached result at once.

    Steps must yield at least twice a second, the first time within a slice, and end when closed.
    The queue runs them in inference mode; a job that trains leaves it in each step:

        @torch.inference_mode(False)
        @torch.enable_grad()
        def learn() -> Steps[Tensor]: ...

    Args:
        key: all that the result depends on.
        work: returns the steps; their result must not be None, nor be changed afterwards.
    """
    result: T | None = ready(key)
    if result is None:
        result = yield from work()
        _RESULTS.put(key, result)
    return result
