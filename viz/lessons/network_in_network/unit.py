"""The perceptron of one pixel: the activations of its layers, by `nn.Linear` and on the canvas."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from viz.layers.reflection import reflected
from viz.lessons.claim import rounding_bound
from viz.lessons.lesson import Scene
from viz.lessons.network_in_network.perceptron import perceptron
from viz.lessons.network_in_network.setting import Setting


@dataclass(frozen=True, eq=False)
class PixelPerceptron:
    """One pixel's numbers.

    Attributes:
        row, column: of the pixel.
        patch: `(3, k, k)`, all that it reads of the picture.
        filters, hidden, outputs: the activations of the layers, vectors.
        canvas: the numbers of the maps at this pixel, one for each output.
        largest_difference: between `nn.Linear` and the maps, over all pixels and outputs.
        within: whether every difference is within the bound of rounding.
    """

    row: int
    column: int
    patch: Tensor
    filters: Tensor
    hidden: Tensor
    outputs: Tensor
    canvas: Tensor
    largest_difference: float
    within: bool


def at_pixel(scene: Scene[Setting]) -> PixelPerceptron:
    """The perceptron at the clicked pixel, or at the one that the canvas shows at rest."""
    height, width = scene.pixels.shape[-2:]
    row, column = (min(*each) for each in zip(scene.place(), (height - 1, width - 1), strict=True))
    maps, made = scene.input_of("hidden"), scene.through(scene.built.network, scene.pixels)
    layers, weights = linear_layers(scene.setting, scene), perceptron(scene.built)
    rows = layers(maps.flatten(1).T)  # one row a pixel
    difference = (rows.T.view_as(made) - made).abs()
    bound = rounding_bound(weights.magnitude(maps), weights.terms)
    filters = maps[:, row, column]
    hidden = layers[:2](filters)
    side = scene.setting.kernel_px
    patch = reflected(scene.pixels, side // 2)[:, row : row + side, column : column + side]
    return PixelPerceptron(
        *(row, column, patch, filters, hidden, layers[2:](hidden), made[:, row, column]),
        largest_difference=float(difference.max()),
        within=bool((difference <= bound).all()),
    )


def linear_layers(setting: Setting, scene: Scene[Setting]) -> nn.Sequential:
    """Four layers, hidden and outputs: `nn.Linear` and a ReLU where the Setting has one."""
    made = perceptron(scene.built).linear().to(scene.pixels.device)
    for place, on in ((1, setting.hidden_relu), (3, setting.outputs_relu)):
        made[place] = made[place] if on else nn.Identity()
    return made
