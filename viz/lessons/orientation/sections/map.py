"""The preferred orientation of every pixel, and all responses of the one under the pointer."""

from __future__ import annotations

import math

import torch

from viz.lessons.blocks import Block, OrientationMap, Prose
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.orientation.direction import Direction, direction, energies, upright_share
from viz.lessons.orientation.setting import Setting
from viz.numbers import number
from viz.text import Text, text

READ = text(
    "**Hue**: the orientation that the pixel prefers, as on the wheel; the needles on the photo lie along it. **Light**: how strongly it prefers it, so a corner is as dark as a plain "
    "area. In the wheel each spoke is one filter pair, as long as its share of the largest response. Move the pointer over the map, the photo or the maps above."
)


def show(scene: Scene[Setting]) -> list[Block]:
    """What the photo's edges have in common, then the map."""
    setting = scene.setting
    degrees = [180 * n / setting.orientations for n in range(setting.orientations)]
    responses = energies(scene.output_of("bank"), setting.phases)
    found = direction(responses, degrees)
    row, column = pixel = _pixel(scene, found)
    shown = OrientationMap(
        "orientation_map",
        stage="bank",
        orientations_degrees=degrees,
        phases=setting.phases,
        degrees=found.degrees,
        strength=found.strength,
        reads_px=setting.size_px,
        pixel=pixel,
        responses=responses[:, row, column],
        alt=text("The preferred orientation of every pixel of the photo"),
    )
    return [Prose(_in_words(upright_share(found)), "heading"), shown, Prose(READ, "caption")]


def _pixel(scene: Scene[Setting], found: Direction) -> tuple[int, int]:
    """The one that was clicked; else the one with the strongest preference."""
    height, width = found.strength.shape
    if scene.unit is None:
        return divmod(int(torch.argmax(found.strength)), width)
    return min(scene.unit.row, height - 1), min(scene.unit.column, width - 1)


def _in_words(share: float) -> Text:
    if math.isnan(share):
        return text("This picture has no edges: no orientation is preferred anywhere.")
    return text(
        "Edges within 22.5° of horizontal or upright hold **{percent} %** of all preference; without a favourite it would be 50 %.",
        percent=number(100 * share, 2),
    )


SECTION = Section(
    show,
    opening={"orientations": 8},
    views=(
        Suggestion("Finer bars", {"wavelength_px": 4.0, "sigma_px": 2.0}),
        Suggestion("One phase only", {"phases": 1}),
        Suggestion("A star", {"picture": "siemens_star"}),
    ),
)
