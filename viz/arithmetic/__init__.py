"""The arithmetic of one number of a map: which inputs it read, with which weights, and the sum."""

from viz.arithmetic.unit import Arithmetic, arithmetic

__all__ = ["Arithmetic", "arithmetic"]
