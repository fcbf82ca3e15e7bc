"""The learned filters that come with the app: what they are, and that learning gives them again."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from viz.assets import ROOT
from viz.images import dead_leaves, photographs, samples
from viz.training import filter_sources, shipped_filters
from viz.training.filter_sources import PICTURE_PX, pictures_of, training_patches
from viz.training.gabor_fit import fit_gabors
from viz.training.shipped_filters import (
    EVERY,
    FILE,
    FILTERS,
    SCRIPT,
    SEEDS,
    learned,
    read,
    shipped,
    write,
)


def patches_of(source: str, seed: int) -> Tensor:
    return training_patches([*pictures_of(source, seed)], seed)


def test_learning_gives_the_shipped_filters_again():
    """With one seed of one source; processors round differently."""
    again = learned(patches_of("photographs", 1), "ica", 1).float()
    there = shipped().filters["photographs", "ica", 1]
    cosines = torch.cosine_similarity(again.flatten(1), there.flatten(1))
    assert cosines.median() > 0.9999
    assert (cosines > 0.99).double().mean() > 0.9


def test_principal_components_are_shipped_too():
    again = learned(patches_of("leaves", 2), "pca", 2).float()
    torch.testing.assert_close(again, shipped().filters["leaves", "pca", 2], rtol=1e-3, atol=1e-3)


def test_responses_to_the_patches_have_variance_1_and_no_correlation():
    patches = patches_of("scrambled", 0)
    centred = patches - patches.mean(0)
    for method in ("ica", "pca"):
        filters = shipped().filters["scrambled", method, 0].flatten(1).double()
        covariance = filters @ (centred.T @ centred / len(patches)) @ filters.T
        torch.testing.assert_close(covariance, torch.eye(FILTERS).double(), atol=1e-4, rtol=0)


def test_both_methods_have_the_same_span():
    """FastICA only turns what the principal components span."""
    for source in filter_sources.SOURCES:
        ica, pca = (
            shipped().filters[source, each, 3].flatten(1).double() for each in ("ica", "pca")
        )
        rest = ica - ica @ torch.linalg.pinv(pca) @ pca
        assert rest.norm() < 1e-4 * ica.norm()


@pytest.mark.parametrize("case", EVERY)
def test_no_filter_sees_a_flat_patch(case: tuple[str, str, int]):
    filters = shipped().filters[case]
    assert filters.shape == (64, 12, 12)
    assert (filters.sum((1, 2)).abs() < 1e-4 * filters.abs().sum((1, 2))).all()


def test_the_shipped_fits_are_those_of_the_shipped_filters():
    for case in (("leaves", "ica", 1), ("noise", "pca", 3)):
        few = shipped().filters[case][::9]
        torch.testing.assert_close(
            fit_gabors(few).r_squared.float(), shipped().r_squared[case][::9], atol=1e-4, rtol=0
        )


def test_edges_make_gabors_and_the_spectrum_does_not():
    """The shares of filters with R² above 0.7: mean and spread over the four seeds."""
    fits = shipped().r_squared
    share = {
        case: torch.stack([(fits[*case, seed] > 0.7).double().mean() for seed in SEEDS])
        for case in {each[:2] for each in EVERY}
    }
    mean = {case: round(100 * float(each.mean())) for case, each in share.items()}
    assert mean["photographs", "ica"] == 72
    assert mean["scrambled", "ica"] == 15
    assert mean["noise", "ica"] == 0
    assert mean["leaves", "ica"] == 96
    assert max(float(share[source, "ica"].std()) for source in filter_sources.SOURCES) < 0.05


def test_principal_components_see_the_spectrum_alone():
    """Their share is the same with edges and without."""
    fits = shipped().r_squared
    for seed in SEEDS:
        shares = [
            float((fits[source, "pca", seed] > 0.7).double().mean())
            for source in filter_sources.SOURCES
        ]
        assert max(shares) < 0.45
        assert shares[0] == pytest.approx(shares[1], abs=0.15)


# ── The sources ─────────────────────────────────────────────────────────────────────────────────


def test_all_sources_have_as_many_pictures_of_one_size():
    for source in filter_sources.SOURCES:
        sizes = [max(each.shape) for each in pictures_of(source, 0)]
        assert sizes == [PICTURE_PX] * len(photographs())


def test_scrambled_ones_are_the_photographs_with_other_phases():
    for photograph, other in zip(
        pictures_of("photographs", 0), pictures_of("scrambled", 1), strict=True
    ):
        amplitudes = [torch.fft.fft2(each.double()).abs() for each in (photograph, other)]
        torch.testing.assert_close(*amplitudes, rtol=1e-3, atol=1e-2)


def test_no_two_pictures_of_the_controls_are_alike():
    for source in ("noise", "leaves"):
        drawn = [each for seed in SEEDS[:2] for each in pictures_of(source, seed)]
        assert len({float(each[0, 0]) for each in drawn}) == 2 * len(photographs())


def test_a_seed_of_dead_leaves_is_another_draw_and_the_shipped_one_stays():
    assert not torch.equal(dead_leaves(32), dead_leaves(32, seed=1))
    assert torch.equal(
        dead_leaves(512), next(each.pixels for each in samples() if each.slug == "dead_leaves")
    )


# ── The file ────────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_was_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        shipped_filters, "learned", lambda patches, method, seed: torch.ones(2, 3, 3)
    )
    monkeypatch.setattr(shipped_filters, "training_patches", lambda *_: torch.zeros(1))
    monkeypatch.setattr(shipped_filters, "pictures_of", lambda *_: [])
    monkeypatch.setattr(shipped_filters, "share", lambda variant, _, seed: variant.filters + seed)
    write(tmp_path / "filters")
    found = read(tmp_path / "filters")
    assert set(found.filters) == set(found.r_squared) == set(EVERY)
    assert found.shares["more", "noise"].tolist() == [100, 101, 102, 103]
    assert found.torch_version == torch.__version__


def test_the_file_says_how_it_was_made():
    assert (ROOT / SCRIPT).exists()
    assert FILE.stat().st_size < 1.3e6
