"""The address bar, the only place for the state of a view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import streamlit as st

from viz.settings import Cells
from viz.shell import Shell
from viz.ui.visitor import visitor

if TYPE_CHECKING:
    from viz.lessons.lesson import Lesson

MAX_CELLS = 64  # of a matrix set by hand that the address holds; further ones stay in the tab


def read(lesson: Lesson[Any]) -> dict[str, str]:
    """The address of a lesson: that of the page, else as last seen, else empty.

    The shell is written into the address of another page that was opened without it.
    """
    slug, known = lesson.slug, lesson.opening().controls
    _end_tour_of_another(slug)
    said = st.query_params.to_dict()
    query = {name: value for name, value in said.items() if name in known} or _last_seen(slug)
    if not said.items() >= {**query, **shell().to_query()}.items():
        write(slug, query)
    _keep(slug, query)
    return {**query, **_long_cells(query)}


def write(slug: str, query: Mapping[str, str]) -> None:
    """Writes the address, and keeps it for when the lesson is opened again."""
    _keep(slug, query)
    st.query_params.from_dict({**shell().to_query(), **query})


def shell() -> Shell:
    """What the address holds for all pages alike; as last seen if it says nothing of that."""
    query = st.query_params.to_dict()
    if query.keys() & Shell.controls().keys():
        visitor().shell = Shell.from_query(query)
    return visitor().shell


def change_shell(**values: str) -> None:
    """Takes over values of the shell that a script has put into the address, or removed from it.

    The script's word counts: an empty value is gone from the next pages too.
    """
    changed = Shell.from_query({**shell().to_query(), **values})
    visitor().shell = changed
    said = st.query_params.to_dict()
    lesson = {name: value for name, value in said.items() if name not in Shell.controls()}
    if said != {**changed.to_query(), **lesson}:
        st.query_params.from_dict({**changed.to_query(), **lesson})


def change(lesson: Lesson[Any], **values: str) -> None:
    """Changes some parameters of the address; keeps the others, and leaves the opening out.

    The others are those seen or committed last: the request may still have an older address, where
    the answer to a commit before the last one was on its way.
    """
    query = {**visitor().kept.get(lesson.slug, {}), **values}
    write(lesson.slug, lesson.opening(query.get("part", "")).changed(query))


def take_in(lesson: Lesson[Any], search: str) -> None:
    """Takes over the address that the canvas committed, with the same text in the same order.

    Values that are not allowed are left out, and only the first cells set by hand are written.
    """
    said = dict(parse_qsl(search, keep_blank_values=True, max_num_fields=256))
    controls = lesson.opening().controls
    allowed = {
        name: text
        for name, text in said.items()
        if name in controls and controls[name].read(text) is not None
    }
    for name, text in allowed.items():
        if isinstance(controls[name], Cells):
            allowed[name] = "_".join(text.split("_")[:MAX_CELLS])
            visitor().long_cells[name] = text
    write(lesson.slug, allowed)


def forget_picture(key: str) -> None:
    """Takes a picture out of the addresses that lessons are opened again with."""
    for query in visitor().kept.values():
        if query.get("picture") == key:
            del query["picture"]
        if key in query.get("others", "").split("."):
            del query["others"]
        if f"picture={key}" in query.get("pinned", "").split("&"):
            query.pop("pinned")
            query.pop("showing", None)


def _end_tour_of_another(slug: str) -> None:
    """A step of the tour belongs to the lesson that it was opened on."""
    last = next(reversed(visitor().kept), slug)
    if last != slug:
        visitor().shell = replace(visitor().shell, tour="")


def _keep(slug: str, query: Mapping[str, str]) -> None:
    """Keeps a lesson's address; the lesson seen last is the last one."""
    visitor().kept.pop(slug, None)
    visitor().kept[slug] = dict(query)


def _last_seen(slug: str) -> dict[str, str]:
    """The last address of this lesson, else the picture and size of the lesson seen last."""
    kept = visitor().kept
    if slug in kept or not kept:
        return kept.get(slug, {})
    last = kept[next(reversed(kept))]
    return {name: last[name] for name in ("picture", "working_size_px", "device") if name in last}


def _long_cells(query: Mapping[str, str]) -> dict[str, str]:
    """Fields with more cells than the address holds, with all cells from this tab."""
    return {
        name: text
        for name, text in visitor().long_cells.items()
        if query.get(name) == "_".join(text.split("_")[:MAX_CELLS])
    }
