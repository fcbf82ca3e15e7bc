"""The stages of a network as a table for any spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO

from torch import nn

from viz.run import stage_facts

COLUMNS = (
    *("stage", "kind", "channels", "height", "width", "parameters", "macs"),
    *("field_height_px", "field_width_px", "stride_down_px", "stride_right_px"),
    *("padding_top_px", "padding_left_px", "milliseconds"),
)


def stage_table(
    network: nn.Sequential, input_shape: tuple[int, ...], milliseconds: Mapping[str, float]
) -> str:
    """One line a stage, the picture first: its kind, its cost and its receptive field.

    Args:
        network: a chain of named stages, on any device.
        input_shape: `(C, H, W)` of the picture.
        milliseconds: the time of each stage; a stage without an entry has an empty cell.

    Returns:
        CSV with a header (RFC 4180: commas, lines end with CR LF). Sizes, strides and paddings
        are those of the receptive field, in pixels of the picture; parameters and MACs add up to
        `trace.cost`.

    Raises:
        ValueError: as `trace.layer_rows`.

    >>> text = stage_table(nn.Sequential(nn.Conv2d(3, 8, 1, stride=2)), (3, 9, 9), {"0": 1.25})
    >>> print(*text.splitlines()[1:], sep="\\n")
    picture,,3,9,9,0,0,1,1,1,1,0,0,
    0,Conv2d,8,5,5,32,600,1,1,2,2,0,0,1.25
    """
    file = StringIO()
    table = csv.writer(file)
    table.writerow(COLUMNS)
    for stage, fact in stage_facts(network, input_shape).items():
        sizes = (*fact["shape"], fact["parameters"], fact["macs"])
        field = (*fact["size"], *fact["stride"], *fact["padding"])
        table.writerow((stage, _kind(network, stage), *sizes, *field, milliseconds.get(stage, "")))
    return file.getvalue()


def _kind(network: nn.Sequential, stage: str) -> str:
    """The classes of a stage's layers, in the order of the data; none for the picture."""
    module = dict(network.named_children()).get(stage)
    layers = module.modules() if module is not None else ()
    return " + ".join(type(one).__name__ for one in layers if not isinstance(one, nn.Sequential))
