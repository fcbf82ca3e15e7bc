"""The channels of one pixel as bars in their groups, and how often each channel wins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from viz.figures.theme import ORIENTATION, TEXT_PX, layout

MOST_WRITTEN = 10  # more groups than this carry no words; pointing at a bar says them
FADED = 0.3
GAP = 0.35  # between two groups, as a share of a group's width


def orientation_colour(degrees: float) -> str:
    """The colour of an orientation of bars, cyclic over 180°.

    >>> orientation_colour(0) == orientation_colour(180), orientation_colour(36)
    (True, '#da3d6d')
    """
    place = degrees % 180 / 180 * (len(ORIENTATION) - 1)
    low, high = (ORIENTATION[int(place)], ORIENTATION[int(place) + 1])
    share = place - int(place)
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
    degrees: Sequence[float] | None = None,
    axis_title: str = "",
) -> go.Figure:
    """One pixel's numbers, a bar for each channel; the winner of each group stands out.

    Args:
        values: one number a channel, the groups consecutive.
        group: how many channels make a group.
        winners: of each group the number of its winner, counted over all channels.
        names: what each channel is called.
        group_names: what stands under each group; its number where there is none.
        degrees: the orientation of each channel, which gives its colour; without it each group
            has a colour of its own.
        axis_title: what the height of a bar is, with its unit.

    Returns:
        A Figure: winners in full colour with their value, the others faded; a gap between groups.

    Raises:
        ValueError: if the channels do not divide by `group`.

    >>> group_bars([1.0, 3.0, 2.0, 0.0], 2, [1, 2], ["a", "b", "c", "d"]).data[0].y
    (1.0, 3.0, 2.0, 0.0)
    """
    lit = set(winners)
    figure = _bars(values, group, names, group_names, degrees, lit, "%{y:.6g}")
    if len(winners) <= MOST_WRITTEN:
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
    group_names: Sequence[str] = (),
    degrees: Sequence[float] | None = None,
    axis_title: str = "",
) -> go.Figure:
    """How often each channel wins its group, in percent, in the order of `group_bars`.

    Args:
        fractions: `(groups, group)`, each row adds up to 1.
        names: what each channel is called, over all groups.
        group_names, degrees, axis_title: as `group_bars`.

    Returns:
        A Figure: the channel that wins most often in full colour with its percentage.

    >>> shares([[0.25, 0.75]], ["a", "b"]).data[0].y
    (25.0, 75.0)
    """
    group = len(fractions[0])
    values = [100 * fraction for row in fractions for fraction in row]
    best = {g * group + list(row).index(max(row)) for g, row in enumerate(fractions)}
    figure = _bars(values, group, names, group_names, degrees, best, "%{y:.2f} %")
    if len(fractions) <= MOST_WRITTEN:
        _write(figure, [f"{v:.0f} %" if n in best else "" for n, v in enumerate(values)])
    figure.update_yaxes(title_text=axis_title, rangemode="tozero")
    return figure


def _bars(
    values: Sequence[float],
    group: int,
    names: Sequence[str],
    group_names: Sequence[str],
    degrees: Sequence[float] | None,
    lit: set[int],
    number: str,
) -> go.Figure:
    count, rest = divmod(len(values), group)
    if rest:
        raise ValueError(f"{len(values)} channels do not make groups of {group}")
    if degrees is None:
        degrees = [180 * (n // group) / count for n in range(len(values))]
    gap = GAP * group
    bars = go.Bar(
        x=[n + n // group * gap for n in range(len(values))],
        y=list(values),
        customdata=list(names),
        hovertemplate=f"%{{customdata}}<br>{number}<extra></extra>",
        marker={
            "color": [orientation_colour(each) for each in degrees],
            "opacity": [1.0 if n in lit else FADED for n in range(len(values))],
            "line": {"width": 0},
        },
        # A bar is one wide whatever the gaps are.
        width=0.85,
    )
    figure = go.Figure(bars, layout(height=300))
    figure.update_xaxes(**_group_axis(count, group, gap, group_names))
    return figure


def _group_axis(count: int, group: int, gap: float, names: Sequence[str]) -> dict[str, Any]:
    """A name under the middle of each group, where there is room for names."""
    middles = [g * (group + gap) + (group - 1) / 2 for g in range(count)]
    named = [*names, *(str(g + 1) for g in range(len(names), count))]
    return {
        "tickvals": middles,
        "ticktext": named[:count],
        "range": [-0.7, count * group + (count - 1) * gap - 0.3],
        "showticklabels": count <= MOST_WRITTEN,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _write(figure: go.Figure, texts: Sequence[str]) -> None:
    figure.update_traces(
        text=texts, textposition="outside", textfont={"size": TEXT_PX}, cliponaxis=False
    )
    # Text wider than its bar would otherwise be turned on its side or made smaller.
    figure.update_traces(textangle=0, constraintext="none")
