"""Errors of networks against the number of examples that they learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any, NamedTuple

import plotly.graph_objects as go

from viz.figures.curves import THICK_PX, THIN_PX, label_the_ends
from viz.figures.strips import mean_and_spread
from viz.figures.theme import BLUE, GREY, layout

HEIGHT_PX, RING_PX, ROOM = 320, 11, 0.06  # the last in tenfolds, left and right of the numbers
BANDS = {BLUE: "rgba(47, 143, 208, 0.25)", GREY: "rgba(128, 128, 128, 0.25)"}


class Line(NamedTuple):
    """The errors of one network.

    Attributes:
        values: the measurements at each number of examples.
        blue: whether it has the colour of the important one.
        thick: whether it is thick, else thin.
        rings: values to mark with a ring at each number of examples, such as newer ones.
    """

    values: Sequence[Sequence[float]]
    blue: bool
    thick: bool
    rings: Sequence[Sequence[float]] = ()


def learning_curves(
    examples: Sequence[int], lines: Mapping[str, Line], *, x_title: str = "", y_title: str = ""
) -> go.Figure:
    """Mean errors as lines, on a logarithmic axis, in bands of one standard deviation.

    Args:
        examples: the numbers of examples, ascending.
        lines: name -> its measurements.
        x_title, y_title: the quantities on the axes, with their units.

    Raises:
        ValueError: if a line has not measurements for each number of examples.

    >>> figure = learning_curves([50, 100], {"a": Line([[8.0, 10.0], [4.0]], blue=True, thick=True)})
    >>> [list(trace.y) for trace in figure.data]
    [[10.414213562373096, 4.0, 4.0, 7.585786437626905], [9.0, 4.0]]
    """
    figure = go.Figure(layout=layout(height=HEIGHT_PX))
    styles = {name: _style(line) for name, line in lines.items()}
    means = {
        name: _draw(figure, examples, name, line, styles[name]) for name, line in lines.items()
    }
    ends = {name: mean[-1] for name, mean in means.items()}
    label_the_ends(figure, ends, styles, sampled=False)
    figure.update_xaxes(
        type="log",
        title_text=x_title,
        tickvals=list(examples),
        ticktext=[_short(n) for n in examples],
        range=[log10(examples[0]) - ROOM, log10(examples[-1]) + ROOM],
        tickangle=0,
        zeroline=False,
    )
    figure.update_yaxes(title_text=y_title, rangemode="tozero", zeroline=True)
    return figure


def _draw(
    figure: go.Figure, examples: Sequence[int], name: str, line: Line, style: dict[str, Any]
) -> list[float]:
    if len(line.values) != len(examples):
        raise ValueError(f"{name} has {len(line.values)} values for {len(examples)} places")
    found = [mean_and_spread(each) for each in line.values]
    means = [mean for mean, _ in found]
    around = [mean + spread for mean, spread in found]
    around += [max(0.0, mean - spread) for mean, spread in reversed(found)]
    figure.add_scatter(
        x=[*examples, *reversed(examples)],
        y=around,
        fill="toself",
        mode="none",
        fillcolor=BANDS[style["color"]],
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=list(examples),
        y=means,
        name=name,
        mode="lines+markers",
        line=style,
        customdata=[spread for _, spread in found],
        hovertemplate="%{x:,}: %{y:.3g} ± %{customdata:.2g}<extra>%{fullData.name}</extra>",
    )
    _rings(figure, examples, name, line, style["color"])
    return means


def _short(count: int) -> str:
    """A number that finds room beside its neighbour on a phone."""
    return f"{count:,}" if count % 1000 else f"{count // 1000:,}k"


def _rings(figure: go.Figure, examples: Sequence[int], name: str, line: Line, colour: str) -> None:
    marks = [(n, y) for n, ys in zip(examples, line.rings, strict=False) for y in ys]
    if marks:
        figure.add_scatter(
            x=[n for n, _ in marks],
            y=[y for _, y in marks],
            name=name,
            mode="markers",
            marker={
                "symbol": "circle-open",
                "size": RING_PX,
                "color": colour,
                "line": {"width": 2},
            },
            hovertemplate="%{x:,}: %{y:.3g}<extra>%{fullData.name}</extra>",
        )


def _style(line: Line) -> dict[str, Any]:
    colour = BLUE if line.blue else GREY
    if line.thick:
        return {"width": THICK_PX, "color": colour, "dash": "solid"}
    # where both are 0, the grey one is seen between the dashes
    return {"width": THIN_PX, "color": colour, "dash": "8px,8px" if line.blue else "solid"}
