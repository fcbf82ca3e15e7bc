"""The card of questions: about the view in which it was opened, while its answers are shown."""

from __future__ import annotations

from typing import Any

from visiting import data, opened, run_again

from viz.lessons import page_path


def asked(page: Any) -> tuple[int, list[str]]:
    """How often questions were asked for, and the last ones."""
    given = data(page, "predict")
    english = [each["said"]["en"]["ask"] for each in given["questions"] or ()]
    return given["asked"], english


def test_questions_stay_until_the_card_is_closed_and_are_of_the_present_view_then() -> None:
    page = opened({"stride": "3"}, page_path("strided"))
    assert asked(page) == (0, [])
    page.query_params.update({"card": "predict"})
    first = asked(run_again(page))
    assert first[0] == 1
    assert any("stride 3 in a row" in ask for ask in first[1])
    page.query_params.update({"stride": "5"})  # an answer is shown
    assert asked(run_again(page)) == first
    del page.query_params["card"]
    assert asked(run_again(page)) == (0, [])
    page.query_params.update({"card": "predict"})
    second = asked(run_again(page))
    assert second[0] == 2
    assert any("stride 5 in a row" in ask for ask in second[1])
