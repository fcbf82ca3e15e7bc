"""One drawing function for each kind of Block that a section returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from viz.lessons import entry
from viz.settings import as_text
from viz.ui.controls import put
from viz.ui.diagram import diagram
from viz.ui.lesson import Inputs
from viz.ui.orientation_map import orientation_map
from viz.ui.pages import page_of
from viz.ui.panels import Region, panels
from viz.ui.pixel_network import pixel_network
from viz.ui.stepper import stepper
from viz.ui.surface import surface
from viz.ui.tables import table
from viz.ui.text import _, named, said, translated

if TYPE_CHECKING:
    from viz.lessons import blocks
    from viz.lessons.diagram import Diagram

QUIET = {"displayModeBar": False, "scrollZoom": False}  # the wheel scrolls the page


def draw(inputs: Inputs, block: blocks.Block) -> None:
    """Draws a block at the current place of the page."""
    _DRAWN_BY[type(block).__name__](inputs, block)


def with_suffix(block: blocks.Block, suffix: str) -> blocks.Block:
    """The same block with a suffix to its key, and to those of the blocks in its columns."""
    from viz.lessons import blocks

    if isinstance(block, blocks.Columns):
        columns = [[with_suffix(each, suffix) for each in column] for column in block.columns]
        return replace(block, columns=columns)
    if isinstance(block, blocks.Drawn):
        return replace(block, key=f"{block.key}_{suffix}")
    return block


def _prose(inputs: Inputs, prose: blocks.Prose) -> None:
    words = _(prose.text)
    if prose.style == "caption":
        st.caption(words)
    else:
        st.markdown(f"### {words}" if prose.style == "heading" else words)


def _table(inputs: Inputs, block: blocks.Table) -> None:
    rows = [[said(cell) for cell in row] for row in block.rows]
    st.markdown(table([said(name) for name in block.head], rows, words=block.words))


def _metrics(inputs: Inputs, block: blocks.Metrics) -> None:
    columns = st.columns(len(block.figures))
    for column, (label, figure) in zip(columns, block.figures, strict=True):
        column.metric(_(label), figure)


def _chart(inputs: Inputs, chart: blocks.Chart) -> None:
    theme = {"dark": st.context.theme.type == "dark"} if chart.themed else {}
    figure = chart.figure(**translated(chart.arguments), **theme)
    st.plotly_chart(figure, key=chart.key, alt=_(chart.alt), config=QUIET)


def _panels(inputs: Inputs, block: blocks.Panels) -> None:
    from viz.run.panels import panels_buffer

    def choose(region: Region) -> None:
        if block.region is not None:
            put(inputs, **{block.region[0]: ".".join(map(str, region))})

    shown = [
        replace(
            panel,
            title=said(panel.title),
            note=said(panel.note),
            names=[named(name) for name in panel.names],
            classes=[named(said(name)) for name in panel.classes],
        )
        for panel in block.panels
    ]
    panels(
        panels_buffer(shown),
        key=block.key,
        height_px=block.height_px,
        columns=block.columns,
        narrowest_px=block.narrowest_px,
        region=block.region[1] if block.region else None,
        on_region=choose,
    )


def _stepper(inputs: Inputs, block: blocks.Stepper) -> None:
    readings = [
        replace(reading, title=said(reading.title), note=said(reading.note))
        for reading in block.readings
    ]
    stepper(
        block.inputs,
        readings,
        key=block.key,
        channel_names=[named(said(name)) for name in block.channel_names],
        output_names=[named(said(name)) for name in block.output_names],
        colour=block.colour,
        alt=_(block.alt),
        origin=block.origin,
        complete=block.complete,
    )


def _diagram(inputs: Inputs, block: Diagram) -> None:
    fields = {box.key: box.fields for box in block.boxes if box.fields and not inputs.fixed}
    diagram(block, key=block.key, fields=fields, on_pick=lambda values: put(inputs, **values))


def _button(inputs: Inputs, button: blocks.Button) -> None:
    st.button(_(button.label), on_click=lambda: put(inputs, **button.fields))


def _lesson_link(inputs: Inputs, link: blocks.LessonLink) -> None:
    query = {"picture": inputs.view.picture, **link.fields}
    said = {name: as_text(value) for name, value in query.items()}
    st.page_link(page_of(entry(link.slug)), label=_(link.label), query_params=said)


def _download(inputs: Inputs, file: blocks.Download) -> None:
    st.download_button(
        _(file.label), file.make, file_name=file.file_name, mime=file.mime, on_click="ignore"
    )


def _columns(inputs: Inputs, block: blocks.Columns) -> None:
    widths = block.widths or len(block.columns)
    columns = st.columns(widths, gap="medium", vertical_alignment=block.align)
    for column, blocks_ in zip(columns, block.columns, strict=True):
        with column:
            for each in blocks_:
                draw(inputs, each)


_DRAWN_BY: dict[str, Callable[[Inputs, Any], None]] = {
    "Prose": _prose,
    "Table": _table,
    "Metrics": _metrics,
    "Chart": _chart,
    "Panels": _panels,
    "Stepper": _stepper,
    "Diagram": _diagram,
    "PixelNetwork": pixel_network,
    "OrientationMap": orientation_map,
    "Surface": lambda inputs, block: surface(block),
    "Button": _button,
    "LessonLink": _lesson_link,
    "Download": _download,
    "Columns": _columns,
}
