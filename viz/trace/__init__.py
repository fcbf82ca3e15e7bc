"""Any network -> what its units see of the picture and what it costs, layer by layer.

A network is read as a graph (`torch.fx`) and none of it is ever run: shapes, fields and counts are
arithmetic on the layers' own settings, so no map and no weight is needed, copied or allocated.
A layer is whatever `read` has a rule for, or torch.nn has a name for; other modules are looked into.
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
