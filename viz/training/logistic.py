"""The best linear layer for two classes, without training: Newton's method in double precision."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.training.pixel_classes import CLASSES, Pixels

MOST_STEPS = 60
SMALL = 1e-10  # of the expected fall of the loss, where the steps end


class Optimum(NamedTuple):
    """The least loss that a linear layer has.

    Attributes:
        loss: the least loss; 0 if the classes are separable, for then it can be as small as wanted.
        separable: whether a plane has all pixels of one class on one side and those of the other
            on the other.
        plane: `(C + 1,)`, score of class 0 minus that of class 1; the last is the bias. It attains
            the loss, or it separates the classes.
    """

    loss: float
    separable: bool
    plane: Tensor


def linear_optimum(pixels: Pixels) -> Optimum:
    """The least loss of a linear layer, see `pixel_classes.loss`, and whether a plane separates.

    The loss is convex in the plane, so there is one optimum, and every other method must end there.

    >>> apart = Pixels(torch.tensor([[[0.0, 1.0]]]), torch.tensor([0, 1]))
    >>> ring = Pixels(torch.tensor([[[-1.0, 0.0, 1.0]]]), torch.tensor([0, 1, 0]))
    >>> linear_optimum(apart).separable, round(linear_optimum(ring).loss, 4)
    (True, 0.6931)
    """
    channels = pixels.maps.flatten(1).T.double()
    signs = 1.0 - 2.0 * pixels.labels.double()
    rows = torch.cat([channels, torch.ones_like(channels[:, :1])], 1) * signs[:, None]
    share = 1 / (CLASSES * pixels.labels.bincount(minlength=CLASSES).double())[pixels.labels]
    plane = torch.zeros(rows.shape[1], dtype=torch.float64)
    for _ in range(MOST_STEPS):
        margins = rows @ plane
        if (margins > 0).all():
            return Optimum(0.0, True, plane)
        step, fall = _newton(rows, share, margins)
        if fall < SMALL:
            break
        plane = plane + _shortened(rows, share, plane, step) * step
    return Optimum(_loss(share, rows @ plane), False, plane)


def _newton(rows: Tensor, share: Tensor, margins: Tensor) -> tuple[Tensor, float]:
    """The step to the optimum of the parabola that fits the loss here, and how far that falls."""
    wrong = torch.sigmoid(-margins)
    gradient = rows.T @ (share * wrong)
    curvature = rows.T @ (rows * (share * wrong * (1 - wrong))[:, None])
    step = torch.linalg.lstsq(curvature, gradient, driver="gelsd").solution
    return step, float(gradient @ step) / 2


def _shortened(rows: Tensor, share: Tensor, plane: Tensor, step: Tensor) -> float:
    """How much of the step to take, so that the loss falls."""
    here, length = _loss(share, rows @ plane), 1.0
    while length > SMALL and _loss(share, rows @ (plane + length * step)) > here:
        length /= 2
    return length


def _loss(share: Tensor, margins: Tensor) -> float:
    return float((share * F.softplus(-margins)).sum())
