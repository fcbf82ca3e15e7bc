"""Asking an app as a server would, without one."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viz.assets import ROOT

Message = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    pieces: tuple[bytes, ...]

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)


async def ask(
    app: Any,
    path: str,
    method: str = "GET",
    body: Iterable[bytes] = (),
    headers: dict[str, str] | None = None,
    client: str = "10.0.0.1",
) -> Answer:
    """Asks an app as a server would; the body arrives in the pieces given."""
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "server": ("127.0.0.1", 8501),
        "client": (client, 4242),
        "path": path.partition("?")[0],
        "query_string": path.partition("?")[2].encode(),
        "headers": raw(headers),
    }
    sent: list[Message] = []
    incoming = _incoming(body)

    async def receive() -> Message:
        return await anext(incoming)

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    assert [each["type"] for each in sent][:1] == ["http.response.start"]
    more = [each.get("more_body", False) for each in sent[1:]]
    assert more == [True] * (len(more) - 1) + [False], "the last piece says so"
    given = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    named = dict(given)
    assert len(given) == len(named), "no header is said twice"
    return Answer(sent[0]["status"], named, tuple(each.get("body", b"") for each in sent[1:]))


async def _incoming(body: Iterable[bytes]) -> AsyncIterator[Message]:
    """The body, then nothing: the client waits for its answer."""
    for piece in body:
        yield {"type": "http.request", "body": piece, "more_body": True}
    yield {"type": "http.request", "body": b"", "more_body": False}
    await asyncio.Event().wait()


async def shake(app: Any, headers: dict[str, str], path: str = "/_stcore/stream") -> str:
    """Asks for a websocket and says what came first: `websocket.accept` or `websocket.close`."""
    scope = {"type": "websocket", "path": path, "query_string": b"", "headers": raw(headers)}
    incoming = iter(({"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1001}))
    sent: list[str] = []

    async def receive() -> Message:
        return next(incoming)

    async def send(message: Message) -> None:
        sent.append(message["type"])

    await app({**scope, "client": ("10.0.0.1", 4242), "subprotocols": []}, receive, send)
    return sent[0]


def raw(headers: dict[str, str] | None) -> list[tuple[bytes, bytes]]:
    return [(k.encode("latin-1"), v.encode("latin-1")) for k, v in (headers or {}).items()]


def said(program: str, **environment: str) -> list[str]:
    """The lines that a fresh process prints that runs this program beside the app and this file."""
    here = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-"],
        input=f"import sys; sys.path.append({here!r})\n{program}",
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
