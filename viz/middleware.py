"""What stands around every request: the headers a careful host expects, and a limit for uploads."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from viz.uploads import LEDGER, Ledger, Upload

TOO_MUCH = "Too many uploads are waiting here; please try again in a few minutes."
LEAST_BYTES = 64 * 1024  # what an upload counts at least: an empty one takes room as well

_ANCESTOR = re.compile(r"'self'|'none'|https?://[A-Za-z0-9.*-]+(:[0-9]{1,5}|:\*)?")
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:]+\](:[0-9]{1,5})?")


def stack(prefix: str, html: str, ancestors: str = "") -> list[Middleware]:
    """All of it, the outermost first.

    Args:
        prefix: the server's base path, "" or with a slash in front.
        html: the page that is served, for the scripts that stand in it.
        ancestors: who may embed the app, origins separated by spaces; itself alone if empty.

    Raises:
        ValueError: if one of `ancestors` is no origin.
    """
    return [
        Middleware(SecurityHeaders, html, ancestors.split()),
        Middleware(UploadLimit, prefix),
    ]


def inline_scripts(html: str) -> list[str]:
    """The scripts that stand in a page, as a policy names them: by their hashes.

    >>> inline_scripts('<script>let a</script><script src="b.js"></script>')
    ["'sha256-IfEXP/8HLuXoAiy0hZVrCAcjcLsZqYFpLOHDGj8enqE='"]
    """
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", html, re.DOTALL)
    digests = (sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{b64encode(digest).decode()}'" for digest in digests]


def policy(html: str, ancestors: Iterable[str]) -> Mapping[str, str]:
    """The content security policy, by directive: what is not named here is not allowed.

    Nothing leaves the machine. Components are modules in blobs; the styles of components and of
    charts are written into the page; charts and thumbnails are data and blobs.
    """
    return {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", "blob:", *inline_scripts(html)]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "media-src": "'self' blob:",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": " ".join(ancestors),
    }


class SecurityHeaders:
    """Tells the browser what the app needs, so that it refuses whatever else a page may try.

    Args:
        app: what is answered for.
        html: the page that is served, see `policy`.
        ancestors: the origins that may embed the app; itself alone if there are none.

    Raises:
        ValueError: if one of `ancestors` is no origin.
    """

    def __init__(self, app: ASGIApp, html: str = "", ancestors: Iterable[str] = ()) -> None:
        named = list(ancestors)
        for origin in named:
            if not _ANCESTOR.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin such as https://example.org")
        self._app = app
        self._policy = policy(html, named or ["'self'"])
        self._headers = {
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
        }
        if not named:  # this older header cannot name others
            self._headers["x-frame-options"] = "SAMEORIGIN"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers["content-security-policy"] = self._written(host)
            await send(message)

        await self._app(scope, receive, told)

    def _written(self, host: str) -> str:
        """The policy as text. Not every browser takes a websocket to the same host for `'self'`."""
        sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
        connect = self._policy["connect-src"] + sockets
        return "; ".join(f"{k} {v}" for k, v in {**self._policy, "connect-src": connect}.items())


class TooMuch(OSError):
    """More bytes than the ledger allows. An OSError, so that a parser lets its files go."""


class UploadLimit:
    """Counts what comes in through Streamlit's upload endpoint; too much of it is answered 413.

    The bytes are counted as they stream by, whatever the request says of its own length.

    Args:
        app: what is answered for.
        prefix: the server's base path.
        ledger: who holds how much.
    """

    def __init__(self, app: ASGIApp, prefix: str = "", ledger: Ledger = LEDGER) -> None:
        self._app = app
        self._ledger = ledger
        self._path = re.compile(rf"{re.escape(prefix)}/_stcore/upload_file/([^/]+)/([^/]+)")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._path.fullmatch(scope["path"]) if scope["type"] == "http" else None
        ways = {"PUT": self._put, "DELETE": self._delete}
        if found is None or scope["method"] not in ways:
            await self._app(scope, receive, send)
        else:
            await ways[scope["method"]](found[1], found[2], scope, receive, send)

    async def _put(
        self, visitor: str, file: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        upload = Upload(visitor, (scope.get("client") or ("",))[0])
        kept = answered = False

        async def counted() -> Message:
            message = await receive()
            self._count(upload, len(message.get("body", b"")))
            return message

        async def told(message: Message) -> None:
            nonlocal kept, answered
            if message["type"] == "http.response.start":
                answered, kept = True, message["status"] < 400
                if kept:  # before the browser hears of it, and may give it back
                    self._ledger.keep(upload, file)
            await send(message)

        try:
            self._count(upload, LEAST_BYTES)
            await self._app(scope, counted, told)
        except TooMuch:
            if not answered:
                await JSONResponse({"error": TOO_MUCH}, 413)(scope, receive, send)
        finally:
            if not kept:
                self._ledger.drop(upload)

    def _count(self, upload: Upload, size: int) -> None:
        if not self._ledger.count(upload, size):
            raise TooMuch

    async def _delete(
        self, visitor: str, file: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self._ledger.give_back(visitor, file)
            await send(message)

        await self._app(scope, receive, told)
