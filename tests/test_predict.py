"""A question as the browser gets it: numbers apart from words, and the words in every language."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from viz.languages import LANGUAGES
from viz.lessons.question import Answer, Number, OneOf, Question, Where
from viz.text import text
from viz.ui.predict import as_data

TAGS = {language.tag for language in LANGUAGES}
NO = text("No, {n} is not.", n=3)
ONE = OneOf((text("{n} px", n=1), "R"), 1, (NO, ""))
NUMBER = Number(2.5, text("px"), text("{said} is not {n}.", n=3), within=0.5, low=1.0, high=9.0)
WHERE = Where("photo", frozenset({(1, 0), (0, 1)}), (2, 3), NO)


def question(answer: Answer) -> Question:
    reveal = {"stride": 5, "again": True, "stage": "strided", "edits": ((0, 1, -500),)}
    return Question(
        "name", text("How many of {n}?", n=7), answer, text("There are {n}.", n=2), reveal
    )


@pytest.mark.parametrize(
    ("answer", "numbers"),
    [
        (ONE, {"kind": "one", "right": 1}),
        (NUMBER, {"kind": "number", "right": 2.5, "within": 0.5, "low": 1.0, "high": 9.0}),
        (WHERE, {"kind": "where", "right": [[0, 1], [1, 0]], "on": "photo", "grid": [2, 3]}),
    ],
)
def test_numbers_are_the_same_for_all_and_words_are_in_every_language(
    answer: Answer, numbers: dict[str, object]
) -> None:
    data = as_data(question(answer))
    assert json.loads(json.dumps(data)) == data, "the browser gets JSON"
    assert {name: data[name] for name in data if name not in ("name", "fields", "said")} == numbers
    assert data["fields"] == {"stride": "5", "again": "1", "stage": "strided", "edits": "0.1.-500"}
    assert set(data["said"]) == TAGS
    for said in data["said"].values():
        assert {"ask", "why", "instead"} <= set(said)
    assert data["said"]["en"]["ask"] == "How many of 7?"


@pytest.mark.parametrize(
    ("answer", "instead"),
    [(ONE, ["No, 3 is not.", ""]), (NUMBER, "{said} is not 3."), (WHERE, "No, 3 is not.")],
)
def test_what_a_wrong_answer_means_waits_for_the_number_that_is_said(
    answer: Answer, instead: str | Sequence[str]
) -> None:
    assert as_data(question(answer))["said"]["en"]["instead"] == instead
