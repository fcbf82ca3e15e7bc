"""The card of questions: predicted by a visitor or by a class, then revealed on the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from viz.languages import LANGUAGES
from viz.text import Text
from viz.ui import jobs, text
from viz.ui.component import component
from viz.ui.lesson import Inputs
from viz.ui.visitor import Asked, visitor

if TYPE_CHECKING:
    from viz.lessons.question import Answer, Question, Words

KEY = "predict"
CARD = "predict"

_COMPONENT = component("predict", '<div class="predict"></div>')


def predict(inputs: Inputs) -> None:
    """Places the card; it is empty unless it is open, or a class is asked.

    Its questions are about the view in which it was opened, and stay while answers are shown.
    """

    def anew() -> None:
        visitor().asked = None

    data = {"slug": inputs.lesson.slug, "language": text.language(), **_asked(inputs)}
    _COMPONENT(key=KEY, data=data, on_anew_change=anew)


def _asked(inputs: Inputs) -> Mapping[str, Any]:
    """The questions and the number of times that this visitor has asked for some."""
    if inputs.view.card != CARD:
        visitor().asked = None
        return {"questions": None, "asked": 0}
    held = visitor().asked
    if held is None or held.slug != inputs.lesson.slug:
        number = visitor().times_asked = visitor().times_asked + 1
        held = Asked(inputs.lesson.slug, number, _questions(inputs))
        visitor().asked = held
    return {"questions": held.questions, "asked": held.number}


def _questions(inputs: Inputs) -> list[Mapping[str, Any]]:
    from viz.run.questions import questions, questions_key

    given = (inputs.lesson, inputs.setting, inputs.view, inputs.focus)
    found = jobs.asked("questions", questions_key(*given), lambda: questions(*given))
    return [as_data(question) for question in found or ()]


def as_data(question: Question) -> Mapping[str, Any]:
    """A question in plain numbers, and its texts in every language."""
    return {
        "name": question.name,
        "fields": question.fields,
        **_answer(question.answer),
        "said": {each.tag: _said(question, partial(text.said_in, each)) for each in LANGUAGES},
    }


def _answer(answer: Answer) -> Mapping[str, Any]:
    """What is the same in every language."""
    from viz.lessons.question import Number, OneOf

    if isinstance(answer, OneOf):
        return {"kind": "one", "right": answer.right}
    if isinstance(answer, Number):
        limits = {"low": answer.low, "high": answer.high, "within": answer.within}
        return {"kind": "number", "right": answer.right, **limits}
    cells = [list(cell) for cell in sorted(answer.right)]
    return {"kind": "where", "right": cells, "on": answer.on, "grid": list(answer.grid)}


def _said(question: Question, say: Callable[[Words], str]) -> Mapping[str, Any]:
    """What is read of a question, in one language."""
    from viz.lessons.question import Number, OneOf

    answer = question.answer
    whole = {"ask": say(question.ask), "why": say(question.why)}
    if isinstance(answer, OneOf):
        reasons = [say(each) for each in answer.instead]
        return {**whole, "options": [say(each) for each in answer.options], "instead": reasons}
    if isinstance(answer, Number):
        return {**whole, "unit": say(answer.unit), "instead": say(_open(answer.instead))}
    return {**whole, "instead": say(answer.instead)}


def _open(words: Words) -> Words:
    """The words with `{said}` left in its braces, for the number is said in the browser."""
    if isinstance(words, Text):
        return Text(words.message, {**words.values, "said": "{said}"})
    return words
