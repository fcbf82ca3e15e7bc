"""A request's headers and path, read from its ASGI scope."""

from __future__ import annotations

from starlette.types import Scope


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
