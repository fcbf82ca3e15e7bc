"""The inputs of the sections: the maps of the bank, and the unit clicked on the canvas."""

from __future__ import annotations

from torch import Tensor

from viz.lessons.cross_channel_pooling.names import group_channels
from viz.lessons.cross_channel_pooling.setting import Setting
from viz.lessons.lesson import Scene


def bank_maps(scene: Scene[Setting]) -> Tensor:
    """The maps of the bank, `(50, H, W)`, in their original order."""
    return scene.input_of(scene.setting.after_bank)


def clicked_pixel(scene: Scene[Setting]) -> tuple[int, int]:
    """Row and column of the pixel that was clicked, else of the one that the canvas shows."""
    height, width = scene.pixels.shape[1:]
    row, column = scene.place()
    return min(row, height - 1), min(column, width - 1)


def clicked_map(scene: Scene[Setting]) -> tuple[int, str]:
    """The index and the name of the group max to show: the one that was clicked, else the first."""
    names, unit = group_channels(scene.setting).names, scene.unit
    at = min(unit.channel, len(names) - 1) if unit and unit.stage == "pooling" else 0
    return at, names[at]


def one_of(maps: Tensor, at: int) -> Tensor:
    """One map of several, `(1, H, W)`; the last one if there are fewer."""
    at = min(at, len(maps) - 1)
    return maps[at : at + 1]
