"""Reads what lecturers and followers send, so that only what is well-formed goes to others."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping
from typing import Any

from viz.rooms.refusals import Malformed

BROWSER = re.compile(r"[A-Za-z0-9_-]{8,64}")
LANGUAGES = 8  # a question may come in
GRID = 1024  # rows and columns of a picture of which a cell is asked

_QUERY = re.compile(r"[!-~]*")  # as in an address: printable ASCII


def parsed(body: bytes) -> Any:
    """The JSON of a body.

    Raises:
        Malformed: if it is none, or holds NaN or an infinity.
    """
    try:
        return json.loads(body, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        raise Malformed from None


def written(value: Any) -> bytes:
    """JSON in one line of ASCII."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")


def view(body: bytes, slugs: Collection[str]) -> bytes:
    """A lecturer's view as followers get it.

    >>> view(b'{"slug": "lab", "query": "stride=2", "live": true, "pointer": [0.5, 1]}', ["lab"])
    b'{"slug":"lab","query":"stride=2","live":true,"pointer":[0.5,1]}'

    Raises:
        Malformed: if anything else is sent.
    """
    match parsed(body):
        case {"slug": str(slug), "query": str(query), "live": bool(live), "pointer": pointer, **no}:
            if no or slug not in slugs or not _QUERY.fullmatch(query) or not _place(pointer):
                raise Malformed
            return written({"slug": slug, "query": query, "live": live, "pointer": pointer})
    raise Malformed


def flag(body: bytes) -> bytes:
    """`true` or `false`.

    Raises:
        Malformed: if it is something else.
    """
    value = parsed(body)
    if not isinstance(value, bool):
        raise Malformed
    return written(value)


def asked(body: bytes) -> tuple[dict[str, Any], dict[str, Any], int]:
    """Question, truth and attempt of a round; what they say to people is passed on as it is.

    Raises:
        Malformed: if an answer could not be judged by it.
    """
    match parsed(body):
        case {"question": dict(question), "truth": dict(truth), "attempt": 1 | 2 as attempt, **no}:
            if no or not question or len(question) > LANGUAGES:
                raise Malformed
            forms = [_form(each) for each in question.values()]
            if forms.count(forms[0]) < len(forms):
                raise Malformed
            return question, truth, int(attempt)
    raise Malformed


def told(body: bytes) -> bool:
    """Whether the truth is told when a round is closed; without a body it is.

    Raises:
        Malformed: if something else is sent.
    """
    match parsed(body or b'{"truth":true}'):
        case {"truth": bool(truth), **no} if not no:
            return truth
    raise Malformed


def answered(body: bytes) -> tuple[int, str, Any]:
    """Round, browser and answer of a follower.

    Raises:
        Malformed: if they are not there.
    """
    match parsed(body):
        case {"round": int(number), "browser": str(browser), "answer": answer, **no} if not no:
            if BROWSER.fullmatch(browser):
                return number, browser, answer
    raise Malformed


def judged(question: Mapping[str, Any], answer: Any) -> str:
    """The answer as JSON, the same for equal answers.

    >>> judged({"en": {"kind": "number", "low": 0, "high": 9}}, 3.0)
    '3'
    >>> judged({"en": {"kind": "where", "grid": [8, 8]}}, [7, 0])
    '[7,0]'

    Raises:
        Malformed: if the question has no such answer.
    """
    kind, form = _form(next(iter(question.values())))
    if kind == "one" and _whole(answer, form[0]):
        return str(answer)
    if kind == "number" and _is_number(answer) and form[0] <= answer <= form[1]:
        return written(int(answer) if answer == int(answer) else answer).decode()
    pair = isinstance(answer, list) and len(answer) == 2
    if kind == "where" and pair and all(map(_whole, answer, form)):
        return written(answer).decode()
    raise Malformed


def _form(question: Any) -> tuple[str, list[Any]]:
    """What decides whether an answer is one: how many options, from where to where, which grid."""
    match question:
        case {"kind": "one", "options": [_, _, *more]}:
            return "one", [2 + len(more)]
        case {"kind": "number", "low": low, "high": high} if _is_number(low) and _is_number(high):
            return "number", [low, high]
        case {"kind": "where", "grid": [rows, columns]}:
            if _whole(rows, GRID + 1) and _whole(columns, GRID + 1):
                return "where", [rows, columns]
    raise Malformed


def _place(pointer: Any) -> bool:
    if pointer is None:
        return True
    pair = isinstance(pointer, list) and len(pointer) == 2
    return pair and all(_is_number(each) and 0 <= each <= 1 for each in pointer)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: Any, end: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < end


def _refuse(_: str) -> None:
    raise ValueError("not a number")


def _finite(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError("not a finite number")
    return value
