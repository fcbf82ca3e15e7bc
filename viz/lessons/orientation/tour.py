"""The guided tour of the lesson on orientation tuning."""

from viz.lessons.tour import Step

TOUR = (
    Step("Filters with an orientation", {"stage": "bank"}, ("filters", "maps")),
    Step("A 1×1 adds two squares", {}, ("filters", "maps")),
    Step("Simple cells, complex cells", {"part": "complex"}, ("section",)),
    Step("Forget the orientation", {"pooling": "orientations"}, ("filters", "maps")),
    Step("Eight orientations, one ring", {"part": "forgets"}, ("maps",)),
    Step(
        "Two orientations leave gaps",
        {"part": "forgets", "orientations": 2},
        ("maps",),
    ),
    Step("How narrow is a filter", {"part": "tuning"}, ("section",)),
    Step("An orientation for every pixel", {"part": "map"}, ("section",), "siemens_star"),
)
