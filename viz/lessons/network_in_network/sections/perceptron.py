"""The perceptron of the pixel under the pointer, drawn as a network that ends in the maps above."""

from __future__ import annotations

from viz.lessons.blocks import Block, PixelNetwork, Prose, UnitLayer
from viz.lessons.lesson import Scene, Section
from viz.lessons.network_in_network.perceptron import perceptron
from viz.lessons.network_in_network.setting import Setting
from viz.lessons.network_in_network.unit import PixelPerceptron, at_pixel
from viz.numbers import number
from viz.text import Text, text

TITLES = {"filters": text("filters"), "hidden": text("hidden"), "outputs": text("outputs")}


def show(scene: Scene[Setting]) -> list[Block]:
    """The network, then whether `nn.Linear` with the same weights gives the maps."""
    found = at_pixel(scene)
    return [_network(scene, found), Prose(_verdict(found)), Prose(_caption(), "caption")]


def _network(scene: Scene[Setting], found: PixelPerceptron) -> PixelNetwork:
    weights, setting = perceptron(scene.built), scene.setting
    layers = [
        UnitLayer(_last(name, setting), title, scene.channels(name).names, ends)
        for (name, title), ends in zip(TITLES.items(), found.activations, strict=True)
    ]
    filters, hidden, outputs = (len(layer.names) for layer in layers)
    return PixelNetwork(
        key="perceptron",
        layers=layers,
        weights=[weights.hidden, weights.outputs],
        rectified=[setting.hidden_relu, setting.outputs_relu],
        reads_px=setting.kernel_px,
        pixel=found.pixel,
        inputs=found.inputs,
        maps=found.maps,
        alt=text(
            "The perceptron of one pixel: {n} filters, {m} hidden units, {o} outputs",
            n=filters,
            m=hidden,
            o=outputs,
        ),
    )


def _last(name: str, setting: Setting) -> str:
    """The stage whose maps a layer's units are: its ReLU, if that is on."""
    return f"{name}_relu" if getattr(setting, f"{name}_relu") else name


def _verdict(found: PixelPerceptron) -> Text:
    difference = number(found.largest_difference)
    if found.within:
        return text(
            "With these weights, **nn.Linear at every pixel gives the maps above**, up to rounding: the largest difference is {difference}.",
            difference=difference,
        )
    return text(
        "With these weights, nn.Linear does not give the maps above: the largest difference is {difference}.",
        difference=difference,
    )


def _caption() -> Text:
    return text(
        "A line is as wide as |weight × input|; green weights are positive, purple negative. Colours and widths have one scale for all pixels. "
        "A click keeps a pixel."
    )


SECTION = Section(show)
