"""Widgets of fields: how many stand side by side, and how far a section lets them go."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from viz.settings import ANY, Allowed
from viz.ui import controls


@pytest.mark.parametrize(
    ("count", "rows"), [(0, []), (1, [1]), (5, [5]), (6, [3, 3]), (8, [4, 4]), (11, [3, 4, 4])]
)
def test_many_stand_in_rows_of_about_equal_length(monkeypatch, count: int, rows: list[int]):
    columns: list[int] = []
    shown: list[str] = []

    def side_by_side(n: int) -> list[Any]:
        columns.append(n)
        return [nullcontext()] * n

    monkeypatch.setattr(controls, "st", SimpleNamespace(columns=side_by_side))
    monkeypatch.setattr(controls, "control", lambda _, name, limit: shown.append(name))
    names = [f"field {n}" for n in range(count)]
    controls.controls(None, names)
    assert columns == rows
    assert shown == names


def test_each_widget_gets_the_limit_of_its_own_field(monkeypatch):
    found: dict[str, Allowed] = {}
    alone = SimpleNamespace(columns=lambda n: [nullcontext()] * n)
    monkeypatch.setattr(controls, "st", alone)
    monkeypatch.setattr(controls, "control", lambda _, name, limit: found.update({name: limit}))
    controls.controls(None, ["rank", "branch"], {"rank": Allowed(most=5)})
    assert found == {"rank": Allowed(most=5), "branch": ANY}
