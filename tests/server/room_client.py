"""Lecturers and followers of a room, as the routes meet them, without a server."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Coroutine, MutableMapping
from hashlib import sha256
from typing import Any

from route_client import Answer, ask, chunk
from starlette.applications import Starlette

from viz import server
from viz.rooms import MemoryStore, Rooms
from viz.rooms.redis_store import RedisStore
from viz.server import rooms as routes

Message = MutableMapping[str, Any]
SECONDS = 10  # after which a test fails instead of waiting
ONE = {"kind": "one", "ask": "Which?", "options": ["2", "4", "8"]}
NUMBER = {"kind": "number", "ask": "How many?", "low": 0, "high": 100}
WHERE = {"kind": "where", "ask": "Where?", "grid": [4, 6]}
TRUTH = {"right": 1, "en": {"why": "because", "instead": ["no", "", "no"]}}


class Clock:
    """Stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def run(work: Coroutine[Any, Any, None]) -> None:
    """Runs a lecture while the rooms are at work."""

    async def lecture() -> None:
        async with routes.ROOMS.running():
            await listening(routes.ROOMS)
            await work

    asyncio.run(lecture())


async def listening(server: Rooms, servers: int = 1) -> None:
    """Waits until so many servers hear of what happens in Redis."""
    store = server.store
    async with asyncio.timeout(SECONDS):
        while (
            isinstance(store, RedisStore)
            and len(await store._redis.client_list(_type="pubsub")) < servers
        ):
            await asyncio.sleep(0.002)


async def kept() -> int:
    """How many entries the store holds."""
    store = routes.ROOMS.store
    if isinstance(store, MemoryStore):
        return len(store._rooms)
    assert isinstance(store, RedisStore)
    return int(await store._redis.dbsize())


def secret(number: int = 0) -> str:
    """A secret, another for each number."""
    return urlsafe_b64encode(sha256(b"%d" % number).digest()).decode().rstrip("=")


def view(n: int = 1, **other: Any) -> dict[str, Any]:
    return {"slug": "lab", "query": f"stride={n}", "live": False, "pointer": None, **other}


async def send(
    method: str,
    path: str,
    body: Any = b"",
    who: str | None = None,
    client: str = "192.0.2.1",
) -> Answer:
    """Sends JSON, or bytes as they are; `who` is the lecturer's secret."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"x-pointwise-secret": who} if who else {}
    return await ask(
        path, method=method, body=[chunk(data)], headers=headers, client=(client, 50000)
    )


def asked(**other: Any) -> dict[str, Any]:
    """A question as the lecturer's page sends it."""
    return {"question": {"en": ONE}, "truth": {}, "attempt": 1, **other}


class Lecturer:
    """Who has the secret of a room."""

    def __init__(self, number: int = 0) -> None:
        self.secret, self.code = secret(number), ""

    async def open(self, **more: Any) -> Lecturer:
        reply = await send("POST", "/rooms", who=self.secret, **more)
        assert reply.status == 201, reply.body
        self.code = json.loads(reply.body)["code"]
        return self

    async def put(self, what: str, body: Any) -> Answer:
        return await send("PUT", f"/rooms/{self.code}/{what}", body, self.secret)

    async def show(self, n: int = 1, **other: Any) -> None:
        reply = await self.put("view", view(n, **other))
        assert reply.status == 204, reply.body

    async def ask(self, question: dict[str, Any] = ONE, attempt: int = 1) -> int:
        asked = {"question": {"en": question}, "truth": TRUTH, "attempt": attempt}
        reply = await self.put("round", asked)
        assert reply.status == 200, reply.body
        return int(json.loads(reply.body)["number"])

    async def close(self, body: Any = b"") -> Answer:
        return await send("POST", f"/rooms/{self.code}/round/closed", body, self.secret)

    async def delete(self, what: str = "") -> Answer:
        return await send("DELETE", f"/rooms/{self.code}{what}", who=self.secret)


async def answer(code: str, number: int, answer: Any, browser: int = 0, **more: Any) -> Answer:
    body = {"round": number, "browser": f"browser-{browser:04}", "answer": answer}
    return await send("POST", f"/rooms/{code}/answers", body, **more)


class Follower:
    """A stream of events; while `reads` is not set, the connection takes nothing."""

    def __init__(self, code: str, query: str = "", client: str = "192.0.2.1") -> None:
        self.reads, self.leaves = asyncio.Event(), asyncio.Event()
        self.reads.set()
        self.start: Message = {}
        self.text = ""
        self._news = asyncio.Event()
        self._asked = False
        self.scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "client": (client, 50000),
            "path": f"/rooms/{code}/events",
            "query_string": query.encode(),
            "headers": [],
        }

    async def __aenter__(self) -> Follower:
        app = Starlette(routes=server.routes())
        self.task = asyncio.create_task(app(self.scope, self._receive, self._send))
        await self._until(lambda: self.start)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.leaves.set()
        self.reads.set()
        async with asyncio.timeout(SECONDS):
            await self.task

    async def newest(self, kind: str) -> Any:
        """The newest event of its kind, as soon as there is one."""
        return (await self.events(kind, 1))[-1]

    async def until(self, kind: str, there: Callable[[Any], object]) -> Any:
        """The newest event of a kind, once it is as wanted."""
        await self._until(lambda: self.seen(kind) and there(self.seen(kind)[-1]))
        return self.seen(kind)[-1]

    async def events(self, kind: str, number: int) -> list[Any]:
        """All events of a kind, as soon as there are so many."""
        await self._until(lambda: len(self.seen(kind)) >= number)
        return self.seen(kind)

    def seen(self, kind: str) -> list[Any]:
        """All events of a kind so far."""
        found = []
        for each in self.text.split("\n\n"):
            lines = dict(line.partition(": ")[::2] for line in each.splitlines())
            if lines.get("event") == kind:
                found.append(json.loads(lines["data"]))
        return found

    @property
    def kinds(self) -> list[str]:
        """The kinds of all events so far."""
        return [line[7:] for line in self.text.splitlines() if line.startswith("event: ")]

    async def _until(self, there: Callable[[], object]) -> None:
        async with asyncio.timeout(SECONDS):
            while not there():
                self._news.clear()
                await self._news.wait()

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        await self.reads.wait()
        if message["type"] == "http.response.start":
            self.start = message
        self.text += message.get("body", b"").decode()
        self._news.set()
