"""A network as a program: short, complete, ready to paste, without imports of ours.

The functions that read the picture and make the filters are the app's own source text; the lines
of each kind of layer are in `viz.source.steps`.
"""

from viz.source.program import Program, program
from viz.source.steps import MAX_PRINTED
from viz.source.text import LINE

__all__ = ["LINE", "MAX_PRINTED", "Program", "program"]
