"""The bank of fifty oriented filters of several lessons: its sizes, its names, its stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

from viz.layers.crop import CentreCrop
from viz.layers.gabor import GaborBanksParameters
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe
from viz.lessons.measured import Measured
from viz.lessons.stage import Channels, Inflow, Stage
from viz.lessons.stages import of_orientations, orientation_channels, oriented_maps, phase_channels
from viz.settings import Setting
from viz.text import Text, text

S = TypeVar("S", bound=Setting)

ORIENTATIONS, PHASES, WAVELENGTHS_PX = 5, 2, (4.0, 6.0, 8.0, 11.0, 15.0)
BANK = GaborBanksParameters(ORIENTATIONS, PHASES, WAVELENGTHS_PX)
OF_AN_ORIENTATION = len(WAVELENGTHS_PX) * PHASES
CHANNELS = ORIENTATIONS * OF_AN_ORIENTATION

ANGLES = orientation_channels(ORIENTATIONS)
WAVELENGTH_NAMES = tuple(f"{wavelength_px:g} px" for wavelength_px in WAVELENGTHS_PX)
PHASE_NAMES = phase_channels(PHASES).names
FILTER_NAMES = tuple(f"{width} {phase}" for width in WAVELENGTH_NAMES for phase in PHASE_NAMES)
BANK_CHANNELS = of_orientations(ANGLES, FILTER_NAMES)


def unit_variance_rows(maps: Tensor) -> Tensor:
    """For every channel the one weight that gives it variance 1 over the pixels; 0 if it is constant.

    weight[c, 0] = 1 / (standard deviation of channel c)

    Args:
        maps: `(C, H, W)`, made of a picture from 0 to 1: rounding leaves of a constant one far less
            than a standard deviation of 1e-5, which counts as none.

    Returns:
        `(C, 1)` on the CPU, the weights of a depthwise 1×1.

    >>> unit_variance_rows(torch.tensor([[[1.0, 5.0]], [[3.0, 3.0]]]))
    tensor([[0.5000],
            [0.0000]])
    """
    spread = maps.flatten(1).std(1, correction=0, keepdim=True).cpu()
    varies = spread > 1e-5 * spread.max().clamp(min=1)  # less is what rounding makes of a constant
    return torch.where(varies, 1 / spread, 0)


@dataclass(frozen=True)
class BankOf50(Stage[S]):
    """Fifty oriented maps of the luminance, each at unit variance.

    Attributes:
        side_px: the side of the square in the middle of the picture that they are of; 0 for all.
    """

    name: str = "bank"
    side_px: int = 0

    def title(self, setting: S, arriving: Channels) -> Text:
        return text("Gabor")

    def channels(self, setting: S, arriving: Channels) -> Channels:
        return BANK_CHANNELS

    def build(self, setting: S, inflow: Inflow) -> nn.Module:
        bank = nn.Sequential()
        if self.side_px:
            bank.add_module("crop", CentreCrop(self.side_px))
        for name, layer in oriented_maps(BANK).named_children():
            bank.add_module(name, layer)
        # As one stage, so that the cache keeps fifty weights and not the maps before them.
        spread = nn.Sequential(*bank, Measured(unit_variance_rows))
        rows = inflow.measured(spread).cpu()
        recipe = Recipe(unit_variance_rows, (), of_channels=True)
        bank.add_module("scale", Pointwise(rows, groups=len(rows), recipe=recipe))
        return bank
