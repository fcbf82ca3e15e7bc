"""A bank of filters that were learned from pictures, as a stage and as fields of a Setting."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeVar

from torch import Tensor, nn

from viz.layers.filter_bank import FilterBank
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, grey_rows
from viz.layers.reflection import reflected
from viz.lessons.measured import Measured
from viz.lessons.stage import Channels, Inflow, Stage
from viz.settings import ANY, Allowed, Choice, Setting, Slider, field
from viz.text import Text, text
from viz.training.filter_file import kernels_in_file
from viz.training.independent_components import (
    fast_ica,
    independent_filters,
    least_gaussian_first,
    nearest_rotation,
    principal_components,
    principal_filters,
    with_fixed_sign,
)
from viz.training.learned_kernels import large_enough, learned_kernels, own_patches
from viz.training.patches import patches, squares_of
from viz.training.shipped_filters import FILE, FILTERS, SEEDS, name_of

S = TypeVar("S", bound=Setting)
OWN = "own"
# The functions that `learned_kernels` calls, each before the one that calls it.
HELPERS = (
    reflected,
    large_enough,
    squares_of,
    patches,
    own_patches,
    with_fixed_sign,
    principal_components,
    principal_filters,
    nearest_rotation,
    fast_ica,
    independent_filters,
    least_gaussian_first,
)


class Learned(NamedTuple):
    """Which filters: the fields of a Setting that has such a bank.

    Attributes:
        source: what they were learned from, see `SOURCES`.
        method: `ica` or `pca`.
        filters: how many of the 64.
        filters_seed: of the patches, of the controls, and of the first turn of ICA.
    """

    source: str
    method: str
    filters: int
    filters_seed: int

    @classmethod
    def of(cls, setting: Setting) -> Learned:
        """The values of the fields."""
        return cls(*(getattr(setting, name) for name in cls._fields))


SOURCES = {
    "photographs": "photographs",
    "own": "this picture",
    "scrambled": "scrambled phases",
    "noise": "1/f noise",
    "leaves": "dead leaves",
}
METHODS = {"ica": "ICA", "pca": "PCA"}


def source_field() -> str:
    """The field `source`."""
    return field(
        Choice,
        "photographs",
        SOURCES,
        label="Learned from",
        help="Photographs have edges. The same with scrambled phases, and noise, have none; dead leaves are discs that cover one another.",
    )


def method_field() -> str:
    """The field `method`."""
    return field(
        Choice,
        "ica",
        METHODS,
        label="Method",
        help="ICA looks for responses that are as independent as possible, PCA for those with the largest variance.",
    )


def filters_field(default: int) -> int:
    """The field `filters`."""
    return field(
        Slider,
        default,
        8,
        FILTERS,
        step=8,
        label="Number of filters",
        help="How many of the 64. Of ICA, the first are those whose responses are zero most often; of PCA, those with the largest variance.",
    )


def filters_seed_field() -> int:
    """The field `filters_seed`."""
    return field(
        Slider,
        0,
        SEEDS[0],
        SEEDS[-1],
        label="Seed",
        help="Other patches, and another start. The filters differ; their kind should not.",
    )


@dataclass(frozen=True)
class LearnedFilters(Stage[S]):
    """The first stage: maps of the brightness by filters that were learned."""

    name: str = "bank"

    def title(self, setting: S, arriving: Channels) -> Text:
        return {"ica": text("ICA filters"), "pca": text("PCA filters")}[Learned.of(setting).method]

    def controls(self, setting: S, arriving: Channels) -> Mapping[str, Allowed]:
        return dict.fromkeys(Learned._fields, ANY)

    def channels(self, setting: S, arriving: Channels) -> Channels:
        return Channels.numbered(Learned.of(setting).filters)

    def build(self, setting: S, inflow: Inflow) -> nn.Module:
        luminance = Pointwise(grey_rows(1))
        kernels, recipe = _kernels(Learned.of(setting), luminance, inflow)
        bank = FilterBank(kernels, recipe)
        return nn.Sequential(OrderedDict[str, nn.Module](luminance=luminance, learned=bank))


def _kernels(learned: Learned, luminance: nn.Module, inflow: Inflow) -> tuple[Tensor, Recipe]:
    if learned.source == OWN:
        return own_kernels(learned, luminance, inflow), own_recipe(learned)
    name = name_of(learned.source, learned.method, learned.filters_seed)
    arguments = (("path", FILE.name), ("name", name), ("count", learned.filters))
    return shipped_kernels(name)[: learned.filters], Recipe(kernels_in_file, arguments)


@cache  # as many as the file has
def shipped_kernels(name: str) -> Tensor:
    """All filters of one name in the app's file, `(64, 12, 12)`."""
    return kernels_in_file(str(FILE), name, FILTERS)


def own_kernels(learned: Learned, luminance: nn.Module, inflow: Inflow) -> Tensor:
    """The first filters of the picture's own; all are learned at once, and cached."""
    learn = Measured(
        learned_kernels, method=learned.method, seed=learned.filters_seed, count=FILTERS
    )
    return inflow.measured(nn.Sequential(luminance, learn)).cpu()[: learned.filters]


def own_recipe(learned: Learned) -> Recipe:
    """Learns them again."""
    seed, count = learned.filters_seed, learned.filters
    arguments = (("method", learned.method), ("seed", seed), ("count", count))
    return Recipe(learned_kernels, arguments, of_channels=True, helpers=HELPERS)
