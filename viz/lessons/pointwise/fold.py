"""How much a ReLU after a matrix folds, and weights for which it does."""

from __future__ import annotations

from torch import Tensor

from viz.lessons.blocks import Block, Button
from viz.lessons.claim import rounding_bound
from viz.lessons.ways import magnitude
from viz.text import text

SEEN_FOLD = 0.05  # of all pixels; a fold of fewer cannot be seen from the last row
FOLDING = {
    "pointwise_recipe": "random",
    "pointwise_seed": 0,
    "pointwise_outputs": 0,
    "pointwise_edits": (),
    "groups": 1,
}


def share_folded(maps: Tensor, matrix: Tensor, mixed: Tensor) -> float:
    """The share of pixels at which some channel is negative by more than rounding.

    The red − green of a grey picture is 0, and half of its pixels come out as −1e-8.

    Args:
        maps: `(C, H, W)`, the input of the matrix.
        matrix: `(O, C)`.
        mixed: `(O, H, W)`, its output.

    >>> import torch
    >>> maps = torch.tensor([[[0.0, 1.0]]])
    >>> share_folded(maps, -torch.eye(1), -maps)
    0.5
    """
    rounded = rounding_bound(magnitude(matrix)(maps), len(maps))
    return float((mixed < -rounded).any(0).float().mean())


def offered_fold(share: float, pixels: Tensor) -> list[Block]:
    """A button to weights that fold, if hardly any pixel is folded; no weights fold black."""
    if share >= SEEN_FOLD or not pixels.any():
        return []
    return [Button(text("Use weights with negative results"), FOLDING)]
