"""Which pixels a network really reads: its receptive field with the holes in it.

A receptive field is usually given as a box. After a stride larger than the kernel, or in a dilated
kernel, most of the box is never read. Every layer reads a rectangle of rows and columns, or a
lattice in one; so rows and columns are pushed back through the layers on their own, and a pixel is
read where both its row and its column are.
"""

from viz.reads.masks import UnitReading, holes, read_mask, unit_mask

__all__ = ["UnitReading", "holes", "read_mask", "unit_mask"]
