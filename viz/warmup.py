"""Done once, in the background of the first page: heavy imports, one warm run, garbage collection.

Streamlit collects garbage after every run, which would visit torch's million objects each time.
`.streamlit/config.toml` turns that off, and `gc.freeze` excludes what is imported.
"""

from __future__ import annotations

import gc
import threading
import time

IDLE_SECONDS = 1.0  # before the imports begin, so that a waiting browser gets its page first
PAINT_SECONDS = 0.2  # from sending the first words to their being on screen
WARM_SECONDS = 20.0  # a warm run takes one or two; after this a page opens cold

_ready = threading.Event()
_wanted = threading.Event()
_begun = threading.Lock()


def begin() -> None:
    """Starts the warm-up thread, once a process; returns immediately.

    Importing torch keeps one processor busy for seconds, and the server is slow meanwhile. So it
    begins when a visitor waits for it and has been told so, or when nobody has come.
    """
    if _begun.acquire(blocking=False):
        threading.Thread(target=_warm, name="start", daemon=True).start()


def ready() -> bool:
    """Whether everything is imported and warm."""
    return _ready.is_set()


def wait() -> None:
    """Starts the warm-up if nobody has, and returns when it has finished or has timed out."""
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
