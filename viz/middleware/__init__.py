"""The ASGI middleware, one task a file; `stack` is all of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from starlette.middleware import Middleware

from viz.middleware.door import FOREIGN, UNKNOWN_HOST, Door
from viz.middleware.headers import SecurityHeaders, inline_scripts, policy
from viz.middleware.hosts import Hosts
from viz.middleware.own_host import OwnHost
from viz.middleware.static_files import StaticFiles
from viz.middleware.upload_limit import MIN_BYTES, TOO_MUCH, TooMuch, UploadLimit

__all__ = [
    "FOREIGN",
    "MIN_BYTES",
    "TOO_MUCH",
    "UNKNOWN_HOST",
    "Door",
    "Hosts",
    "OwnHost",
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
    pages: Mapping[str, Mapping[str, str]],
    ancestors: str = "",
    *,
    hosts: Hosts | None = None,
    static: Path | None = None,
    scripts: Mapping[str, str] = MappingProxyType({}),
    metrics: bool = False,
) -> list[Middleware]:
    """All middleware, the outermost first.

    Args:
        prefix: the server's base path, "" or with a slash in front.
        pages: for the tag of each language, the HTML of each page by the last part of its path;
            their inline scripts are equal.
        ancestors: who may embed the app, origins separated by spaces; itself alone if empty.
        hosts: the host names that the server answers to; addresses and this machine's name if None.
        static: the folder of the page's own files, served from memory; left to the app if None.
        scripts: the text of further scripts by their names.
        metrics: whether Streamlit's own metrics may be read.

    Raises:
        ValueError: if one of `ancestors` is not an origin.
    """
    files = [Middleware(StaticFiles, static, prefix, pages, scripts)] if static else []
    html = next(iter(next(iter(pages.values())).values()))
    return [
        Middleware(SecurityHeaders, html, ancestors.split()),
        Middleware(Door, hosts or Hosts(), prefix, metrics=metrics),
        Middleware(OwnHost, hosts or Hosts(), prefix),
        *files,
        Middleware(UploadLimit, prefix),
    ]
