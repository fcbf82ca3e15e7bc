"""Security headers on every answer."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from viz.middleware.requests import header

HOSTS_KEPT = 64  # cached policies: a server has few names, a hostile client any number

_ANCESTOR = re.compile(r"'self'|'none'|https?://[A-Za-z0-9.*-]+(:[0-9]{1,5}|:\*)?")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:]{2,45}\](:[0-9]{1,5})?")

Raw = tuple[bytes, bytes]


def inline_scripts(html: str) -> list[str]:
    """The hashes of the inline scripts of a page, as a policy lists them.

    >>> inline_scripts('<script>let a</script><script src="b.js"></script>')
    ["'sha256-IfEXP/8HLuXoAiy0hZVrCAcjcLsZqYFpLOHDGj8enqE='"]
    """
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", html, re.DOTALL)
    digests = (sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{b64encode(digest).decode()}'" for digest in digests]


def policy(html: str, ancestors: Iterable[str]) -> Mapping[str, str]:
    """The content security policy, by directive: what is not listed is not allowed.

    Nothing leaves the machine. Components are modules in blobs; the styles of components and
    charts are inline; charts and thumbnails are `data:` and blobs.
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
    """Adds headers that tell the browser what the app needs, so that it refuses everything else.

    Args:
        app: the app whose answers get the headers.
        html: the page that is served, see `policy`.
        ancestors: the origins that may embed the app; itself alone if there are none.

    Raises:
        ValueError: if one of `ancestors` is not an origin.
    """

    def __init__(self, app: ASGIApp, html: str = "", ancestors: Iterable[str] = ()) -> None:
        named = list(ancestors)
        for origin in named:
            if not _ANCESTOR.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin such as https://example.org")
        self._app = app
        self._policy = policy(html, named or ["'self'"])
        fixed = {
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
        }
        if not named:  # this older header cannot name others
            fixed["x-frame-options"] = "SAMEORIGIN"
        self._fixed = [(name.encode(), value.encode()) for name, value in fixed.items()]
        self._ours = {name.encode() for name in (*fixed, "content-security-policy")}
        self._for_host = lru_cache(HOSTS_KEPT)(self._said)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = header(scope, b"host") or ""
        said = self._for_host(host if _HOST.fullmatch(host) else "")

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                others = [each for each in message["headers"] if each[0].lower() not in self._ours]
                message = {**message, "headers": others + said}
            await send(message)

        await self._app(scope, receive, told)

    def _said(self, host: str) -> list[Raw]:
        """The headers for a host; not every browser counts a websocket to it as `'self'`."""
        sockets = f" ws://{host} wss://{host}" if host else ""
        named = {**self._policy, "connect-src": self._policy["connect-src"] + sockets}
        text = "; ".join(f"{directive} {value}" for directive, value in named.items())
        return [*self._fixed, (b"content-security-policy", text.encode())]
