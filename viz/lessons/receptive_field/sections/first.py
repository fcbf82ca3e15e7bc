"""The same stack with and without spatial kernels: what a network of 1×1 layers alone can tell."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from viz.lessons.blocks import Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Long, Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.receptive_field.setting import ONE, Setting
from viz.lessons.receptive_field.space import shuffled, sorted_values, without_space
from viz.numbers import number
from viz.settings import Layer
from viz.text import Text, text
from viz.trace import receptive_field

SHOWN = 4  # maps of each


def show(scene: Scene[Setting]) -> Long:
    """Both stacks on the photo, and on the photo with its pixels shuffled."""
    pixels = scene.pixels
    network = scene.built.network.to(pixels.device)
    plain = without_space(network)
    mixed = shuffled(pixels)
    spatial, alone = scene.through(network, pixels), plain(pixels)
    yield None
    spatial_mixed, alone_mixed = network(mixed), plain(mixed)
    yield None
    change = _change(alone, alone_mixed)
    yield None
    changes = change, _change(spatial, spatial_mixed)
    yield None
    _, height, width = pixels.shape
    side = receptive_field(network, (3, height, width)).size[0]
    some, others = _liveliest(alone), _liveliest(spatial)
    plain_title, title = (
        text("1×1 layers alone: field 1 px"),
        text("With spatial kernels: field {n} px", n=side),
    )
    panels = [
        Panel(text("The photo"), pixels, kind="colour"),
        _panel(plain_title, alone[some], some, "alone", text("recoloured, pixel by pixel")),
        _panel(title, spatial[others], others, "spatial", text("edges: differences of neighbours")),
        Panel(text("Its pixels shuffled"), mixed, kind="colour"),
        _panel(
            plain_title, alone_mixed[some], some, "alone", text("the same values, in another order")
        ),
        _panel(title, spatial_mixed[others], others, "spatial", text("other values")),
    ]
    return [
        Prose(_in_words(changes)),
        Panels("with_and_without_space", panels, height_px=250, columns=3),
        _table(scene, changes),
        Prose(
            text(
                "Without space: each kernel keeps only its middle tap, and pools are left out. A network may begin with a 1×1 that learns a colour space; it must not stay there."
            ),
            "caption",
        ),
    ]


def _panel(title: Text, maps: Tensor, places: Sequence[int], scale: str, note: Words) -> Panel:
    return Panel(title, maps, tuple(str(n + 1) for n in places), scale=scale, note=note)


def _liveliest(maps: Tensor) -> list[int]:
    """The places of the maps that vary most, in their order."""
    found = maps.flatten(1).std(1, correction=0).topk(min(SHOWN, len(maps))).indices
    return sorted(found.tolist())


def _change(maps: Tensor, mixed: Tensor) -> float:
    """The largest change of the sorted values of a map, relative to its range."""
    one, other = sorted_values(maps), sorted_values(mixed)
    reach = float((one.max() - one.min()).clamp(min=torch.finfo(one.dtype).tiny))
    return float((one - other).abs().max()) / reach


def _in_words(changes: tuple[float, float]) -> Text:
    return text(
        "Shuffle the pixels and the photo is gone. To **1×1 layers alone** nothing has happened: the sorted values of their maps change by "
        "**{alone} %** of the range. With spatial kernels they change by up to **{spatial} %**.",
        alone=number(100 * changes[0]),
        spatial=number(100 * changes[1]),
    )


def _table(scene: Scene[Setting], changes: tuple[float, float]) -> Table:
    """The field after every layer, and how many layers have passed before the first neighbour."""
    head = ["Stack", "Sees", "Shuffled pixels", "Can tell"]
    _, height, width = scene.pixels.shape
    side = receptive_field(scene.built.network, (3, height, width)).size[0]
    rows: list[list[Words]] = [
        [
            text("1×1 alone"),
            "1 × 1 px",
            _percent(changes[0]),
            text("colours, and how often each occurs"),
        ],
        [
            text("the stack"),
            f"{side} × {side} px",
            _percent(changes[1]),
            text("also edges and textures"),
        ],
    ]
    return Table([text(name) for name in head], rows, words=4)


def _percent(share: float) -> Text:
    return text("changes values by {percent} %", percent=number(100 * share))


THREE = Layer("c", 3)
FIRST = (ONE, ONE, ONE, THREE, ONE, THREE, ONE, THREE)
SECTION = Section(
    show,
    opening={"layers": FIRST, "stage": "layer3", "relu": False},
    views=(
        Suggestion("Only 1×1", {"layers": (ONE,) * 8, "stage": "layer8"}),
        Suggestion("3×3 first", {"layers": (THREE, ONE) * 4, "stage": "layer1"}),
    ),
)
