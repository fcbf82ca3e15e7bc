"""Reductions and their decoders against plain least squares, brute force and the decoded maps."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import torch
from looking import shipped
from torch import Tensor

from viz.layers.cross_channel_pooling import PoolParts
from viz.lessons.agreement import relative_error
from viz.lessons.blocks import Chart, Panels, Table
from viz.lessons.measured import looking_at
from viz.lessons.reduction import LESSON
from viz.lessons.reduction.contest import (
    group_max_errors,
    linear_curves,
    pieces,
    principal_errors,
)
from viz.lessons.reduction.decoding import decoding_rows
from viz.lessons.reduction.encoders import encoder_of, matrix_of
from viz.lessons.reduction.moments import (
    Moments,
    best_order,
    linear_decoder,
    linear_error,
    moments_of,
)
from viz.lessons.reduction.setting import METHODS, SIDE_PX, Setting

SLUGS = ("coffee", "astronaut", "retina")


@cache
def channels(slug: str = "coffee") -> Tensor:
    """The fifty channels of a small picture."""
    pixels = shipped(slug, 96)
    return LESSON.build(Setting(), pixels).before("reduce")(pixels)


@cache
def moments(slug: str = "coffee") -> Moments:
    return moments_of(looking_at(channels(slug)))


def by_least_squares(codes: Tensor, wanted: Tensor) -> np.ndarray:
    """The best affine decoder by numpy: a column of ones beside the codes."""
    z = codes.flatten(1).double().numpy().T
    with_one = np.column_stack([z, np.ones(len(z))])
    return np.linalg.lstsq(with_one, wanted.flatten(1).double().numpy().T, rcond=None)[0].T


def decoded_error(codes: Tensor, wanted: Tensor) -> float:
    """The relative error of the decoded maps."""
    affine = torch.from_numpy(by_least_squares(codes, wanted))
    decoded = (
        torch.einsum("ck,khw->chw", affine[:, :-1], codes.double()) + affine[:, -1, None, None]
    )
    return relative_error(decoded, wanted)


# ── Decoders ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kept", [1, 7, 20])
def test_the_decoder_is_that_of_least_squares(method: str, kept: int):
    x = channels()
    codes = encoder_of(method, 50, kept, 3, looking_at(x))(x)
    wanted = by_least_squares(codes, x)
    np.testing.assert_allclose(decoding_rows(codes, x), wanted, atol=1e-4 * abs(wanted).max())


@pytest.mark.parametrize("method", sorted(METHODS.keys() - {"max"}))
def test_moments_give_the_same_decoder_as_the_pixels(method: str):
    x = channels()
    encoder = encoder_of(method, 50, 12, 3, looking_at(x))
    matrix = matrix_of(encoder, 50)
    assert matrix is not None
    torch.testing.assert_close(
        torch.einsum("kc,chw->khw", matrix, x), encoder(x), atol=1e-5, rtol=1e-5
    )
    found, wanted = linear_decoder(matrix, moments()), by_least_squares(encoder(x), x)
    np.testing.assert_allclose(found, wanted, atol=1e-4 * abs(wanted).max())
    assert linear_error(matrix, moments()) == pytest.approx(decoded_error(encoder(x), x), rel=1e-5)


def test_a_group_max_is_no_matrix_unless_its_groups_are_single_channels():
    assert matrix_of(PoolParts(5), 50) is None
    assert torch.equal(matrix_of(PoolParts(5), 5), torch.eye(5))


def test_the_network_decodes_as_least_squares_does():
    """On the crop, with fewer channels, and after a ReLU."""
    pixels = shipped("astronaut", 224)
    for setting in (Setting(), Setting(channels=23, kept=9, method="max"), Setting(relu=True)):
        built = LESSON.build(setting, pixels)
        x, codes = (built.before(stage)(pixels) for stage in ("reduce", "decode"))
        assert x.shape == (setting.channels, SIDE_PX, SIDE_PX)
        error = relative_error(built.network(pixels), x)
        assert error == pytest.approx(decoded_error(codes, x), rel=1e-5)


# ── Which channels are kept ─────────────────────────────────────────────────────────────────────


def test_each_best_channel_is_the_one_that_lowers_the_error_most():
    """By trying all of them, with few channels."""
    few = Moments(moments().covariance[::5, ::5], moments().mean[::5])
    order = best_order(few.covariance)
    assert sorted(order) == list(range(10))
    for n in range(9):
        tried = {c: linear_error(torch.eye(10)[[*order[:n], c]], few) for c in order[n:]}
        assert tried[order[n]] == pytest.approx(min(tried.values()))


# ── The curves ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_is_below_pca_and_all_end_at_zero(slug: str):
    errors = linear_curves(moments(slug), seed=3)
    errors["max"] = [
        error for each in pieces(50) for error in group_max_errors(channels(slug), *each).tolist()
    ]
    assert errors.keys() == METHODS.keys()
    for name, of in errors.items():
        assert len(of) == 50, name
        assert of[-1] == pytest.approx(0, abs=1e-5), name
        assert all(pca <= error + 1e-9 for pca, error in zip(errors["pca"], of, strict=True)), name
        if name not in ("max", "mean"):  # their groups change, so that more of them may be worse
            assert all(after <= before + 1e-9 for before, after in pairwise(of)), name


@pytest.mark.parametrize("kept", [1, 8, 21, 45])
def test_the_curves_are_the_errors_of_the_decoded_maps(kept: int):
    x = channels("astronaut")
    errors = linear_curves(moments("astronaut"), seed=3)
    errors["max"] = [float(group_max_errors(x, kept, kept))] * 50
    for method in METHODS:
        codes = encoder_of(method, 50, kept, 3, looking_at(x))(x)
        assert errors[method][kept - 1] == pytest.approx(decoded_error(codes, x), rel=1e-4), method


def test_pca_by_singular_values():
    """The singular values of the centred pixels, squared, are those of the covariance."""
    values = channels().flatten(1).double()
    singular = torch.linalg.svdvals(values - values.mean(1, keepdim=True))
    for kept in (1, 10, 40):
        wanted = (singular[kept:].square().sum() / singular.square().sum()).sqrt()
        assert principal_errors(moments())[kept - 1] == pytest.approx(float(wanted), rel=1e-6)


# ── The section ─────────────────────────────────────────────────────────────────────────────────


def test_the_contest_shows_the_errors_of_its_maps():
    pixels, setting = shipped("coffee", 96), Setting(kept=8)
    chart, panels, table = LESSON.section("contest", setting, pixels)
    assert isinstance(chart, Chart)
    assert isinstance(panels, Panels)
    assert isinstance(table, Table)
    lines = {str(name): of for name, of in chart.arguments["lines"].items()}
    rows = {str(row[0]): row for row in table.rows}
    for name in METHODS.values():
        assert float(str(rows[name][1])) == pytest.approx(lines[name][7], abs=6e-4), name
    assert rows["PCA"][2:4] == ["400", f"{8 * 50 * 64 * 96:,}"]
    assert rows["group max"][2:4] == ["0", "0"]
    assert str(table.rows[0][0]) == "PCA"
