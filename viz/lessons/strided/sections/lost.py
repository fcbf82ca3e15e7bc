"""The strided 1×1 compared with three other downsamplers."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from viz import images
from viz.lessons.blocks import Block, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.strided.downsamplers import Downsampled, compared
from viz.lessons.strided.sections.frequencies import frequencies
from viz.lessons.strided.setting import Setting
from viz.numbers import exact, number
from viz.text import text


def show(scene: Scene[Setting]) -> list[Block]:
    """Costs and errors of the downsamplers, their maps, and their spectra."""
    maps, layer, stride = scene.input_of("strided"), scene.mixing("strided"), scene.setting.stride
    ways = compared(maps, layer.matrix, stride)
    plate = zone_plate(scene)
    plates = compared(plate, plate.new_ones(3).diag(), stride)
    return [
        _table(ways, plates),
        Prose(
            text(
                "Error: the map is enlarged bilinearly, with each unit at its true position, and compared with the 1×1 at "
                "every pixel. It is the root mean square of the difference, relative to that of the 1×1's own map."
            ),
            "caption",
        ),
        _maps(scene, ways, plates),
        *frequencies(maps, layer.matrix[:1], stride),
    ]


def zone_plate(scene: Scene[Setting]) -> Tensor:
    """The shipped zone plate in the size of the picture, without a bank."""
    plate = images.find("zone_plate")
    assert plate is not None, "it is shipped"
    pixels = images.at_working_size(plate, scene.working_size_px).pixels
    return pixels.to(scene.pixels.device)


def _table(ways: Sequence[Downsampled], plates: Sequence[Downsampled]) -> Table:
    head = ["Method", "Parameters", "MACs", "Error on this picture", "Error on the zone plate"]
    rows: list[list[Words]] = [
        [
            way.title,
            exact(way.parameters),
            exact(way.macs),
            f"{number(100 * way.relative)} %",
            f"{number(100 * plate.relative)} %",
        ]
        for way, plate in zip(ways, plates, strict=True)
    ]
    return Table([text(name) for name in head], rows)


def _maps(
    scene: Scene[Setting], ways: Sequence[Downsampled], plates: Sequence[Downsampled]
) -> Panels:
    as_picture = len(ways[0].large) == 3 and scene.setting.bank == "rgb"
    names = scene.channels("strided").names
    panels = [
        Panel(way.title, way.large, names, kind="colour")
        if as_picture
        else Panel(way.title, way.large, names, scale="large")
        for way in ways
    ]
    panels += [
        Panel(text("Zone plate: {way}", way=plate.title), plate.maps[:1], scale="zone")
        for plate in plates
    ]
    return Panels("lost_maps", panels, height_px=220, columns=4)


SECTION = Section(
    show,
    picture="brick",
    views=(
        Suggestion("Stride 2", {"stride": 2}),
        Suggestion("Zone plate", {"picture": "zone_plate"}),
    ),
)
