"""The textbook example of channel reduction, counted from the layer itself."""

from __future__ import annotations

from viz.lessons.blocks import Block, Metrics, Prose
from viz.lessons.lesson import Scene, Section, always
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
    return [Prose(layer), Metrics(figures), Prose(_saved(found))]


def _size(shape: Shape) -> str:
    return " × ".join(map(str, shape))


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


SECTION = Section(show, always("fewer_inputs", "fewer_outputs", "fewer_side_px"))
