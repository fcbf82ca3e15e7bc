"""What a request says, read from its scope."""

from __future__ import annotations

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of that name; a server gives names in lower case.

    >>> header({"headers": [(b"host", b"example.org")]}, b"host")
    'example.org'
    """
    for key, value in scope.get("headers", ()):
        if key == name:
            return bytes(value).decode("latin-1")
    return None


def path(scope: Scope) -> str:
    """The path below where the app is mounted.

    >>> path({"path": "/proxy/maps/lab", "root_path": "/proxy"})
    '/maps/lab'
    """
    return str(scope.get("path", "")).removeprefix(scope.get("root_path", ""))
