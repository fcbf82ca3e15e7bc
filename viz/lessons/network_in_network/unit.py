"""The perceptron of one pixel: its numbers, and whether `nn.Linear` gives those of the maps."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from viz.lessons.claim import rounding_bound
from viz.lessons.lesson import Scene
from viz.lessons.network_in_network.perceptron import perceptron
from viz.lessons.network_in_network.setting import Setting


@dataclass(frozen=True, eq=False)
class PixelPerceptron:
    """One pixel's numbers, and those of all pixels.

    Attributes:
        pixel: its row and column.
        inputs: the activations of the filters, all that it reads, a vector.
        maps: the numbers of the last maps at this pixel.
        activations: of each layer at all pixels and in all units, the smallest and the largest.
        largest_difference: between `nn.Linear` and the maps, over all pixels and outputs.
        within: whether every difference is within the bound of rounding.
    """

    pixel: tuple[int, int]
    inputs: Tensor
    maps: Tensor
    activations: tuple[tuple[float, float], ...]
    largest_difference: float
    within: bool


def at_pixel(scene: Scene[Setting]) -> PixelPerceptron:
    """The perceptron at the clicked pixel, or at the one that the canvas shows at rest."""
    height, width = scene.pixels.shape[-2:]
    row, column = (min(*each) for each in zip(scene.place(), (height - 1, width - 1), strict=True))
    maps, made = scene.input_of("hidden"), scene.through(scene.built.network, scene.pixels)
    layers, weights = linear_layers(scene.setting, scene), perceptron(scene.built)
    filters = maps.flatten(1).T  # one row a pixel
    hidden = layers[:2](filters)
    outputs = layers[2:](hidden)
    difference = (outputs.T.view_as(made) - made).abs()
    bound = rounding_bound(weights.magnitude(maps), weights.terms)
    return PixelPerceptron(
        pixel=(row, column),
        inputs=maps[:, row, column],
        maps=made[:, row, column],
        activations=tuple(_ends(each) for each in (filters, hidden, outputs)),
        largest_difference=float(difference.max()),
        within=bool((difference <= bound).all()),
    )


def _ends(values: Tensor) -> tuple[float, float]:
    low, high = values.aminmax()
    return float(low), float(high)


def linear_layers(setting: Setting, scene: Scene[Setting]) -> nn.Sequential:
    """Four layers, hidden and outputs: `nn.Linear` and a ReLU where the Setting has one."""
    made = perceptron(scene.built).linear().to(scene.pixels.device)
    for place, on in ((1, setting.hidden_relu), (3, setting.outputs_relu)):
        made[place] = made[place] if on else nn.Identity()
    return made
