"""What a visitor takes along: files that open anywhere, with nothing of ours needed to read them."""

from viz.export.arrays import filter_arrays, npz
from viz.export.notebook import notebook
from viz.export.panel import panel
from viz.export.table import stage_table

__all__ = ["filter_arrays", "notebook", "npz", "panel", "stage_table"]
