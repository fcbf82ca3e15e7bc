"""The same numbers both ways: on the small network above, and in the shapes of VGG-16."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import prod

from torch import Tensor, nn

from viz.lessons.blocks import Block, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.diagram import Box, Diagram, strip
from viz.lessons.fully_connected.full_size import Compared, compared, needed_bytes
from viz.lessons.fully_connected.published import LINEAR, TRUNK, connected, convolutional, rows
from viz.lessons.fully_connected.setting import CROP_PX, Setting
from viz.lessons.fully_connected.twin import HEAD, Place, Twin, crop_at, twin
from viz.lessons.lesson import Long, Scene, Section, always
from viz.numbers import exact, number
from viz.progress import Progress
from viz.text import Text, text
from viz.trace import LayerRow

POOLS = ("pool1", "pool2", "pool3", "pool4", "pool5")


def show(scene: Scene[Setting]) -> Long:
    """Ten scores both ways, the shapes of VGG-16, and its head in full size if it is asked for."""
    blocks = [*_same_numbers(scene), *_shapes()]
    yield None
    if not scene.setting.full_size:
        return blocks
    steps = compared()
    while True:
        try:
            share = next(steps)
        except StopIteration as end:
            return [_outcome(end.value), *blocks]
        yield Progress(share.done, WAITS if share.waits else COMPARES, blocks)


COMPARES = text("Drawing the weights of the full-size head, then comparing")
WAITS = text("Another visitor's full-size head is in memory; waiting")


def _outcome(found: Compared) -> Prose:
    said = text(
        "**Full size**: {parameters} parameters, {mb} MB, were allocated, compared and freed. Largest difference of the 1,000 scores: **{difference}**; rounding allows {allowed}.",
        parameters=exact(found.parameters),
        mb=round(found.bytes / 1e6),
        difference=number(found.difference),
        allowed=number(found.allowed),
    )
    return Prose(said)


# ── The small network ───────────────────────────────────────────────────────────────────────────


def place_of(scene: Scene[Setting]) -> Place:
    """The place that was clicked in the head's maps; else the one that the canvas shows at rest."""
    clicked = scene.unit is not None and scene.unit.stage in HEAD
    return (scene if clicked else replace(scene, unit=None)).place()


def _same_numbers(scene: Scene[Setting]) -> list[Block]:
    both = twin(scene.built).to(scene.pixels.device)
    whole = both.square(scene.pixels)
    row, column = place_of(scene)
    crop = crop_at(whole, (row, column))
    scores, dense = both.in_one_pass(whole)[:, row, column], both.connected(both.trunk(crop))
    title = text("The crop of row {row}, column {column}", row=row, column=column)
    panel = Panel(title, crop, kind="colour", note=text("224 × 224 px of the input above"))
    table = _scores(dense.tolist(), scores.tolist())
    return [
        Prose(_heading(dense, scores, both, crop), "heading"),
        Columns([[Panels("crop", [panel], height_px=400, columns=1)], [table]], widths=(2, 3)),
    ]


def _heading(dense: Tensor, scores: Tensor, both: Twin, crop: Tensor) -> Text:
    most = float((dense - scores).abs().max())
    if most <= float(both.magnitude(crop).max()) * 1e-6:
        return text(
            "Fully connected on the crop, convolved over the whole input: **the same ten scores**, at most {most} apart",
            most=number(most),
        )
    return text(
        "With zero padding in the trunk the crop by itself gives **other scores**, up to {most} apart",
        most=number(most),
    )


def _scores(dense: list[float], scores: list[float]) -> Table:
    head = ["Class", "Flatten + fully connected", "7×7 and 1×1 convolutions", "Difference"]
    lines: list[list[Words]] = [
        [str(n), fixed(left), fixed(right), number(abs(left - right), 2)]
        for n, (left, right) in enumerate(zip(dense, scores, strict=True), 1)
    ]
    return Table([text(name) for name in head], lines)


def fixed(value: float) -> str:
    """A score with as many decimals as all others.

    >>> fixed(-0.29138)
    '−0.291380'
    """
    return f"{value:.6f}".replace("-", "−")


# ── VGG-16 ──────────────────────────────────────────────────────────────────────────────────────


def _shapes() -> list[Block]:
    dense, convolved = rows(connected()), rows(convolutional())
    return [
        Prose(text("VGG-16: the trunk, then the head in both ways"), "heading"),
        strip("vgg_trunk", _trunk(dense), _alt(dense)),
        _both_heads(dense, convolved),
        _heads(dense, convolved),
        Prose(
            text(
                "Parameters are weights and biases. The first and the last of these layers take {mb} MB; the switch above runs them.",
                mb=round(needed_bytes() / 1e6),
            ),
            "caption",
        ),
    ]


def _trunk(dense: dict[str, LayerRow]) -> list[Box]:
    """The picture, and the maps after every pool."""
    shapes = {"picture": (3, CROP_PX, CROP_PX)} | {name: dense[name].output_shape for name in POOLS}
    titles = [text("picture"), *(text("block {n}", n=n) for n in range(1, len(POOLS) + 1))]
    return [
        Box(
            name,
            title,
            [by_signs(shape).replace(" ", "")],
            exact=text("{n} numbers", n=exact(prod(shape))),
        )
        for title, (name, shape) in zip(titles, shapes.items(), strict=True)
    ]


def _alt(dense: dict[str, LayerRow]) -> Text:
    return text(
        "The trunk of VGG-16 from 224 × 224 × 3 to {shape}",
        shape=by_signs(dense[POOLS[-1]].output_shape),
    )


def _both_heads(dense: dict[str, LayerRow], convolved: dict[str, LayerRow]) -> Diagram:
    """From the last maps of the trunk two ways to the scores, with the same weights."""
    maps = Box("maps", text("block {n}", n=len(POOLS)), [by_signs(TRUNK)], rows=2)
    flat = Box("flat", text("flatten"), [exact(prod(TRUNK))], column=1)
    above, below = (
        [_head_box(row, found[name], column) for column, name in enumerate(LINEAR, 2)]
        for row, found in enumerate((dense, convolved))
    )
    arrows = [*pairwise(["maps", "flat", *(box.key for box in above)])]
    arrows += [*pairwise(["maps", *(box.key for box in below)])]
    alt = text("The head: flatten and three fully connected layers, or three convolutions")
    return Diagram("vgg_head", [maps, flat, *above, *below], arrows, alt)


def _head_box(row: int, found: LayerRow, column: int) -> Box:
    title, shape = text("fully connected"), exact(found.output_shape[0])
    if row:
        layer = convolutional().get_submodule(found.name)
        assert isinstance(layer, nn.Conv2d)
        title, shape = (
            text("{k}×{k} convolution", k=layer.kernel_size[0]),
            by_signs(found.output_shape),
        )
    counted = text("{n} parameters", n=exact(found.parameters))
    return Box(f"{found.name}_{row}", title, [shape], counted, row, column)


def _heads(dense: dict[str, LayerRow], convolved: dict[str, LayerRow]) -> Table:
    head = [
        "Layer",
        "Weights, fully connected",
        "Weights, convolution",
        "Parameters",
        "MACs for 224 px",
    ]
    lines: list[list[Words]] = []
    for name in LINEAR:
        weights = (net.get_parameter(f"{name}.weight") for net in (connected(), convolutional()))
        matrix, kernels = (" × ".join(map(exact, weight.shape)) for weight in weights)
        both = {dense[name].parameters, convolved[name].parameters}
        counts = " / ".join(map(exact, sorted(both)))
        lines.append([name, matrix, kernels, counts, exact(convolved[name].macs)])
    return Table([text(name) for name in head], lines)


def by_signs(shape: tuple[int, ...]) -> str:
    """Height × width × channels, as papers write it.

    >>> by_signs((512, 7, 7))
    '7 × 7 × 512'
    """
    channels, height, width = shape
    return f"{height} × {width} × {exact(channels)}"


SECTION: Section[Setting] = Section(show, always("full_size"))
