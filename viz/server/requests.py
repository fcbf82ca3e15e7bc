"""Reads a request: its query, within limits, and its sender."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from viz.addresses import share_of
from viz.text import Message

MAX_QUERY_BYTES = 128 * 1024  # two matrices of 4,096 cells set by hand are some 105 kB
MAX_PARAMETERS = 256
TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
TOKEN_HEADER = "x-pointwise-token"


class Refused(Exception):
    """Raised when a request is refused: the status, and one sentence for its sender."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(status, sentence)
        self.status, self.sentence = status, sentence


TOO_LONG: tuple[int, Message] = 400, "The query is too long."
NO_PICTURE: tuple[int, Message] = 404, "This picture is no longer here; please upload it again."
NEWER: tuple[int, Message] = 409, "Something newer was asked for."


def address_text(request: Request) -> str:
    """The query after the question mark; bytes that are not ASCII become replacement characters."""
    return bytes(request.scope["query_string"]).decode("ascii", errors="replace")


async def query_text(request: Request) -> str:
    """The query of a GET, or of a POST where it is too long for an address.

    Raises:
        Refused: if it is longer than any valid one.
    """
    text = address_text(request)
    if request.method == "POST":
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_QUERY_BYTES:
                raise Refused(*TOO_LONG)
        text = body.decode("ascii", errors="replace")
    if len(text) > MAX_QUERY_BYTES:
        raise Refused(*TOO_LONG)
    return text


def parameters(text: str) -> dict[str, str]:
    """The parameters of a query; of repeated ones the last counts.

    >>> parameters("stride=2&stage=&stride=3")
    {'stride': '3', 'stage': ''}

    Raises:
        Refused: if there are too many.
    """
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PARAMETERS))
    except ValueError:
        raise Refused(400, "The query has too many parameters.") from None


def whole(query: Mapping[str, str], name: str, allowed: range) -> int:
    """The value of a parameter that must be a whole number.

    Raises:
        Refused: if it is missing, not a whole number, or out of range.
    """
    text = query.get(name, "")
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) not in allowed:
        raise Refused(400, f"{name} must be a whole number, {allowed[0]} to {allowed[-1]}.")
    return int(text)


def token(request: Request, query_token: str) -> str:
    """The visitor's token, from the header, which keeps it out of the address, or from the query.

    Raises:
        Refused: if it is missing or malformed.
    """
    said = request.headers.get(TOKEN_HEADER, query_token)
    if not TOKEN.fullmatch(said):
        raise Refused(400, "token is missing or malformed.")
    return said


def address(request: Request) -> str:
    """The address by which the request gets its share of the computing time.

    It is the peer's address as uvicorn knows it: behind a trusted proxy, the one that the proxy
    names. What a request says of itself is not trusted.
    """
    return share_of(request.client.host if request.client else None)
