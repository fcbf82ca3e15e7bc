"""Strided 1×1: it keeps 1/s² of the pixels and never looks at the others."""

from viz.experiments.strided.claims import claims
from viz.experiments.strided.downsamplers import TITLES, Downsampled, compared, downsamplers
from viz.experiments.strided.network import (
    STAGES,
    around_the_stride,
    arriving,
    at_the_stride,
    network,
    resolved,
)
from viz.experiments.strided.planes import placed, spectra_of_ways
from viz.experiments.strided.reading import (
    AxisReading,
    Reading,
    Stepping,
    misdrawn,
    reading,
    stepping,
)
from viz.experiments.strided.saying import KEPT_WITHIN, NonSpatial, held_by, non_spatial
from viz.experiments.strided.setting import Setting
from viz.experiments.strided.spectra import (
    AliasedZone,
    Spectrum,
    alias_zone,
    power_above,
    spectrum,
)
from viz.experiments.strided.stacks import stride_then_window, strided_stack
from viz.experiments.strided.words import channel_names, families, limits, shown_controls, titles
from viz.reads import UnitReading, read_mask, unit_mask

__all__ = [
    "KEPT_WITHIN",
    "STAGES",
    "TITLES",
    "AliasedZone",
    "AxisReading",
    "Downsampled",
    "NonSpatial",
    "Reading",
    "Setting",
    "Spectrum",
    "Stepping",
    "UnitReading",
    "alias_zone",
    "around_the_stride",
    "arriving",
    "at_the_stride",
    "channel_names",
    "claims",
    "compared",
    "downsamplers",
    "families",
    "held_by",
    "limits",
    "misdrawn",
    "network",
    "non_spatial",
    "placed",
    "power_above",
    "read_mask",
    "reading",
    "resolved",
    "shown_controls",
    "spectra_of_ways",
    "spectrum",
    "stepping",
    "stride_then_window",
    "strided_stack",
    "titles",
    "unit_mask",
]
