"""Turns file watching off for all sessions, also for those that reconnect."""

from __future__ import annotations

from streamlit import config
from streamlit.runtime.app_session import AppSession


def unwatched() -> None:
    """Keeps `server.fileWatcherType = "none"` for browsers that reconnect.

    Streamlit checks the option only for a new session. After a short network failure in a room,
    all modules of torch would be searched once for every browser, 150 ms each, in the event loop
    that serves everybody.
    """
    if config.get_option("server.fileWatcherType") == "none":
        AppSession.register_file_watchers = _nothing  # type: ignore[method-assign]


def _nothing(self: AppSession) -> None: ...
