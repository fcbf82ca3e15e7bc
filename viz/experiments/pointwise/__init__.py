"""The lesson on the 1×1 convolution: one matrix, applied at every pixel."""

from viz.experiments.chain import reaching
from viz.experiments.pointwise.claims import claims
from viz.experiments.pointwise.fewer import Fewer, fewer
from viz.experiments.pointwise.grouped import Grouped, grouped
from viz.experiments.pointwise.merged import Merged, merged
from viz.experiments.pointwise.network import STAGES, arriving, network, resolved
from viz.experiments.pointwise.reach import Reach, reach
from viz.experiments.pointwise.setting import Setting
from viz.experiments.pointwise.space import Space, space
from viz.experiments.pointwise.stepping import Stepping, stepping
from viz.experiments.pointwise.ways import Way, ways
from viz.experiments.pointwise.words import (
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
