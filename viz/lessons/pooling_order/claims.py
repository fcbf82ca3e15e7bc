"""The lesson's claims about a pool and a 1×1 in both orders.

The pools of the claims are always padded by half a window, so that they fit every picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import log

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.log_mean_exp_pooling import log_mean_exp_pool
from viz.layers.max_pooling import max_pool
from viz.lessons.claim import Claim, Path, seen_on
from viz.lessons.lesson import Built
from viz.lessons.pooling_order.orders import BIAS
from viz.lessons.pooling_order.pools import AVERAGE, BETAS, MAX, MIDDLE
from viz.lessons.pooling_order.setting import Setting
from viz.lessons.pooling_order.window_claims import single_pixel_windows
from viz.lessons.ways import convolution, magnitude, product
from viz.text import text


@dataclass(frozen=True)
class Pools:
    """The pools of a Setting's window and stride, padded: positions in the padding are left out."""

    size: int
    stride: int

    @property
    def padding(self) -> int:
        """Half a window."""
        return self.size // 2

    def average(self, x: Tensor, *, counted: bool = False) -> Tensor:
        return F.avg_pool2d(x, self.size, self.stride, self.padding, count_include_pad=counted)

    def largest(self, x: Tensor) -> Tensor:
        return max_pool(x, self.size, stride=self.stride, padding=self.padding)

    def torchs_largest(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, self.size, self.stride, self.padding)

    def log_mean_exp(self, x: Tensor, beta: float) -> Tensor:
        return log_mean_exp_pool(x, self.size, beta, stride=self.stride, padding=self.padding)

    def rounding(self, x: Tensor, beta: float) -> Tensor:
        """What bounds the rounding of a log-mean-exp: its exponents, then its logarithm."""
        return self.largest(x.abs()) + (1 + 2 * log(self.size)) / beta

    @property
    def terms(self) -> int:
        """Pixels of a window."""
        return self.size**2


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The lesson's claims for its 1×1 and the size of its pool, as far as this picture shows them."""
    setting, given = built.setting, built.before("orders")
    pools, matrix = Pools(setting.pool_size, setting.stride), built.mixing("orders").matrix
    between = setting.beta not in (AVERAGE, MAX)
    beta = BETAS[setting.beta if between else MIDDLE]
    made = [
        _max_differs(given, matrix, pools),
        _between_differs(given, matrix, pools, beta),
        *_averages(given, matrix, pools),
        *_agreements(given, matrix, pools),
        _inequality(given, matrix, pools),
        *_log_mean_exp(given, pools, beta),
        *single_pixel_windows(given),
    ]
    return seen_on(pixels, made)


def _max_differs(given: nn.Module, matrix: Tensor, pools: Pools) -> Claim:
    mixed = convolution(matrix)
    return Claim(
        "Max pooling and this 1×1 do not commute.",
        lambda x: mixed(pools.largest(x)),
        lambda x: pools.largest(mixed(x)),
        False,
        given,
        lambda x: magnitude(matrix)(pools.largest(x.abs())),
        matrix.shape[1],
        methods=("max, then 1×1", "1×1, then max"),
    )


def _between_differs(given: nn.Module, matrix: Tensor, pools: Pools, beta: float) -> Claim:
    mixed, sums = convolution(matrix), matrix.abs().sum(1)[:, None, None]
    return Claim(
        text(
            "Log-mean-exp pooling with β = {beta} and this 1×1 do not commute either.",
            beta=f"{beta:g}",
        ),
        lambda x: mixed(pools.log_mean_exp(x, beta)),
        lambda x: pools.log_mean_exp(mixed(x), beta),
        False,
        given,
        lambda x: magnitude(matrix)(pools.rounding(x, beta)) + sums.to(x) / beta + 1 / beta,
        matrix.shape[1] + pools.terms,
        methods=("pool, then 1×1", "1×1, then pool"),
    )


def _averages(given: nn.Module, matrix: Tensor, pools: Pools) -> list[Claim]:
    """Agreement without a bias, or without the padding's zeros; difference with both."""
    mixed = convolution(matrix)

    def shifted(x: Tensor) -> Tensor:
        return mixed(x) + BIAS

    def claim(sentence: str, mix: Path, *, counted: bool, equal: bool) -> Claim:
        average = partial(pools.average, counted=counted)
        return Claim(
            sentence,
            lambda x: mix(average(x)),
            lambda x: average(mix(x)),
            equal,
            given,
            lambda x: magnitude(matrix)(average(x.abs())) + BIAS,
            matrix.shape[1] + pools.terms,
            methods=("average, then 1×1", "1×1, then average"),
        )

    return [
        claim(
            "Average pooling and a 1×1 without a bias commute, also if the zeros of the padding count.",
            *(mixed,),
            counted=True,
            equal=True,
        ),
        claim(
            "With a bias they commute where the padding does not count.",
            *(shifted,),
            counted=False,
            equal=True,
        ),
        claim(
            "With a bias they do not where the zeros of the padding count.",
            *(shifted,),
            counted=True,
            equal=False,
        ),
    ]


def _agreements(given: nn.Module, matrix: Tensor, pools: Pools) -> list[Claim]:
    """The cases in which a max commutes: exactly, for rounding keeps the order of numbers."""
    signed, single = convolution(matrix), convolution(single_inputs(matrix))
    return [
        Claim(
            "Max pooling commutes with a 1×1 of one non-negative weight a row.",
            lambda x: single(pools.largest(x)),
            lambda x: pools.torchs_largest(product(single_inputs(matrix))(x)),
            given=given,
            methods=("max, then 1×1", "1×1, then max_pool2d"),
        ),
        Claim(
            "Max pooling and ReLU commute.",
            lambda x: F.relu(pools.largest(signed(x))),
            lambda x: pools.torchs_largest(F.relu(signed(x))),
            given=given,
            methods=("max, then ReLU", "ReLU, then max_pool2d"),
        ),
    ]


def single_inputs(matrix: Tensor) -> Tensor:
    """Of each row only the weight farthest from 0, without its sign.

    >>> single_inputs(torch.tensor([[1.0, -2.0, 0.5]]))
    tensor([[0., 2., 0.]])
    """
    sizes = matrix.abs()
    largest = sizes.argmax(1, keepdim=True)
    return torch.zeros_like(matrix).scatter(1, largest, sizes.gather(1, largest))


def _inequality(given: nn.Module, matrix: Tensor, pools: Pools) -> Claim:
    weight = matrix.abs()
    mixed = convolution(weight)
    return Claim(
        "Without a negative weight, max pooling first never gives the smaller number.",
        lambda x: torch.maximum(mixed(pools.largest(x)), pools.largest(product(weight)(x))),
        lambda x: mixed(pools.largest(x)),
        True,
        given,
        lambda x: magnitude(weight)(pools.largest(x.abs())),
        matrix.shape[1],
        methods=("larger of both orders", "max, then 1×1"),
    )


def _log_mean_exp(given: nn.Module, pools: Pools, beta: float) -> list[Claim]:
    def pooled(x: Tensor) -> Tensor:
        return pools.log_mean_exp(x, beta)

    def rest(x: Tensor) -> Tensor:
        return pools.rounding(x, beta)

    return [
        Claim(
            text(
                "The pool with β = {beta} is the logsumexp of every window, less the log of its pixels.",
                beta=f"{beta:g}",
            ),
            pooled,
            partial(_by_windows, pools=pools, beta=beta),
            True,
            given,
            rest,
            pools.terms,
            methods=("along rows and columns", "logsumexp of windows"),
        ),
        Claim(
            "It lies between the average and the max.",
            pooled,
            lambda x: pooled(x).clamp(pools.average(x), pools.largest(x)),
            True,
            given,
            rest,
            pools.terms,
            methods=("log-mean-exp", "kept between both"),
        ),
    ]


def _by_windows(x: Tensor, pools: Pools, beta: float) -> Tensor:
    padded = F.pad(x, [pools.padding] * 4, value=-torch.inf)
    windows = padded.unfold(1, pools.size, pools.stride).unfold(2, pools.size, pools.stride)
    read = windows.isfinite().sum((3, 4)).log()
    return ((beta * windows).logsumexp((3, 4)) - read) / beta
