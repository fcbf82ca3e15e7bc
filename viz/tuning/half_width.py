"""How wide a tuning curve is at half its height."""

from __future__ import annotations

import math

from torch import Tensor


def half_widths_degrees(response: Tensor, orientations_degrees: Tensor) -> Tensor:
    """Half the width of each curve at half its height.

    From the largest response to either side, to where the curve first falls to half; between two
    orientations it is a line, and at its top a parabola.

    Args:
        response: `(channels, o)`, never negative.
        orientations_degrees: `(o,)`, at least three, in any order.

    Returns:
        `(channels,)`; NaN for a curve that stays above half its height.

    >>> import torch
    >>> half_widths_degrees(torch.tensor([[0.0, 3, 4, 3, 0, 0]]), torch.arange(0.0, 180, 30))
    tensor([40.])
    """
    peak = response.argmax(1, keepdim=True)
    turned = orientations_degrees - orientations_degrees[peak]
    after, before = _by_distance(response, turned), _by_distance(response, -turned)
    half = _tops(after, before)[:, None] / 2
    return (_fallen(*after, half) + _fallen(*before, half)) / 2


def _by_distance(response: Tensor, turned: Tensor) -> tuple[Tensor, Tensor]:
    """Distances from the peak in one direction, ascending from 0, and the responses there."""
    distance, order = (turned % 180).sort(dim=1)
    return distance, response.gather(1, order)


def _tops(after: tuple[Tensor, Tensor], before: tuple[Tensor, Tensor]) -> Tensor:
    """The height of the parabola through the peak and its neighbours."""
    (right, up), (left, down) = (
        (distance[:, 1], values[:, 1]) for distance, values in (after, before)
    )
    peak = after[1][:, 0]
    rising, falling = (up - peak) / right, (down - peak) / left
    curvature = (rising + falling) / (right + left)
    slope = rising - curvature * right
    top = peak - slope.square() / (4 * curvature)
    return top.where(top.isfinite(), peak)


def _fallen(distance: Tensor, response: Tensor, half: Tensor) -> Tensor:
    """The distance at which it is first below half, on the line from the one before."""
    below = response < half
    first = below.int().argmax(1, keepdim=True).clamp(min=1)
    ends = [each.gather(1, first - step) for each in (distance, response) for step in (1, 0)]
    near, far, higher, lower = ends
    at = near + (far - near) * (higher - half) / (higher - lower)
    return at.where(below.any(1, keepdim=True), math.nan).squeeze(1)
