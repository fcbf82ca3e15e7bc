"""Limits of memory and time for a request, estimated before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

from viz.memory import TooLarge
from viz.text import Message
from viz.trace import LayerRow

__all__ = ["MAX_BYTES", "MAX_SECONDS", "Estimate", "TooLarge", "estimated"]

TOO_LARGE: Message = (
    "These maps would take more memory or time than one request may use; "
    "choose a smaller working size."
)
MAX_BYTES = 512 * 2**20
MAX_SECONDS = 2.0  # of one stage: other jobs run between stages

# One thread of a laptop, measured with AVX2 and rounded up.
_SECONDS_PER_MAC = 1e-10
_SECONDS_PER_NUMBER = 4e-9
_SECONDS_PER_FILTERED_NUMBER = 20e-9  # by FFT, for a kernel of any size, or by ten exponentials


class Estimate(NamedTuple):
    """The memory and time that a network takes on the CPU.

    Attributes:
        bytes: of all maps that are held together, and the temporaries of the largest layer.
        seconds: of its slowest layer.
    """

    bytes: int
    seconds: float

    def check(self) -> None:
        """Raises TooLarge if one request must not take so much."""
        if self.bytes > MAX_BYTES or self.seconds > MAX_SECONDS:
            raise TooLarge(TOO_LARGE)


def estimated(rows: Sequence[LayerRow]) -> Estimate:
    """The estimate for layers as `viz.trace.layer_rows` gives them.

    >>> from torch import nn
    >>> from viz.trace import layer_rows
    >>> estimated(layer_rows(nn.Conv2d(3, 64, 1), (3, 512, 512))).bytes // 2**20
    192
    """
    sizes = [4 * prod(row.output_shape) for row in rows]
    return Estimate(sum(sizes) + 2 * max(sizes, default=0), max(map(_seconds, rows), default=0.0))


def _seconds(row: LayerRow) -> float:
    numbers = prod(row.output_shape)
    if row.kind in ("FilterBank", "GaborBank", "LogMeanExpPool"):
        return numbers * _SECONDS_PER_FILTERED_NUMBER
    return row.macs * _SECONDS_PER_MAC + numbers * _SECONDS_PER_NUMBER
