"""Strided 1×1: it keeps 1/s² of the pixels and never looks at the others."""

from viz.experiments.strided.claims import claims
from viz.experiments.strided.downsamplers import TITLES, Downsampled, compared, downsamplers
from viz.experiments.strided.network import (
    STAGES,
    apply,
    around_the_stride,
    arriving,
    at_the_stride,
    network,
    resolved,
)
from viz.experiments.strided.reading import (
    AxisReading,
    Reading,
    Stepping,
    misdrawn,
    reading,
    stepping,
)
from viz.experiments.strided.saying import KEPT_WITHIN, NonSpatial, non_spatial
from viz.experiments.strided.setting import Setting
from viz.experiments.strided.spectra import (
    AliasedZone,
    Spectrum,
    alias_zone,
    power_above,
    spectrum,
)
from viz.experiments.strided.stacks import (
    UnitReading,
    read_mask,
    stride_then_window,
    strided_stack,
    unit_mask,
)
from viz.experiments.strided.words import channel_names, families, limits, shown_controls, titles

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
    "apply",
    "around_the_stride",
    "arriving",
    "at_the_stride",
    "channel_names",
    "claims",
    "compared",
    "downsamplers",
    "families",
    "limits",
    "misdrawn",
    "network",
    "non_spatial",
    "power_above",
    "read_mask",
    "reading",
    "resolved",
    "shown_controls",
    "spectrum",
    "stepping",
    "stride_then_window",
    "strided_stack",
    "titles",
    "unit_mask",
]
