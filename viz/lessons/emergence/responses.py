"""Responses of learned filters to the patches that they were learned from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from torch import Tensor, nn

from viz.layers.pointwise import Pointwise
from viz.layers.recipes import grey_rows
from viz.lessons.emergence.setting import Setting
from viz.lessons.learned_bank import OWN, Learned, shipped_kernels
from viz.training.filter_sources import pictures_of, training_patches
from viz.training.learned_kernels import learned_kernels, own_patches
from viz.training.shipped_filters import FILTERS, name_of

LEAST_VARIANCE = 1e-6  # of a response, as a share of that of a pixel; below it rounding decides


@dataclass(frozen=True, eq=False)
class Responses:
    """Filters and the patches that they were learned from, by the same draw.

    Attributes:
        filters: `(n, 144)`, those of the bank.
        independent, principal: `(64, 144)`, all filters of either method.
        patches: `(m, 144)` float32, each with a mean of 0.
    """

    filters: Tensor
    independent: Tensor
    principal: Tensor
    patches: Tensor

    def correlations(self, patches: Tensor) -> Tensor:
        """Of each response with each other, `(n, n)`."""
        return _correlations(patches, self.filters, self.filters)

    def correlation_magnitude(self, patches: Tensor) -> Tensor:
        """What bounds the rounding of `correlations`."""
        return _magnitude(patches, self.filters, self.filters)

    def turn(self, patches: Tensor) -> Tensor:
        """Correlations of independent with principal components: the turn, if ICA is one."""
        return _correlations(patches, self.independent, self.principal)

    def turn_by_its_transpose(self, patches: Tensor) -> Tensor:
        """T Tᵀ, the identity for a turn."""
        turn = self.turn(patches)
        return turn @ turn.T

    def turn_magnitude(self, patches: Tensor) -> Tensor:
        """What bounds the rounding of `turn_by_its_transpose`."""
        once = self.turn(patches).abs() @ _magnitude(patches, self.independent, self.principal).T
        return once + once.T


def trained_on(setting: Setting, pixels: Tensor) -> Responses:
    """The filters of a Setting, and their patches.

    Args:
        setting: which filters.
        pixels: `(3, H, W)`, the visitor's picture.
    """
    learned = Learned.of(setting)
    both = {
        method: all_kernels(learned._replace(method=method), pixels) for method in ("ica", "pca")
    }
    rows = {method: kernels.flatten(1) for method, kernels in both.items()}
    filters = rows[learned.method][: learned.filters]
    return Responses(filters, rows["ica"], rows["pca"], patches_of(learned, pixels).float())


def all_kernels(learned: Learned, pixels: Tensor) -> Tensor:
    """All filters of a source and method, `(64, 12, 12)`."""
    if learned.source == OWN:
        return learned_kernels(_luminance(pixels), learned.method, learned.filters_seed, FILTERS)
    return shipped_kernels(name_of(learned.source, learned.method, learned.filters_seed))


def patches_of(learned: Learned, pixels: Tensor) -> Tensor:
    """The patches that they were learned from, `(m, 144)` float64."""
    seed = learned.filters_seed
    if learned.source == OWN:
        return own_patches(_luminance(pixels), seed)
    return _drawn(learned.source, seed)


@lru_cache(maxsize=2)  # 23 MB each
def _drawn(source: str, seed: int) -> Tensor:
    return training_patches([*pictures_of(source, seed)], seed)


def _luminance(pixels: Tensor) -> Tensor:
    luminance: nn.Module = Pointwise(grey_rows(1))
    grey: Tensor = luminance(pixels.cpu())
    return grey


def varies(learned: Responses) -> bool:
    """Whether every filter responds to the patches, so that correlations are numbers.

    A picture of few pixels has fewer independent patches than there are filters.
    """
    rows = (learned.independent, learned.principal)
    least = min(float((learned.patches @ each.T).var(0).min()) for each in rows)
    return least > LEAST_VARIANCE * float(learned.patches.var())


def _correlations(patches: Tensor, first: Tensor, second: Tensor) -> Tensor:
    one, other = (_standardised(patches, rows) for rows in (first, second))
    return (one.T @ other / len(patches)).float().to(patches.device)


def _standardised(patches: Tensor, rows: Tensor) -> Tensor:
    """`(m, n)` float64 on the CPU, mean 0 and variance 1."""
    found = patches.cpu().double() @ rows.double().T
    centred = found - found.mean(0)
    return centred / centred.square().mean(0).sqrt()


def _magnitude(patches: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """Σ of what each response is made of, times the other response: both were rounded once."""
    values = patches.cpu().double()
    spread = [(values @ rows.double().T).std(0, correction=0) for rows in (first, second)]
    made_of = [values.abs() @ rows.double().abs().T for rows in (first, second)]
    responses = [_standardised(patches, rows).abs() for rows in (first, second)]
    one, other = (made / each for made, each in zip(made_of, spread, strict=True))
    both = one.T @ responses[1] + responses[0].T @ other
    return (both / len(values)).float().to(patches.device)
