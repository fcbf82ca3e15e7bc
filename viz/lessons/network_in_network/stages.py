"""The stages of an mlpconv layer: filters of k×k and two 1×1 layers, a ReLU after each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, edited, random_rows
from viz.lessons.network_in_network.names import compared_channels, filter_names, logic_channels
from viz.lessons.network_in_network.recipes import comparing_rows, logic_rows
from viz.lessons.network_in_network.setting import PHASES, Setting
from viz.lessons.stage import Channels, Inflow, Stage
from viz.lessons.stages import Switched, oriented_maps
from viz.settings import ANY, Allowed
from viz.text import Text, text

OTHER_DRAW = 100  # added to the seed for the second matrix, beyond the largest seed


class Filters(Stage[Setting]):
    """The k×k convolution: oriented filters on the brightness of the picture."""

    name = "filters"

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("{k}×{k}", k=setting.kernel_px)

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        return {"kernel_px": ANY, "orientations": ANY}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        return filter_names(setting.orientations)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        return oriented_maps(setting.gabor)


@dataclass(frozen=True, kw_only=True)
class Layer(Stage[Setting]):
    """A 1×1 layer of the perceptron, with weights by hand or random ones.

    Attributes:
        name: of the stage, and of the field with the number of rows of a random matrix.
        shown: the fields of its controls that both kinds of weights have.
        only_random: those that only random weights have.
        named: the channels of weights by hand.
        logic: the recipe by hand and its arguments.
        draw: is added to the seed.
    """

    name: str
    shown: tuple[str, ...] = ()
    only_random: tuple[str, ...]
    named: Callable[[Setting], Channels]
    logic: Callable[[Setting], tuple[Callable[..., Tensor], dict[str, int]]]
    draw: int = 0

    @property
    def cells(self) -> str:
        return f"{self.name}_edits"

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("1×1")

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        more = self.only_random if setting.weights == "random" else ()
        return dict.fromkeys((*self.shown, *more), ANY)

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        if setting.weights == "random":
            return Channels.numbered(getattr(setting, self.name))
        named = self.named(setting)
        by_hand = getattr(setting, self.cells)
        return Channels.numbered(named.size, named.row_length) if by_hand else named

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        function, arguments = self.logic(setting)
        if setting.weights == "random":
            function = random_rows
            outputs, seed = getattr(setting, self.name), setting.seed + self.draw
            arguments = {"outputs": outputs, "channels": inflow.channels.size, "seed": seed}
        edits = getattr(setting, self.cells)
        recipe = Recipe(function, tuple(arguments.items()), edits)
        return Pointwise(edited(function(**arguments), edits), recipe=recipe)


def _relu(name: str) -> Switched[Setting]:
    return Switched(name, lambda _: text("ReLU"), lambda *_: nn.ReLU())


STAGES: tuple[Stage[Setting], ...] = (
    Filters(),
    _relu("filters_relu"),
    Layer(
        name="hidden",
        shown=("weights",),
        only_random=("hidden", "seed"),
        named=lambda setting: compared_channels(setting.orientations),
        logic=lambda of: (comparing_rows, {"orientations": of.orientations, "phases": PHASES}),
    ),
    _relu("hidden_relu"),
    Layer(
        name="outputs",
        only_random=("outputs",),
        named=lambda setting: logic_channels(setting.orientations),
        logic=lambda of: (logic_rows, {"pairs": of.orientations // 2}),
        draw=OTHER_DRAW,
    ),
    _relu("outputs_relu"),
)
