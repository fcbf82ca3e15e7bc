"""Lines over one axis, each with its name at its end."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from viz.figures.text_width import width_em
from viz.figures.theme import BLUE, GREY, TEXT_PX, layout

# Hues are reserved for orientations and classes: lines differ by dashes, and the thick one is blue.
DASHES = ("solid", "8px,5px", "2px,4px", "12px,4px,2px,4px", "18px,5px", "8px,4px,2px,4px,2px,4px")
THIN_PX, THICK_PX, DOT_PX = 2.0, 5.0, 9
HEIGHT_PX = 320
LEGEND = {
    "orientation": "h",
    "x": 0,
    "y": 1.02,
    "yanchor": "bottom",
    "font": {"size": TEXT_PX},
    "itemwidth": 40,
    "traceorder": "reversed",
}
LAST_NUMBER_PX = 24  # room for half of the last number of the x axis, which plotly drops without it
LABEL_PX = 1.25 * TEXT_PX  # height of one label
SAMPLE_PX = (8, 40)  # start and end, right of the plot, of a sample of the line before its name
MAX_NAME_EM = 7.0  # twelve letters; wider names would leave no room for the lines on a phone


def curves(
    x: Sequence[float],
    lines: Mapping[str, Sequence[float]],
    *,
    x_title: str = "",
    y_title: str = "",
    thick: Collection[str] = (),
    at: float | None = None,
    x_ticks: Sequence[float] = (),
    x_labels: Sequence[str] = (),
) -> go.Figure:
    """A line for each name.

    Args:
        x: the x of the values of all lines.
        lines: for each name one value at each x, or NaN. A line with such gaps has a dot at each
            value, so that a lone one is visible, and the axis has room for dots.
        x_title, y_title: the quantities on the axes, with their units.
        thick: names of thick lines, in blue and on top, such as the largest of the others.
        at: an x to mark by an upright line.
        x_ticks: the numbers on the x axis, which extends to them; plotly's choice if empty.
        x_labels: what is written at them instead, one for each.

    Returns:
        A Figure with the name of each line at its right end; overlapping names are moved apart.
        Long names are above the plot instead.

    Raises:
        ValueError: if a line has not one value for each x.

    >>> figure = curves([0.0, 1.0], {"up": [0.0, 1.0], "down": [1.0, 0.0]})
    >>> [(note.text, round(note.y)) for note in figure.layout.annotations]
    [('up', 1), ('down', 0)]
    """
    wrong = [name for name, y in lines.items() if len(y) != len(x)]
    if wrong:
        raise ValueError(f"{wrong[0]} has {len(lines[wrong[0]])} values for {len(x)} places")
    figure = go.Figure(layout=layout(height=HEIGHT_PX))
    drawn = [*(n for n in lines if n not in thick), *(n for n in lines if n in thick)]
    styles = {name: _style(n, name in thick) for n, name in enumerate(drawn)}
    for name in drawn:
        figure.add_scatter(
            x=list(x), y=list(lines[name]), name=name, **_drawn(lines[name], styles[name])
        )
    known = {name: [each for each in y if not math.isnan(each)] for name, y in lines.items()}
    low, high = _reach(x, x_ticks, dots=any(_has_gaps(y) for y in lines.values()))
    if max(map(width_em, lines), default=0) > MAX_NAME_EM:
        figure.update_layout(showlegend=True, legend=LEGEND, margin_r=LAST_NUMBER_PX)
    else:
        label_the_ends(figure, {name: y[-1] for name, y in known.items() if y}, styles)
    if at is not None:
        figure.add_vline(x=at, layer="below", line={"width": 1.5, "dash": "dot", "color": GREY})
    ticks: dict[str, Any] = {"tickvals": list(x_ticks)} if x_ticks else {}
    ticks |= {"ticktext": list(x_labels)} if x_labels else {}
    figure.update_xaxes(title_text=x_title, range=[low, high], zeroline=False, tickangle=0, **ticks)
    figure.update_yaxes(title_text=y_title, zeroline=True)
    return figure


def _reach(x: Sequence[float], ticks: Sequence[float], *, dots: bool) -> tuple[float, float]:
    """The range of the x axis: all ticks, and a step more where dots would be clipped.

    >>> _reach([1.0, 2.0, 3.0], [], dots=True), _reach([0.0, 355.0], [0, 360], dots=False)
    ((0.0, 4.0), (0.0, 360))
    """
    low, high = min([*x, *ticks]), max([*x, *ticks])
    step = (high - low) / max(1, len(x) - 1) if dots else 0
    return low - step, high + step


def _has_gaps(y: Sequence[float]) -> bool:
    return any(math.isnan(each) for each in y)


def _drawn(y: Sequence[float], style: dict[str, Any]) -> dict[str, Any]:
    return {
        "mode": "lines+markers" if _has_gaps(y) else "lines",
        "marker": {"size": DOT_PX, "color": style["color"]},
        "cliponaxis": not _has_gaps(y),  # dots stay whole at the ends
        "line": style,
        "hovertemplate": "%{x:.4g}: %{y:.4g}<extra>%{fullData.name}</extra>",
    }


def _style(n: int, thick: bool) -> dict[str, Any]:
    if thick:
        return {"width": THICK_PX, "color": BLUE, "dash": "solid"}
    # When all dashes are used, the next lines are thicker.
    rounds, place = divmod(n, len(DASHES))
    return {"width": THIN_PX + rounds, "color": GREY, "dash": DASHES[place]}


def label_the_ends(
    figure: go.Figure,
    ends: Mapping[str, float],
    styles: Mapping[str, dict[str, Any]],
    *,
    sampled: bool = True,
) -> None:
    """Puts the name of each line right of its end; a blue line's name is blue.

    Args:
        ends: the last y of each line.
        styles: the style of each line.
        sampled: whether a sample of the line is before its name; else there is more room.
    """
    widest = max((width_em(name) for name in ends), default=0)
    left_px = SAMPLE_PX[1] if sampled else 0
    figure.update_layout(margin_r=int(left_px + 12 + TEXT_PX * widest))
    values = [v for trace in figure.data for v in trace.y if not math.isnan(v)] or [0.0]
    span = (max(values) - min(values)) or 1.0
    dotted = {trace.name for trace in figure.data if trace.mode != "lines"}
    for name, y in _apart(ends, span * LABEL_PX / (HEIGHT_PX - 90)).items():
        figure.add_annotation(_name(name, y, styles[name], left_px))
        if sampled and name not in dotted:  # a dot outside the plot would look like one more value
            figure.add_shape(_sample(y, styles[name]))


def _sample(y: float, style: dict[str, Any]) -> dict[str, Any]:
    """A sample of a line at a height; its x is in pixels from the plot's right edge."""
    return {
        "type": "line",
        "xref": "paper",
        "xsizemode": "pixel",
        "xanchor": 1,
        "x0": SAMPLE_PX[0],
        "x1": SAMPLE_PX[1],
        "yref": "y",
        "y0": y,
        "y1": y,
        "line": style,
    }


def _name(name: str, y: float, style: dict[str, Any], left_px: int) -> dict[str, Any]:
    blue = style["color"] == BLUE
    return {
        "text": f"<b>{name}</b>" if blue else name,
        "x": 1,
        "xref": "paper",
        "y": y,
        "yref": "y",
        "xanchor": "left",
        "xshift": left_px + 6,
        "showarrow": False,
        "font": {"size": TEXT_PX, **({"color": BLUE} if blue else {})},
    }


def _apart(ends: Mapping[str, float], least: float) -> dict[str, float]:
    """Heights of labels: near their lines' ends, `least` or more apart, none above the highest end.

    >>> _apart({"a": 0.0, "b": 0.5, "c": 9.0, "d": 9.5}, least=1.0)
    {'a': 0.0, 'b': 1.0, 'c': 8.5, 'd': 9.5}
    """
    upward = sorted(ends, key=lambda each: ends[each])
    placed: dict[str, float] = {}
    lowest, highest = float("-inf"), max(ends.values(), default=0.0)
    for name in upward:
        lowest = placed[name] = max(ends[name], lowest + least)
    for name in reversed(upward):
        placed[name] = min(placed[name], highest)
        highest = placed[name] - least
    return {name: placed[name] for name in ends}
