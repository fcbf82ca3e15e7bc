"""The plane of colours of one lightness: where pixels lie in it, and how networks divide it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from viz.lessons.network_in_network.painted import Painted
from viz.training.pixel_classes import decision

SIDE = 61  # places along each axis at which a network is asked
MOST_POINTS = 300
MARGIN = 1.15
# Rows of unit length, at right angles to grey: red against green, and yellow against blue.
AXES = torch.tensor([[1.0, -1.0, 0.0], [1.0, 1.0, -2.0]])
AXES = AXES / AXES.norm(dim=1, keepdim=True)


@dataclass(frozen=True, eq=False)
class ColourPlane:
    """The colours of one lightness, by two axes from the grey in the middle.

    Attributes:
        points: `(n, 2)`, some of the learned pixels.
        colours: `(n, 3)` in [0, 1], their colours.
        labels: `(n,)`, their classes.
        lightness: the mean of red, green and blue, for all places of the plane.
        reach: the axes go from −reach to reach.
    """

    points: Tensor
    colours: Tensor
    labels: Tensor
    lightness: float
    reach: float

    @property
    def along(self) -> Tensor:
        """`(SIDE,)`, the places on each axis at which a network is asked."""
        return torch.linspace(-self.reach, self.reach, SIDE)

    def decided(self, network: nn.Module, pixels: Painted) -> Tensor:
        """`(SIDE, SIDE)`, see `decision`: the rows are the places on the second axis, upwards."""
        second, first = torch.meshgrid(self.along, self.along, indexing="ij")
        colours = self.lightness + torch.einsum("ac,ahw->chw", AXES, torch.stack([first, second]))
        return decision(network, pixels.standardised(colours))[0]


def colour_plane(pixels: Painted) -> ColourPlane:
    """The plane of the mean lightness of the learned pixels, as wide as they are coloured."""
    colours = pixels.colours
    points = colours @ AXES.T
    some = torch.arange(0, len(points), -(-len(points) // MOST_POINTS))
    return ColourPlane(
        points=points[some],
        colours=colours[some],
        labels=pixels.learned.labels[some],
        lightness=float(colours.mean()),
        reach=MARGIN * max(float(points.abs().max()), 0.05),
    )
