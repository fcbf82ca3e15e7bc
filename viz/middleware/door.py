"""Checks which host name a request uses and, where it matters, that our own page sends it."""

from __future__ import annotations

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from viz.middleware.hosts import Hosts
from viz.middleware.requests import header, path

UNKNOWN_HOST = (
    "This server does not accept this name. Please open it by its IP address, or ask its operator "
    "to start it with the name in POINTWISE_HOSTS."
)
FOREIGN = "Only pages of this server may ask for this; please open it there."
CLOSED = "There is nothing here."
OWN_SITE = {None, "same-origin", "none"}  # Sec-Fetch-Site of our pages and of typed addresses

_NOT_KEPT = {"cache-control": "no-store"}


class Door:
    """Refuses requests that a page of another site may have sent, before anything is done for them.

    A websocket from a foreign page is closed here: Streamlit would ask a service on the internet
    for this machine's address and block every other request until that answers.

    Args:
        app: the app behind it.
        hosts: the server's names, and the other pages that may call it.
        prefix: the server's base path.
        metrics: whether Streamlit's own metrics may be read.
    """

    def __init__(
        self, app: ASGIApp, hosts: Hosts | None = None, prefix: str = "", *, metrics: bool = False
    ) -> None:
        self._app = app
        self._hosts = hosts or Hosts()
        own = ("maps", "column", "pictures", "rooms")
        self._own_pages_only = tuple(f"{prefix}/{name}/" for name in own)
        self._own_names = {
            f"{prefix}/{name}" for name in ("rooms", "qr")
        }  # asked for by the bare name
        self._closed = frozenset() if metrics else frozenset({f"{prefix}/_stcore/metrics"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            refused = self._refusal(scope)
            await (refused or self._app)(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        if not self._answers(scope):
            return PlainTextResponse(UNKNOWN_HOST, 403, headers=_NOT_KEPT)
        asked = path(scope)
        if asked in self._closed:
            return JSONResponse({"error": CLOSED}, 404, headers=_NOT_KEPT)
        own = asked in self._own_names or asked.startswith(self._own_pages_only)
        if own and self._foreign(scope):
            return JSONResponse({"error": FOREIGN}, 403, headers=_NOT_KEPT)
        return None

    def _answers(self, scope: Scope) -> bool:
        """Whether the request uses a name of ours; browsers always send a name."""
        host = header(scope, b"host")
        return not host or self._hosts.answers(host)

    def _foreign(self, scope: Scope) -> bool:
        """Whether another site's page sends the request; other clients send no such headers."""
        origin, host = header(scope, b"origin"), header(scope, b"host") or ""
        if origin is not None and not self._hosts.own(origin, host):
            return True
        welcome = self._hosts.any_origin or self._hosts.welcomes(origin or "", host)
        return not welcome and header(scope, b"sec-fetch-site") not in OWN_SITE

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin, host = header(scope, b"origin"), header(scope, b"host") or ""
        if not self._answers(scope) or (origin is not None and not self._hosts.own(origin, host)):
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: 403
        else:
            await self._app(_at_home(scope, origin, host), receive, send)


def _at_home(scope: Scope, origin: str | None, host: str) -> Scope:
    """The handshake as if from Streamlit's own page, which it accepts without further checks."""
    scheme, _, rest = (origin or "").partition("://")
    if origin is None or rest == host:
        return scope
    others = [each for each in scope["headers"] if each[0] != b"origin"]
    ours = (b"origin", f"{scheme}://{host}".encode("latin-1"))
    return {**scope, "headers": [*others, ours]}
