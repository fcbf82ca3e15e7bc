"""The stages: oriented maps of the picture, their mixture, and the path into the open box."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from torch import nn

from viz.layers.channel_shuffle import PickChannels
from viz.layers.crop import CentreCrop
from viz.layers.gabor import GaborParameters
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe
from viz.lessons.inception.module import (
    BRANCH_NAMES,
    BRANCH_OF,
    BRANCHES,
    boxes,
    is_on,
    layer,
    module,
    widths,
)
from viz.lessons.inception.recipes import leaning_rows
from viz.lessons.inception.setting import MOST_INPUTS, MOST_SHOWN, Setting
from viz.lessons.stage import Channels, Inflow, Stage
from viz.lessons.stages import orientation_channels, oriented_maps
from viz.marks import of_branch
from viz.settings import ANY, Allowed
from viz.text import Text, text

ORIENTATIONS, WAVELENGTH_PX = 8, 6.0


class Oriented(Stage[Setting]):
    """Oriented maps of the square in the middle of the picture, averaged to the module's side."""

    name = "bank"

    def clamp(self, setting: Setting, arriving: Channels) -> Setting:
        inputs = min(setting.inputs, MOST_INPUTS[setting.side_px])
        setting = replace(setting, inputs=inputs)
        box = setting.box if setting.box == "joined" else _nearest(setting.box, setting)
        return replace(setting, box=box, shown=min(setting.shown, most_shown(setting)))

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("Oriented maps")

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        return {"side_px": ANY}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        return orientation_channels(ORIENTATIONS)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        # A picture that is smaller than the module's maps gives maps of its own size.
        window_px = max(1, min(inflow.pixels.shape[-2:]) // setting.side_px)
        layers = OrderedDict[str, nn.Module](crop=CentreCrop(window_px * setting.side_px))
        bank = GaborParameters.of_wavelength(ORIENTATIONS, 1, WAVELENGTH_PX)
        layers.update(oriented_maps(bank).named_children())
        layers["relu"] = nn.ReLU()
        if window_px > 1:
            layers["average"] = nn.AvgPool2d(window_px)
        return nn.Sequential(layers)


class Stem(Stage[Setting]):
    """A seeded 1×1 that mixes the oriented maps to what reaches the module."""

    name = "stem"

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("1×1 stem")

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        return {"inputs": Allowed(most=MOST_INPUTS[setting.side_px]), "seed": ANY}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        return Channels.numbered(setting.inputs)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        arguments = {
            "outputs": setting.inputs,
            "channels": inflow.channels.size,
            "seed": setting.seed,
        }
        recipe = Recipe(leaning_rows, tuple(arguments.items()))
        mix = Pointwise(leaning_rows(**arguments), recipe=recipe)
        return nn.Sequential(OrderedDict(mix=mix, relu=nn.ReLU()))


@dataclass(frozen=True)
class OneBox(Stage[Setting]):
    """One box of the module; it is built on the path into the open box."""

    name: str

    def is_on(self, setting: Setting) -> bool:
        return self.name in setting.path

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("3×3 max") if self.name == "pool" else Text(BRANCH_NAMES[self.kind])

    @property
    def kind(self) -> str:
        """The branch with a kernel of this size."""
        return self.name if self.name in ("three", "five") else "one"

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        return {self.name: ANY} if self.is_on(setting) and self.name != "pool" else {}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        count = boxes(setting)[self.name].outputs
        branch = BRANCH_OF[self.name]
        return Channels.numbered(count)._replace(marks=(of_branch(branch),) * count)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        return layer(self.name, setting)


class Joined(Stage[Setting]):
    """The whole module, of which the first maps of each branch are passed on."""

    name = "joined"
    has_filters = False  # the branches have matrices of their own

    def is_on(self, setting: Setting) -> bool:
        return setting.box == self.name

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("Module")

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        if not self.is_on(setting):
            return {}
        fields = ("reduced", "projected", *(["reduce_five"] if setting.reduced else []))
        return {**dict.fromkeys(fields, ANY), "shown": Allowed(most=most_shown(setting))}

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        count = setting.shown
        names = [f"{BRANCH_NAMES[each]}: {n + 1}" for each in BRANCHES for n in range(count)]
        marks = [of_branch(each) for each in BRANCHES for _ in range(count)]
        return Channels(tuple(names), row_length=count, marks=tuple(marks))

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        picked = PickChannels(first_of_each(list(widths(setting).values()), setting.shown))
        return nn.Sequential(OrderedDict(module=module(setting), shown=picked))


def first_of_each(sizes: Sequence[int], count: int) -> list[int]:
    """The indices of the first channels of each branch in the joined maps.

    >>> first_of_each([3, 2], count=2)
    [0, 1, 3, 4]
    """
    starts = [sum(sizes[:at]) for at in range(len(sizes))]
    return [start + n for start in starts for n in range(count)]


def most_shown(setting: Setting) -> int:
    """As many maps as the smallest branch has, so that every row is full."""
    return min(MOST_SHOWN, *widths(setting).values())


def _nearest(box: str, setting: Setting) -> str:
    """The box itself, or the one of the same branch that is left without reductions."""
    if is_on(box, setting):
        return box
    return next(name for name in BRANCHES[BRANCH_OF[box]] if is_on(name, setting))


STAGES: tuple[Stage[Setting], ...] = (
    Oriented(),
    Stem(),
    *map(OneBox, BRANCH_OF),
    Joined(),
)
