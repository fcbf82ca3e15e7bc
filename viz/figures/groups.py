"""The channels of one pixel as bars in groups, and how often each channel wins."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Any

import plotly.graph_objects as go

from viz.figures.theme import BLUE, CLASSES, GREY, ORIENTATION, TEXT_PX, layout
from viz.marks import Mark, Marks

MAX_WRITTEN = 10  # more groups than this have their text only on hover
FADED = 0.3
GAP = 0.35  # between two groups, as a share of a group's width
HALF_NAME = 2  # bars; a name above a bar closer to its group's edge would overlap the next group


def orientation_colour(degrees: float) -> str:
    """The colour of an orientation of bars, cyclic over 180°.

    >>> orientation_colour(0) == orientation_colour(180), orientation_colour(36)
    (True, '#8d43bc')
    """
    return _between(ORIENTATION, degrees % 180 / 180)


def mark_colour(mark: Mark) -> str:
    """The colour of a channel in a chart: that of its orientation, else the one of charts.

    >>> mark_colour(Mark("phase", 90.0)) == mark_colour(Mark())
    True
    """
    if mark.kind != "orientation":
        return BLUE
    return orientation_colour(float(mark.value))


def class_colour(n: int, count: int) -> str:
    """The colour of class `n` of `count`, the same as on maps of classes.

    >>> class_colour(0, 10), class_colour(9, 10), class_colour(0, 1)
    ('#332288', '#e09aa6', '#332288')
    """
    # Maps use one of 256 colours, of two equally near ones the later.
    return _between(CLASSES, floor(255 * n / max(1, count - 1) + 0.5) / 255)


def _between(stops: Sequence[str], share: float) -> str:
    """The colour at a share of the distance along evenly spaced stops."""
    place = share * (len(stops) - 1)
    left = min(int(place), len(stops) - 2)
    low, high = stops[left : left + 2]
    share = place - left
    parts = (_mixed(int(low[i : i + 2], 16), int(high[i : i + 2], 16), share) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _mixed(low: int, high: int, share: float) -> int:
    return round(low + share * (high - low))


def group_bars(
    values: Sequence[float],
    group: int,
    winners: Sequence[int],
    names: Sequence[str],
    *,
    group_names: Sequence[str] = (),
    marks: Marks = (),
    axis_title: str = "",
) -> go.Figure:
    """One pixel's values, a bar for each channel, with the winner of each group highlighted.

    Args:
        values: one number a channel, the groups consecutive.
        group: the number of channels in a group.
        winners: the index of each group's winner among all channels.
        names: the name of each channel.
        group_names: the text under each group; its number if there is none.
        marks: what each channel stands for: orientations have their colours, all others one.
        axis_title: the quantity on the height axis, with its unit.

    Returns:
        A Figure: winners in full colour with their value, the others faded; a gap between groups.

    Raises:
        ValueError: if the channels do not divide by `group`.

    >>> group_bars([1.0, 3.0, 2.0, 0.0], 2, [1, 2], ["a", "b", "c", "d"]).data[0].y
    (1.0, 3.0, 2.0, 0.0)
    """
    lit = set(winners)
    colours = [mark_colour(mark) for mark in marks or [Mark()] * len(values)]
    figure = _bars(values, group, names, group_names, colours, "%{y:.6g}")
    opacity = [1.0 if n in lit else FADED for n in range(len(values))]
    figure.update_traces(marker_opacity=opacity)
    if len(winners) <= MAX_WRITTEN:
        texts = [
            f"{values[n]:.2f}".replace("-", "−") if n in lit else "" for n in range(len(names))
        ]
        _write(figure, texts)
    figure.update_yaxes(title_text=axis_title, zeroline=True)
    return figure


def shares(
    fractions: Sequence[Sequence[float]],
    names: Sequence[str],
    *,
    classes: Sequence[str],
    group_names: Sequence[str] = (),
    axis_title: str = "",
) -> go.Figure:
    """How often each channel wins its group, in percent, in the order of `group_bars`.

    Args:
        fractions: `(groups, group)`, each row adds up to 1.
        names: the name of each channel, over all groups.
        classes: the name of each place in a group, in the colour of the maps of winners.
        group_names, axis_title: as `group_bars`.

    Returns:
        A Figure with the class and the percentage above the channel that wins most often.

    Raises:
        ValueError: if there are not as many classes as places in a group.

    >>> figure = shares([[0.25, 0.75]], ["a", "b"], classes=["0°", "90°"])
    >>> figure.data[0].y, figure.layout.annotations[0].text
    ((25.0, 75.0), '90°<br>75 %')
    """
    group = len(fractions[0])
    if len(classes) != group:
        raise ValueError(f"{len(classes)} classes do not name groups of {group}")
    values = [100 * fraction for row in fractions for fraction in row]
    colours = [class_colour(n % group, group) for n in range(len(values))]
    figure = _bars(values, group, names, group_names, colours, "%{y:.2f} %")
    # Some classes are nearly as dark as a dark theme, others nearly as light as a light one.
    figure.update_traces(marker_line={"color": GREY, "width": 1})
    if len(fractions) <= MAX_WRITTEN:
        for g, row in enumerate(fractions):
            figure.add_annotation(_best(figure.data[0], g, list(row), classes))
    figure.update_yaxes(title_text=axis_title, rangemode="tozero")
    return figure


def _best(bars: Any, g: int, row: list[float], classes: Sequence[str]) -> dict[str, Any]:
    """Class and percentage above the largest bar of a group, without covering the next groups."""
    n = row.index(max(row))
    first, last = bars.x[g * len(row)], bars.x[(g + 1) * len(row) - 1]
    inward = min(HALF_NAME, (last - first) / 2)
    return {
        "text": "<br>".join([*classes[n].rsplit(" ", 1), f"{100 * row[n]:.0f} %"]),
        "x": min(max(bars.x[g * len(row) + n], first + inward), last - inward),
        "y": 100 * row[n],
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": TEXT_PX},
    }


def _bars(
    values: Sequence[float],
    group: int,
    names: Sequence[str],
    group_names: Sequence[str],
    colours: Sequence[str],
    number: str,
) -> go.Figure:
    count, rest = divmod(len(values), group)
    if rest:
        raise ValueError(f"{len(values)} channels do not make groups of {group}")
    gap = GAP * group
    bars = go.Bar(
        x=[n + n // group * gap for n in range(len(values))],
        y=list(values),
        customdata=list(names),
        hovertemplate=f"%{{customdata}}<br>{number}<extra></extra>",
        marker={"color": list(colours), "line": {"width": 0}},
        # The width of a bar is 1 for any gap.
        width=0.85,
    )
    figure = go.Figure(bars, layout(height=300))
    figure.update_xaxes(**_group_axis(count, group, gap, group_names))
    return figure


def _group_axis(count: int, group: int, gap: float, names: Sequence[str]) -> dict[str, Any]:
    """A name under the middle of each group, if there is room for names."""
    middles = [g * (group + gap) + (group - 1) / 2 for g in range(count)]
    named = [*names, *(str(g + 1) for g in range(len(names), count))]
    return {
        "tickvals": middles,
        "ticktext": named[:count],
        "range": [-0.7, count * group + (count - 1) * gap - 0.3],
        "showticklabels": count <= MAX_WRITTEN,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _write(figure: go.Figure, texts: Sequence[str]) -> None:
    figure.update_traces(
        text=texts, textposition="outside", textfont={"size": TEXT_PX}, cliponaxis=False
    )
    # Otherwise plotly rotates or shrinks text that is wider than its bar.
    figure.update_traces(textangle=0, constraintext="none")
