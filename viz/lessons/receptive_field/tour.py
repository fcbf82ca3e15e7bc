"""The guided tour of the lesson on receptive fields."""

from viz.lessons.receptive_field.setting import ONE
from viz.lessons.tour import Step

TOUR = (
    Step("A 3×3 sees nine pixels", {"stage": "layer1"}, ("stage:layer1", "field")),
    Step("A 1×1 adds nothing", {"stage": "layer2"}, ("stage:layer2", "field")),
    Step("A stride multiplies", {"stage": "layer5"}, ("stage:layer5", "field")),
    Step("Deep layers see far", {"stage": "layer8"}, ("stage:layer8", "field")),
    Step("Only 1×1: one pixel", {"layers": (ONE,) * 8}, ("stage:layer8", "field")),
    Step("VGG-16 sees nearly everything", {"network": "vgg_16", "unit": "0.2.3"}, ("field",)),
    Step("The middle counts most", {"part": "photo"}, ("section",)),
)
