"""Lines over one axis, each with its name where it ends."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from viz.figures.theme import TEXT_PX, layout

# After Okabe, Ito 2008, made readable on light and on dark; dashes tell the lines apart as well.
THICK_HUE, UPRIGHT_HUE = "#2f8fd0", "#8a8a8a"
HUES = ("#c0762b", "#12946b", "#b86a9b", "#8a8a8a")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
THIN_PX, THICK_PX, DOT_PX = 2.0, 4.0, 9
HEIGHT_PX = 320
LABEL_PX = 1.25 * TEXT_PX  # what one label takes of the height


def curves(
    x: Sequence[float],
    lines: Mapping[str, Sequence[float]],
    *,
    x_title: str = "",
    y_title: str = "",
    thick: Collection[str] = (),
    at: float | None = None,
    x_ticks: Sequence[float] = (),
) -> go.Figure:
    """A line for each name.

    Args:
        x: where all lines are known.
        lines: for each name one value at each x; NaN where there is none. A line with such gaps
            has a dot at each value, so that one alone is seen.
        x_title, y_title: what the axes are, with their units.
        thick: names of lines drawn heavily and behind the others, such as the largest of them.
        at: an x to mark by an upright line.
        x_ticks: where the x axis has numbers; plotly's choice without any.

    Returns:
        A Figure, the name of each line at its right end; names that would lie on one another are
        moved apart.

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
    drawn = [*(n for n in lines if n in thick), *(n for n in lines if n not in thick)]
    styles = {name: _style(n, name in thick) for n, name in enumerate(reversed(drawn))}
    for name in drawn:
        figure.add_scatter(
            x=list(x),
            y=list(lines[name]),
            name=name,
            mode="lines+markers" if any(math.isnan(each) for each in lines[name]) else "lines",
            marker={"size": DOT_PX},
            line=styles[name],
            hovertemplate="%{x:.4g}: %{y:.4g}<extra>%{fullData.name}</extra>",
        )
    known = {name: [each for each in y if not math.isnan(each)] for name, y in lines.items()}
    ends = {name: y[-1] for name, y in known.items() if y}
    _label_the_ends(figure, ends, x[-1], styles)
    if at is not None:
        figure.add_vline(x=at, line={"width": 1.5, "dash": "dot", "color": UPRIGHT_HUE})
    ticks: dict[str, Any] = {"tickvals": list(x_ticks)} if x_ticks else {}
    figure.update_xaxes(title_text=x_title, range=[min(x), max(x)], zeroline=False, **ticks)
    figure.update_yaxes(title_text=y_title, zeroline=True)
    return figure


def _style(n: int, thick: bool) -> dict[str, Any]:
    if thick:
        return {"width": THICK_PX, "color": THICK_HUE, "dash": "solid"}
    return {"width": THIN_PX, "color": HUES[n % len(HUES)], "dash": DASHES[n % len(DASHES)]}


def _label_the_ends(
    figure: go.Figure, ends: Mapping[str, float], x: float, styles: Mapping[str, dict[str, Any]]
) -> None:
    """The names right of the lines' ends, in the colour of their line."""
    widest = max((len(name) for name in ends), default=0)
    figure.update_layout(margin_r=int(20 + 0.58 * TEXT_PX * widest))
    values = [v for trace in figure.data for v in trace.y if not math.isnan(v)] or [0.0]
    span = (max(values) - min(values)) or 1.0
    for name, y in _apart(ends, span * LABEL_PX / (HEIGHT_PX - 90)).items():
        figure.add_annotation(
            text=name,
            x=x,
            y=y,
            xanchor="left",
            xshift=8,
            showarrow=False,
            font={"size": TEXT_PX, "color": styles[name]["color"]},
        )


def _apart(ends: Mapping[str, float], least: float) -> dict[str, float]:
    """Heights for the labels: near their lines' ends, `least` apart, none above the highest end.

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
