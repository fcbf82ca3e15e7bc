"""Downloads: each file is computed when its button is pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from viz.languages import ENGLISH, Language
from viz.settings import Setting, as_text
from viz.ui import jobs, media_cleanup
from viz.ui.lesson import Inputs
from viz.ui.speaking import speaking, spoken
from viz.ui.text import _, named

SHARPEST_PX = 2048  # no working size is larger, so maps are not reduced
Ask = Callable[[Callable[[], Any]], Any]


class File(NamedTuple):
    """A kind of file: its button's label, its name's ending, and the function that makes it."""

    label: str
    ending: str
    mime: str
    make: Callable[[Inputs, str, Ask], bytes | str]


def buttons(inputs: Inputs, stage: str) -> None:
    """A button for every file; `stage` is the one whose maps are on the canvas."""
    who = jobs.waiting()  # the click's thread has no visitor
    with st.container(horizontal=True):
        for file in FILES:
            st.download_button(
                _(file.label),
                partial(
                    _made, file, inputs, stage, partial(_done, inputs, who, file.ending), spoken()
                ),
                file_name=f"{inputs.lesson.slug}-{stage}.{file.ending}",
                mime=file.mime,
                key=f"take_{file.ending}",
                on_click="ignore",  # nothing on the page changes
            )


def _made(file: File, inputs: Inputs, stage: str, ask: Ask, language: Language) -> bytes | str:
    """The content of the file, which Streamlit holds for the browser until it is freed."""
    try:
        with speaking(language):  # the click's thread has no page
            return file.make(inputs, stage, ask)
    finally:
        media_cleanup.soon()


def _done(inputs: Inputs, who: jobs.Waiting, ending: str, work: Callable[[], Any]) -> Any:
    """The result of `work`, computed in the queue; Streamlit shows if it fails."""
    what = f"take {ending}"
    picture = (inputs.focus.key, inputs.named.name)  # a program contains its file's name
    return jobs.answer(who, what, (what, inputs.view, inputs.setting, picture), work)


def _panel(inputs: Inputs, stage: str, ask: Ask) -> bytes:
    """In the visitor's language, or in English where the server has no font for it."""
    from viz.figures.font import letters_of

    with letters_of(spoken().tag) as there, speaking(spoken() if there else ENGLISH):
        return _picture_of_maps(inputs, stage, ask)


def _picture_of_maps(inputs: Inputs, stage: str, ask: Ask) -> bytes:
    from viz import export
    from viz.run import drawing

    view = inputs.view
    buffer = ask(
        lambda: drawing.draw_slices(inputs.lesson, inputs.setting, view, inputs.focus, SHARPEST_PX)
    )
    difference = view.showing == "difference"
    own = view.scale == "own" and not difference
    return export.panel(
        buffer,
        " · ".join(
            [_(inputs.lesson.entry.title), _stage_title(inputs, stage), *[_("B − A")] * difference]
        ),
        in_words(inputs),
        scale=view.scale,
        caption=_("each map its own scale") if own else _("one scale for all"),
        picture=_("as a picture"),
        difference=difference,
        min_max=(_("min"), _("max")),
        own_names=inputs.own_names,
        named=named,
    )


def _maps(inputs: Inputs, stage: str, ask: Ask) -> bytes:
    from viz import export, run

    def work() -> tuple[dict[str, Any], dict[str, Any]]:
        network, device = _network(inputs)
        return run.maps(network, inputs.focus, device), export.filter_arrays(network, stage)

    maps, filters = ask(work)
    return export.npz(maps, filters, query(inputs, stage))


def _table(inputs: Inputs, stage: str, ask: Ask) -> str:
    from viz import export
    from viz.run import forward

    def work() -> str:
        network, device = _network(inputs)
        done = forward(network, inputs.focus, device)
        milliseconds = {name: round(one.ms, 3) for name, one in done.items()}
        return export.stage_table(network, tuple(inputs.focus.pixels.shape), milliseconds)

    return ask(work)


def _program(inputs: Inputs, stage: str, ask: Ask) -> str:
    from viz import source

    def work() -> source.Program:
        network = _network(inputs)[0].to("cpu")
        return source.program(network, inputs.named, inputs.view.working_size_px, stage=stage)

    return str(ask(work).said(_))


def _notebook(inputs: Inputs, stage: str, ask: Ask) -> str:
    from viz import export

    title = f"{_(inputs.lesson.entry.title)} · {_stage_title(inputs, stage)}"
    program = _program(inputs, stage, ask)
    view = _("The view: {address}", address=f"`?{query(inputs, stage)}`")
    return export.notebook(program, title, view, _(export.LOOK))


FILES = (
    File("Maps as a picture (.png)", "png", "image/png", _panel),
    File("Maps as numbers (.npz)", "npz", "application/octet-stream", _maps),
    File("Table of stages (.csv)", "csv", "text/csv; charset=utf-8", _table),
    File("Program (.py)", "py", "text/x-python; charset=utf-8", _program),
    File("Notebook (.ipynb)", "ipynb", "application/x-ipynb+json", _notebook),
)


def _network(inputs: Inputs) -> tuple[Any, Any]:
    """The network whose maps are on the canvas, and its device."""
    from viz import devices
    from viz.run import building

    device = devices.chosen(inputs.view.device)
    made = building.built(inputs.lesson, inputs.setting, inputs.focus, device)
    return made.network, device


# ── Words ───────────────────────────────────────────────────────────────────────────────────────


def query(inputs: Inputs, stage: str) -> str:
    """The address of the view without the open card, with every value: also those it opens with.

    It shows the same when the lesson opens in another state one day.
    """
    view = replace(inputs.view, picture=inputs.focus.key, stage=stage, card="")
    shown = [(name, getattr(view, name)) for name in ("picture", "working_size_px", "stage")]
    values = [*shown, *vars(inputs.setting).items()]
    every = {name: text for name, value in values if (text := as_text(value))}
    return urlencode({**every, **inputs.lesson.query(view, inputs.setting)})


def in_words(inputs: Inputs) -> list[str]:
    """The pictures, and the controls of every stage, as text."""
    from viz.run import look

    outline = inputs.outline
    names = [inputs.called(each) for each in (inputs.focus, *look.beside(inputs.view))]
    lines = [_("{name}, {n} px", name=", ".join(names), n=max(inputs.focus.pixels.shape))]
    for each in outline.stages:
        words = [_said(name, outline.setting) for name in each.controls]
        cells = getattr(outline.setting, each.stage.cells) if each.stage.cells else ()
        words += [_("weights set by hand: {n}", n=len(cells))] * bool(cells)
        lines.append(": ".join([_(each.title), *[", ".join(words)] * bool(words)]))
    return lines


def _said(name: str, setting: Setting) -> str:
    """A control and its value, as the stage bar shows them."""
    control = setting.controls()[name]
    return f"{_(control.label)} {_(control.in_words(getattr(setting, name)))}"


def _stage_title(inputs: Inputs, stage: str) -> str:
    return _("Picture") if stage == "picture" else _(inputs.outline[stage].title)
