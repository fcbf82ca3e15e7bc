"""No session watches files when none shall, not even one that comes back."""

from __future__ import annotations

from streamlit import config
from streamlit.runtime.app_session import AppSession


def unwatched() -> None:
    """Keeps `server.fileWatcherType = "none"` for browsers that reconnect.

    Streamlit asks the option for a new session alone. A room whose network was gone for a moment
    would have all modules of torch looked through once for every browser, 150 ms each, on the loop
    that answers everybody.
    """
    if config.get_option("server.fileWatcherType") == "none":
        AppSession.register_file_watchers = _nothing  # type: ignore[method-assign]


def _nothing(self: AppSession) -> None: ...
