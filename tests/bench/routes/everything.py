"""Not a page: imports all that the Lab imports, and freezes it, as its server does."""

import gc

import plotly.graph_objects  # noqa: F401

import viz.experiments.lab
import viz.images
import viz.run.drawing
import viz.source  # noqa: F401

gc.collect()
gc.freeze()
