"""The guided tour of the lesson on where filters come from."""

from viz.lessons.tour import Step

TOUR = (
    Step("Nobody drew these filters", {}, ("filters", "maps")),
    Step("Learned from noise", {"source": "noise"}, ("slider:source", "filters")),
    Step("Discs have edges too", {"source": "leaves"}, ("slider:source", "filters")),
    Step("Uncorrelated is not enough", {"method": "pca"}, ("slider:method", "filters")),
    Step("Sixty-four filters", {"filters": 64}, ("slider:filters", "filters")),
    Step("A 1×1 on top", {"part": "on_top"}, ("section",)),
)
