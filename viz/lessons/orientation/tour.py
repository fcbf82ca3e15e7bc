"""The guided tour of the lesson on orientation tuning."""

from viz.lessons.tour import Step

TOUR = (
    Step("Filters with a direction", {"stage": "bank"}, ("filters", "maps")),
    Step("A 1×1 adds two squares", {}, ("filters", "maps")),
    Step("Simple cells, complex cells", {"part": "complex"}, ("section",)),
    Step("Forget the direction", {"pooling": "orientations"}, ("filters", "maps")),
    Step("Eight directions, one ring", {"part": "forgets"}, ("maps",)),
    Step(
        "Two directions leave gaps",
        {"part": "forgets", "orientations": 2},
        ("maps",),
    ),
    Step("How narrow is a filter", {"part": "tuning"}, ("section",)),
    Step("A direction for every pixel", {"part": "map"}, ("section",), "siemens_star"),
)
