"""The lesson on the 1×1 convolution: one matrix, applied at every pixel."""

from viz.lessons.chain import reaching
from viz.lessons.pointwise.claims import claims
from viz.lessons.pointwise.fewer import Fewer, fewer
from viz.lessons.pointwise.grouped import Grouped, grouped
from viz.lessons.pointwise.merged import Merged, merged
from viz.lessons.pointwise.network import STAGES, arriving, network, resolved
from viz.lessons.pointwise.reach import Reach, reach
from viz.lessons.pointwise.setting import Setting
from viz.lessons.pointwise.space import Space, space
from viz.lessons.pointwise.stepping import Stepping, stepping
from viz.lessons.pointwise.ways import Way, ways
from viz.lessons.pointwise.words import (
    channel_names,
    families,
    limits,
    shown_controls,
    titles,
)

__all__ = [
    "STAGES",
    "Fewer",
    "Grouped",
    "Merged",
    "Reach",
    "Setting",
    "Space",
    "Stepping",
    "Way",
    "arriving",
    "channel_names",
    "claims",
    "families",
    "fewer",
    "grouped",
    "limits",
    "merged",
    "network",
    "reach",
    "reaching",
    "resolved",
    "shown_controls",
    "space",
    "stepping",
    "titles",
    "ways",
]
