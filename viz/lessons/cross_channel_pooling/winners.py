"""Which channel of its group wins at every pixel, and how often."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from viz.layers.cross_channel_pooling import winning_channel
from viz.lessons.cross_channel_pooling.network import arriving
from viz.lessons.cross_channel_pooling.setting import CHANNELS, Setting
from viz.lessons.cross_channel_pooling.words import channel_degrees, channel_names


@dataclass(frozen=True)
class OnePixel:
    """The numbers of one pixel as they reach the pooling, and who wins.

    Attributes:
        row, column: the pixel.
        group: how many consecutive channels make a group.
        values: one number a channel.
        names: what each channel is called.
        degrees: the orientation of each channel's bars.
        winners: of each group the number of the channel with the largest value, the first of
            equals, counted over all channels.
    """

    row: int
    column: int
    group: int
    values: tuple[float, ...]
    names: tuple[str, ...]
    degrees: tuple[float, ...]
    winners: tuple[int, ...]


def one_pixel(setting: Setting, maps: Tensor, row: int, column: int) -> OnePixel:
    """One pixel's 50 numbers and the winner of each group.

    Args:
        setting: its group and its shuffle count.
        maps: `(50, H, W)`, the maps of the bank.
        row, column: a pixel of them.

    Raises:
        ValueError: if the maps have no such pixel.

    >>> seen = one_pixel(Setting(group=25), torch.arange(50.0).view(50, 1, 1), 0, 0)
    >>> seen.winners, seen.names[0]
    ((24, 49), '0° 4 px 0°')
    """
    height, width = maps.shape[-2:]
    if not (0 <= row < height and 0 <= column < width):
        raise ValueError(f"maps of {height}×{width} have no pixel ({row}, {column})")
    pixel = arriving(setting, maps[:, row : row + 1, column : column + 1])
    within = winning_channel(pixel, setting.group).flatten().tolist()
    return OnePixel(
        row,
        column,
        setting.group,
        tuple(pixel.flatten().tolist()),
        tuple(channel_names(setting)["order"]),
        tuple(channel_degrees(setting)),
        tuple(setting.group * g + int(k) for g, k in enumerate(within)),
    )


def winner_maps(setting: Setting, maps: Tensor) -> Tensor:
    """Which channel of each group wins at every pixel, counted from 0 within the group.

    Args:
        setting: its group and its shuffle count, whatever kind of pooling it asks for.
        maps: `(50, H, W)`, the maps of the bank.

    Returns:
        `(50 / group, H, W)`, whole numbers below `group`; the first of equals wins.

    >>> winner_maps(Setting(group=50), torch.arange(50.0).view(50, 1, 1))
    tensor([[[49.]]])
    """
    return winning_channel(arriving(setting, maps), setting.group)


def winner_shares(setting: Setting, maps: Tensor) -> Tensor:
    """Of every group, the share of the pixels that each of its channels wins.

    Args are those of `winner_maps`.

    Returns:
        `(50 / group, group)`; each row adds up to 1.

    >>> winner_shares(Setting(group=50), torch.arange(50.0).view(50, 1, 1))[0, -2:]
    tensor([0., 1.])
    """
    winners = winner_maps(setting, maps).flatten(1)
    counts = winners.new_zeros(CHANNELS // setting.group, setting.group)
    counts.scatter_add_(1, winners.long(), torch.ones_like(winners))
    return counts / winners.shape[1]
