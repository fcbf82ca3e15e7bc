"""The guided tour of the lesson on the strided 1×1."""

from viz.lessons.tour import Step

TOUR = (
    Step("Stride 1 reads everything", {"stride": 1}, ("slider:stride", "maps")),
    Step("Stride 2 skips three quarters", {"stride": 2}, ("slider:stride", "photo")),
    Step("Rings from nowhere", {}, ("slider:stride", "maps")),
    Step("It looks at one position", {"unit": "0.28.40"}, ("comb",)),
    Step("Average first, then skip", {"part": "lost"}, ("section",), "zone_plate"),
    Step("What a histogram cannot see", {"part": "saying"}, ("section",)),
    Step("Strides multiply", {"part": "stacks", "third": True}, ("stage:window", "field")),
)
