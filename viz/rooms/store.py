"""Where rooms are kept: a small interface with an implementation in memory and one in Redis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

Parts = Mapping[str, bytes]
ELSEWHERE = "elsewhere."  # the part that says how many follow on another server begins so
SWEEP_S = 60  # between two looks for rooms to be forgotten


class Hears(Protocol):
    """Who is told what happens in rooms: the feeds of this process."""

    def told(self, code: str, parts: Parts | None) -> None:
        """Some parts have changed; None when the room has ended."""

    def interrupted(self, now: bool) -> None:
        """Whether the store cannot be reached, so that nothing is heard."""

    def codes(self) -> Iterable[str]:
        """The rooms that somebody here follows."""

    def followers(self) -> Mapping[str, int]:
        """How many follow each room here."""


class RoomStore(Protocol):
    """Rooms by their codes. A room is a few parts in JSON, of which the last writer wins.

    A part whose name begins with a dot never leaves the server. Besides them a room has the answers
    of its present round, of which the first of each browser wins.

    Every method raises `Gone` if there is no such room, and `Down` if the store cannot be reached.
    """

    async def open(self, code: str, owner: str, parts: Parts) -> None:
        """Opens a room that begins with these parts, or goes on with it as it is.

        Raises:
            NotYours: if another owner has one of this code.
            Full: if there are too many rooms.
        """

    async def parts(self, code: str) -> Parts:
        """All parts of a room; `.owner` is always among them."""

    async def put(self, code: str, parts: Parts) -> None:
        """Changes some parts, and tells everybody who follows the room, wherever they are."""

    async def end(self, code: str) -> None:
        """Forgets a room and tells everybody."""

    async def begin(self, code: str) -> int:
        """Begins a round: its number. The answers of the former one are dropped."""

    async def answer(self, code: str, number: int, browser: str, answer: str) -> None:
        """Keeps a browser's answer to a round, and tells everybody how many there are.

        Raises:
            Late: if this round is not open.
            Twice: if this browser has answered.
            Full: if there are as many answers as a room may have followers.
        """

    async def close(self, code: str) -> list[str]:
        """Closes the round: its answers.

        Raises:
            Late: if none is open.
        """

    async def sweep(self) -> None:
        """Forgets the rooms that have not been used for hours."""

    async def run(self) -> None:
        """What must be done for as long as the server runs."""
