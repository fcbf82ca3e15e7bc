"""The guided tour of the lesson on cross-channel pooling."""

from viz.lessons.tour import Step

TOUR = (
    Step("Fifty maps go in", {"stage": "bank"}, ("stage:bank", "maps")),
    Step("The largest of ten", {}, ("filters", "maps")),
    Step("Who won is forgotten", {"winner": True}, ("maps",)),
    Step("A mean cancels", {"kind": "mean"}, ("maps",)),
    Step("One group of all fifty", {"group": 50}, ("filters", "maps")),
    Step("The order of channels matters", {"shuffled": True}, ("stage:order", "maps")),
    Step("A 1×1 cannot choose", {"kind": "fitted"}, ("filters", "maps")),
)
