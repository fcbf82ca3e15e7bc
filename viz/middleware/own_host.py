"""Tells Streamlit's page who may send it messages as the page around an embedded app does."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from viz.middleware.hosts import Hosts
from viz.middleware.requests import header, path

# As Streamlit answers, but for the origins.
_REST = {
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": False,
    "resourceCrossOriginMode": None,
}


class OwnHost:
    """Answers `_stcore/host-config`: only the app's own pages may send messages, to set the theme.

    Streamlit would name the hosts of its own cloud, which could then stop and rerun the page.

    Args:
        app: the app behind it.
        hosts: the server's names, for a proxy may hide the one that the browser uses.
        prefix: the server's base path.
    """

    def __init__(self, app: ASGIApp, hosts: Hosts, prefix: str = "") -> None:
        self._app = app
        self._names = sorted(hosts.names)
        self._path = f"{prefix}/_stcore/host-config"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or path(scope) != self._path:
            await self._app(scope, receive, send)
            return
        names = dict.fromkeys([header(scope, b"host") or "localhost", *self._names])
        origins = [f"{scheme}://{name}" for name in names for scheme in ("http", "https")]
        answer = JSONResponse(
            {"allowedOrigins": origins, **_REST}, headers={"cache-control": "no-cache"}
        )
        await answer(scope, receive, send)
