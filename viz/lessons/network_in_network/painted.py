"""The pixels of painted rectangles: half of each is learned from, the other half is held out."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from viz.settings import BoxValues
from viz.training.pixel_classes import CLASSES, Pixels

MOST_OF_A_CLASS = 1500  # pixels to learn from, evenly spaced; more would only take longer
LEAST_DEVIATION = 0.01  # of a channel; a constant one is not divided by nothing


@dataclass(frozen=True, eq=False)
class Painted:
    """The classes that a visitor painted, as pixels.

    Attributes:
        learned, held_out: the pixels of the two halves, in standard units: each channel has the
            mean 0 and the deviation 1 over all learned pixels. A 1×1 layer could do that itself.
        colours: `(n, 3)`, the colours of the learned pixels, as they are in the picture.
        mean, deviation: `(3, 1, 1)`, of the learned pixels.
    """

    learned: Pixels
    held_out: Pixels
    colours: Tensor
    mean: Tensor
    deviation: Tensor

    @property
    def missing(self) -> list[int]:
        """The classes without a pixel to learn from."""
        return (self.learned.labels.bincount(minlength=CLASSES) == 0).nonzero()[:, 0].tolist()

    def standardised(self, pixels: Tensor) -> Tensor:
        """A picture `(3, H, W)` in the units of the learned pixels."""
        return (pixels - self.mean) / self.deviation


def painted(pixels: Tensor, boxes: BoxValues) -> Painted:
    """The pixels in rectangles, with their classes.

    Where rectangles cover one another, the later one counts alone, so no pixel is in both halves.

    Args:
        pixels: `(3, H, W)` in [0, 1], on the CPU.
        boxes: see `viz.settings.Boxes`.

    >>> found = painted(torch.rand(3, 10, 10), ((0, 0, 0, 1000, 400), (1, 0, 600, 500, 1000)))
    >>> len(found.learned.labels), len(found.held_out.labels)
    (30, 30)
    """
    labels, is_held_out = _labelled(pixels.shape[-2], pixels.shape[-1], boxes)
    learned = _some(labels, ~is_held_out)
    colours = pixels.flatten(1)[:, learned]
    mean, deviation = _moments(colours)
    found = {}
    for name, places in (("learned", learned), ("held_out", _some(labels, is_held_out))):
        maps = (pixels.flatten(1)[:, places, None].mT - mean) / deviation
        found[name] = Pixels(maps, labels.flatten()[places])
    return Painted(**found, colours=colours.T, mean=mean, deviation=deviation)


def _labelled(height: int, width: int, boxes: BoxValues) -> tuple[Tensor, Tensor]:
    """The class of each pixel, −1 for none, and whether it is in the right half of a rectangle."""
    labels = torch.full((height, width), -1)
    is_held_out = torch.zeros(height, width, dtype=torch.bool)
    for kind, *edges in boxes:
        top, left, bottom, right = _in_pixels(edges, height, width)
        middle = left + (right - left + 1) // 2  # a single column is learned from
        labels[top:bottom, left:right] = kind
        is_held_out[top:bottom, left:middle] = False
        is_held_out[top:bottom, middle:right] = True
    return labels, is_held_out


def _in_pixels(edges: list[int], height: int, width: int) -> tuple[int, int, int, int]:
    """Edges in pixels: those whose middle lies inside, but always at least one."""
    top, left, bottom, right = (
        (edge * length + 499) // 1000
        for edge, length in zip(edges, (height, width) * 2, strict=True)
    )
    top, left = min(top, height - 1), min(left, width - 1)
    return top, left, max(bottom, top + 1), max(right, left + 1)


def _some(labels: Tensor, where: Tensor) -> Tensor:
    """The places of pixels of every class, evenly spaced if there are many."""
    found = []
    for kind in range(CLASSES):
        places = ((labels == kind) & where).flatten().nonzero()[:, 0]
        found.append(places[:: -(-len(places) // MOST_OF_A_CLASS) or 1])
    return torch.cat(found)


def _moments(colours: Tensor) -> tuple[Tensor, Tensor]:
    if not colours.shape[1]:
        return torch.zeros(len(colours), 1, 1), torch.ones(len(colours), 1, 1)
    deviation = colours.std(1, correction=0).clamp(min=LEAST_DEVIATION)
    return colours.mean(1)[:, None, None], deviation[:, None, None]
