"""Not a page: imports all that the Lab imports, and freezes it, as its server does."""

import gc
from importlib import import_module

for name in (
    "plotly.graph_objects",
    "viz.lessons.lab",
    "viz.images",
    "viz.run.drawing",
    "viz.source",
):
    import_module(name)

gc.collect()
gc.freeze()
