"""Predictions about filters that were learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch.nn.functional as F
from torch import Tensor

from viz.layers.filter_bank import FilterBank
from viz.layers.pointwise import mix_channels
from viz.layers.recipes import grey_rows
from viz.lessons.answers import choice, worth_asking, yes_or_no
from viz.lessons.emergence.by_orientation import gathered
from viz.lessons.emergence.responses import all_kernels
from viz.lessons.emergence.setting import Setting
from viz.lessons.learned_bank import OWN, Learned
from viz.lessons.question import Number, Question
from viz.lessons.scene import Scene
from viz.numbers import number
from viz.text import text
from viz.training.filter_variants import share_above
from viz.training.shipped_filters import FILTERS, SEEDS, shipped

SOURCES = {
    "scrambled": text("photographs with scrambled phases: the same spectrum, no edges"),
    "leaves": text("dead leaves: discs that cover one another"),
    "noise": text("noise with the spectrum of photographs"),
    "photographs": text("photographs"),
}
LESSONS_OF = {
    "scrambled": text("It takes edges, the spectrum is not enough."),
    "leaves": text("Edges are enough."),
    "noise": text("Where there are no edges, none are found."),
    "photographs": text("Photographs are full of edges."),
}
MANY = 3  # times as many straight filters as slanted ones, at least
WITHIN, FEW = 8, 3  # filters that an estimate may be wrong by
FIRST = 16  # filters that are compared
ALIKE = 0.9  # the mean cosine of filters that are nearly the same
NEAR_ZERO = 0.1  # of the root mean square of a filter's responses
CLEAR = 0.02  # of the pixels


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """The questions of a Setting; those about sources concern the filters that come with the app."""
    made = [*_sources(scene.setting), _near_zero(scene), _bank(scene)]
    about = (_another_seed(scene.setting), _spectrum(scene.setting), _diagonal(scene.setting))
    return worth_asking(scene, (*made, *about))


def source_of(setting: Setting) -> str:
    """The Setting's source; photographs if it is the visitor's own picture."""
    return "photographs" if setting.source == OWN else setting.source


def gabor_like(source: str, seed: int) -> int:
    """How many of the 64 filters that ICA learned are Gabor-like."""
    return round(FILTERS * share_above(shipped().r_squared[source, "ica", seed]))


def likeness(filters: Tensor, others: Tensor) -> float:
    """The mean cosine between each filter and the nearest of others, whatever its sign.

    Args:
        filters, others: `(n, side, side)` and `(m, side, side)`.
    """
    one, other = (
        F.normalize(rows - rows.mean(1, keepdim=True))
        for rows in (each.flatten(1).double() for each in (filters, others))
    )
    return float((one @ other.T).abs().amax(1).mean())


def _sources(setting: Setting) -> list[Question]:
    """What two other sources teach."""
    now = setting.source if setting.method == "ica" else ""
    return [_source(name, setting.filters_seed) for name in SOURCES if name != now][:2]


def _source(name: str, seed: int) -> Question:
    other = "photographs" if name != "photographs" else "noise"
    right, less = (gabor_like(each, seed) for each in (name, other))
    return Question(
        f"from_{name}",
        text(
            "ICA learns {all} filters from {source}. How many become Gabor-like, one bar in a window?",
            all=FILTERS,
            source=SOURCES[name],
        ),
        Number(
            right,
            "",
            text("From {source} it is {n}.", source=SOURCES[other], n=less),
            within=WITHIN,
            high=FILTERS,
        ),
        LESSONS_OF[name],
        {"source": name, "method": "ica"},
    )


def _bank(scene: Scene[Setting]) -> Question:
    matrix = scene.built.mixing("pointwise").matrix
    filters = scene.setting.filters
    right = len(matrix @ matrix.new_zeros(filters, 1))
    return Question(
        "one_bank",
        text(
            "Without the ReLU, the {n} filters and the 1×1 are one bank of filters. How many filters has it?",
            n=filters,
        ),
        Number(right, "", text("The 1×1 adds no filters, it mixes them.")),
        text(
            "As many as the 1×1 has rows. Each of them is a mixture of all {n}.",
            n=filters,
        ),
        {"relu": False},
    )


def _another_seed(setting: Setting) -> Question | None:
    source, seed = source_of(setting), setting.filters_seed
    other = (seed + 1) % len(SEEDS)
    filters = shipped().filters
    r = likeness(filters[source, "ica", seed], filters[source, "ica", other])
    before, now = (gabor_like(source, each) for each in (seed, other))
    right = "same" if r > ALIKE else "kind" if abs(before - now) <= WITHIN else "another"
    counts = {"before": before, "now": now, "all": FILTERS}
    if right != "kind":
        return None
    return Question(
        "another_seed",
        text("ICA learns again, from other patches and another start. What does it find?"),
        choice(
            right,
            {
                "same": (
                    text("the same filters"),
                    text("From another start it ends at other filters."),
                ),
                "kind": (text("other filters of the same kind"), ""),
                "another": (
                    text("filters of another kind"),
                    text("The pictures are of the same kind, and so are the filters."),
                ),
            },
        ),
        text(
            "{before} of {all} are Gabor-like with one seed, {now} with the other. The nearest partner of a filter is alike by {r}, where 1 is equal.",
            r=number(r, 2),
            **counts,
        ),
        {"source": source, "method": "ica", "filters_seed": other},
    )


def _spectrum(setting: Setting) -> Question:
    filters, seed = shipped().filters, setting.filters_seed
    found = {
        method: likeness(
            filters["photographs", method, seed][:FIRST], filters["scrambled", method, seed]
        )
        for method in ("pca", "ica")
    }
    said = {name: number(each, 2) for name, each in found.items()}
    right = found["pca"] > ALIKE
    instead = {
        True: text("PCA asks only how pixels vary together, and that is the spectrum."),
        False: text("Their spectra are alike, but not equal."),
    }[right]
    return Question(
        "spectrum",
        text(
            "The phases of the photographs are scrambled, their spectrum stays. Are PCA’s first {n} filters nearly the same from both?",
            n=FIRST,
        ),
        yes_or_no(right=right, instead=instead),
        text(
            "A filter of PCA has a partner that is alike by {pca} on average, where 1 is equal; one of ICA by {ica}.",
            **said,
        ),
        {"source": "scrambled", "method": "pca", "filters": FIRST},
    )


def _diagonal(setting: Setting) -> Question | None:
    source, seed = source_of(setting), setting.filters_seed
    found = {method: gathered(shipped().filters[source, method, seed]) for method in ("pca", "ica")}
    sizes = {method: [len(of.members(row)) for row in range(4)] for method, of in found.items()}
    right, of_ica = (sizes[name][1] + sizes[name][3] for name in ("pca", "ica"))
    straight = sizes["pca"][0] + sizes["pca"][2]
    if MANY * right > straight:
        return None
    return Question(
        "diagonal",
        text(
            "PCA learns {all} filters from {source}. How many prefer slanted bars, near 45° or 135°?",
            all=FILTERS,
            source=SOURCES[source],
        ),
        Number(
            right,
            "",
            text("PCA’s waves follow the sides of its square patches."),
            within=FEW,
            high=FILTERS,
        ),
        text(
            "{straight} prefer lying or upright bars. Of ICA’s filters {ica} prefer slanted ones.",
            straight=straight,
            ica=of_ica,
        ),
        {"source": source, "method": "pca", "filters": FILTERS, "part": "on_top"},
    )


def near_zero(scene: Scene[Setting], method: str) -> float:
    """How often the first filters of a method respond to the photo with nearly nothing."""
    setting = replace(scene.setting, method=method)
    kernels = all_kernels(Learned.of(setting), scene.pixels)[:FIRST].to(scene.pixels.device)
    brightness = mix_channels(scene.pixels, grey_rows(1).to(scene.pixels.device))
    found = FilterBank(kernels)(brightness).abs()
    strength = found.square().mean((1, 2), keepdim=True).sqrt()
    return float((found < NEAR_ZERO * strength).float().mean())


def _near_zero(scene: Scene[Setting]) -> Question | None:
    if scene.setting.source == OWN:
        return None  # they would have to be learned first
    shares = {method: near_zero(scene, method) for method in ("ica", "pca")}
    if abs(shares["ica"] - shares["pca"]) < CLEAR:
        return None
    said = {method: round(100 * share) for method, share in shares.items()}
    return Question(
        "near_zero",
        text(
            "Whose first {n} filters answer to this photo more often with nearly nothing?", n=FIRST
        ),
        choice(
            max(shares, key=lambda method: shares[method]),
            {
                "pca": (
                    text("those of PCA"),
                    text("PCA asks for large variance, whatever the answers look like."),
                ),
                "ica": (
                    text("those of ICA"),
                    text("On its own training pictures they do."),
                ),
            },
        ),
        text(
            "ICA looks for answers that are rare: nearly nothing at {ica} % of the pixels, with PCA at {pca} %.",
            **said,
        ),
        {"method": "pca" if scene.setting.method == "ica" else "ica"},
    )
