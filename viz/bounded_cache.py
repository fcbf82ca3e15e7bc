"""A cache of bounded size that evicts the least recently used values."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """A least-recently-used cache with a bound on the total size of its values.

    Thread-safe. A value larger than the whole cache is not kept and evicts nothing.

    Args:
        max_size: the largest total size of all values, in the unit of `size_of`.
        size_of: the size of one value, for instance its bytes.

    >>> words = BoundedCache(max_size=9, size_of=len)
    >>> words.put("a", "four"), words.put("b", "five"), words.get("a")
    (None, None, 'four')
    >>> words.put("c", "six")           # 4 + 4 + 3 is too much: b is evicted
    >>> words.get("b") is None, words.get("a"), words.size
    (True, 'four', 7)
    """

    def __init__(self, max_size: int, size_of: Callable[[V], int]) -> None:
        self.max_size = max_size
        self.size = 0
        self._size_of = size_of
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """The value under `key`, now the most recently used one; None if there is none."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Keeps `value` under `key` and evicts the least recently used values until all fit."""
        size = self._size_of(value)
        with self._lock:
            self._drop(key)
            if size > self.max_size:
                return
            self._values[key] = value
            self.size += size
            while self.size > self.max_size:
                self._drop(next(iter(self._values)))

    def drop(self, key: K) -> None:
        """Drops the value under `key`, if there is one."""
        with self._lock:
            self._drop(key)

    def drop_if(self, gone: Callable[[V], bool]) -> None:
        """Drops every value for which `gone` is true."""
        with self._lock:
            for key in [key for key, value in self._values.items() if gone(value)]:
                self._drop(key)

    def clear(self) -> None:
        """Drops all values."""
        with self._lock:
            self._values.clear()
            self.size = 0

    def _drop(self, key: K) -> None:
        if key in self._values:
            self.size -= self._size_of(self._values.pop(key))

    def __len__(self) -> int:
        return len(self._values)
