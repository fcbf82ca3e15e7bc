"""GoogLeNet's nine modules: the exact counts, what the paper prints, and where they differ."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from viz.lessons.inception.costs import Counted, counted, total
from viz.networks.googlenet import MODULES, Inception
from viz.networks.reference import reference
from viz.text import Text, text

K, M = 1024, 10**6  # of the paper's table: parameters in K, multiply-adds in M

# The notes of the reference file in words.
_WHY = {
    "": None,
    "printed params 1K high": text("weights: print 1 K too high"),
    "printed params 1K low": text("weights: print 1 K too low"),
    "printed params 1 % low": text("weights: print 1 % too low"),
    "printed params 1.5 % low": text("weights: print 1.5 % too low"),
    "printed params 2 % low": text("weights: print 2 % too low"),
    "printed params 7 % low": text("weights: print 7 % too low"),
    "print fits conv3x3=204": text("both: print fits a 3×3 of 204 channels, not 208"),
    "printed ops fit reduce5x5=48": text("both: MACs fit 48 channels before the 5×5, not 32"),
}


class Published(NamedTuple):
    """One module.

    Attributes:
        module: its channels.
        exact: the counts of these channels.
        printed_weights: as printed, such as "159K"; biases are not counted.
        printed_macs: as printed, such as "128M".
        why: how the print differs from the exact counts; None if it does not.
    """

    module: Inception
    exact: Counted
    printed_weights: str
    printed_macs: str
    why: Text | None


@cache
def published() -> tuple[Published, ...]:
    """The nine modules, in the order of the network.

    >>> [each.module.name for each in published() if each.why is None]
    ['3a']
    """
    rows = {row["module"]: row for row in reference("googlenet_inception")}
    return tuple(
        Published(
            module,
            total(counted(module)),
            rows[module.name]["printed_params"],
            rows[module.name]["printed_ops"],
            _WHY[rows[module.name]["note"]],
        )
        for module in MODULES
    )
