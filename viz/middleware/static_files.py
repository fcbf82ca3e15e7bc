"""Streamlit's own files, served from memory: compressed once, cached by browsers for a year."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from starlette.types import ASGIApp, Receive, Scope, Send

from viz.middleware.requests import header, language, path

LEVEL = 6  # 9 takes 50 % longer and saves 0.25 %
PIECE_BYTES = 256 * 1024  # that a slow client makes the server hold at most
YEAR = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
TEXT = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
PACKED = {
    ".gif": "image/gif",
    ".png": "image/png",
    ".woff2": "font/woff2",
}  # already compressed

_HASHED = re.compile(r"[^/]+\.[A-Za-z0-9_-]{8}\.[a-z0-9]+")
_NOT_AT_ALL = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*")

Raw = tuple[bytes, bytes]


@dataclass(frozen=True)
class Form:
    """A file as it is sent, with its headers."""

    body: bytes
    headers: list[Raw]
    tag: str


@dataclass
class StaticFile:
    """One file, read at the first request for it, so that unused files take no memory.

    Attributes:
        file: where it lies; its name says what it is.
        text: its content, if that is not what lies there.
    """

    file: Path
    text: str | None = None
    _forms: dict[bool, Form] = field(default_factory=dict)
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def form(self, *, packed: bool) -> Form:
        """The file, compressed if `packed` and if that makes it smaller.

        Raises:
            OSError: if the file no longer exists.
        """
        packed = packed and self.file.suffix in TEXT
        if packed not in self._forms:
            async with self._making:
                if packed not in self._forms:
                    self._forms[packed] = await asyncio.to_thread(self._made, packed)
        return self._forms[packed]

    def _made(self, packed: bool) -> Form:
        plain = self.file.read_bytes() if self.text is None else self.text.encode()
        return _form(plain, self.file, packed)


def _form(plain: bytes, file: Path, packed: bool) -> Form:
    small = gzip.compress(plain, LEVEL, mtime=0) if packed else plain
    body = min(small, plain, key=len)
    tag = f'"{sha256(plain).hexdigest()[:32]}"'
    headers = {
        "content-type": {**TEXT, **PACKED}[file.suffix],
        "content-length": str(len(body)),
        "cache-control": YEAR if _HASHED.fullmatch(file.name) else ASK_AGAIN,
        "etag": f"W/{tag}",  # weak, because both forms share it
    }
    if file.suffix in TEXT:
        headers["vary"] = "accept-encoding"
    if file.suffix == ".html":
        headers["vary"] += ", accept-language, cookie"
    if body is not plain:
        headers["content-encoding"] = "gzip"
    return Form(body, [(name.encode(), value.encode()) for name, value in headers.items()], tag)


class StaticFiles:
    """Serves the files of a folder; passes every other request on to the app.

    Streamlit looks each file up on the disk, reads it in a thread and sends it uncompressed: a room
    that opens the page at the same time waits half a minute for that.

    Args:
        app: the app that answers everything else.
        folder: its files are listed once, now, so no path leads out of it.
        prefix: the server's base path.
        pages: for the tag of each language, the HTML of each page by the last part of its path, ""
            for the first one.
        scripts: the text of further scripts by their names, which change with it.
    """

    def __init__(
        self,
        app: ASGIApp,
        folder: Path,
        prefix: str,
        pages: Mapping[str, Mapping[str, str]],
        scripts: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._app = app
        files = [file for file in folder.rglob("*") if file.suffix in TEXT | PACKED]
        self._files = {
            f"{prefix}/{file.relative_to(folder).as_posix()}": StaticFile(file) for file in files
        }
        for name, text in scripts.items():
            self._files[f"{prefix}/{name}"] = StaticFile(folder / name, text)
        index = folder / "index.html"
        self._pages: dict[str, dict[str, StaticFile]] = {}
        for tag, of_language in pages.items():
            for name, html in of_language.items():
                file = StaticFile(index, html)
                for each in (name, *["index.html"] * (not name)):
                    self._pages.setdefault(f"{prefix}/{each}", {})[tag] = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = self._file(scope) if scope["type"] == "http" else None
        if file is None or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        try:
            form = await file.form(packed=takes_gzip(header(scope, b"accept-encoding") or ""))
        except OSError:
            await self._app(scope, receive, send)
            return
        if form.tag in (header(scope, b"if-none-match") or ""):
            await _unchanged(form, send)
        else:
            await _send(form, send, head=scope["method"] == "HEAD")

    def _file(self, scope: Scope) -> StaticFile | None:
        """The file that is asked for; of a page the one in the reader's language."""
        asked = path(scope)
        in_languages = self._pages.get(asked)
        if in_languages is None:
            return self._files.get(asked)
        return in_languages.get(language(scope).tag) or next(iter(in_languages.values()))


async def _send(form: Form, send: Send, *, head: bool) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": form.headers})
    body = b"" if head else form.body
    for begin in range(0, len(body) or 1, PIECE_BYTES):
        end = begin + PIECE_BYTES
        piece = {"type": "http.response.body", "body": body[begin:end]}
        await send({**piece, "more_body": end < len(body)})


async def _unchanged(form: Form, send: Send) -> None:
    about_a_body = (b"content-length", b"content-type", b"content-encoding")
    headers = [each for each in form.headers if each[0] not in about_a_body]
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


@lru_cache(64)
def _takes_gzip(accepted: str) -> bool:
    said: dict[str, bool] = {}
    for each in accepted.lower().split(","):
        name, _, weight = each.partition(";")
        said[name.strip()] = not _NOT_AT_ALL.fullmatch(weight)
    return said.get("gzip", said.get("*", False))


def takes_gzip(accepted: str) -> bool:
    """Whether a browser that sends this `Accept-Encoding` takes gzip.

    >>> takes_gzip("gzip, br"), takes_gzip("gzip;q=0, *"), takes_gzip("")
    (True, False, False)
    """
    return len(accepted) < 200 and _takes_gzip(accepted)
