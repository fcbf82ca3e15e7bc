"""Files to download, which open without any code of ours."""

from viz.export.arrays import filter_arrays, npz
from viz.export.notebook import LOOK, notebook
from viz.export.panel import panel
from viz.export.table import stage_table

__all__ = ["LOOK", "filter_arrays", "notebook", "npz", "panel", "stage_table"]
