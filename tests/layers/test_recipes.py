"""Mixing matrices against numpy, by hand, and by what they are for."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from viz.layers import recipes
from viz.layers.pointwise import mix_channels

COUNTS = st.integers(1, 12)


def maps(channels: int, seed: int = 0) -> Tensor:
    """Correlated channels whose variances differ, so that every component is determined."""
    generator = torch.Generator().manual_seed(seed)
    sources = torch.randn(channels, 12, 15, generator=generator)
    sources *= 2.0 ** -torch.arange(channels).view(-1, 1, 1)
    turned = torch.linalg.qr(torch.randn(channels, channels, generator=generator))[0]
    return mix_channels(sources, turned) + torch.randn(channels, 1, 1, generator=generator)


# ── Principal components ────────────────────────────────────────────────────────────────────────


@given(st.integers(1, 8), st.integers(0, 5))
def test_components_are_those_of_numpy(channels, seed):
    x = maps(channels, seed)
    ours = recipes.principal_rows(x, channels).double().numpy()
    covariance = np.cov(x.flatten(1).double().numpy()).reshape(channels, channels)
    variances, vectors = np.linalg.eigh(covariance)
    theirs = vectors.T[np.argsort(-variances)]
    np.testing.assert_allclose(np.abs((ours * theirs).sum(1)), 1, atol=1e-6)


@given(st.integers(1, 8), st.integers(0, 5))
def test_components_are_singular_vectors_widest_first(channels, seed):
    x = maps(channels, seed)
    rows = recipes.principal_rows(x, channels).double().numpy()
    centred = x.flatten(1).double().numpy()
    centred -= centred.mean(1, keepdims=True)
    _, _, right = np.linalg.svd(centred.T, full_matrices=False)
    np.testing.assert_allclose(np.abs((rows * right).sum(1)), 1, atol=1e-6)
    spread = (rows @ centred).var(1)
    assert (np.diff(spread) <= 1e-9).all()


@given(st.integers(1, 8), st.integers(1, 8), st.integers(0, 5))
def test_rows_are_orthonormal_and_their_largest_entry_is_positive(channels, outputs, seed):
    outputs = min(outputs, channels)
    rows = recipes.principal_rows(maps(channels, seed), outputs)
    assert rows.shape == (outputs, channels)
    assert rows.dtype == torch.float32
    torch.testing.assert_close(rows @ rows.T, torch.eye(outputs), atol=1e-6, rtol=0)
    assert all(row[row.abs().argmax()] > 0 for row in rows)


def test_components_of_a_line_by_hand():
    """Channels (t, −2t): all variance lies along (−1, 2)/√5, its largest entry positive."""
    t = torch.tensor([[[0.0, 1.0, 5.0]]])
    rows = recipes.principal_rows(torch.cat([t, -2 * t]), 2)
    expected = torch.tensor([[-1.0, 2.0], [2.0, 1.0]]) / 5**0.5
    torch.testing.assert_close(rows, expected)


def test_the_mixed_channels_are_uncorrelated():
    x = maps(5)
    mixed = mix_channels(x.double(), recipes.principal_rows(x, 5).double())
    correlations = np.corrcoef(mixed.flatten(1).numpy())
    np.testing.assert_allclose(correlations, np.eye(5), atol=1e-4)


@pytest.mark.parametrize("x", [torch.zeros(3, 4, 4), torch.ones(3, 1, 1), torch.rand(3, 1, 1)])
def test_a_picture_without_variance_still_has_rows(x):
    rows = recipes.principal_rows(x, 3)
    torch.testing.assert_close(rows @ rows.T, torch.eye(3))


def test_components_are_the_same_every_time():
    x = maps(6)
    assert torch.equal(recipes.principal_rows(x, 6), recipes.principal_rows(x.clone(), 6))


def test_the_means_of_the_channels_do_not_matter():
    x = maps(4)
    shifted = x + torch.tensor([100.0, -50.0, 3.0, 0.0]).view(4, 1, 1)
    torch.testing.assert_close(
        recipes.principal_rows(x, 4), recipes.principal_rows(shifted, 4), atol=1e-4, rtol=0
    )


def test_components_of_maps_on_every_device(device):
    """float64 is not everywhere, so the maps are brought to the CPU first."""
    x = maps(4)
    assert torch.equal(recipes.principal_rows(x.to(device), 4), recipes.principal_rows(x, 4))


# ── The others ──────────────────────────────────────────────────────────────────────────────────


@given(COUNTS, COUNTS, st.integers(0, 99))
def test_random_rows_follow_their_seed(outputs, channels, seed):
    rows = recipes.random_rows(outputs, channels, seed)
    assert rows.shape == (outputs, channels)
    assert torch.equal(rows, recipes.random_rows(outputs, channels, seed))
    assert not torch.equal(rows, recipes.random_rows(outputs, channels, seed + 1))


def test_random_rows_leave_other_random_numbers_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    recipes.random_rows(4, 4, seed=7)
    assert torch.equal(torch.rand(1), expected)


@pytest.mark.parametrize("channels", [1, 3, 16, 64])
def test_the_variance_of_random_rows_is_one_over_the_channels(channels):
    """16,384 draws: the variance of a sample is right to 1.1 %, so 5 % is over four of those."""
    rows = recipes.random_rows(16_384 // channels, channels, seed=1)
    assert float(rows.var()) == pytest.approx(1 / channels, rel=0.05)
    assert abs(float(rows.mean())) < 5 / (16_384 * channels) ** 0.5


@given(COUNTS, COUNTS)
def test_identity_copies_and_average_averages(outputs, channels):
    x = torch.randn(channels, 3, 4)
    copied = mix_channels(x, recipes.identity_rows(outputs, channels))
    kept = min(outputs, channels)
    assert torch.equal(copied[:kept], x[:kept])
    assert not copied[kept:].any()
    averaged = mix_channels(x, recipes.average_rows(outputs, channels))
    torch.testing.assert_close(averaged, x.mean(0).expand(outputs, 3, 4), atol=1e-6, rtol=1e-5)


def test_opponent_colours_by_hand():
    colours = torch.eye(3)
    red, green, blue = (recipes.opponent_rows(3) @ colours).T
    root = torch.tensor([3.0, 2.0, 6.0]).sqrt()
    torch.testing.assert_close(red, torch.tensor([1.0, 1.0, 1.0]) / root)
    torch.testing.assert_close(green, torch.tensor([1.0, -1.0, 1.0]) / root)
    torch.testing.assert_close(blue, torch.tensor([1.0, 0.0, -2.0]) / root)


@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_opponent_rows_are_orthonormal(outputs):
    rows = recipes.opponent_rows(outputs)
    assert rows.shape == (outputs, 3)
    torch.testing.assert_close(rows @ rows.T, torch.eye(outputs))


def test_edits_are_thousandths_and_leave_the_original_alone():
    weight = torch.ones(2, 3)
    changed = recipes.edited(weight, ((0, 2, -500), (1, 0, 1234), (2, 0, 9), (0, 3, 9)))
    assert changed.tolist() == [[1.0, 1.0, -0.5], [pytest.approx(1.234), 1.0, 1.0]]
    assert torch.equal(weight, torch.ones(2, 3))


# ── Colours ─────────────────────────────────────────────────────────────────────────────────────


def test_grey_is_the_luminance_in_every_row():
    rows = recipes.grey_rows(4)
    assert rows.shape == (4, 3)
    torch.testing.assert_close(rows.sum(1), torch.ones(4))  # white stays white
    x = torch.rand(3, 5, 6)
    expected = 0.2126 * x[0] + 0.7152 * x[1] + 0.0722 * x[2]
    torch.testing.assert_close(mix_channels(x, rows), expected.expand(4, 5, 6))


@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_sepia_of_single_colours_by_hand(outputs):
    """The columns are what becomes of pure red, green and blue."""
    rows = recipes.sepia_rows(outputs)
    assert (rows @ torch.tensor([1.0, 0.0, 0.0])).tolist() == pytest.approx(
        [0.393, 0.349, 0.272][:outputs]
    )
    assert (rows @ torch.tensor([0.0, 1.0, 0.0])).tolist() == pytest.approx(
        [0.769, 0.686, 0.534][:outputs]
    )
    assert (rows @ torch.tensor([0.0, 0.0, 1.0])).tolist() == pytest.approx(
        [0.189, 0.168, 0.131][:outputs]
    )


def test_sepia_of_any_colour_is_nearly_one_hue():
    """Old paper: red above green above blue, whatever the colour was."""
    colours = torch.rand(3, 100)
    red, green, blue = recipes.sepia_rows(3) @ colours
    assert (red >= green).all()
    assert (green >= blue).all()
    widths = torch.linalg.svdvals(recipes.sepia_rows(3).double())
    assert widths[1] < 0.01 * widths[0]


@given(COUNTS, COUNTS)
def test_swap_copies_from_the_end(outputs, channels):
    outputs = min(outputs, channels)
    x = torch.randn(channels, 3, 4)
    assert torch.equal(mix_channels(x, recipes.swap_rows(outputs, channels)), x.flip(0)[:outputs])


# ── Whitening ───────────────────────────────────────────────────────────────────────────────────


def covariance(x: Tensor) -> np.ndarray:
    return np.cov(x.flatten(1).double().numpy(), bias=True).reshape(len(x), len(x))


@given(st.integers(1, 8), st.integers(0, 5))
def test_whitening_is_the_inverse_root_of_scipy(channels, seed):
    x = maps(channels, seed)
    expected = np.linalg.inv(np.real(scipy.linalg.sqrtm(covariance(x))))
    ours = recipes.whitening_rows(x, channels).double().numpy()
    np.testing.assert_allclose(ours, expected, atol=1e-5 * np.abs(expected).max())


@given(st.integers(1, 8), st.integers(1, 8), st.integers(0, 5))
def test_whitened_channels_have_the_identity_as_covariance(channels, outputs, seed):
    outputs = min(outputs, channels)
    x = maps(channels, seed)
    rows = recipes.whitening_rows(x, outputs)
    assert (rows.shape, rows.dtype) == ((outputs, channels), torch.float32)
    white = covariance(mix_channels(x.double(), rows.double()))
    np.testing.assert_allclose(white, np.eye(outputs), atol=1e-4)


def test_no_whitening_changes_the_channels_less():
    """Any other one is a turned one; of many turns none comes closer to the channels."""
    x = maps(3)
    x = x - x.mean((1, 2), keepdim=True)
    rows = recipes.whitening_rows(x, 3)
    generator = torch.Generator().manual_seed(1)
    changed = (mix_channels(x, rows) - x).square().sum()
    for _ in range(50):
        turn = torch.linalg.qr(torch.randn(3, 3, generator=generator))[0]
        assert (mix_channels(x, turn @ rows) - x).square().sum() > changed


def test_whitening_of_single_channels_by_hand():
    """Variances 4 and 1/4, uncorrelated: divided by 2, multiplied by 2."""
    x = torch.tensor([[[-2.0, 2.0, -2.0, 2.0]], [[7.5, 7.5, 8.5, 8.5]]])
    torch.testing.assert_close(recipes.whitening_rows(x, 2), torch.diag(torch.tensor([0.5, 2.0])))


def test_whitening_a_grey_picture_does_not_blow_rounding_up():
    grey = torch.rand(1, 30, 40).expand(3, -1, -1)
    white = mix_channels(grey, recipes.whitening_rows(grey, 3))
    assert white.isfinite().all()
    expected = grey / (3**0.5 * grey[0].std(correction=0))  # what all have in common has variance 1
    torch.testing.assert_close(white, expected, atol=5e-3, rtol=0)


@pytest.mark.parametrize("contrast", [1.0, 1e-2, 1e-5])
@pytest.mark.parametrize("ratio", [0.5, 2e-3, 5e-4, 0.0])
def test_whitening_takes_a_millionth_of_the_largest_variance_for_the_least(contrast, ratio):
    """Uncorrelated channels of which the second varies `ratio` times as much, however faint both."""
    x = contrast * torch.tensor([[[-1.0, 1.0, -1.0, 1.0]], [[-ratio, -ratio, ratio, ratio]]])
    expected = torch.diag(1 / torch.tensor([contrast, contrast * max(ratio, 1e-3)]))
    torch.testing.assert_close(recipes.whitening_rows(x, 2), expected, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize(
    "x",
    [
        torch.zeros(3, 4, 4),
        torch.full((3, 9, 7), 0.1),
        torch.rand(3, 1, 1),
        1e-7 * torch.rand(3, 4, 4),  # as much as rounding leaves
    ],
)
def test_maps_without_variance_stay_as_they_are(x):
    torch.testing.assert_close(recipes.whitening_rows(x, 3), torch.eye(3))


def test_whitening_of_maps_on_every_device(device):
    x = maps(4)
    assert torch.equal(recipes.whitening_rows(x.to(device), 4), recipes.whitening_rows(x, 4))


# ── Blocks ──────────────────────────────────────────────────────────────────────────────────────


@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 4))
def test_blocks_are_the_columns_of_the_rows_own_group(groups, tall, wide):
    weight = torch.randn(groups * tall, groups * wide)
    rows = recipes.diagonal_blocks(weight, groups)
    assert rows.shape == (groups * tall, wide)
    for o in range(groups * tall):
        first = o // tall * wide
        assert torch.equal(rows[o], weight[o, first : first + wide])


def test_he_rows_keep_the_second_moment_through_a_relu():
    """E[relu(w·x)²] = E[x²] for x that is not negative, as after a ReLU."""
    x = torch.rand(400, generator=torch.Generator().manual_seed(1))
    after = (recipes.he_rows(20_000, 400, seed=3) @ x).relu()
    assert float(after.square().mean()) == pytest.approx(float(x.square().mean()), rel=0.07)
