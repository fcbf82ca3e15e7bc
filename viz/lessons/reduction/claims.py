"""The lesson's claims about reducing channels, for this picture."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from viz.layers.cross_channel_pooling import PoolParts, pool_parts
from viz.layers.pointwise import mix_channels
from viz.layers.recipes import principal_rows
from viz.lessons.claim import Claim, Path
from viz.lessons.covariance import covariance
from viz.lessons.lesson import Built
from viz.lessons.measured import looking_at
from viz.lessons.reduction.decoding import decoding_rows
from viz.lessons.reduction.encoders import encoder_of, matrix_of
from viz.lessons.reduction.moments import linear_decoder, moments_of
from viz.lessons.reduction.setting import METHODS, Setting

RIVALS = tuple(name for name in METHODS if name != "pca")


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The claims for the Setting's C and k, on the channels that reach the encoder."""
    setting = built.setting
    given = built.before(setting.reducing)
    made = [
        _nothing_beats_pca(given, setting),
        _error_is_what_is_dropped(given, setting),
        _transposed_is_best(given, setting),
        _all_components_lose_nothing(given, setting),
        _mean_is_pointwise(given, setting),
        _components_are_uncorrelated(given, setting),
        _pairs_lose_nothing(given, setting),
    ]
    if setting.method != "max":
        made.append(_covariance_is_enough(given, setting))
    return made


def _nothing_beats_pca(given: nn.Module, setting: Setting) -> Claim:
    """Whatever equals the larger of itself and another number is at least as large as that one."""

    def of_others(x: Tensor) -> Tensor:
        return torch.stack([_lost(x, _encoded(x, name, setting)) for name in RIVALS])

    return Claim(
        "PCA is at most as wrong as every other method that keeps as many numbers.",
        of_others,
        lambda x: torch.maximum(of_others(x), _lost(x, _encoded(x, "pca", setting))),
        given=given,
        magnitude=lambda x: _variance(x).expand(len(RIVALS)),
        terms=setting.channels + setting.kept,
        methods=("error of each", "max of it and PCA's"),
    )


def _error_is_what_is_dropped(given: nn.Module, setting: Setting) -> Claim:
    dropped = setting.channels - setting.kept

    def of_eigenvalues(x: Tensor) -> Tensor:
        values = torch.linalg.eigvalsh(moments_of(looking_at(x)).covariance)
        return values[:dropped].clamp(min=0).sum().float().to(x.device)

    return Claim(
        "The squared error of PCA is the sum of the eigenvalues that it drops.",
        lambda x: _lost(x, _encoded(x, "pca", setting)),
        of_eigenvalues,
        given=given,
        magnitude=_variance,
        terms=setting.channels + setting.kept,
        methods=("decoded maps", "eigenvalues"),
    )


def _transposed_is_best(given: nn.Module, setting: Setting) -> Claim:
    return Claim(
        "The best decoder of PCA is its transposed matrix, with the means kept.",
        lambda x: _decoded(x, _encoded(x, "pca", setting)),
        lambda x: _there_and_back(x, setting.kept),
        given=given,
        magnitude=lambda x: _largest(_magnitude(x, setting.kept)),
        terms=setting.channels + setting.kept,
        methods=("least squares", "transposed matrix"),
    )


def _all_components_lose_nothing(given: nn.Module, setting: Setting) -> Claim:
    return Claim(
        "With as many components as channels, nothing is lost.",
        lambda x: _there_and_back(x, setting.channels),
        torch.clone,
        given=given,
        magnitude=lambda x: _largest(_magnitude(x, setting.channels)),
        terms=2 * setting.channels,
        methods=("PCA and back", "the channels"),
    )


def _mean_is_pointwise(given: nn.Module, setting: Setting) -> Claim:
    def by_pointwise(x: Tensor) -> Tensor:
        matrix = matrix_of(PoolParts(setting.kept, "mean"), len(x))
        assert matrix is not None
        return mix_channels(x, matrix.to(x.device))

    return Claim(
        "The mean of groups is a 1×1, so it is one of those that PCA beats.",
        by_pointwise,
        lambda x: pool_parts(x, setting.kept, mode="mean"),
        given=given,
        magnitude=lambda x: pool_parts(x.abs(), setting.kept, mode="mean"),
        terms=setting.channels,
        methods=("1×1 in blocks", "mean of groups"),
    )


def _components_are_uncorrelated(given: nn.Module, setting: Setting) -> Claim:
    def of_numbers(x: Tensor) -> Tensor:
        codes = _encoded(x, "pca", setting).flatten(1).cpu().double()
        return covariance(codes).float().to(x.device)

    def of_eigenvalues(x: Tensor) -> Tensor:
        values = torch.linalg.eigvalsh(moments_of(looking_at(x)).covariance).flip(0)
        return values[: setting.kept].diag().float().to(x.device)

    return Claim(
        "The numbers of PCA are uncorrelated, and their variances are the eigenvalues.",
        of_numbers,
        of_eigenvalues,
        given=given,
        magnitude=lambda x: _variance(x).expand(setting.kept, setting.kept),
        terms=setting.channels + setting.kept,
        methods=("their covariance", "eigenvalues"),
    )


def _pairs_lose_nothing(given: nn.Module, setting: Setting) -> Claim:
    def of_pairs(x: Tensor) -> Tensor:
        codes = _encoded(x, setting.method, setting)
        return codes.relu() - (-codes).relu()

    return Claim(
        "A number is the difference of two ReLUs, so a pair of them loses nothing.",
        lambda x: _encoded(x, setting.method, setting),
        of_pairs,
        given=given,
        methods=("the numbers", "ReLU minus ReLU of −"),
    )


def _covariance_is_enough(given: nn.Module, setting: Setting) -> Claim:
    """Only a 1×1 has such a decoder; a group max is none."""

    def from_covariance(x: Tensor) -> Tensor:
        moments = moments_of(looking_at(x))
        matrix = matrix_of(_encoder(x, setting.method, setting), len(x))
        assert matrix is not None
        return _applied(
            linear_decoder(matrix, moments).float(), mix_channels(x, matrix.to(x.device))
        )

    return Claim(
        "The best decoder of a 1×1 follows from the covariance of the channels alone.",
        from_covariance,
        lambda x: _decoded(x, _encoded(x, setting.method, setting)),
        given=given,
        magnitude=_of_decoder(setting),
        terms=setting.channels + setting.kept,
        methods=("from the covariance", "least squares"),
    )


def _of_decoder(setting: Setting) -> Path:
    def magnitude(x: Tensor) -> Tensor:
        codes = _encoded(x, setting.method, setting)
        return _largest(_applied(decoding_rows(codes, x).abs(), codes.abs()))

    return magnitude


def _encoder(x: Tensor, method: str, setting: Setting) -> nn.Module:
    return encoder_of(method, len(x), setting.kept, setting.seed, looking_at(x))


def _encoded(x: Tensor, method: str, setting: Setting) -> Tensor:
    codes: Tensor = _encoder(x, method, setting).to(x.device)(x)
    return codes


def _decoded(x: Tensor, codes: Tensor) -> Tensor:
    return _applied(decoding_rows(codes, x), codes)


def _applied(affine: Tensor, codes: Tensor) -> Tensor:
    affine = affine.to(codes.device)
    return mix_channels(codes, affine[:, :-1], affine[:, -1])


def _there_and_back(x: Tensor, kept: int) -> Tensor:
    rows, mean = principal_rows(x, kept).to(x.device), x.mean((1, 2), keepdim=True)
    return mix_channels(mix_channels(x - mean, rows), rows.T) + mean


def _magnitude(x: Tensor, kept: int) -> Tensor:
    rows, mean = principal_rows(x, kept).abs().to(x.device), x.mean((1, 2), keepdim=True).abs()
    return mix_channels(mix_channels(x.abs() + mean, rows), rows.T) + mean


def _largest(magnitude: Tensor) -> Tensor:
    """The largest magnitude in the place of each: a fit spreads the rounding of every pixel."""
    return magnitude.amax().expand_as(magnitude)


def _lost(x: Tensor, codes: Tensor) -> Tensor:
    """The squared error after the best decoder: its mean over pixels, summed over channels."""
    missed = (_decoded(x, codes) - x).cpu().double()
    return missed.square().mean((1, 2)).sum().float().to(x.device)


def _variance(x: Tensor) -> Tensor:
    """The same for a decoder that knows only the means."""
    return x.flatten(1).double().var(1, correction=0).sum().float()
