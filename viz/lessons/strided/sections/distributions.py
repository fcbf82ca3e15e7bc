"""The values and covariances of maps before and after the stride, as charts."""

from __future__ import annotations

from viz.figures.histograms import covariances, histograms
from viz.lessons.blocks import Block, Chart
from viz.lessons.strided.nonspatial_loss import NonSpatial
from viz.text import text

MAX_DRAWN = 16  # channels


def distributions(found: NonSpatial, names: tuple[str, ...]) -> list[Block]:
    """Histograms and covariance matrices of the first channels."""
    words, names = (text("before"), text("after")), names[:MAX_DRAWN]
    n = len(names)
    values = {
        "edges": found.edges[:n],
        "before": found.before[:n],
        "after": found.after[:n],
        "names": names,
        "words": words,
        "share": text("share of values"),
    }
    together = {
        "before": found.covariance_before[:n, :n],
        "after": found.covariance_after[:n, :n],
        "names": names,
        "words": words,
    }
    both = text("Histograms of {n} channels before and after the stride", n=n)
    alt = text("Covariances of {n} channels before and after the stride", n=n)
    return [
        Chart("histograms", histograms, values, both),
        Chart("covariances", covariances, together, alt, themed=True),
    ]
