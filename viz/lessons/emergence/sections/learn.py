"""FastICA at work, PCA beside it; then how well Gabor functions fit the filters of both."""

from __future__ import annotations

from collections.abc import Generator

import torch
import torch.nn.functional as F
from torch import Tensor

from viz.figures.histograms import histograms
from viz.lessons.blocks import Block, Chart, Panel, Panels, Prose
from viz.lessons.emergence.fits import Fits, fitted
from viz.lessons.emergence.learning import ITERATIONS, Learning, learning
from viz.lessons.emergence.setting import Setting
from viz.lessons.learned_bank import OWN, SOURCES
from viz.lessons.scene import Scene
from viz.lessons.section import Blocks, Long, Section
from viz.numbers import exact, number
from viz.progress import Progress
from viz.text import Text, text
from viz.training.filter_sources import PATCHES
from viz.training.filter_variants import GOOD_FIT
from viz.training.learned_kernels import OWN_PATCHES
from viz.training.patches import SIDE_PX
from viz.training.shipped_filters import FILTERS

SHOWN = 6  # filters of the best fits, and of the worst
BINS = 10
ICA, PCA = text("ICA"), text("PCA")


def show(scene: Scene[Setting]) -> Long:
    """The filters after each iteration; then the fits, their distribution, the best and the worst."""
    found = yield from _learned(scene)
    fits = []
    for filters in (found.ica, found.pca):
        fits.append((yield from _fitted(filters, found)))
    ica, pca = fits
    return [
        Prose(_heading(scene.setting, ica, pca), "heading"),
        _banks(found, ica, pca),
        _distribution(ica, pca),
        _extremes(ica),
        Prose(_method(scene.setting), "caption"),
        *([Prose(_of_own(), "caption")] if scene.setting.source == OWN else []),
    ]


def _learned(scene: Scene[Setting]) -> Generator[Progress[Blocks] | None, None, Learning]:
    steps = learning(scene.setting, scene.pixels)
    while True:
        try:
            now = next(steps)
        except StopIteration as end:
            learned: Learning = end.value
            return learned
        yield None if now is None else _progress(now)


def _progress(now: Learning) -> Progress[Blocks]:
    sentence = text(
        "FastICA, iteration {n} of {all}: each filter is {same} % like itself an iteration ago",
        n=now.iteration,
        all=ITERATIONS,
        same=round(100 * now.similarity),
    )
    return Progress(0.9 * now.iteration / ITERATIONS, sentence, [_banks(now)])


def _fitted(filters: Tensor, found: Learning) -> Generator[Progress[Blocks] | None, None, Fits]:
    steps = fitted(filters)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            fits: Fits = end.value
            return fits
        yield Progress(0.95, text("Fitting Gabor functions"), [_banks(found)])


def _banks(found: Learning, ica: Fits | None = None, pca: Fits | None = None) -> Block:
    panels = [
        Panel(
            title,
            _on_one_scale(filters),
            kind="weight",
            note=_share(fits) if fits else "",
            scale="banks",
        )
        for title, filters, fits in (
            (text("Independent components (ICA)"), found.ica, ica),
            (text("Principal components (PCA)"), found.pca, pca),
        )
    ]
    return Panels("learned_banks", panels, height_px=440, columns=2, narrowest_px=300)


def _on_one_scale(filters: Tensor) -> Tensor:
    """Each divided by its furthest number from 0, so that faint ones are seen."""
    return filters / filters.abs().amax((1, 2), keepdim=True).clamp(min=1e-12)


def _share(fits: Fits) -> Text:
    return text(
        "{n} of {all} are Gabor‑like; median R² {median}",
        n=fits.good,
        all=len(fits.filters),
        median=number(float(fits.gabors.r_squared.nanmedian()), 2),
    )


def _heading(setting: Setting, ica: Fits, pca: Fits) -> Text:
    counts = {"ica": exact(ica.good), "pca": exact(pca.good), "all": exact(FILTERS)}
    return text(
        "Learned from {source}: **{ica}** of {all} independent components are Gabor‑like, and **{pca}** of {all} principal components",
        source=Text(SOURCES[setting.source]),
        **counts,
    )


def _distribution(ica: Fits, pca: Fits) -> Block:
    """Of R² and of selectivity, small multiples with both methods."""
    edges = torch.linspace(0, 1, BINS + 1).expand(2, -1)
    before, after = (
        torch.stack([_histogram(fits.gabors.r_squared), _histogram(fits.selectivity)])
        for fits in (pca, ica)
    )
    arguments = {
        "edges": edges,
        "before": before,
        "after": after,
        "names": [text("R² of the Gabor fit"), text("selectivity")],
        "words": (PCA, ICA),
        "share": text("share of filters"),
    }
    alt = text(
        "Histograms of R² and of selectivity; medians of ICA {r} and {s}, of PCA {r_pca} and {s_pca}",
        r=number(float(ica.gabors.r_squared.nanmedian()), 2),
        s=number(float(ica.selectivity.nanmedian()), 2),
        r_pca=number(float(pca.gabors.r_squared.nanmedian()), 2),
        s_pca=number(float(pca.selectivity.nanmedian()), 2),
    )
    return Chart("learned_fits", histograms, arguments, alt)


def _histogram(values: Tensor) -> Tensor:
    known = values[values.isfinite()].float()
    return torch.histc(known, BINS, 0, 1) / max(1, len(known))


def _extremes(fits: Fits) -> Block:
    """The best and the worst fits of ICA, each filter above its Gabor function."""
    return Panels(
        "learned_extremes",
        [
            _pairs(
                text("The best fits of ICA, and their Gabor functions"), fits, fits.order[:SHOWN]
            ),
            _pairs(text("The worst fits, and theirs"), fits, fits.order[-SHOWN:]),
        ],
        height_px=220,
        columns=2,
        narrowest_px=300,
    )


def _pairs(title: Text, fits: Fits, which: Tensor) -> Panel:
    """Each filter, and its function below it, on the filter's scale."""
    filters, functions = fits.filters[which], fits.gabors.kernels[which]
    furthest = filters.abs().amax((1, 2), keepdim=True).clamp(min=1e-12)
    pairs = torch.cat([filters, F.pad(functions, (0, 0, 1, 0))], 1) / furthest
    names = [f"R² {each:.2f}" for each in fits.gabors.r_squared[which].tolist()]
    return Panel(title, pairs, names, kind="weight", scale="extremes")


def _method(setting: Setting) -> Text:
    return text(
        "{patches} patches of {side}×{side} px, as many from each picture ({source}), each less its own mean; principal components, of which the first {n} "
        "are kept and scaled to variance 1; then {iterations} iterations of FastICA (symmetric, tanh). Gabor functions are fitted by least squares with 8 parameters; "
        "R² is the share of a filter's energy that its function explains; a filter with more than {limit} is called Gabor‑like. "
        "Selectivity is 1 for a filter that answers to one orientation only, and 0 for one that answers to all alike.",
        patches=exact(PATCHES),
        side=SIDE_PX,
        source=Text(SOURCES[setting.source]),
        n=FILTERS,
        iterations=ITERATIONS,
        limit=GOOD_FIT,
    )


def _of_own() -> Text:
    return text(
        "The filters on the canvas are learned from {n} patches of the picture, so that a slider need not wait.",
        n=exact(OWN_PATCHES),
    )


SECTION = Section(
    show,
    own_data=lambda setting: setting.source != OWN,
)
