"""The best affine decoder of any numbers, and what it misses."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from viz.lessons.reduction.decoding import SMALLEST

CONSTANT = 1e-9  # a variance that is not more than this is rounding


class Sums(NamedTuple):
    """What least squares needs of channels and of the numbers they are decoded from.

    All are sums over the pixels, or means of them, of what differs from its mean.

    Attributes:
        whole: squares of the channels.
        between: `(C, m)`, products of channels and numbers.
        within: `(m, m)`, products of numbers.
    """

    whole: Tensor
    between: Tensor
    within: Tensor

    @classmethod
    def of(cls, wanted: Tensor, numbers: Tensor) -> Sums:
        """The sums of channels `(C, n)` and numbers `(m, n)`, in double precision."""
        wanted, numbers = (each - each.mean(1, keepdim=True) for each in (wanted, numbers))
        return cls(wanted.square().sum(), wanted @ numbers.T, numbers @ numbers.T)

    def only(self, at: Tensor) -> Sums:
        """The same for some of the numbers."""
        return Sums(self.whole, self.between[:, at], self.within[at][:, at])

    @property
    def decoder(self) -> Tensor:
        """The weights of the best affine decoder, `(C, m)`."""
        return self.between @ torch.linalg.pinv(self.within, rtol=SMALLEST, hermitian=True)

    @property
    def error(self) -> float:
        """What this decoder misses, see `decoding_error`."""
        explained = float((self.decoder * self.between).sum())
        return root_of_share(float(self.whole) - explained, float(self.whole))


def decoding_error(wanted: Tensor, numbers: Tensor) -> float:
    """The relative error of the best affine decoder, by least squares over all pixels.

    error = ‖wanted − decoder(numbers)‖ / ‖wanted − its means‖

    Args:
        wanted: `(C, n)`, in double precision.
        numbers: `(m, n)`, what the decoder reads.

    Returns:
        From 0, nothing is lost, to 1, the decoder knows only the means; 0 if nothing varies.

    >>> x = torch.tensor([[-1.0, 0.0, 1.0]]).double()
    >>> round(decoding_error(x, x), 6), round(decoding_error(x, x.relu()), 6)
    (0.0, 0.5)
    """
    return Sums.of(wanted, numbers).error


def decoded(wanted: Tensor, numbers: Tensor) -> Tensor:
    """The channels that the best affine decoder makes of some numbers, see `decoding_error`.

    >>> x = torch.tensor([[-1.0, 0.0, 1.0]]).double()
    >>> decoded(x, x.relu()).abs()
    tensor([[0.5000, 0.5000, 1.0000]], dtype=torch.float64)
    """
    centred = numbers - numbers.mean(1, keepdim=True)
    return wanted.mean(1, keepdim=True) + Sums.of(wanted, numbers).decoder @ centred


def root_of_share(part: float, total: float) -> float:
    """The root of a share of the total; 0 if there is none, or if rounding made the part negative.

    >>> root_of_share(1.0, 4.0), root_of_share(-1e-16, 4.0), root_of_share(0.0, 0.0)
    (0.5, 0.0, 0.0)
    """
    return max(0.0, part / total) ** 0.5 if total > CONSTANT else 0.0
