"""What happens once, behind the first page: heavy imports, one warm run, garbage collection mended.

Streamlit collects garbage after every run while torch's million objects are looked at each time;
`.streamlit/config.toml` turns that off and `gc.freeze` takes what is imported out of the count.
"""

from __future__ import annotations

import gc
import threading

_ready = threading.Event()
_begun = threading.Lock()


def begin() -> None:
    """Starts the warming thread, once a process; returns at once."""
    if _begun.acquire(blocking=False):
        threading.Thread(target=_warm, name="start", daemon=True).start()


def ready() -> bool:
    """Whether everything is imported and warm."""
    return _ready.is_set()


def wait() -> None:
    """Begins if nobody has, and returns when everything is warm."""
    begin()
    _ready.wait()


def _warm() -> None:
    try:
        from viz import experiments, run
        from viz.run import drawing

        opening = experiments.load("lab")
        run.QUEUE.ask("start", "warm", lambda: drawing.warm(opening)).result()
    finally:
        gc.collect()
        gc.freeze()
        _ready.set()
