"""What was measured in the primary visual cortex (V1), with the source of each number.

Every entry is stated in the abstract of the paper that it names.
"""

from __future__ import annotations

from typing import NamedTuple

from viz.text import Text, text

# De Valois, Yund, Hepler 1982: a median near 40° for the full width at half amplitude.
MEDIAN_HALF_WIDTH_DEGREES = 20


class Published(NamedTuple):
    """One finding.

    Attributes:
        measure: what was measured, the name of a number of this bank in `sections.cortex`.
        title: its name in words.
        found: what the paper says.
        animal: in which animal.
        source: who says it, and when.
        reference: journal, volume and pages.
    """

    measure: str
    title: Text
    found: Text
    animal: Text
    source: str
    reference: str


MACAQUE, AWAKE, CAT = text("macaque"), text("macaque, awake"), text("cat")
TUNING = ("De Valois, Yund, Hepler 1982", "Vision Research 22: 531–544")
SPREAD = ("Ringach, Shapley, Hawken 2002", "J. Neurosci. 22: 5639–5651")
GROUPS = ("Ibbotson, Price, Crowder 2005", "J. Neurophysiol. 93: 3699–3702")
CELLS = ("Kagan, Gur, Snodderly 2002", "J. Neurophysiol. 88: 2557–2574")
SYMMETRY = ("Ringach 2002", "J. Neurophysiol. 88: 455–463")
STRUCTURE = ("Jones, Palmer 1987a", "J. Neurophysiol. 58: 1187–1211")
GABOR = ("Jones, Palmer 1987b", "J. Neurophysiol. 58: 1233–1258")
PHASES = text("phases of simple cells")

V1 = (
    Published(
        "half_width",
        text("half-width of the tuning curve"),
        text("3° to no tuning at all; median near 20°"),
        MACAQUE,
        *TUNING,
    ),
    Published(
        "selectivity",
        text("selectivity for orientation"),
        text("spread widely; weakly tuned cells in every layer"),
        MACAQUE,
        *SPREAD,
    ),
    Published(
        "preferred",
        text("preferred orientations"),
        text("at the centre of gaze more horizontal and vertical than oblique"),
        MACAQUE,
        *TUNING,
    ),
    Published(
        "f1_f0",
        text("F1/F0 of all cells"),
        text("two groups, with a dip between them near 1"),
        text("cat, monkey"),
        *GROUPS,
    ),
    Published(
        "complex_f1_f0",
        text("F1/F0 of complex cells"),
        text("mean 0.6 ± 0.4 to 1.1 ± 0.5, by the stimulus: not flat"),
        AWAKE,
        *CELLS,
    ),
    Published(
        "complex_share",
        text("share of complex cells"),
        text("78 % of 228 cells; 14 % are simple"),
        AWAKE,
        *CELLS,
    ),
    Published("phases", PHASES, text("cluster at even (0°) and odd (90°)"), MACAQUE, *SYMMETRY),
    Published("phases", PHASES, text("most are neither even nor odd"), CAT, *STRUCTURE),
    Published(
        "shape",
        text("shape of simple cells"),
        text("a Gabor function fits; what is left looks random"),
        CAT,
        *GABOR,
    ),
)
