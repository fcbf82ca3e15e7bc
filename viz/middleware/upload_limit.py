"""A limit for uploads through Streamlit's endpoint."""

from __future__ import annotations

import re

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from viz.uploads import LEDGER, Ledger, Upload

TOO_MUCH = "Too many uploads are waiting here; please try again in a few minutes."
MIN_BYTES = 64 * 1024  # that an upload counts at least: an empty one takes memory too


class TooMuch(OSError):
    """More bytes than the ledger allows. An OSError, so that the parser closes its files."""


class UploadLimit:
    """Counts the bytes sent to Streamlit's upload endpoint; answers 413 if they exceed a limit.

    The bytes are counted as they arrive; the request's own length is not trusted.

    Args:
        app: the app whose uploads are counted.
        prefix: the server's base path.
        ledger: the bytes that each visitor holds.
    """

    def __init__(self, app: ASGIApp, prefix: str = "", ledger: Ledger = LEDGER) -> None:
        self._app = app
        self._ledger = ledger
        self._path = re.compile(rf"{re.escape(prefix)}/_stcore/upload_file/([^/]+)/([^/]+)")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._path.fullmatch(scope["path"]) if scope["type"] == "http" else None
        handlers = {"PUT": self._put, "DELETE": self._delete}
        if found is None or scope["method"] not in handlers:
            await self._app(scope, receive, send)
        else:
            await handlers[scope["method"]](found[1], found[2], scope, receive, send)

    async def _put(
        self, visitor: str, file: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        upload = Upload(visitor, (scope.get("client") or ("",))[0])
        kept = answered = False

        async def counted() -> Message:
            message = await receive()
            self._count(upload, len(message.get("body", b"")))
            return message

        async def told(message: Message) -> None:
            nonlocal kept, answered
            if message["type"] == "http.response.start":
                answered, kept = True, message["status"] < 400
                if kept:  # before the browser gets the answer and may delete it
                    self._ledger.keep(upload, file)
            await send(message)

        try:
            self._count(upload, MIN_BYTES)
            await self._app(scope, counted, told)
        except TooMuch:
            if not answered:
                await JSONResponse({"error": TOO_MUCH}, 413)(scope, receive, send)
        finally:
            if not kept:
                self._ledger.drop(upload)

    def _count(self, upload: Upload, size: int) -> None:
        if not self._ledger.count(upload, size):
            raise TooMuch

    async def _delete(
        self, visitor: str, file: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self._ledger.give_back(visitor, file)
            await send(message)

        await self._app(scope, receive, told)
