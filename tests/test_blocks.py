"""How the page draws blocks: what only the page knows goes to the builders that ask for it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from viz.lessons.blocks import Chart
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
