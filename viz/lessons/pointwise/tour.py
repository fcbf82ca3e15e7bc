"""The guided tour of the lesson on the 1×1 convolution."""

from viz.lessons.tour import Step

TOUR = (
    Step("One matrix, every pixel", {}, ("filters", "maps")),
    Step("Nine weights, another picture", {"pointwise_recipe": "swap"}, ("filters", "maps")),
    Step(
        "Weights may be negative",
        {"pointwise_recipe": "opponent", "scale": "own"},
        ("filters", "map:1"),
    ),
    Step("It sees one pixel", {"unit": "0.95.125"}, ("field",)),
    Step(
        "More maps, nothing new",
        {"pointwise_recipe": "random", "pointwise_outputs": 12, "scale": "own"},
        ("slider:pointwise_outputs", "maps"),
    ),
    Step(
        "Any maps, not only colours",
        {"bank": "gabor", "pointwise_recipe": "principal", "pointwise_outputs": 3},
        ("filters", "maps"),
    ),
    Step("Two layers are one", {"part": "merge", "relu": False}, ("section",)),
)
