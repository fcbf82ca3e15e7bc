"""What a layer answers to drifting gratings: tuning to orientation, wavelength and phase.

`tuning_curve` shows gratings of every orientation, wavelength and phase to any layer of any network,
and reads off the unit in the middle. For long sweeps take `responding`, which pauses, and `curve_of`.
"""

from viz.tuning.analytic import gabor_half_width_degrees, gabor_response
from viz.tuning.curves import TuningCurve, curve_of, tuning_curve
from viz.tuning.half_width import half_widths_degrees
from viz.tuning.modulation import Harmonics, harmonics, modulation_depths
from viz.tuning.phases import PhaseSweep, modulation_depth, phase_sweep
from viz.tuning.places import middle_unit, whole_field_px
from viz.tuning.screen import Screen, responding, responses
from viz.tuning.sweeps import Sweep, gratings

__all__ = [
    "Harmonics",
    "PhaseSweep",
    "Screen",
    "Sweep",
    "TuningCurve",
    "curve_of",
    "gabor_half_width_degrees",
    "gabor_response",
    "gratings",
    "half_widths_degrees",
    "harmonics",
    "middle_unit",
    "modulation_depth",
    "modulation_depths",
    "phase_sweep",
    "responding",
    "responses",
    "tuning_curve",
    "whole_field_px",
]
