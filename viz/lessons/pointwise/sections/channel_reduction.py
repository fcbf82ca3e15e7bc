"""Channel reduction: the bottleneck beside a direct 3×3, and the textbook example, both counted."""

from __future__ import annotations

from viz.figures.costs import cost_bars
from viz.lessons.blocks import Block, Chart, Metrics, Prose
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.lessons.pointwise.bottleneck import Bottleneck, bottleneck
from viz.lessons.pointwise.channel_reduction import ChannelReduction, Shape, channel_reduction
from viz.lessons.pointwise.setting import Setting
from viz.numbers import exact, number
from viz.text import Text, text


def show(scene: Scene[Setting]) -> list[Block]:
    """The layer, its counts, and its savings."""
    inputs, outputs = scene.setting.fewer_inputs, scene.setting.fewer_outputs
    found = channel_reduction(inputs, outputs, scene.setting.fewer_side_px)
    layer = text(
        "`nn.Conv2d({inputs}, {outputs}, 1, bias=False)`: **{before} → {after}**",
        inputs=inputs,
        outputs=outputs,
        before=_size(found.input_shape),
        after=_size(found.output_shape),
    )
    figures = [
        (text("Weights"), exact(found.pointwise.parameters)),
        (text("Weights and biases"), exact(found.with_bias.parameters)),
        (text("MACs"), exact(found.pointwise.macs)),
    ]
    thin = bottleneck(inputs, outputs, scene.setting.fewer_side_px)
    return [*_compared(thin), Prose(layer), Metrics(figures), Prose(_saved(found))]


def _compared(found: Bottleneck) -> list[Block]:
    """The multiply-adds of the bottleneck and of a direct 3×3, in a sentence and as bars."""
    sentence = text(
        "**1×1, 3×3, 1×1** needs **{percent} %** of the MACs of one 3×3: {macs} of {all}.",
        percent=number(100 * found.macs / found.direct.macs),
        macs=exact(found.macs),
        all=exact(found.direct.macs),
    )
    alternatives = {
        text("1×1, 3×3, 1×1"): {layer.name: layer.macs for layer in found.layers},
        text("one 3×3"): {found.direct.name: found.direct.macs},
    }
    ends = [found.layers[0].name, found.layers[-1].name]
    bars = {
        "alternatives": alternatives,
        "highlighted": ends,
        "axis_title": text("multiply-adds (MACs); the 1×1 layers in blue"),
    }
    return [Prose(sentence), Chart("bottleneck", cost_bars, bars, sentence)]


def _size(shape: Shape) -> str:
    return " × ".join(map(str, shape))


def reduced(inputs: int, outputs: int, side_px: int) -> dict[str, int]:
    """The fields of a reduction."""
    return {"fewer_inputs": inputs, "fewer_outputs": outputs, "fewer_side_px": side_px}


def _saved(found: ChannelReduction) -> Text:
    return text(
        "In float32 the maps take **{before}** bytes before the layer and **{after}** after it. "
        "A 3×3 in its place: **{parameters}** weights and **{macs}** MACs, {times} times as many.",
        before=exact(found.input_bytes),
        after=exact(found.output_bytes),
        parameters=exact(found.window.parameters),
        macs=exact(found.window.macs),
        times=number(found.window.macs / found.pointwise.macs),
    )


VIEWS = (
    Suggestion("ResNet: 256, 64, 64, 256", reduced(256, 64, 56)),
    Suggestion("Hardly any fewer", reduced(256, 224, 56)),
)
SECTION = Section(show, always("fewer_inputs", "fewer_outputs", "fewer_side_px"), views=VIEWS)
