"""The pixels that a network really reads: its receptive field with its holes.

A receptive field is usually given as a box. With a stride larger than the kernel, or a dilated
kernel, most of the box is never read. Every layer reads a rectangle of rows and columns, or a
lattice in one. So rows and columns are traced back through the layers separately, and a pixel is
read if both its row and its column are.
"""

from viz.reads.masks import UnitReading, holes, read_mask, unit_mask
from viz.reads.strongest import strongest_unit

__all__ = ["UnitReading", "holes", "read_mask", "strongest_unit", "unit_mask"]
