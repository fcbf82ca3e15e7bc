"""Two layers, their product, and a ReLU between them."""

from __future__ import annotations

from viz.lessons.blocks import Block, Panel, Panels
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.lessons.pointwise.fold import offered_fold
from viz.lessons.pointwise.merged import Merged, merged, pair
from viz.lessons.pointwise.setting import Setting
from viz.numbers import number
from viz.text import Message, Text, text


def show(scene: Scene[Setting]) -> list[Block]:
    """Both matrices and their product, and the maps of each variant.

    The comparison ignores the switches: it shows the second layer, and a ReLU between the layers
    is left out or added.
    """
    layers = pair(scene.changed(second=True).built)
    found = merged(layers, scene.input_of("pointwise"))
    titles: list[Message] = ["First matrix", "Second matrix", "Second · first = one matrix"]
    matrices = (layers.first, layers.second, layers.product)
    panels = [
        Panel(text(title), matrix[None], kind="weight", scale="matrix")
        for title, matrix in zip(titles, matrices, strict=True)
    ]
    through, relu = text("Through the product"), text("With a ReLU between them")
    panels += [
        Panel(text("Through both layers"), found.through_both, scale="maps"),
        Panel(through, found.through_product, scale="maps", note=_rounding(found)),
        Panel(relu, found.with_relu, scale="maps", note=_fold(found)),
    ]
    fold = offered_fold(found.folded, scene.pixels)
    return [*fold, Panels("merged", panels, height_px=230)]


def _rounding(found: Merged) -> Text:
    return text(
        "{verdict}: differs by at most {difference}, rounding allows {bound}",
        verdict=text("equal to rounding") if found.within else text("not equal"),
        difference=number(found.largest_difference),
        bound=number(found.bound),
    )


def _fold(found: Merged) -> Text:
    return text(
        "differs by up to {difference}; the ReLU changes a value at {folded} % of the pixels",
        difference=number(found.largest_relu_difference),
        folded=number(100 * found.folded),
    )


SECTION = Section(
    show,
    always("second", "relu"),
    opening={"pointwise_recipe": "random", "second": True, "relu": True},
    views=(
        Suggestion("Without the ReLU", {"relu": False}),
        Suggestion("Sepia: nothing is negative", {"pointwise_recipe": "sepia"}),
    ),
)
