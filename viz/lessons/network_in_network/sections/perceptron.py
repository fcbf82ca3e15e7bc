"""The perceptron of the pixel that was clicked, drawn as a network, and its numbers twice."""

from __future__ import annotations

from viz.figures.perceptron import perceptron as drawn
from viz.figures.perceptron import strongest
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Scene, Section
from viz.lessons.network_in_network.perceptron import perceptron
from viz.lessons.network_in_network.setting import Setting
from viz.lessons.network_in_network.unit import PixelPerceptron, at_pixel
from viz.numbers import number
from viz.text import Text, text


def show(scene: Scene[Setting]) -> list[Block]:
    """The patch, the perceptron that reads it, and its outputs beside those of the maps."""
    found = at_pixel(scene)
    side = scene.setting.kernel_px
    patch = Panel(text("Its {k}×{k} pixels", k=side), found.patch, kind="colour")
    numbers: list[Block] = [
        Panels("patch", [patch], height_px=140, columns=1),
        _table(scene, found),
        Prose(_verdict(found), "caption"),
    ]
    network = [_network(scene, found), Prose(_caption(found), "caption")]
    return [Columns([network, numbers], widths=(5, 3))]


def _network(scene: Scene[Setting], found: PixelPerceptron) -> Block:
    weights = perceptron(scene.built)
    arguments = {
        "values": [layer.tolist() for layer in (found.filters, found.hidden, found.outputs)],
        "names": [list(scene.channels(name).names) for name in ("filters", "hidden", "outputs")],
        "weights": [weights.hidden.tolist(), weights.outputs.tolist()],
        "titles": [text("filters"), text("hidden"), text("outputs")],
    }
    alt = text(
        "The perceptron of the pixel in row {row}, column {column}: {n} filters, {m} hidden units, {o} outputs",
        row=found.row,
        column=found.column,
        n=len(found.filters),
        m=len(found.hidden),
        o=len(found.outputs),
    )
    return Chart("perceptron", drawn, arguments, alt)


def _caption(found: PixelPerceptron) -> Text:
    return text(
        "The pixel in row {row}, column {column}. A line is as wide as |weight × input|; green weights are positive, purple negative. "
        "Click a map above to see another pixel.",
        row=found.row,
        column=found.column,
    )


def _table(scene: Scene[Setting], found: PixelPerceptron) -> Table:
    names = scene.channels("outputs").names
    rows: list[list[Words]] = [
        [names[unit], number(float(found.outputs[unit]), 4), number(float(found.canvas[unit]), 4)]
        for unit in strongest(found.outputs.tolist())
    ]
    return Table([text("Output"), text("nn.Linear"), text("Map above")], rows)


def _verdict(found: PixelPerceptron) -> Text:
    return text(
        "{verdict} at every pixel of the picture: the largest difference is {difference}.",
        verdict=text("Equal to rounding") if found.within else text("Not equal"),
        difference=number(found.largest_difference),
    )


SECTION = Section(show)
