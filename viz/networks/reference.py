"""Published and exact figures to compare with, see the comments at the head of each file."""

from __future__ import annotations

import csv
from functools import cache
from typing import Literal

from viz.assets import ROOT

File = Literal["counts", "googlenet_inception", "receptive_fields"]


@cache
def reference(file: File) -> tuple[dict[str, str], ...]:
    """The rows of a file in `assets/reference/`, by the names of its columns.

    >>> reference("receptive_fields")[1]["network"], reference("receptive_fields")[1]["size"]
    ('vgg_16', '212')
    """
    path = ROOT / "assets" / "reference" / f"{file}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(csv.DictReader(line for line in lines if not line.startswith("#")))
