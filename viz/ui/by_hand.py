"""Components on which the visitor sets items by hand: what they are given, and what they tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from viz.ui import text
from viz.ui.told import are_rows, revision, told

TOLD = "told"
OnChange = Callable[[list[list[int]]], None]


def by_hand(
    component: Any,
    items: tuple[tuple[int, ...], ...],
    data: Mapping[str, object],
    *,
    key: str,
    numbers: int,
    most: int,
    disabled: bool,
    on_change: OnChange,
) -> None:
    """Shows a component whose script is mounted by `viz/ui/javascript/by_hand.js`.

    Args:
        component: of `viz.ui.component`.
        items: in the order in which they were set; a later one lies over an earlier one.
        data: what only this component has.
        key: the component's key, which stays the same while its data changes.
        numbers: of each item.
        most: items.
        disabled: whether nothing can be set.
        on_change: called with all items after each change; their numbers may be anything.
    """

    def changed() -> None:
        said = told(key, TOLD).get("items")
        if are_rows(said, numbers):
            on_change(said)

    every = {
        "items": items,
        "most": most,
        "disabled": disabled,
        "revision": revision(told(key, TOLD)),
        "language": text.language(),
    }
    component(key=key, data={**data, **every}, on_told_change=changed)
