"""The ASGI middleware, one task a file; `stack` is all of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.middleware import Middleware

from viz.middleware.door import FOREIGN, UNKNOWN_HOST, Door
from viz.middleware.headers import SecurityHeaders, inline_scripts, policy
from viz.middleware.hosts import Hosts
from viz.middleware.static_files import StaticFiles
from viz.middleware.upload_limit import MIN_BYTES, TOO_MUCH, TooMuch, UploadLimit

__all__ = [
    "FOREIGN",
    "MIN_BYTES",
    "TOO_MUCH",
    "UNKNOWN_HOST",
    "Door",
    "Hosts",
    "SecurityHeaders",
    "StaticFiles",
    "TooMuch",
    "UploadLimit",
    "inline_scripts",
    "policy",
    "stack",
]


def stack(
    prefix: str,
    pages: Mapping[str, str],
    ancestors: str = "",
    *,
    hosts: Hosts | None = None,
    static: Path | None = None,
    metrics: bool = False,
) -> list[Middleware]:
    """All middleware, the outermost first.

    Args:
        prefix: the server's base path, "" or with a slash in front.
        pages: the HTML of each page by the last part of its path; their inline scripts are equal.
        ancestors: who may embed the app, origins separated by spaces; itself alone if empty.
        hosts: the host names that the server answers to; addresses and this machine's name if None.
        static: the folder of the page's own files, served from memory; left to the app if None.
        metrics: whether Streamlit's own metrics may be read.

    Raises:
        ValueError: if one of `ancestors` is not an origin.
    """
    files = [Middleware(StaticFiles, static, prefix, pages)] if static else []
    return [
        Middleware(SecurityHeaders, next(iter(pages.values())), ancestors.split()),
        Middleware(Door, hosts or Hosts(), prefix, metrics=metrics),
        *files,
        Middleware(UploadLimit, prefix),
    ]
