"""Frees downloaded files soon after the download.

`st.download_button` computes a file at the click and stores it for the browser to fetch. Streamlit
marks the file at the end of the next run of any page and frees it at the end of the run after that.
Without further runs, the maps of the last click, up to some 235 MB, would stay until somebody moves
a slider. This module does what those two runs would do.
"""

from __future__ import annotations

import threading

from streamlit import runtime

SECONDS = 15.0  # a browser that has its file's address starts to fetch it at once
_lock = threading.Lock()
_timer = threading.Timer(SECONDS, lambda: None)
_left = 0


def soon() -> None:
    """Frees every file made so far: it is marked after `SECONDS`, and freed after twice that.

    A fetch that is in progress then is completed. While further files are made, all wait for the
    last one, so that none is freed too early.
    """
    global _left
    with _lock:
        _left = 2
        _begin_anew()


def _begin_anew() -> None:
    global _timer
    _timer.cancel()
    _timer = threading.Timer(SECONDS, _sweep)
    _timer.daemon = True
    _timer.start()


def _sweep() -> None:
    global _left
    with _lock:
        _left -= 1
    if runtime.exists():
        runtime.get_instance().media_file_mgr.remove_orphaned_files()
    with _lock:
        if _left:
            _begin_anew()
