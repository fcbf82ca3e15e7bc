"""What the canvas in the browser sends for maps, and what it makes of the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

from client import Answer, Connection

HEADER, MOVING = "X-Pointwise-Token", "X-Pointwise-Dragging"
FINE_STEP_PX, COARSE_STEP_PX, COARSE_FROM_PX = 16, 32, 128


def stepped(px: int) -> int:
    """How large the canvas says that a map is shown: in steps, so that many ask for the same.

    >>> stepped(112), stepped(127), stepped(159), stepped(9)
    (112, 112, 128, 16)
    """
    step = FINE_STEP_PX if px <= COARSE_FROM_PX else COARSE_STEP_PX
    return max(FINE_STEP_PX, px // step * step)


@dataclass
class Canvas:
    """Asks a server for maps, one request at a time, as one visitor.

    Attributes:
        connection: to the server.
        token_in_query: whether the server wants the visitor's token in the query, see `probe`.
        token: says who asks.
    """

    connection: Connection
    token_in_query: bool
    token: str = field(default_factory=lambda: token_urlsafe(16))

    async def maps(
        self, slug: str, query: Mapping[str, str], shown_px: int, *, moving: bool = False
    ) -> Answer:
        """The answer to one request for maps; `moving` says that the hand is at the slider.

        Raises:
            OSError: if there is none.
        """
        asked = {**query, "shown_px": str(stepped(shown_px))}
        if self.token_in_query:
            asked["token"] = self.token
        headers = {HEADER: self.token, "Sec-Fetch-Site": "same-origin"}
        if moving:
            headers[MOVING] = "1"
        return await self.connection.get(f"/maps/{slug}?{urlencode(asked)}", headers)


async def probe(netloc: str) -> bool:
    """Whether a server still wants the token in the query: it refuses one in the header alone."""
    connection = Connection(netloc)
    try:
        answer = await Canvas(connection, token_in_query=False).maps("lab", {}, 128)
        return answer.status == 400
    finally:
        connection.close()


def header(buffer: bytes) -> bytes:
    """The JSON in front of the pixels, as it came.

    >>> header(b"\\x02\\x00\\x00\\x00{}pixels")
    b'{}'
    """
    return buffer[4 : 4 + int.from_bytes(buffer[:4], "little")]


def reduced(answer: Answer) -> bool:
    """Whether maps came in a lower resolution because many waited.

    >>> reduced(Answer(200, {"x-pointwise-reduced": "1"}, b"")), reduced(Answer(200, {}, b""))
    (True, False)
    """
    return answer.headers.get("x-pointwise-reduced") == "1"


def drawn(buffer: bytes) -> tuple[Any, bytes]:
    """What is drawn: shape and ends of every block, and the pixels."""
    text = header(buffer)
    return json.loads(text or b"{}").get("blocks"), buffer[4 + len(text) :]
