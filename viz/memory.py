"""How much memory is free, and the return of freed memory to the system.

Pictures are allocated and freed in megabytes.

glibc keeps what a thread has freed in that thread's own arena. With one thread for each visitor
this adds up: after fifty uploads 190 MB more than after ten, none of it in use. With two arenas
that are trimmed it is 50 MB.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ARENAS = 2
_MEMORY = Path("/proc/meminfo")
_CONTAINER = Path("/sys/fs/cgroup")  # version 2
_M_ARENA_MAX = -8  # malloc.h of glibc


def keep_few_arenas() -> None:
    """Makes all threads share two arenas. Must be called before there are many threads."""
    _call("mallopt", _M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Returns freed memory to the system. It takes some milliseconds: call it after large work."""
    _call("malloc_trim", 0)


class TooLarge(ValueError):
    """Raised when a request would take too much: one sentence that says what to do."""


def available_bytes() -> int | None:
    """The memory that can be allocated now, of the machine or of its container.

    None where the system does not say so: only Linux does.
    """
    return min(_available(), default=None)


def _available() -> Iterator[int]:
    try:
        of_machine = dict(line.split(":") for line in _MEMORY.read_text().splitlines())
        yield int(of_machine["MemAvailable"].split()[0]) * 1024
        limit, used = (
            int((_CONTAINER / f"memory.{name}").read_text()) for name in ("max", "current")
        )
        stat = dict(line.split() for line in (_CONTAINER / "memory.stat").read_text().splitlines())
        yield limit - used + int(stat["inactive_file"])  # files that are read again if need be
    except (OSError, KeyError, ValueError):
        return  # no such file, or no limit


def _call(name: str, *arguments: int) -> None:
    """Calls a function of the C library; does nothing if the library has none of that name."""
    try:
        function: Any = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return
    function(*arguments)
