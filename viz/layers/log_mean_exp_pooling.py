"""Pooling over pixels between the mean and the maximum: log-mean-exp."""

from __future__ import annotations

from math import inf

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.devices import at_once

LARGEST_EXPONENT = 80.0  # of e: a sum of a few hundred such powers is below the largest number


def log_mean_exp_pool(
    x: Tensor, size: int, beta: float, *, stride: int = 1, padding: int = 0
) -> Tensor:
    """(1/β)·log of the mean of exp(β·x) over every window of size × size pixels.

    β → 0 gives the mean, β → ∞ the maximum; it grows with β and always lies between the two. Positions
    in the padding are left out of the mean, as with `count_include_pad=False`, and as −∞ leaves them
    out of a maximum. A mean of means of equally many is the mean of all, so rows come first, then
    columns. The largest value of a window is taken off before `exp`, so that nothing overflows.

    Args:
        x: `(C, H, W)` or `(N, C, H, W)`, floating point, of any sign.
        size: side of the window in pixels, at least 1.
        beta: above 0 and finite, in 1 / unit of x.
        stride: pixels from one window to the next, at least 1.
        padding: pixels around the map, less than `size`.

    Returns:
        `(C, H', W')` or `(N, C, H', W')` with H' = floor((H + 2·padding − size) / stride) + 1,
        likewise W'.

    Raises:
        ValueError: if β is not above 0 and finite, or a window does not fit the map and its padding.

    Source: Boyd, Vandenberghe 2004, "Convex Optimization", section 3.1.5, for its bounds.

    >>> pixels = torch.tensor([[[0.0, 1.0]]])
    >>> [round(float(log_mean_exp_pool(pixels, 2, beta, padding=1)[0, 0, 1]), 3) for beta in (0.01, 1, 99)]
    [0.501, 0.62, 0.993]
    """
    if not 0 < beta < inf:
        raise ValueError(f"β must be above 0 and finite, not {beta}")
    if min(x.shape[-2:]) + 2 * padding < size or not 0 <= padding < size:
        raise ValueError(
            f"a window of {size} px, padded by {padding}, does not fit {tuple(x.shape)}"
        )
    return log_mean_exp_along_rows(
        log_mean_exp_along_rows(x, size, beta, stride, padding).mT, size, beta, stride, padding
    ).mT


def log_mean_exp_along_rows(x: Tensor, size: int, beta: float, stride: int, padding: int) -> Tensor:
    """(1/β)·log of the mean of exp(β·x) over windows of `size` pixels along the last axis.

    >>> log_mean_exp_along_rows(torch.tensor([[0.0, 1.0]]), 2, 99.0, 1, 0).round(decimals=3)
    tensor([[0.9930]])
    """
    read = reading_positions(x.shape[-1], size, stride, padding).to(x)
    x = F.pad(x, (padding, padding), value=-inf) if padding else x
    reach = (x.shape[-1] - size) // stride * stride + 1
    taps = [x[..., first : first + reach : stride] for first in range(size)]
    largest = taps[0]
    for tap in taps[1:]:
        largest = torch.maximum(largest, tap)
    total = torch.zeros_like(largest)
    for tap in taps:
        total += (tap - largest).mul_(beta).exp_()
    return total.div_(read).log_().div_(beta).add_(largest)


def reading_positions(length: int, size: int, stride: int, padding: int) -> Tensor:
    """How many positions inside the map each window along an axis reads.

    >>> reading_positions(5, 3, stride=2, padding=1)
    tensor([2, 3, 2])
    """
    first = torch.arange(-padding, length + padding - size + 1, stride)
    return (first + size).clamp(max=length) - first.clamp(min=0)


def shifts_once(x: Tensor, beta: float) -> bool:
    """Whether exp(β·x) of all maps fits into single precision after one shift of them all.

    >>> shifts_once(torch.tensor([-1.0, 1.0]), 50), shifts_once(torch.tensor([-1.0, 1.0]), 500)
    (True, False)
    """
    if x.is_meta:
        return False  # there are no numbers to look at
    low, high = x.aminmax()
    return bool(beta * (high - low) <= 2 * LARGEST_EXPONENT)


def log_mean_exp_pool_shifted_once(
    x: Tensor, size: int, beta: float, *, stride: int = 1, padding: int = 0
) -> Tensor:
    """`log_mean_exp_pool` of values that `shifts_once`, with one exp a pixel instead of 2·size.

    >>> pixels = torch.tensor([[[0.0, 1.0]]])
    >>> float((log_mean_exp_pool_shifted_once(pixels, 2, 9.0, padding=1) - log_mean_exp_pool(pixels, 2, 9.0, padding=1)).abs().max()) < 1e-6
    True
    """
    low, high = x.aminmax()
    middle = (low + high) / 2
    total = x.sub(middle).mul_(beta).exp_()
    for _ in range(2):  # along rows, then along columns
        total = _mean_along_rows(total, size, stride, padding).mT
    return total.log().div_(beta).add_(middle)


def _mean_along_rows(x: Tensor, size: int, stride: int, padding: int) -> Tensor:
    read = reading_positions(x.shape[-1], size, stride, padding).to(x)
    x = F.pad(x, (padding, padding)) if padding else x
    reach = (x.shape[-1] - size) // stride * stride + 1
    total = x[..., 0:reach:stride].clone()
    for first in range(1, size):
        total += x[..., first : first + reach : stride]
    return total.div_(read)


class LogMeanExpPool(nn.Module):
    """`log_mean_exp_pool` as a module.

    >>> LogMeanExpPool(3, 10.0, padding=1)
    LogMeanExpPool(kernel_size=3, beta=10, stride=1, padding=1)
    """

    def __init__(self, kernel_size: int, beta: float, *, stride: int = 1, padding: int = 0) -> None:
        super().__init__()
        self.kernel_size, self.beta = kernel_size, beta
        self.stride, self.padding = stride, padding

    def forward(self, x: Tensor) -> Tensor:
        """`(C, H, W)` or `(N, C, H, W)` in, see `log_mean_exp_pool`; a few maps at a time."""
        together = min(x.shape[-3], at_once(x.device, x[..., 0, :, :].numel()))
        return torch.cat([self._pooled(maps) for maps in x.split(together, dim=-3)], dim=-3)

    def _pooled(self, x: Tensor) -> Tensor:
        once = shifts_once(x, self.beta)
        pool = log_mean_exp_pool_shifted_once if once else log_mean_exp_pool
        return pool(x, self.kernel_size, self.beta, stride=self.stride, padding=self.padding)

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, beta={self.beta:.9g}, stride={self.stride}, "
            f"padding={self.padding}"
        )
