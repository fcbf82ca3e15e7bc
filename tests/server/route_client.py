"""Asks the routes as a browser's requests reach them, without a server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette

from viz import server

TOKEN = "a-token-of-16-signs"
Message = MutableMapping[str, Any]

HOSTILE = [
    *("NaN", "-Infinity", "1e999", "9" * 7, "-" + "9" * 7, "9" * 400, "0." + "1" * 400),
    *("１２", "٣", "²", "½", "0x10", "+3", "3.", " 3", "3\n", "1_0", "\x00", "<b>", "../..", "%00"),
]


@dataclass(frozen=True)
class Answer:
    """What came back; `error` is the sentence of a refusal."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        assert self.headers["content-type"] == "application/json"
        assert len(self.body) < 500
        said = json.loads(self.body)
        assert list(said) == ["error"]
        return str(said["error"])


async def ask(
    path: str,
    query: str | bytes | dict[str, str] = "",
    *,
    body: Iterable[Message] | None = None,
    gone: asyncio.Event | None = None,
    prefix: str = "",
    method: str = "",
    headers: dict[str, str] | None = None,
    client: tuple[str, int] | None = ("127.0.0.1", 50000),
) -> Answer:
    """Asks the routes as a server would; with `body` it is a POST, at `gone` the browser hangs up."""
    text = urlencode(query) if isinstance(query, dict) else query
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method or ("GET" if body is None else "POST"),
        "client": client,
        "scheme": "http",
        "server": ("127.0.0.1", 8501),
        "path": path,
        "query_string": text if isinstance(text, bytes) else text.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
    }
    arriving = iter([{"type": "http.request"}] if body is None else body)
    sent: list[Message] = []

    async def receive() -> Message:
        for message in arriving:
            return message
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await Starlette(routes=server.routes(prefix))(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, b"".join(each.get("body", b"") for each in sent))


def answer(path: str, query: str | bytes | dict[str, str] = "", **more: Any) -> Answer:
    return asyncio.run(ask(path, query, **more))


def chunk(data: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": data, "more_body": more}
