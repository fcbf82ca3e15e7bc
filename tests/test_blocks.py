"""How the page draws blocks: what only the page knows goes to the builders that ask for it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from viz.figures.curves import curves
from viz.lessons.blocks import Chart, Columns, LessonLink, Panels, Prose
from viz.text import text
from viz.ui import blocks


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("themed", [False, True])
def test_a_chart_whose_colours_depend_on_the_theme_is_told_it(
    monkeypatch: pytest.MonkeyPatch, theme: str, themed: bool
):
    drawn: list[Any] = []
    page = SimpleNamespace(
        context=SimpleNamespace(theme=SimpleNamespace(type=theme)),
        plotly_chart=lambda figure, **_: drawn.append(figure),
    )
    monkeypatch.setattr(blocks, "st", page)
    chart = Chart("one", lambda **given: given, {"n": 3}, text("A chart"), themed=themed)
    blocks.draw(None, chart)
    assert drawn == [{"n": 3, "dark": theme == "dark"} if themed else {"n": 3}]


def keys(block: Any) -> list[str]:
    if isinstance(block, Columns):
        return [key for column in block.columns for each in column for key in keys(each)]
    return [block.key] if hasattr(block, "key") else []


def test_a_suffix_reaches_every_key_also_in_columns() -> None:
    """Streamlit refuses a key that is used twice in a run, and long work is drawn again and again."""
    chart = Chart("chart", curves, {}, text("alt"))
    inner = Columns([[Panels("panels", [])], [Prose(text("words"))]])
    for block in (chart, Columns([[chart, inner], []])):
        assert keys(block)
        assert keys(blocks.with_suffix(block, "7")) == [f"{key}_7" for key in keys(block)]


def test_a_link_to_a_lesson_takes_the_picture_along(monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[Any] = []
    page = SimpleNamespace(page_link=lambda to, **given: followed.append((to, given)))
    monkeypatch.setattr(blocks, "st", page)
    monkeypatch.setattr(blocks, "page_of", lambda lesson: lesson.slug)
    inputs: Any = SimpleNamespace(view=SimpleNamespace(picture="brick"))
    blocks.draw(inputs, LessonLink(text("There"), "lab", {"bank": "learned", "strided": False}))
    query = {"picture": "brick", "bank": "learned", "strided": "0"}
    assert followed == [("lab", {"label": "There", "query_params": query})]
