"""One visitor of a Streamlit app, in Streamlit's own protocol: no browser, the same messages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from client import Failed
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect  # comes with Streamlit
from websockets.protocol import State
from websockets.typing import Origin, Subprotocol

# What the page names beside the protocol when it has no cookie yet.
PROTOCOLS = [Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN")]
DONE = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
AGAIN = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN


class Session:
    """A websocket to a server, as a tab holds one.

    Args:
        address: of the page.
        query: what stands behind the question mark.
    """

    def __init__(self, address: str, query: str = "") -> None:
        self._address, self._query = address, query
        self._socket: ClientConnection | None = None

    async def connect(self, cookie: str = "") -> None:
        """Opens the socket as a page does.

        Args:
            cookie: the header that a browser sends.

        Raises:
            OSError, WebSocketException: if the server refuses.
        """
        netloc = urlsplit(self._address).netloc
        self._socket = await connect(
            f"ws://{netloc}/_stcore/stream",
            subprotocols=PROTOCOLS,
            origin=Origin(f"http://{netloc}"),
            additional_headers={"Cookie": cookie} if cookie else None,
            max_size=None,
            open_timeout=None,  # whoever waits says how long
        )

    @property
    def is_closed(self) -> bool:
        return self._socket is None or self._socket.state is State.CLOSED

    async def close(self) -> None:
        if self._socket:
            await self._socket.close()

    async def run(self) -> list[ForwardMsg]:
        """Runs the page once; all that came until it had ended.

        Raises:
            Failed: if the run does not end well.
        """
        message = BackMsg.FromString(rerun(self._address, self._query))
        return await self.send(message)

    async def send(self, message: BackMsg) -> list[ForwardMsg]:
        """Sends what makes the page run; all that came until it had ended.

        Raises:
            Failed: if the run does not end well.
        """
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())
        came = []
        async for data in self._socket:
            came.append(ForwardMsg.FromString(data))
            if came[-1].WhichOneof("type") == "script_finished":
                if came[-1].script_finished == DONE:
                    return came
                if came[-1].script_finished != AGAIN:
                    raise Failed(f"the run ended with {came[-1].script_finished}")
        raise Failed("the server hung up")

    async def file_urls(self, name: str) -> FileURLs:
        """Where a file of this name may be sent."""
        assert self._socket is not None
        message = BackMsg()
        message.file_urls_request.request_id = name
        message.file_urls_request.file_names.append(name)
        await self._socket.send(message.SerializeToString())
        async for data in self._socket:
            came = ForwardMsg.FromString(data)
            if came.WhichOneof("type") == "file_urls_response":
                return came.file_urls_response.file_urls[0]
        raise Failed("the server hung up")


def rerun(address: str, query: str = "") -> bytes:
    """What a page sends first.

    >>> BackMsg.FromString(rerun("http://localhost/", "stage=bank")).rerun_script.query_string
    'stage=bank'
    """
    message = BackMsg()
    message.rerun_script.query_string = query
    context = message.rerun_script.context_info
    context.url, context.timezone, context.locale = address, "UTC", "en-US"
    return message.SerializeToString()


def token(messages: Iterable[ForwardMsg]) -> str:
    """The token that the page gives to its canvas.

    Raises:
        Failed: if the page has no canvas, as where an accident is told instead.
    """
    for message in messages:
        if message.WhichOneof("type") == "delta":
            data = _component(message)
            if isinstance(data, dict) and "token" in data:
                return str(data["token"])
    raise Failed("the page has no canvas")


def _component(message: ForwardMsg) -> Any:
    component = message.delta.new_element.bidi_component
    kind = component.WhichOneof("data")
    if kind not in ("json", "mixed"):
        return None
    return json.loads(component.json if kind == "json" else component.mixed.json)
