"""The C library's memory: pictures come and go in megabytes, and what is freed shall be free.

glibc keeps what a thread has freed in that thread's own arena. With a thread a visitor this adds
up: after fifty uploads 190 MB more than after ten, none of it in use; with two arenas that are
trimmed, 50 MB.
"""

from __future__ import annotations

import ctypes
from typing import Any

ARENAS = 2
_M_ARENA_MAX = -8  # malloc.h of glibc


def keep_few_arenas() -> None:
    """All threads share two arenas; to be called before there are many threads."""
    _call("mallopt", _M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """What is freed goes back to the system: some milliseconds, so after large work only."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    """Calls a function of the C library; where it has none of that name, nothing is done."""
    try:
        function: Any = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return
    function(*arguments)
