"""Receptive fields and costs of any network, layer by layer.

A network is read as a graph (`torch.fx`) and never run: shapes, fields and counts are computed from
the layers' own settings, so no map and no weight is needed, copied or allocated. A layer is a
module that `read` has a rule for, or one of torch.nn; other modules are traced into.
"""

from viz.geometry import ReceptiveField
from viz.trace.flow import receptive_field
from viz.trace.maps import Maps
from viz.trace.rows import LayerRow, layer_rows
from viz.trace.rules import read
from viz.trace.totals import Cost, cost

__all__ = [
    "Cost",
    "LayerRow",
    "Maps",
    "ReceptiveField",
    "cost",
    "layer_rows",
    "read",
    "receptive_field",
]
