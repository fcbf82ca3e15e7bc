"""What ends when the process is asked to stop.

The server waits for open connections before it stops, and a stream of events has no end of its own.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def at_stop(act: Callable[[], None]) -> Iterator[None]:
    """Calls `act` on the running loop at a signal to stop, besides what that does anyway."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread has signals, and whoever runs us there ends us otherwise
        return
    loop = asyncio.get_running_loop()
    usual = {number: signal.getsignal(number) for number in SIGNALS}

    def stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        before = usual[signal.Signals(number)]
        if callable(before):
            before(number, frame)

    for number in SIGNALS:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, before in usual.items():
            signal.signal(number, before)
