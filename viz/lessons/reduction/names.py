"""The names of the reduced channels."""

from __future__ import annotations

from viz.lessons.bank_of_50 import (
    ANGLES,
    CHANNELS,
    OF_AN_ORIENTATION,
    ORIENTATIONS,
    PHASES,
    WAVELENGTH_NAMES,
)
from viz.lessons.reduction.setting import Setting
from viz.lessons.stage import Channels
from viz.lessons.stages import of_orientations


def kept_channels(setting: Setting, arriving: Channels) -> Channels:
    """The reduced channels: named by what a kept channel or a whole group stands for, else numbered.

    >>> from viz.lessons.bank_of_50 import BANK_CHANNELS
    >>> kept_channels(Setting(method="mean", kept=5), BANK_CHANNELS).names
    ('0°', '36°', '72°', '108°', '144°')
    """
    if setting.method == "first":
        return arriving.picked(range(setting.kept))._replace(
            row_length=min(OF_AN_ORIENTATION, setting.kept)
        )
    if setting.method in ("max", "mean") and setting.channels == CHANNELS:
        of_whole_groups = {
            ORIENTATIONS: ANGLES,
            CHANNELS // PHASES: of_orientations(ANGLES, WAVELENGTH_NAMES),
        }
        if setting.kept in of_whole_groups:
            return of_whole_groups[setting.kept]
    return Channels.numbered(setting.kept)
