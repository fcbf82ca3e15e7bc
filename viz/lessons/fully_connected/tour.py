"""The guided tour of the lesson on fully connected layers."""

from viz.lessons.tour import Step

TOUR = (
    Step("One score for each class", {"input_px": 224, "scale": "shared"}, ("maps",)),
    Step("A larger photo fits too", {}, ("slider:input_px", "maps")),
    Step("Every score has its crop", {"unit": "0.1.4"}, ("photo", "map:0")),
    Step("One pass, many crops", {"input_px": 480}, ("slider:input_px", "maps")),
    Step("A row becomes a kernel", {"part": "surgery", "folded": 18}, ("section",)),
    Step("It reads a whole page", {"part": "slide"}, ("section",)),
    Step("Where the two differ", {"zero_padding": True, "card": "proof"}, ("proof",)),
)
