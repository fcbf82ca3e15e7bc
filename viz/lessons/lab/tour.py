"""The guided tour of the Lab."""

from viz.lessons.tour import Step

TOUR = (
    Step("Sixteen filters, sixteen maps", {"stage": "bank"}, ("filters", "maps"), "camera"),
    Step(
        "Wider bars, coarser maps",
        {"stage": "bank", "wavelength_px": 16.0, "sigma_px": 6.0, "size_px": 31},
        ("slider:wavelength_px", "filters", "maps"),
        "camera",
    ),
    Step("Keep only what agrees", {"stage": "rectifier"}, ("stage:rectifier", "maps"), "camera"),
    Step("Four phases become one", {}, ("stage:pooling", "maps"), "camera"),
    Step("A 1×1 mixes maps", {"stage": "pointwise"}, ("filters", "maps"), "camera"),
    Step(
        "A stride skips positions",
        {"stage": "strided", "stride": 6},
        ("slider:stride", "field"),
        "camera",
    ),
    Step("Nothing here is painted", {"card": "proof"}, ("proof",), "camera"),
)
