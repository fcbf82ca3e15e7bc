"""The learned filters that come with the app, and how well Gabor functions fit them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from viz.assets import ROOT
from viz.training.filter_sources import SOURCES, pictures_of, training_patches
from viz.training.filter_variants import VARIANTS, share
from viz.training.gabor_fit import fit_gabors
from viz.training.independent_components import (
    independent_filters,
    least_gaussian_first,
    principal_filters,
)
from viz.training.patches import SIDE_PX

SCRIPT = "scripts/learn_filters.py"
FILE = ROOT / "assets" / "networks" / "filters.safetensors"
SEEDS = range(4)
METHODS = ("ica", "pca")
FILTERS = 64
EVERY = [(source, method, seed) for source in SOURCES for method in METHODS for seed in SEEDS]


@dataclass(frozen=True)
class Shipped:
    """What the file holds.

    Attributes:
        filters: `(64, 12, 12)` for each source, method and seed.
        r_squared: `(64,)` for each, see `fit_gabors`.
        shares: of Gabor-like filters for each variant and source, one a seed.
        made: the day.
        torch_version: what they were learned with.
    """

    filters: dict[tuple[str, str, int], Tensor]
    r_squared: dict[tuple[str, str, int], Tensor]
    shares: dict[tuple[str, str], Tensor]
    made: date
    torch_version: str


def learned(patches: Tensor, method: str, seed: int) -> Tensor:
    """The filters of some patches.

    Args:
        patches: `(n, 144)`.
        method: `ica`, the least Gaussian responses first, or `pca`, the largest variances first.
        seed: of FastICA.

    Returns:
        `(64, 12, 12)` float64. Their responses to the patches have variance 1.
    """
    if method == "pca":
        filters = principal_filters(patches, FILTERS)
    else:
        *_, filters = independent_filters(patches, FILTERS, seed)
        filters = least_gaussian_first(filters, patches)
    return filters.view(-1, SIDE_PX, SIDE_PX)


def write(file: Path) -> None:
    """Learns all filters and writes them, and the day; takes some minutes."""
    held: dict[str, Tensor] = {}
    for source in SOURCES:
        drawn = [[*pictures_of(source, seed)] for seed in SEEDS]
        for seed, pictures in zip(SEEDS, drawn, strict=True):
            held |= _learned_from(pictures, source, seed)
        for name, variant in VARIANTS.items():
            shares = [share(variant, each, seed) for seed, each in zip(SEEDS, drawn, strict=True)]
            held[f"{name}.{source}"] = torch.tensor(shares)
    said = {"by": SCRIPT, "made": date.today().isoformat(), "torch": torch.__version__}
    save_file(held, file, metadata=said)


def _learned_from(pictures: list[Tensor], source: str, seed: int) -> dict[str, Tensor]:
    patches, held = training_patches(pictures, seed), dict[str, Tensor]()
    for method in METHODS:
        filters, name = learned(patches, method, seed), name_of(source, method, seed)
        held[name] = filters.float().contiguous()
        held[f"{name}.r_squared"] = fit_gabors(filters).r_squared.float()
    return held


def name_of(source: str, method: str, seed: int) -> str:
    """The name of the filters in the file."""
    return f"{source}.{method}.{seed}"


@cache
def shipped() -> Shipped:
    """What the shipped file holds.

    >>> shipped().filters["photographs", "ica", 0].shape
    torch.Size([64, 12, 12])
    """
    return read(FILE)


@torch.inference_mode(False)  # filters outlive the job that reads them
def read(file: Path) -> Shipped:
    """What a file holds; the format holds numbers and text, and nothing that runs.

    Raises:
        safetensors.SafetensorError: if it is no such file, or something is missing in it.
    """
    with safe_open(file, framework="pt") as opened:
        said = opened.metadata()
        filters = {case: opened.get_tensor(name_of(*case)) for case in EVERY}
        fits = {case: opened.get_tensor(f"{name_of(*case)}.r_squared") for case in EVERY}
        shares = {
            (name, source): opened.get_tensor(f"{name}.{source}")
            for name in VARIANTS
            for source in SOURCES
        }
    return Shipped(filters, fits, shares, date.fromisoformat(said["made"]), said["torch"])
