"""The guided tour of the lesson on Inception modules."""

from viz.lessons.tour import Step

TOUR = (
    Step(
        "Four branches, one input",
        {},
        ("stage:one", "stage:three", "stage:five", "stage:projection"),
    ),
    Step("One stack of maps", {}, ("stage:joined", "maps")),
    Step(
        "A 1×1 before the 5×5",
        {"box": "reduce_five", "stage": "reduce_five"},
        ("stage:reduce_five", "stage:five"),
    ),
    Step("Widen it, pay more", {"reduce_five": 24}, ("slider:reduce_five", "stage:five")),
    Step(
        "Without any reduction",
        {"reduced": False, "projected": False},
        ("slider:reduced", "stage:joined"),
    ),
    Step("Each branch sees its square", {"part": "fields"}, ("section",)),
    Step("More layers, one more ReLU", {"part": "depth"}, ("section",)),
)
