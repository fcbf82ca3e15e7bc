"""Receptive fields and costs of any network, layer by layer.

A network is read and never run: shapes, fields and counts are computed from the layers' own
settings, so no map and no weight is needed, copied or allocated. A layer is a module that `read`
has a rule for, or one of torch.nn. A chain of layers is read as it stands; the code of other
modules is traced by torch.fx, and a call in it is read as the layer that does the same.

`layer_rows` tells of every layer what leaves it and what it costs, `receptive_field` what a unit of
the output sees, `between` what it sees of another layer, and which units a pixel reaches.
"""

from viz.geometry import ReceptiveField
from viz.trace.flow import receptive_field
from viz.trace.maps import Maps
from viz.trace.relations import Between, between
from viz.trace.rows import LayerRow, layer_rows
from viz.trace.rules import read
from viz.trace.step import Reading, Step
from viz.trace.totals import Cost, cost

__all__ = [
    "Between",
    "Cost",
    "LayerRow",
    "Maps",
    "Reading",
    "ReceptiveField",
    "Step",
    "between",
    "cost",
    "layer_rows",
    "read",
    "receptive_field",
]
