"""The arithmetic of one number of a map: its inputs, their weights, and the result."""

from viz.arithmetic.patches import Patch, patches, reads_patches, strongest
from viz.arithmetic.unit import Arithmetic, arithmetic

__all__ = ["Arithmetic", "Patch", "arithmetic", "patches", "reads_patches", "strongest"]
