"""The guided tour of the lesson on trained networks."""

from viz.lessons.tour import Step

TOUR = (
    Step("A 1×1 widens", {"layer": 8}, ("stage:block2.expand.conv", "maps")),
    Step("Each map is filtered alone", {"layer": 9}, ("stage:block2.depthwise.conv", "filters")),
    Step("A 1×1 narrows", {}, ("stage:block2.project.conv", "maps")),
    Step("Who does the work", {"part": "shares"}, ("section",)),
    Step("Deep maps are coarse", {"layer": 50}, ("stage:head", "field", "maps")),
    Step("Trained weights against shuffled ones", {"part": "tuning"}, ("section",)),
)
