"""The stages: a square of the picture, a small trunk, and a head that was fully connected."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from torch import Tensor, nn

from viz.layers.crop import GrownSquare
from viz.layers.downsampling import binomial_window
from viz.layers.fully_connected import as_conv
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.max_pooling import MaxPool
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, grey_rows, he_rows
from viz.layers.seeding import with_recipe
from viz.lessons.fully_connected.setting import CROP_PX, STRIDE_PX, Setting
from viz.lessons.stage import Channels, Inflow, Stage
from viz.lessons.stages import Switched, filter_channels
from viz.settings import ANY, Allowed
from viz.text import Text, text

ORIENTATIONS, PHASES, EVERY_PX = 8, 2, 8
FILTERS = GaborParameters(ORIENTATIONS, PHASES, 6.0, 2.5, 7, aspect=1.0)
CHANNELS, MAP, HIDDEN, CLASSES = 32, 7, 64, 10


def dense(matrix: Tensor) -> nn.Linear:
    """A fully connected layer with the given weights, which are not copied."""
    layer = nn.Linear(matrix.shape[1], matrix.shape[0], bias=False, device="meta")
    layer.weight = nn.Parameter(matrix, requires_grad=False)
    return layer


class Square(Stage[Setting]):
    """A square of the picture: 224 px in the middle, and what lies around them."""

    name = "square"

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("{n}×{n} px", n=setting.input_px)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        return square(setting.input_px)


def square(side_px: int) -> GrownSquare:
    """Cuts a square out of a picture; 224 px in the middle are a crop of every square."""
    return GrownSquare(side_px, inner_px=CROP_PX, step_px=STRIDE_PX)


class Filters(Stage[Setting]):
    """Oriented filters on the brightness; without a border, so that crops stay crops. Then a pool."""

    name = "filters"

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("{s}×{s}, ReLU, pool", s=EVERY_PX)

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        return filter_channels(ORIENTATIONS, PHASES)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        bank = {"luminance": Pointwise(grey_rows(1)), "gabor": GaborBank(FILTERS, EVERY_PX)}
        return nn.Sequential(OrderedDict([*bank.items(), *pooled()]))


def pooled() -> list[tuple[str, nn.Module]]:
    """A ReLU and a max pool over blocks of 2×2."""
    return [("relu", nn.ReLU()), ("pool", MaxPool(2))]


class HeadReLU(Stage[Setting]):
    """The ReLU between both layers of the head."""

    name = "head_relu"

    def title(self, setting: Setting, arriving: Channels) -> Text:
        return text("ReLU")

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        return nn.ReLU()


@dataclass(frozen=True, kw_only=True)
class Drawn(Stage[Setting]):
    """A layer with random weights.

    Attributes:
        outputs: the number of its maps.
        kernel: the side of its kernel; it was fully connected if that is larger than 1.
        draw: is added to the seed, so that each layer has other weights.
        shown: the fields of its controls.
        pools: whether a ReLU and a pool follow.
        row_length: the number of maps in a row.
    """

    name: str
    outputs: int
    kernel: int = 1
    draw: int
    shown: tuple[str, ...] = ()
    pools: bool = False
    row_length: int = 1

    def title(self, setting: Setting, arriving: Channels) -> Text:
        if self.pools:
            return text("{k}×{k}, ReLU, pool", k=self.kernel)
        return text("{k}×{k}", k=self.kernel)

    def controls(self, setting: Setting, arriving: Channels) -> Mapping[str, Allowed]:
        return dict.fromkeys(self.shown, ANY)

    def channels(self, setting: Setting, arriving: Channels) -> Channels:
        return Channels.numbered(self.outputs, self.row_length)

    def build(self, setting: Setting, inflow: Inflow) -> nn.Module:
        maps = (inflow.channels.size, self.kernel, self.kernel)
        arguments = {
            "outputs": self.outputs,
            "inputs": prod(maps),
            "seed": setting.seed + self.draw,
        }
        matrix, recipe = he_rows(**arguments), Recipe(he_rows, tuple(arguments.items()))
        if self.kernel > 1:
            return with_recipe(as_conv(dense(matrix), maps), recipe)
        layer = Pointwise(matrix, recipe=recipe)
        return nn.Sequential(OrderedDict([("mix", layer), *pooled()])) if self.pools else layer


STAGES: tuple[Stage[Setting], ...] = (
    Square(),
    Filters(),
    Drawn(name="mixed", outputs=CHANNELS, draw=100, pools=True),
    Switched(
        "zero_padding", lambda _: text("3×3, zero padding"), lambda _, size: binomial_window(size)
    ),
    Drawn(name="head", outputs=HIDDEN, kernel=MAP, draw=200),
    HeadReLU(),
    # the input's size stands where its effect is: it changes nothing but the map of scores
    Drawn(name="scores", outputs=CLASSES, draw=300, shown=("input_px", "seed"), row_length=5),
)
