"""What happens once, behind the first page: heavy imports, one warm run, garbage collection mended.

Streamlit collects garbage after every run while torch's million objects are looked at each time;
`.streamlit/config.toml` turns that off and `gc.freeze` takes what is imported out of the count.
"""

from __future__ import annotations

import gc
import threading
import time

IDLE_SECONDS = 1.0  # so long nothing is imported, so that a browser that waits gets its page first
PAINT_SECONDS = 0.2  # from the first words on their way to the first words on screen
WARM_SECONDS = 20.0  # a warm run takes one or two; after this a page opens cold

_ready = threading.Event()
_wanted = threading.Event()
_begun = threading.Lock()


def begin() -> None:
    """Starts the warming thread, once a process; returns at once.

    Importing torch keeps one processor busy for seconds, and the server answers slowly meanwhile.
    So it begins when somebody waits for it and has been told so, or when nobody has come.
    """
    if _begun.acquire(blocking=False):
        threading.Thread(target=_warm, name="start", daemon=True).start()


def ready() -> bool:
    """Whether everything is imported and warm."""
    return _ready.is_set()


def wait() -> None:
    """Begins if nobody has, and returns when everything is warm, or as warm as it will get."""
    begin()
    _wanted.set()
    _ready.wait()


def _warm() -> None:
    if _wanted.wait(IDLE_SECONDS):
        time.sleep(PAINT_SECONDS)
    try:
        from viz import lessons, run
        from viz.run import drawing

        opening = lessons.load("lab")
        warm = run.QUEUE.ask("start", "warm", lambda: drawing.warm(opening))
        warm.result(timeout=WARM_SECONDS)
    finally:
        gc.collect()
        gc.freeze()
        _ready.set()
