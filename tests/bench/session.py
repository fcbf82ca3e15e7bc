"""One visitor of a Streamlit app, in Streamlit's own protocol: no browser, the same messages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from client import Failed
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect  # comes with Streamlit
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

    async def connect(self) -> None:
        """Opens the socket as a page does.

        Raises:
            OSError, WebSocketException: if the server refuses.
        """
        netloc = urlsplit(self._address).netloc
        self._socket = await connect(
            f"ws://{netloc}/_stcore/stream",
            subprotocols=PROTOCOLS,
            origin=Origin(f"http://{netloc}"),
            max_size=None,
            open_timeout=None,  # whoever waits says how long
        )

    async def close(self) -> None:
        if self._socket:
            await self._socket.close()

    async def run(self) -> list[ForwardMsg]:
        """Runs the page once; all that came until it had ended.

        Raises:
            Failed: if the run does not end well.
        """
        assert self._socket is not None
        await self._socket.send(rerun(self._address, self._query))
        came = []
        async for data in self._socket:
            came.append(ForwardMsg.FromString(data))
            if came[-1].WhichOneof("type") == "script_finished":
                if came[-1].script_finished == DONE:
                    return came
                if came[-1].script_finished != AGAIN:
                    raise Failed(f"the run ended with {came[-1].script_finished}")
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
