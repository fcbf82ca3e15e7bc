"""Why a room does not do what it is asked for."""

from __future__ import annotations


class Refusal(Exception):
    """One sentence for whoever asked."""

    sentence = ""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence)


class Malformed(Refusal):
    """What was sent cannot be read."""

    sentence = "That could not be read."


class Gone(Refusal):
    """There is no room of this code, or no more."""

    sentence = "There is no room with this code."


class NotYours(Refusal):
    """The room belongs to another secret."""

    sentence = "Only the lecturer who opened this room can do that."


class TooFast(Refusal):
    """The same again too soon."""

    sentence = "That was too fast; please try again in a moment."


class Late(Refusal):
    """The round is not open."""

    sentence = "This round is closed."


class Twice(Refusal):
    """This browser has answered already."""

    sentence = "You have answered already."


class Full(Refusal):
    """A bound is reached."""

    sentence = "There is no more room here; please try again later."


class Down(Refusal):
    """What the servers share cannot be reached."""

    sentence = "Sharing is interrupted; it goes on by itself."
