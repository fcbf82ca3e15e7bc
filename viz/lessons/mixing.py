"""A 1×1 convolution as a stage: a recipe for its matrix, its number of rows, cells set by hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, TypeVar, cast

import torch
from torch import Tensor, nn

from viz.layers import recipes
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe
from viz.lessons.stage import COLOURS, Channels, Inflow, Stage
from viz.settings import ANY, Allowed, CellValues, Choice, Setting, Slider
from viz.text import Text, text

S = TypeVar("S", bound=Setting)

# Each recipe and its arguments.
_RECIPES: dict[str, tuple[Callable[..., Tensor], tuple[str, ...]]] = {
    "random": (recipes.random_rows, ("outputs", "channels", "seed")),
    "nonnegative": (recipes.nonnegative_rows, ("outputs", "channels", "seed")),
    "difference": (recipes.difference_rows, ("outputs", "channels")),
    "identity": (recipes.identity_rows, ("outputs", "channels")),
    "average": (recipes.average_rows, ("outputs", "channels")),
    "swap": (recipes.swap_rows, ("outputs", "channels")),
    "grey": (recipes.grey_rows, ("outputs",)),
    "sepia": (recipes.sepia_rows, ("outputs",)),
    "opponent": (recipes.opponent_rows, ("outputs",)),
    "principal": (recipes.principal_rows, ("outputs",)),
    "whitening": (recipes.whitening_rows, ("outputs",)),
}
_OF_CHANNELS = ("principal", "whitening")  # computed from the arriving maps
_FOR_COLOURS = ("grey", "sepia", "opponent")
_DRAWN = ("random", "nonnegative")
_ANY_NUMBER_OF_ROWS = (*_DRAWN, "average", "grey")  # the others have at most as many as channels
OPPONENTS = Channels(("R+G+B", "R−G", "R+G−2B"))


class Weights(NamedTuple):
    """A Setting's values for one matrix; `outputs` is 0 for as many rows as channels arrive."""

    recipe: str
    outputs: int
    seed: int
    edits: CellValues


class MixFields(NamedTuple):
    """The fields of a Setting that hold the `Weights` of one 1×1 layer."""

    recipe: str
    outputs: str
    seed: str
    edits: str

    @classmethod
    def of(cls, layer: str) -> MixFields:
        """The usual names.

        >>> MixFields.of("second").edits
        'second_edits'
        """
        return cls(*(f"{layer}_{name}" for name in Weights._fields))

    def read(self, setting: Setting) -> Weights:
        """The values of the fields."""
        return Weights(*(getattr(setting, name) for name in self))


@dataclass(frozen=True)
class Mix(Stage[S]):
    """A 1×1 convolution whose matrix follows a recipe.

    Attributes:
        name: the name of the stage.
        fields: the fields of its weights.
        otherwise: the recipe that replaces one for colours if other channels arrive.
        switch: the field that switches it on; empty if it is always on.
        stride: the field of its stride; empty for stride 1.
        relu: the field that adds a ReLU after it; empty if there is none.
    """

    name: str
    fields: MixFields
    otherwise: str = "identity"
    switch: str = ""
    stride: str = ""
    relu: str = ""

    @property
    def cells(self) -> str:
        return self.fields.edits

    def is_on(self, setting: S) -> bool:
        return not self.switch or getattr(setting, self.switch)

    def clamp(self, setting: S, arriving: Channels) -> S:
        recipe, outputs, *_ = self.fields.read(setting)
        recipe = self.otherwise if recipe in _FOR_COLOURS and arriving.size != 3 else recipe
        outputs = min(outputs, self._most_outputs(setting, recipe, arriving))
        fitted = {self.fields.recipe: recipe, self.fields.outputs: outputs}
        return replace(setting, **fitted)

    def title(self, setting: S, arriving: Channels) -> Text:
        return text("1×1, stride {s}", s=self._stride(setting)) if self.stride else text("1×1")

    def controls(self, setting: S, arriving: Channels) -> Mapping[str, Allowed]:
        switch = {self.switch: ANY} if self.switch else {}
        if not self.is_on(setting):
            return switch
        drawn = self.fields.read(setting).recipe in _DRAWN
        return {
            **switch,
            **({self.stride: ANY} if self.stride else {}),
            **self.allowed(setting, arriving),
            **({self.fields.seed: ANY} if drawn else {}),
            **({self.relu: ANY} if self.relu else {}),
        }

    def allowed(self, setting: S, arriving: Channels) -> Mapping[str, Allowed]:
        """The recipes that are available now, and the largest number of rows."""
        recipe = self.fields.read(setting).recipe
        options = cast(Choice[str], setting.controls()[self.fields.recipe]).options
        fit = tuple(r for r in options if r not in _FOR_COLOURS or arriving.size == 3)
        most = self._most_outputs(setting, recipe, arriving)
        return {self.fields.recipe: Allowed(options=fit), self.fields.outputs: Allowed(most=most)}

    def outputs(self, setting: S, arriving: Channels) -> int:
        """The number of maps that leave it."""
        return self.fields.read(setting).outputs or arriving.size

    def channels(self, setting: S, arriving: Channels) -> Channels:
        weights, outputs = self.fields.read(setting), self.outputs(setting, arriving)
        places = range(arriving.size)
        known = {"identity": arriving.picked(places), "swap": arriving.picked(places[::-1])}
        known["difference"] = Channels(
            tuple(f"{one}−{after}" for one, after in pairwise((*arriving.names, arriving.names[0])))
        )
        if arriving.marks == COLOURS.marks:
            # whitening keeps every colour close to itself, so its name stays, with a prime
            primed = Channels(tuple(f"{name}′" for name in COLOURS.names))
            known |= {"sepia": COLOURS, "opponent": OPPONENTS, "whitening": primed}
        if weights.recipe not in known or weights.edits:
            return Channels.numbered(outputs)
        return known[weights.recipe].picked(range(outputs))

    def build(self, setting: S, inflow: Inflow) -> nn.Module:
        matrix, recipe = self.matrix(setting, inflow)
        layer = Pointwise(matrix, stride=self._stride(setting), recipe=recipe)
        if not self.relu:
            return layer
        rectified = {"relu": nn.ReLU()} if getattr(setting, self.relu) else {}
        return nn.Sequential(OrderedDict[str, nn.Module](mix=layer, **rectified))

    def matrix(self, setting: S, inflow: Inflow) -> tuple[Tensor, Recipe]:
        """The matrix `(outputs, channels)` float32 on the CPU, and its recipe.

        The arriving maps are only computed if the recipe needs them.
        """
        recipe, outputs, seed, edits = self.fields.read(setting)
        channels = inflow.channels.size
        known = {"outputs": outputs or channels, "channels": channels, "seed": seed}
        function, names = _RECIPES[recipe]
        arguments = {name: known[name] for name in names}
        record = Recipe(
            function, tuple(arguments.items()), edits, of_channels=recipe in _OF_CHANNELS
        )
        with torch.no_grad():
            maps = (inflow.maps(),) if record.of_channels else ()
            return recipes.edited(function(*maps, **arguments), edits), record

    def _stride(self, setting: S) -> int:
        return int(getattr(setting, self.stride)) if self.stride else 1

    def _most_outputs(self, setting: S, recipe: str, arriving: Channels) -> int:
        """The largest number of rows of a recipe, within the slider's limit."""
        most = int(cast(Slider[int], setting.controls()[self.fields.outputs]).high)
        return most if recipe in _ANY_NUMBER_OF_ROWS else min(most, arriving.size)
