"""The names of the lesson's channels, groups and winners."""

from __future__ import annotations

from viz.lessons.bank_of_50 import (
    ANGLES,
    BANK_CHANNELS,
    CHANNELS,
    FILTER_NAMES,
    OF_AN_ORIENTATION,
    PHASE_NAMES,
    PHASES,
    WAVELENGTH_NAMES,
)
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.stage import Channels
from viz.lessons.stages import of_orientations


def group_channels(setting: Setting) -> Channels:
    """The groups, each named by the common property of its channels, else by its number.

    >>> group_channels(Setting()).names
    ('0°', '36°', '72°', '108°', '144°')
    """
    group, count = setting.group, CHANNELS // setting.group
    if setting.shuffled or OF_AN_ORIENTATION % group:
        return Channels.numbered(count)
    if group == OF_AN_ORIENTATION:
        return ANGLES
    numbers = Channels.numbered(OF_AN_ORIENTATION // group).names
    of_group = {1: FILTER_NAMES, PHASES: WAVELENGTH_NAMES}.get(group, numbers)
    return of_orientations(ANGLES, of_group)


def pooled_channels(setting: Setting) -> Channels:
    """The pooled maps, named by the group that they pool or imitate, else by numbers.

    >>> pooled_channels(Setting(kind="maxout", units=7)).names[-2:]
    ('0° (2)', '36° (2)')
    """
    groups = group_channels(setting)
    if setting.kind != "maxout":
        return groups
    if setting.maxout_weights != "fitted":
        return Channels.numbered(setting.units)
    imitated = groups.picked([unit % groups.size for unit in range(setting.units)])
    turns = (unit // groups.size for unit in range(setting.units))
    names = (name + f" ({n + 1})" * (n > 0) for name, n in zip(imitated.names, turns, strict=True))
    return imitated._replace(names=tuple(names))


def class_names(setting: Setting) -> tuple[str, ...]:
    """The name of each place in a group: wavelength and phase if all groups are alike.

    >>> class_names(Setting())[:2], class_names(Setting(group=2)), class_names(Setting(shuffled=True))[:2]
    (('4 px φ0°', '4 px φ90°'), ('φ0°', 'φ90°'), ('1', '2'))
    """
    alike = {PHASES: PHASE_NAMES, OF_AN_ORIENTATION: FILTER_NAMES, CHANNELS: BANK_CHANNELS.names}
    if setting.shuffled or setting.group not in alike:
        return Channels.numbered(setting.group).names
    return alike[setting.group]
