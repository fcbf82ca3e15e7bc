"""How often somebody may do something, and how many wrong codes an address may try."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

from viz.rooms.limits import ADDRESSES, WRONG_CODES, WRONG_CODES_S

K = TypeVar("K")
V = TypeVar("V")
Clock = Callable[[], float]


class Pace:
    """At most `rate` a second for each key, and `burst` at once.

    The least recently used keys are forgotten, and may begin anew.

    >>> now = 0.0
    >>> pace = Pace(rate=10, burst=2, clock=lambda: now)
    >>> [pace.allows("a") for _ in range(3)]
    [True, True, False]
    >>> now = 0.1
    >>> pace.allows("a"), pace.allows("a"), pace.allows("b")
    (True, False, True)
    """

    def __init__(
        self, rate: float, burst: int, keys: int = ADDRESSES, clock: Clock = time.monotonic
    ) -> None:
        self._rate, self._burst, self._most, self._clock = rate, burst, keys, clock
        self._keys: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def allows(self, key: Hashable) -> bool:
        """Whether `key` may do it once more now; if so, it counts."""
        now = self._clock()
        left, since = self._keys.pop(key, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._rate)
        allowed = left > 1 - 1e-6  # sums of tenths are a little less than one
        self._keys[key] = (left - 1 if allowed else left, now)
        while len(self._keys) > self._most:
            self._keys.popitem(last=False)
        return allowed


class Guesses:
    """The wrong codes that came from each address within the last minute.

    Only different wrong codes count, so that a hall behind one address may ask again and again for
    a room that is not there yet. An address that found a room goes on with it whatever it guesses.

    >>> guesses = Guesses(most=1, clock=lambda: 0.0)
    >>> guesses.right("10.0.0.1", "ROOM0001")
    >>> guesses.wrong("10.0.0.1", "WRONG001")
    >>> guesses.allows("10.0.0.1", "WRONG002"), guesses.allows("10.0.0.1", "ROOM0001")
    (False, True)
    """

    def __init__(self, most: int = WRONG_CODES, clock: Clock = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._wrong: OrderedDict[str, dict[str, float]] = OrderedDict()
        self._right: OrderedDict[tuple[str, str], None] = OrderedDict()

    def allows(self, address: str, code: str) -> bool:
        """Whether this address may ask for this code."""
        if (address, code) in self._right:
            return True
        after = self._clock() - WRONG_CODES_S
        wrong = {old: at for old, at in self._wrong.get(address, {}).items() if at > after}
        if wrong:
            self._wrong[address] = wrong
        return code in wrong or len(wrong) < self._most

    def right(self, address: str, code: str) -> None:
        """Notes that there is such a room."""
        _note(self._right, (address, code), None)

    def wrong(self, address: str, code: str) -> None:
        """Notes that there is none."""
        _note(self._wrong, address, {**self._wrong.get(address, {}), code: self._clock()})


def _note(noted: OrderedDict[K, V], key: K, value: V) -> None:
    noted[key] = value
    noted.move_to_end(key)
    if len(noted) > ADDRESSES:
        noted.popitem(last=False)
