"""HTTP/1.1 over one connection that is kept open, light enough for hundreds of them at once.

The clients share the machine with the server they measure, so they do nothing but count and keep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, NamedTuple, TypeVar

import uvloop  # comes with the app's own requirements

Result = TypeVar("Result")


class Failed(OSError):
    """Something came, but not what was asked for."""


class Answer(NamedTuple):
    """An answer: names of headers in lower case, the body as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Parser:
    """Makes one answer of the bytes of a connection, however they are cut.

    >>> parser = Parser()
    >>> parser.feed(b"HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nab")
    >>> parser.feed(b"c")
    Answer(status=200, headers={'content-length': '3'}, body=b'abc')
    """

    def __init__(self) -> None:
        self._rest = bytearray()
        self._body = bytearray()
        self._status = 0
        self._headers: dict[str, str] = {}

    def feed(self, data: bytes) -> Answer | None:
        """The answer once the last byte of it is here."""
        self._rest += data
        if not self._status and not self._head():
            return None
        chunked = self._headers.get("transfer-encoding") == "chunked"
        return self._answer() if (self._chunks() if chunked else self._plain()) else None

    def _head(self) -> bool:
        head, found, rest = self._rest.partition(b"\r\n\r\n")
        if not found:
            return False
        first, *lines = head.decode("latin-1").split("\r\n")
        self._status = int(first.split()[1])
        pairs = (line.partition(":") for line in lines)
        self._headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        self._rest = rest
        return True

    def _plain(self) -> bool:
        self._body += self._rest
        self._rest.clear()
        return len(self._body) >= int(self._headers.get("content-length", "0"))

    def _chunks(self) -> bool:
        while (line := self._rest.find(b"\r\n")) >= 0:
            length = int(self._rest[:line], 16)
            begin, end = line + 2, line + 2 + length
            if len(self._rest) < end + 2:
                return False
            self._body += self._rest[begin:end]
            del self._rest[: end + 2]
            if length == 0:
                return True
        return False

    def _answer(self) -> Answer:
        return Answer(self._status, self._headers, bytes(self._body))


class _Line(asyncio.Protocol):
    """Bytes of one connection; whoever asks waits for the answer."""

    def __init__(self) -> None:
        self._parser = Parser()
        self._answer: asyncio.Future[Answer] | None = None
        self.open = True

    def begin(self) -> asyncio.Future[Answer]:
        self._parser = Parser()
        self._answer = asyncio.get_running_loop().create_future()
        return self._answer

    def data_received(self, data: bytes) -> None:
        answer = self._parser.feed(data)
        if answer and self._answer and not self._answer.done():
            self.open = answer.headers.get("connection") != "close"
            self._answer.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        if self._answer and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("the server hung up"))


class Connection:
    """One connection to a server; opened when it is first needed, and anew when it broke.

    Args:
        netloc: host and port.
        seconds: how long an answer may take.
    """

    def __init__(self, netloc: str, seconds: float = 60) -> None:
        self._netloc, self._seconds = netloc, seconds
        self._transport: asyncio.Transport | None = None
        self._line = _Line()

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a GET, see `send`."""
        return await self.send("GET", path, headers)

    async def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """The answer to a request.

        Raises:
            OSError: if the server cannot be reached, hangs up, or takes too long (TimeoutError).
        """
        said = {
            **(headers or {}),
            **({"Content-Length": str(len(body))} if method != "GET" else {}),
        }
        try:
            async with asyncio.timeout(self._seconds):
                transport = await self._opened()
                answer = self._line.begin()
                transport.write(_head(method, path, self._netloc, said) + body)
                return await answer
        except BaseException:
            self.close()  # what is still to come would be taken for the next answer
            raise

    async def _opened(self) -> asyncio.Transport:
        if self._transport is None or not self._line.open:
            host, _, port = self._netloc.rpartition(":")
            loop = asyncio.get_running_loop()
            self._transport, self._line = await loop.create_connection(_Line, host, int(port))
        return self._transport

    def close(self) -> None:
        if self._transport:
            self._transport.close()
        self._transport = None


def _head(method: str, path: str, netloc: str, headers: Mapping[str, str]) -> bytes:
    said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\nHost: {netloc}\r\n{said}\r\n".encode("latin-1")


class Stream(asyncio.Protocol):
    """An answer that never ends, of server-sent events; each is handed on as it comes.

    Args:
        hear: called with the kind and the data of every event.
    """

    def __init__(self, hear: Callable[[str, bytes], None]) -> None:
        self._hear = hear
        self._rest = b""
        self._transport: asyncio.Transport | None = None
        self._lost = asyncio.Event()
        self.status = 0

    async def open(self, netloc: str, path: str) -> None:
        """Asks for it.

        Raises:
            OSError: if the server cannot be reached.
        """
        host, _, port = netloc.rpartition(":")
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_connection(lambda: self, host, int(port))
        self._transport.write(_head("GET", path, netloc, {"Sec-Fetch-Site": "same-origin"}))

    def data_received(self, data: bytes) -> None:
        """What is here so far; the lines that frame the chunks are none of an event's."""
        if not self.status:
            self.status = int(data.split(b" ", 2)[1])
        *whole, self._rest = (self._rest + data).split(b"\n\n")
        for event in whole:
            kind, found, said = event.rpartition(b"event: ")[2].partition(b"\ndata: ")
            if found:
                self._hear(kind.decode(), said)

    def connection_lost(self, error: Exception | None) -> None:
        self._lost.set()

    @property
    def is_open(self) -> bool:
        """Whether the server still sends."""
        return not self._lost.is_set()

    def close(self) -> None:
        if self._transport:
            self._transport.close()


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Runs to the end on a loop that costs little, so that the server has the machine."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
