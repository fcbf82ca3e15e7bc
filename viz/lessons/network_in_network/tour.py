"""The guided tour of the lesson on Network in Network."""

from viz.lessons.tour import Step

TOUR = (
    Step("Eight small filters", {"stage": "filters_relu"}, ("filters", "maps")),
    Step(
        "A hidden layer per pixel",
        {"stage": "hidden_relu"},
        ("stage:hidden", "stage:hidden_relu", "maps"),
    ),
    Step("Or, and, not", {}, ("map:0", "map:1")),
    Step("The network at one pixel", {"part": "perceptron"}, ("section",)),
    Step("Without the ReLU", {"hidden_relu": False}, ("stage:hidden_relu", "map:0", "map:1")),
    Step("What a 1×1 buys", {"part": "digits"}, ("section",)),
    Step("Wider costs the square", {"part": "wide"}, ("section",)),
)
