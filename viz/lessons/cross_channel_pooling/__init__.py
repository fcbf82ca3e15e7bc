"""Cross-channel pooling: 50 Gabor maps to few, by a max, by maxout and by a fitted 1×1."""

from viz.lessons.cross_channel_pooling.cell import (
    WAYS,
    MiddleWavelength,
    middle_wavelength,
    over_orientations,
    over_phases,
    phases_swept,
)
from viz.lessons.cross_channel_pooling.claims import claims
from viz.lessons.cross_channel_pooling.extras import classes, extras
from viz.lessons.cross_channel_pooling.fitting import Fit, fit
from viz.lessons.cross_channel_pooling.ladder import Rung, ladder
from viz.lessons.cross_channel_pooling.network import STAGES, arriving, network, resolved
from viz.lessons.cross_channel_pooling.pieces import Piecewise, piecewise, piecewise_at
from viz.lessons.cross_channel_pooling.setting import CHANNELS, Setting
from viz.lessons.cross_channel_pooling.shuffling import Shuffled, shuffled
from viz.lessons.cross_channel_pooling.units import Reach, limits_of_units
from viz.lessons.cross_channel_pooling.winners import (
    OnePixel,
    one_pixel,
    winner_maps,
    winner_shares,
)
from viz.lessons.cross_channel_pooling.words import (
    channel_degrees,
    channel_names,
    families,
    group_names,
    limits,
    shown_controls,
    titles,
)

__all__ = [
    "CHANNELS",
    "STAGES",
    "WAYS",
    "Fit",
    "MiddleWavelength",
    "OnePixel",
    "Piecewise",
    "Reach",
    "Rung",
    "Setting",
    "Shuffled",
    "arriving",
    "channel_degrees",
    "channel_names",
    "claims",
    "classes",
    "extras",
    "families",
    "fit",
    "group_names",
    "ladder",
    "limits",
    "limits_of_units",
    "middle_wavelength",
    "network",
    "one_pixel",
    "over_orientations",
    "over_phases",
    "phases_swept",
    "piecewise",
    "piecewise_at",
    "resolved",
    "shown_controls",
    "shuffled",
    "titles",
    "winner_maps",
    "winner_shares",
]
