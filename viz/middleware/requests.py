"""A request's headers and path, read from its ASGI scope."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.types import Scope

from viz.languages import COOKIE, Language, chosen

MAX_BYTES = 4096  # of a query or of cookies that are looked at


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of that name, in lower case as ASGI servers give it.

    >>> header({"headers": [(b"host", b"example.org")]}, b"host")
    'example.org'
    """
    for key, value in scope.get("headers", ()):
        if key == name:
            return bytes(value).decode("latin-1")
    return None


def path(scope: Scope) -> str:
    """The path below the app's mount point.

    >>> path({"path": "/proxy/maps/lab", "root_path": "/proxy"})
    '/maps/lab'
    """
    return str(scope.get("path", "")).removeprefix(scope.get("root_path", ""))


def language(scope: Scope) -> Language:
    """The language of a request: that of its address, else of the cookie, else of the browser.

    >>> language({"query_string": b"lang=zh-Hans", "headers": []}).name
    '简体中文'
    """
    query = bytes(scope.get("query_string", b""))[:MAX_BYTES].decode("latin-1")
    asked = dict(parse_qsl(query)).get("lang", "")
    return chosen(asked, _cookie(scope), header(scope, b"accept-language") or "")


def _cookie(scope: Scope) -> str:
    cookies = (each.strip() for each in (header(scope, b"cookie") or "")[:MAX_BYTES].split(";"))
    name = f"{COOKIE}="
    return next((each.removeprefix(name) for each in cookies if each.startswith(name)), "")
