"""What Streamlit keeps of a file that was taken along is let go soon after.

`st.download_button` computes a file at the click and stores it for the browser to fetch. It marks
the file at the end of the next run of anybody's page and lets it go at the end of the one after: in
a quiet room the maps of the last click, up to some 235 MB, would stay as long as nobody moves a
slider. What those two runs would do is done here in their place.
"""

from __future__ import annotations

import threading

from streamlit import runtime

SECONDS = 15.0  # a browser that was told where its file lies begins to fetch it at once
_lock = threading.Lock()
_timer = threading.Timer(SECONDS, lambda: None)
_left = 0


def soon() -> None:
    """Lets every file go that was made by now: it is marked after `SECONDS`, gone after twice that.

    A file that is being fetched then is fetched to its end. While others are made, all wait for
    the last one, so that none goes before its own time.
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
