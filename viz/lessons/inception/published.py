"""GoogLeNet's nine modules: the exact counts, what the paper prints, and where they differ."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from viz.lessons.inception.costs import Counted, counted, total
from viz.networks.googlenet import MODULES, Inception
from viz.networks.reference import reference

K, M = 1024, 10**6  # of the paper's table: parameters in K, multiply-adds in M


class Published(NamedTuple):
    """One module.

    Attributes:
        module: its channels.
        exact: the counts of these channels.
        printed_weights: as printed, such as "159K"; biases are not counted.
        printed_macs: as printed, such as "128M".
        note: how the print differs from the exact counts; empty if it does not.
    """

    module: Inception
    exact: Counted
    printed_weights: str
    printed_macs: str
    note: str


@cache
def published() -> tuple[Published, ...]:
    """The nine modules, in the order of the network.

    >>> [each.module.name for each in published() if not each.note]
    ['3a']
    """
    rows = {row["module"]: row for row in reference("googlenet_inception")}
    return tuple(
        Published(
            module,
            total(counted(module)),
            rows[module.name]["printed_params"],
            rows[module.name]["printed_ops"],
            rows[module.name]["note"],
        )
        for module in MODULES
    )
