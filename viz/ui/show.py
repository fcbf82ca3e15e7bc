"""The cards below the canvas: the arithmetic of one number, the proof, the program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from viz.numbers import number
from viz.ui import downloads
from viz.ui.controls import controls
from viz.ui.jobs import asked, of_view
from viz.ui.lesson import Inputs
from viz.ui.proof_table import proof_table
from viz.ui.saving import saving
from viz.ui.text import _, has_passage, named, passage
from viz.ui.worked import worked

if TYPE_CHECKING:
    from viz.arithmetic import Arithmetic
    from viz.run import ProofRow


def unit(inputs: Inputs) -> None:
    """The arithmetic of the unit that was clicked, if one was."""
    index = inputs.view.unit_index
    if index is None:
        return
    from viz import devices
    from viz.run import building, unit_arithmetic

    def work() -> tuple[str, Arithmetic, float] | None:
        device = devices.chosen(inputs.view.device)
        network = building.built(inputs.lesson, inputs.setting, inputs.focus, device).network
        stage = building.chosen_stage(network, inputs.view)
        if stage == "picture":
            return None
        return stage, *unit_arithmetic(network, inputs.focus, device, stage, index)

    try:
        taken = asked("unit", of_view("unit", inputs), work)
    except ValueError:
        return  # the address may have a unit that this map does not have
    if taken is not None:
        _arithmetic(inputs, index, *taken)


def card(inputs: Inputs) -> None:
    """The open card: proof, code, downloads, or none."""
    if inputs.view.card == "proof":
        proof(inputs)
    elif inputs.view.card == "code":
        code(inputs)
    elif inputs.view.card == "take":
        take(inputs)


def prose(inputs: Inputs) -> None:
    """Where the claim stops being true, if the lesson's prose says so."""
    heading = "Where it stops being true"
    if has_passage(inputs.lesson.slug, heading):
        with st.container(key="lesson_prose"):
            st.markdown(f"**{_(heading)}**\n\n{passage(inputs.lesson.slug, heading)}")


def proof(inputs: Inputs) -> None:
    """Every claim of the lesson, with both sides computed on this picture."""
    from viz import devices
    from viz.run import building, compare_slices

    def work() -> Iterator[None]:  # returns the rows
        device = devices.chosen(inputs.view.device)
        made = building.built(inputs.lesson, inputs.setting, inputs.focus, device)
        made.network.to("cpu")  # where both sides of a claim start
        return compare_slices(
            inputs.lesson.claimed(made, inputs.focus.pixels), inputs.focus, device
        )

    st.subheader(_("Proof"), anchor=False)
    st.markdown(passage(inputs.lesson.slug, "Proof"))
    controls(inputs, inputs.lesson.proof_controls)
    rows: list[ProofRow] | None = asked("proof", of_view("proof", inputs), work)
    if rows:
        st.html(proof_table(rows))
    elif rows is not None:
        st.markdown(_("No stage with a claim is switched on. Switch a stage on."))


def code(inputs: Inputs) -> None:
    """A program that computes the maps on screen."""
    from viz import devices, source
    from viz.run import building

    def work() -> source.Program:
        device = devices.chosen(inputs.view.device)
        network = building.built(inputs.lesson, inputs.setting, inputs.focus, device).network.to(
            "cpu"
        )
        stage = building.chosen_stage(network, inputs.view)
        size = inputs.view.working_size_px
        return source.program(network, inputs.named, size, stage=stage)

    st.subheader(_("Code"), anchor=False)
    st.markdown(passage(inputs.lesson.slug, "Code"))
    try:
        text = asked("code", of_view("code", inputs), work)
    except ValueError as error:  # a visitor's own network may have layers of any kind
        st.info(_("No program can be written for these layers: {why}.", why=str(error)))
        return
    if text is not None:
        st.code(text.said(_), language="python")


def take(inputs: Inputs) -> None:
    """Downloads of what is on the canvas."""
    from viz import devices
    from viz.run import building

    def work() -> str:
        device = devices.chosen(inputs.view.device)
        network = building.built(inputs.lesson, inputs.setting, inputs.focus, device).network
        return building.chosen_stage(network, inputs.view)

    st.subheader(_("Save"), anchor=False)
    st.markdown(_("Each file is made when you click its button, from what is on the screen."))
    stage = asked("take", of_view("take", inputs), work)
    if stage is not None:
        saving()
        downloads.buttons(inputs, stage)


def _arithmetic(
    inputs: Inputs, index: tuple[int, int, int], stage: str, taken: Arithmetic, in_map: float
) -> None:
    outline = inputs.outline[stage]
    channel, row, column = index
    where = _(
        "Map {name}, row {row}, column {column}: {value}",
        name=named(outline.channels.names[channel]),
        row=row,
        column=column,
        value=number(in_map),
    )
    st.subheader(where, anchor=False)
    st.markdown(_sum_in_words(taken, in_map))
    dark = st.context.theme.type == "dark"
    arriving = [named(each) for each in outline.arriving.names]
    st.html(worked(taken, arriving, dark=dark))
    with st.expander(_("All terms, sorted")):
        _term_bars(arriving, taken)


def _term_bars(names: Sequence[str], taken: Arithmetic) -> None:
    from viz.figures.arithmetic import term_bars

    terms = taken.terms
    chosen = terms.index(max(terms)) if taken.operation == "max" else None
    figure = term_bars(
        _input_names(names, taken),
        taken.inputs,
        taken.weights,
        chosen=chosen,
        axis_title=_("input × weight"),
    )
    alt = _(
        "{n} bars of input times weight from {low} to {high}",
        n=len(terms),
        low=number(min(terms)),
        high=number(max(terms)),
    )
    st.plotly_chart(figure, key="arithmetic", alt=alt, config={"displayModeBar": False})


def _input_names(names: Sequence[str], taken: Arithmetic) -> list[str]:
    """The name of each input: its channel, or its place if a kernel reads several of a channel."""
    channels = {place[0] for place in taken.places}
    if len(channels) < len(taken.places):
        return [_("row {row}, column {column}", row=p[1], column=p[2]) for p in taken.places]
    called = [names[place[0]] for place in taken.places]
    return [_("map {name}", name=name) if name.isdecimal() else name for name in called]


def _sum_in_words(taken: Arithmetic, in_map: float) -> str:
    n = len(taken.terms)
    words = {
        "sum": _("The sum of **{n}** products of input and weight", n=n),
        "max": _("The largest of **{n}** inputs", n=n),
        "mean": _("The mean of **{n}** inputs", n=n),
        "log-mean-exp": _("The log-mean-exp of **{n}** inputs", n=n),
        "copy": _("One input"),
    }[taken.operation]
    parts = [f"{words}: **{number(taken.value - taken.bias)}**"]
    if taken.operation == "copy":
        parts = [f"{words}: **{number(taken.inputs[0])}**"]
    if taken.bias:
        parts.append(_("plus the bias {bias}", bias=number(taken.bias)))
    if taken.rectifier:
        parts.append(
            _(
                "after {rectifier}: **{value}**",
                rectifier=taken.rectifier,
                value=number(taken.output),
            )
        )
    parts.append(
        _(
            "the map says {value} (difference {difference})",
            value=number(in_map),
            difference=number(abs(in_map - taken.output)),
        )
    )
    return ", ".join(parts) + "."
