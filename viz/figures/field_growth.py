"""How the receptive field of a network grows from layer to layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from viz.figures.theme import FIELD, GREY, TEXT_PX, layout

HEIGHT_PX = 380
DOT_PX, FLAT_PX = 13, 11
MOST_NUMBERED = 16  # layers whose fields are written beside them
ROOM = 1.13  # above the largest field, for its number
FAINT = "rgba(128, 128, 128, 0.45)"


class Dot(NamedTuple):
    """A layer.

    Attributes:
        depth: its place on the longest path, from 1 on.
        size_px: of its field.
        flat: whether it is a 1×1.
        stride: its own.
        says: the hover text.
    """

    depth: int
    size_px: int
    flat: bool
    stride: int
    says: str


def field_growth(
    dots: Sequence[Dot],
    *,
    names: Mapping[str, str],
    published: Sequence[tuple[int, int, str]] = (),
    picture_px: int = 0,
    x_title: str = "",
    y_title: str = "",
) -> go.Figure:
    """The field of every layer against its depth; the line follows the largest of each depth.

    Args:
        dots: the layers.
        names: what `spatial`, `flat`, `stride`, `published` and `picture` are called in the legend.
        published: depth, size and text of figures to compare with.
        picture_px: the side of the picture, drawn as a level; 0 for none.
        x_title, y_title: the quantities on the axes.

    >>> dots = [Dot(1, 3, False, 2, "3×3"), Dot(2, 3, True, 1, "1×1")]
    >>> figure = field_growth(dots, names=dict.fromkeys(("spatial", "flat", "stride"), ""))
    >>> [list(trace.y) for trace in figure.data][:3]
    [[1, 3, 3], [3], [3]]
    """
    figure = go.Figure(layout=layout(height=HEIGHT_PX))
    largest = {0: 1}
    for dot in dots:
        largest[dot.depth] = max(largest.get(dot.depth, 0), dot.size_px)
    figure.add_scatter(
        x=list(largest),
        y=list(largest.values()),
        mode="lines",
        line={"color": FIELD, "width": 3},
        showlegend=False,
        hoverinfo="skip",
    )
    _dots(figure, [dot for dot in dots if not dot.flat], names["spatial"], _spatial())
    _dots(figure, [dot for dot in dots if dot.flat], names["flat"], _flat())
    _strides(figure, dots, names["stride"])
    _published(figure, published, names.get("published", ""))
    top = max([*largest.values(), *(size for _, size, _ in published)])
    if picture_px and picture_px < 1.6 * top:
        _picture(figure, picture_px, names["picture"])
        top = max(top, picture_px)
    if len(dots) <= MOST_NUMBERED:
        _numbers(figure, dots)
    figure.update_layout(showlegend=True, legend=_LEGEND)
    last = max(largest)
    figure.update_xaxes(title_text=x_title, range=[-0.02 * last - 0.2, last + 0.04 * last + 0.3])
    figure.update_yaxes(title_text=y_title, range=[0, ROOM * top], zeroline=True)
    figure.update_xaxes(zeroline=False, **({"dtick": 1} if last <= MOST_NUMBERED else {}))
    return figure


_LEGEND = {
    "orientation": "h",
    "x": 0,
    "y": 1.02,
    "yanchor": "bottom",
    "font": {"size": TEXT_PX},
}


def _spatial() -> dict[str, Any]:
    return {"size": DOT_PX, "color": FIELD}


def _flat() -> dict[str, Any]:
    line = {"width": 2.5, "color": GREY}
    return {"size": FLAT_PX, "symbol": "square-open", "color": GREY, "line": line}


def _dots(figure: go.Figure, dots: Sequence[Dot], name: str, marker: dict[str, Any]) -> None:
    figure.add_scatter(
        x=[dot.depth for dot in dots],
        y=[dot.size_px for dot in dots],
        name=name,
        mode="markers",
        marker=marker,
        text=[dot.says for dot in dots],
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )


def _strides(figure: go.Figure, dots: Sequence[Dot], name: str) -> None:
    """An upright line at every layer with a stride: what follows grows faster."""
    strided = {dot.depth: dot.stride for dot in dots if dot.stride > 1}
    for depth, stride in strided.items():
        figure.add_vline(x=depth, layer="below", line={"width": 2, "dash": "dot", "color": FAINT})
        note = {"text": f"÷{stride}", "showarrow": False, "font": {"size": TEXT_PX}}
        place = {"yref": "paper", "y": 1, "yanchor": "top", "xanchor": "left", "xshift": 3}
        figure.add_annotation(x=depth, **place, **note)
    if strided:
        line = {"color": FAINT, "width": 2, "dash": "dot"}
        figure.add_scatter(x=[None], y=[None], name=name, mode="lines", line=line)


def _published(figure: go.Figure, published: Sequence[tuple[int, int, str]], name: str) -> None:
    if not published:
        return
    depths, sizes, texts = zip(*published, strict=True)
    marker = {"symbol": "x-thin", "size": 17, "line": {"width": 3, "color": "#2f8fd0"}}
    figure.add_scatter(
        x=list(depths),
        y=list(sizes),
        name=name,
        mode="markers",
        marker=marker,
        text=list(texts),
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )


def _picture(figure: go.Figure, side: int, name: str) -> None:
    figure.add_hline(y=side, layer="below", line={"width": 2, "dash": "dash", "color": GREY})
    figure.add_annotation(
        x=0,
        xref="paper",
        xanchor="left",
        y=side,
        yanchor="bottom",
        text=name,
        showarrow=False,
        font={"size": TEXT_PX},
    )


def _numbers(figure: go.Figure, dots: Sequence[Dot]) -> None:
    for dot in dots:
        figure.add_annotation(
            x=dot.depth,
            y=dot.size_px,
            text=f"{dot.size_px}" if dot.flat else f"<b>{dot.size_px}</b>",
            showarrow=False,
            yshift=17,
            xshift=-4,
            xanchor="center",
            font={"size": TEXT_PX},
        )
