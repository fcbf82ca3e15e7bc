"""Filters learned on the page, their fits, and the controls."""

from __future__ import annotations

from collections.abc import Generator
from itertools import pairwise
from typing import TypeVar

import pytest
import torch
from torch import Tensor

from viz.images import photographs, resized
from viz.layers.gabor import gabor_bank
from viz.lessons import load
from viz.lessons.blocks import Chart, Columns, Panels, Prose, Table
from viz.lessons.emergence import learning as learning_module
from viz.lessons.emergence.fits import Fits, fitted, shares, shares_above
from viz.lessons.emergence.learning import Learning, learning, of_norm_1
from viz.lessons.emergence.sections import controls, learn
from viz.lessons.emergence.setting import Setting
from viz.text import Text
from viz.training import filter_variants
from viz.training.filter_sources import SOURCES, luminance, pictures_of, training_patches
from viz.training.filter_variants import VARIANTS, Variant, of_equal_contrast, share
from viz.training.learned_kernels import OWN_PATCHES, own_patches
from viz.training.shipped_filters import SEEDS, learned, shipped

PICTURE = resized(photographs()[0].pixels, 96)
LESSON = load("emergence")
S = TypeVar("S")
T = TypeVar("T")


@pytest.fixture
def few_iterations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning_module, "ITERATIONS", 3)
    monkeypatch.setattr(learn, "ITERATIONS", 3)


def run(steps: Generator[S | None, None, T]) -> tuple[list[S], T]:
    """What the steps yield, without the pauses, and what they return."""
    seen = list[S]()
    while True:
        try:
            now = next(steps)
        except StopIteration as end:
            return seen, end.value
        seen += [] if now is None else [now]


def every_step(setting: Setting) -> tuple[list[Learning], Learning]:
    return run(learning(setting, PICTURE))


def fits_of(filters: Tensor) -> Fits:
    return run(fitted(filters))[1]


# ── Learning here ───────────────────────────────────────────────────────────────────────────────


def test_the_filters_at_the_end_are_the_shipped_ones():
    _, last = every_step(Setting(source="photographs", filters_seed=2))
    for found, method in ((last.ica, "ica"), (last.pca, "pca")):
        there = of_norm_1(shipped().filters["photographs", method, 2].flatten(1).double())
        cosines = (found.flatten(1) * there.flatten(1)).sum(1)
        assert cosines.median() > 0.9999


def test_every_iteration_is_seen(few_iterations: None):
    seen, last = every_step(Setting(source="own"))
    assert [now.iteration for now in seen] == [0, 1, 2, 3]
    for before, now in pairwise(seen):
        cosines = torch.cosine_similarity(before.ica.flatten(1), now.ica.flatten(1))
        assert now.similarity == pytest.approx(float(cosines.abs().mean()))
    assert torch.equal(seen[0].pca, last.pca)


def test_the_last_ones_are_in_the_order_of_the_canvas(few_iterations: None):
    """The same filters as after the last iteration, the least Gaussian first."""
    seen, last = every_step(Setting(source="own"))
    same = (seen[-1].ica.flatten(1) @ last.ica.flatten(1).T).abs()
    assert sorted(same.argmax(1).tolist()) == list(range(64))
    patches = training_patches([luminance(PICTURE)], 0)
    responses = patches @ last.ica.flatten(1).T
    peaked = torch.log(torch.cosh(responses / responses.std(0))).mean(0)
    assert peaked[:16].mean() < peaked[-16:].mean(), "0.375 for a Gaussian, less for a sparse one"


def test_the_visitors_picture_is_learned_from_and_others_are_not(few_iterations: None):
    ends = [every_step(Setting(source=source))[1].pca for source in ("own", "photographs")]
    own = learned(training_patches([luminance(PICTURE)], 0), "pca", 0)
    torch.testing.assert_close(ends[0], of_norm_1(own.flatten(1)))
    assert (ends[0] - ends[1]).abs().max() > 0.1


@pytest.mark.parametrize("size", [(3, 1, 1), (3, 5, 40)])
def test_small_and_flat_pictures_are_learned_from_too(few_iterations: None, size: tuple[int, ...]):
    blocks = LESSON.section("learn", Setting(source="own"), torch.full(size, 0.5))
    assert len(blocks) == 6


def test_the_canvas_says_how_many_patches_it_learned_from():
    assert len(own_patches(luminance(PICTURE)[None], 0)) == OWN_PATCHES


# ── The fits ────────────────────────────────────────────────────────────────────────────────────


def test_fits_of_a_gabor_bank_are_perfect_and_those_of_noise_are_not():
    bars = gabor_bank(10, phases=2, wavelength_px=5, sigma_px=2, size_px=13)
    noise = torch.randn(3, 13, 13, generator=torch.Generator().manual_seed(0))
    filters = torch.cat([noise, bars])
    assert len([*fitted(filters)]) == 2, "no slice is long"
    fits = fits_of(filters)
    assert fits.good == 20
    assert sorted(fits.order[-3:].tolist()) == [0, 1, 2]
    assert fits.selectivity[3:].min() > 0.5 > fits.selectivity[:3].max()


def test_the_curve_of_limits_goes_through_the_share_that_is_used():
    for source in SOURCES:
        mean = sum(shares(source, "ica")) / len(SEEDS)
        assert shares_above(source, "ica", [0.7]) == [pytest.approx(mean)]
        falling = shares_above(source, "ica", controls.LIMITS)
        assert falling == sorted(falling, reverse=True)


# ── The sections ────────────────────────────────────────────────────────────────────────────────


def test_progress_shows_the_filters_and_the_end_their_fits(few_iterations: None):
    scene = LESSON.scene(Setting(source="own"), PICTURE)
    said, blocks = run(learn.show(scene))
    fractions = [each.fraction for each in said]
    assert fractions == sorted(fractions)
    assert all(each.newest and isinstance(each.newest[0], Panels) for each in said)
    banks, extremes = (block for block in blocks if isinstance(block, Panels))
    (chart,) = (block for block in blocks if isinstance(block, Chart))
    heading = blocks[0]
    assert isinstance(heading, Prose)
    for panel, method in zip(banks.panels, ("ica", "pca"), strict=True):
        assert isinstance(panel.note, Text)
        assert str(panel.note.values["n"]) == heading.text.values[method]
    for shown in (chart.arguments["before"], chart.arguments["after"]):
        torch.testing.assert_close(shown.sum(1), torch.ones(2))
    assert all(len(panel.maps) == learn.SHOWN for panel in extremes.panels)
    best, worst = (float(panel.names[0][-4:]) for panel in extremes.panels)
    assert best > worst


def test_a_pair_is_the_filter_and_its_function_on_one_scale():
    noise = torch.randn(8, 12, 12, generator=torch.Generator().manual_seed(2)).double()
    fits = fits_of(noise)
    pairs = learn._pairs(controls.TITLES["noise"], fits, fits.order[:3]).maps
    assert isinstance(pairs, Tensor)
    for pair, n in zip(pairs, fits.order[:3].tolist(), strict=True):
        largest = noise[n].abs().max()
        torch.testing.assert_close(pair[:12] * largest, noise[n])
        torch.testing.assert_close(pair[13:] * largest, fits.gabors.kernels[n])


def blocks_of_controls(seed: int = 0) -> list[object]:
    return [*LESSON.section("controls", Setting(filters_seed=seed), PICTURE)]


def test_the_page_says_that_edges_make_gabors():
    heading, panels, charts, choices, table, *_ = blocks_of_controls()
    assert isinstance(heading, Prose)
    assert isinstance(choices, Prose)
    assert isinstance(panels, Panels)
    assert isinstance(charts, Columns)
    assert isinstance(table, Table)
    assert heading.text.values["photographs"] == "72 ± 4 %"
    assert heading.text.values["scrambled"] == "15 ± 1 %"
    assert choices.text.values["n"] == choices.text.values["all"] == 7
    assert len(table.rows) == 3 + len(VARIANTS) + 1
    assert {len(row) for row in table.rows} == {len(table.head)}


def test_the_page_would_say_that_edges_do_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(controls, "HAVE_EDGES", ("photographs", "noise"))
    heading, *_, choices, _, _, _ = blocks_of_controls()
    assert isinstance(heading, Prose)
    assert isinstance(choices, Prose)
    assert "do not tell" in heading.text.message
    assert choices.text.values["n"] == 0


def test_each_draw_shows_its_own_pictures_and_filters():
    drawn = [blocks_of_controls(seed)[1] for seed in (0, 1)]
    panels = [each.panels for each in drawn if isinstance(each, Panels)]
    maps = [[one.maps for one in each if isinstance(one.maps, Tensor)] for each in panels]
    alike = [bool((one == two).all()) for one, two in zip(*maps, strict=True)]
    assert alike == [True, *[False] * 7], "the photograph is always the same"
    for picture in panels[0][:4]:
        assert picture.maps.shape == (3, 224, 224)
        assert 0 <= picture.maps.min() < picture.maps.max() <= 1


# ── Other choices of the method ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("source", ["noise", "leaves"])
def test_the_shipped_share_of_a_variant_is_learned_again(source: str):
    again = share(VARIANTS["half"], [*pictures_of(source, 1)], 1)
    assert again == pytest.approx(float(shipped().shares["half", source][1]), abs=0.05)


def test_the_variant_without_a_change_is_the_shipped_method(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(filter_variants, "fit_gabors", lambda filters: filters)
    kept = list[Tensor]()
    monkeypatch.setattr(filter_variants, "share_above", lambda of: kept.append(of) or 0.0)
    monkeypatch.setattr(Tensor, "r_squared", property(lambda self: self), raising=False)
    pictures = [luminance(PICTURE)]
    share(Variant(), pictures, 0)
    share(Variant(features=True), pictures, 0)
    filters, features = (each.flatten(1) for each in kept)
    ours = learned(training_patches(pictures, 0), "ica", 0).flatten(1)
    same = torch.nn.functional.normalize(filters) @ torch.nn.functional.normalize(ours).T
    torch.testing.assert_close(same.abs().amax(1), torch.ones(64).double())
    torch.testing.assert_close(filters @ features.T, torch.eye(64).double(), atol=1e-6, rtol=0)


def test_with_any_choice_the_order_of_the_sources_is_the_same():
    for name in VARIANTS:
        found = {source: shipped().shares[name, source] for source in SOURCES}
        with_edges = min(found["photographs"].min(), found["leaves"].min())
        assert with_edges > max(found["scrambled"].max(), found["noise"].max())


def test_patches_of_equal_contrast_differ_in_pattern_alone():
    patches = torch.tensor([[1.0, -1.0], [100.0, -100.0], [0.0, 0.0]])
    found = of_equal_contrast(patches).norm(dim=1)
    assert found[2] == 0
    assert found[1] == pytest.approx(1, abs=0.05)
