"""The guided tour of the lesson on reducing channels."""

from viz.lessons.tour import Step

TOUR = (
    Step("Fifty numbers through ten", {}, ("maps",)),
    Step("Two are too few", {"kept": 2}, ("slider:kept", "map:2")),
    Step("Thirty leave little out", {"kept": 30}, ("slider:kept", "map:2")),
    Step("Any ten mixtures?", {"method": "random"}, ("slider:method", "map:2")),
    Step("Dropping channels is worse", {"method": "first"}, ("slider:method", "map:2")),
    Step("Why few numbers suffice", {"part": "correlation"}, ("section",)),
    Step("A ReLU cuts numbers off", {"part": "relu"}, ("section",)),
)
