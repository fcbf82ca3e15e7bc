"""A store that never holds more than it was told to: the newest stay, the oldest unused go."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """Keeps values up to a total size; whatever was not asked for the longest goes first.

    Safe to use from several threads. A value larger than the whole store is not kept and drives
    nobody out.

    Args:
        max_size: the total that all values together may have, in the unit of `size_of`.
        size_of: the size of one value, for instance its bytes.

    >>> words = BoundedCache(max_size=9, size_of=len)
    >>> words.put("a", "four"), words.put("b", "five"), words.get("a")
    (None, None, 'four')
    >>> words.put("c", "six")           # 4 + 4 + 3 is too much: b was not asked for the longest
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
        """The value kept under `key`, now the most recently used one; None if there is none."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Keeps `value` under `key` and lets the oldest go until all fit."""
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
        """Lets one value go, if it is there."""
        with self._lock:
            self._drop(key)

    def drop_if(self, gone: Callable[[V], bool]) -> None:
        """Lets every value go of which this is true."""
        with self._lock:
            for key in [key for key, value in self._values.items() if gone(value)]:
                self._drop(key)

    def clear(self) -> None:
        """Lets everything go."""
        with self._lock:
            self._values.clear()
            self.size = 0

    def _drop(self, key: K) -> None:
        if key in self._values:
            self.size -= self._size_of(self._values.pop(key))

    def __len__(self) -> int:
        return len(self._values)
