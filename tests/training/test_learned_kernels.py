"""Filters of one's own picture: the same as with other functions, and of any picture."""

from __future__ import annotations

import pytest
import torch

from viz.images import photographs
from viz.training.filter_sources import luminance
from viz.training.independent_components import fast_ica, principal_components
from viz.training.learned_kernels import large_enough, learned_kernels, own_patches

PICTURE = luminance(photographs()[0].pixels[:, :100, :120])[None]


def test_principal_components_are_those_of_its_patches():
    components, _ = principal_components(own_patches(PICTURE, seed=3), 8)
    kernels = learned_kernels(PICTURE, "pca", seed=3, count=8)
    torch.testing.assert_close(kernels.flatten(1).double(), components, atol=1e-6, rtol=0)


def test_independent_components_are_a_turn_of_these():
    patches = own_patches(PICTURE, seed=4)
    components, variances = principal_components(patches, 64)
    white = (patches - patches.mean(0)) @ components.T / variances.sqrt()
    *_, turn = fast_ica(white, seed=4)
    expected = torch.nn.functional.normalize(turn @ (components / variances.sqrt()[:, None]))
    found = learned_kernels(PICTURE, "ica", seed=4, count=64).flatten(1).double()
    torch.testing.assert_close((found @ expected.T).abs().amax(1), torch.ones(64).double())
    responses = (patches - patches.mean(0)) @ found.T
    log_cosh = torch.log(torch.cosh(responses / responses.std(0, correction=0))).mean(0)
    assert ((log_cosh - 0.374567).abs().diff() < 1e-6).all(), "the least Gaussian is first"


@pytest.mark.parametrize("method", ["ica", "pca"])
@pytest.mark.parametrize("size", [(1, 1), (1, 40), (11, 13)])
@pytest.mark.parametrize("flat", [True, False])
def test_any_picture_has_filters(method: str, size: tuple[int, int], flat: bool):
    picture = torch.zeros(1, *size) if flat else torch.rand(1, *size)
    kernels = learned_kernels(picture, method, seed=0, count=64)
    assert kernels.isfinite().all()
    assert kernels.sum((1, 2)).abs().max() < 1e-4
    assert kernels.square().sum((1, 2)).max() < 1.001


def test_a_small_picture_is_continued_by_its_mirror_image():
    ramp = torch.arange(5.0).expand(30, 5)
    grown = large_enough(ramp)
    assert grown.shape == (54, 29)
    assert grown[20, 12:22].tolist() == [0, 1, 2, 3, 4, 3, 2, 1, 0, 1]
