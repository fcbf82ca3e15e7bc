"""What a ReLU after a reduction loses: the channels decoded from k numbers, before it and after it."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

import torch
from torch import Tensor

from viz.layers.recipes import principal_rows
from viz.lessons.reduction.least_squares import CONSTANT, Sums, decoding_error


def principal_numbers(values: Tensor) -> Tensor:
    """All principal components of the channels, the widest first, with mean 0; `(C, n)` both."""
    rows = principal_rows(values[:, None], len(values)).double()
    return rows @ (values - values.mean(1, keepdim=True))


def rectified(numbers: Tensor, bias: float) -> Tensor:
    """ReLU(number + bias · its standard deviation), for numbers `(k, n)` of mean 0.

    >>> rectified(torch.tensor([[-2.0, 2.0]]), bias=1.0)
    tensor([[0., 4.]])
    """
    if bias:  # the spread of all numbers takes as long as the rest
        numbers = numbers + bias * numbers.std(1, correction=0, keepdim=True)
    return numbers.relu()


def pairs(numbers: Tensor, bias: float) -> Tensor:
    """Each number twice, as it is and negated, then rectified: `(2k, n)`.

    Source: Shang, Sohn, Almeida, Lee 2016, "Understanding and Improving Convolutional Neural Networks
    via Concatenated Rectified Linear Units", ICML.

    >>> pairs(torch.tensor([[-2.0, 2.0]]), bias=0.0)
    tensor([[0., 2.],
            [2., 0.]])
    """
    return rectified(torch.cat([numbers, -numbers]), bias)


def rotated(numbers: Tensor, seed: int) -> Tensor:
    """The same numbers in another orthonormal basis, drawn with a seed: nothing is lost by that.

    >>> numbers = torch.randn(3, 9).double()
    >>> torch.allclose(rotated(numbers, seed=0).square().sum(0), numbers.square().sum(0))
    True
    """
    draw = torch.Generator().manual_seed(seed)
    normal = torch.randn(len(numbers), len(numbers), generator=draw, dtype=numbers.dtype)
    return torch.linalg.qr(normal).Q @ numbers


def errors(
    values: Tensor, counts: Sequence[int], bias: float, seed: int
) -> Generator[None, None, Mapping[str, list[float]]]:
    """The error of each method that reduces to k numbers, for every k; with pauses.

    Args:
        values: `(C, n)`, in double precision.
        counts: the k, each at most C.
        bias: before the ReLU, in standard deviations of each number.
        seed: of the rotations.

    Returns:
        linear: PCA without a ReLU. rectified: with it. rotated: a ReLU after another basis of the same
        numbers. pairs: a ReLU after each of them and its negative, 2k outputs. before: the ReLU before
        the reduction, and then the k numbers from which the channels are decoded best.
    """
    numbers = principal_numbers(values)
    c, first = len(values), torch.arange(len(values))
    yield
    halves = [rectified(sign * numbers, bias) for sign in (1, -1)]
    linear, both = Sums.of(numbers, numbers), Sums.of(numbers, torch.cat(halves))
    yield
    before = errors_of_reduced(values, values.relu())
    turned = []
    for k in counts:
        yield
        turned.append(decoding_error(numbers, rectified(rotated(numbers[:k], seed), bias)))
    return {
        "linear": [linear.only(first[:k]).error for k in counts],
        "rectified": [both.only(first[:k]).error for k in counts],
        "rotated": turned,
        "pairs": [both.only(torch.cat([first[:k], c + first[:k]])).error for k in counts],
        "before": [before[k] for k in counts],
    }


def errors_of_reduced(wanted: Tensor, inputs: Tensor) -> list[float]:
    """The error of the best k linear numbers of other channels, for k from 0 to all (reduced-rank regression).

    The best affine decoder of all inputs comes first; the numbers are the principal components of what
    it decodes.

    Source: Izenman 1975, Journal of Multivariate Analysis 5(2).

    Args:
        wanted: `(C, n)`, in double precision.
        inputs: `(m, n)`, what the numbers are made of.

    >>> x = torch.tensor([[-1.0, 0.0, 1.0], [2.0, -4.0, 2.0]]).double()
    >>> [round(error, 3) for error in errors_of_reduced(x, x)]
    [1.0, 0.277, 0.0]
    """
    sums = Sums.of(wanted, inputs)
    if sums.whole <= CONSTANT:
        return [0.0] * (len(wanted) + 1)
    explained = torch.linalg.eigvalsh(sums.decoder @ sums.between.T).flip(0).clamp(min=0)
    kept = torch.cat([explained.new_zeros(1), explained.cumsum(0)]) / sums.whole
    return (1 - kept).clamp(min=0).sqrt().tolist()


def missed_by_one_layer(block: Tensor, inputs: Tensor) -> float:
    """The relative error of the best single 1×1 that imitates a block of layers, from the same inputs.

    0: the block merges into one 1×1.
    """
    return decoding_error(block, inputs)
