"""The guided tour of the lesson on the order of pooling and 1×1."""

from viz.lessons.pooling_order.pools import AVERAGE
from viz.lessons.tour import Step

TOUR = (
    Step("Two orders, two results", {}, ("maps",)),
    Step("Slide to the average", {"beta": AVERAGE}, ("slider:beta", "map:2")),
    Step("Smaller window, smaller difference", {"pool_size": 2}, ("slider:pool_size", "map:2")),
    Step("Why: look into one window", {"part": "window"}, ("section",)),
    Step("Nothing mixed, nothing lost", {"mix_recipe": "identity", "mix_outputs": 3}, ("maps",)),
    Step("No negative weight", {"mix_recipe": "nonnegative", "scale": "own"}, ("filters", "map:2")),
    Step(
        "Even an average can fail",
        {"beta": AVERAGE, "bias": True, "counted": True, "scale": "own", "working_size_px": 64},
        ("slider:counted", "slider:bias", "map:2"),
    ),
)
