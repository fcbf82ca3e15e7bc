"""The names of the lesson's channels, groups and winners."""

from __future__ import annotations

from viz.lessons.cross_channel_pooling.setting import (
    CHANNELS,
    OF_AN_ORIENTATION,
    ORIENTATIONS,
    PHASES,
    WAVELENGTHS_PX,
    Setting,
)
from viz.lessons.stage import Channels
from viz.lessons.stages import orientation_names, phase_names

_WAVELENGTHS = tuple(f"{wavelength_px:g} px" for wavelength_px in WAVELENGTHS_PX)
_FILTERS = tuple(f"{width} {phase}" for width in _WAVELENGTHS for phase in phase_names(PHASES))
BANK_NAMES = tuple(
    f"{angle} {each}" for angle in orientation_names(ORIENTATIONS) for each in _FILTERS
)


def group_names(setting: Setting) -> tuple[str, ...]:
    """The name of each group: the common property of its channels, else its number.

    >>> group_names(Setting())
    ('0°', '36°', '72°', '108°', '144°')
    """
    group, count = setting.group, CHANNELS // setting.group
    if setting.shuffled or OF_AN_ORIENTATION % group:
        return Channels.numbered(count).names
    if group == OF_AN_ORIENTATION:
        return orientation_names(ORIENTATIONS)
    numbers = Channels.numbered(OF_AN_ORIENTATION // group).names
    of_group = {1: _FILTERS, PHASES: _WAVELENGTHS}.get(group, numbers)
    return tuple(
        f"{angle} {each}" for angle in orientation_names(ORIENTATIONS) for each in of_group
    )


def pooled_names(setting: Setting) -> tuple[str, ...]:
    """Names of the pooled maps: of the group that they pool or imitate, else numbers.

    >>> pooled_names(Setting(kind="maxout", units=7))[-2:]
    ('0° (2)', '36° (2)')
    """
    names = group_names(setting)
    if setting.kind != "maxout":
        return names
    if setting.maxout_weights != "fitted":
        return Channels.numbered(setting.units).names
    turns = (divmod(unit, len(names)) for unit in range(setting.units))
    return tuple(names[group] + f" ({turn + 1})" * (turn > 0) for turn, group in turns)


def class_names(setting: Setting) -> tuple[str, ...]:
    """The name of each place in a group: wavelength and phase if all groups are alike.

    >>> class_names(Setting())[:2], class_names(Setting(group=2)), class_names(Setting(shuffled=True))[:2]
    (('4 px 0°', '4 px 90°'), ('0°', '90°'), ('1', '2'))
    """
    alike = {PHASES: phase_names(PHASES), OF_AN_ORIENTATION: _FILTERS, CHANNELS: BANK_NAMES}
    if setting.shuffled or setting.group not in alike:
        return Channels.numbered(setting.group).names
    return alike[setting.group]
