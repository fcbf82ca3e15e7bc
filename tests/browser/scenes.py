"""What the canvas is asked to show in the tests of it, and the arrays that this is."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import numpy as np
import torch
from canvases import hover, still
from expected import Place, averaged, in_the_middle, middle_units
from lab_page import pointer, tiles
from playwright.sync_api import Page
from torch import nn

from viz import images, lessons
from viz.geometry import ReceptiveField
from viz.lessons.cross_channel_pooling import LESSON as cross_channel_pooling
from viz.lessons.lab import LESSON as lab
from viz.lessons.lesson import Lesson
from viz.lessons.pointwise import LESSON as pointwise
from viz.settings import Setting
from viz.trace import receptive_field
from viz.view import View

# So small that whichever way a bank is computed takes no time.
SMALL_KERNELS: dict[str, Any] = {"size_px": 5, "sigma_px": 1.5, "wavelength_px": 4.0}
# what is read off one unit is exact once its column has come
EXACT = """() => {
  const { shadowRoot } = [...document.querySelectorAll("*")].find((e) => e.shadowRoot?.querySelector(".reading"))
  const bars = shadowRoot.querySelector("canvas[data-exact=false]")
  return !shadowRoot.querySelector(".reading").textContent.includes("≈") && !bars?.checkVisibility()
}"""
OTHERS = "chelsea.astronaut.camera.brick.zone_plate.rocket.retina"


@dataclass(frozen=True)
class Scene:
    """One address of a lesson: its Setting, what is looked at, and whether classes are shown."""

    slug: str
    setting: Setting
    view: View
    classes: list[str] = field(default_factory=list)

    @property
    def lesson(self) -> Lesson[Any]:
        return lessons.load(self.slug)

    def names(self, stage: str) -> list[str]:
        """What the maps of a stage are called."""
        if stage == "picture":
            return ["R", "G", "B"]
        return list(self.lesson.outline(self.setting)[stage].channels.names)

    @property
    def address(self) -> str:
        query = urlencode({**self.setting.to_query(), **self.view.to_query()})
        return f"{'' if self.slug == 'lab' else self.slug}?{query}"


def _view(stage: str, size: int, **others: str) -> View:
    return View(stage=stage, working_size_px=size, **others)


_two_phases = cross_channel_pooling.setting(winner=True, group=2)
SCENES = {
    "averaged": Scene("lab", lab.setting(**SMALL_KERNELS), _view("bank", 512, scale="own")),
    "strided": Scene("lab", lab.setting(pointwise_recipe="random"), _view("strided", 64)),
    "pooled": Scene("cross_channel_pooling", cross_channel_pooling.setting(), _view("pooling", 96)),
    "winners": Scene(
        "cross_channel_pooling",
        _two_phases,
        _view("pooling", 224),
        list(cross_channel_pooling.outline(_two_phases)["pooling"].classes),
    ),
    "mixed": Scene("pointwise", pointwise.setting(), _view("pointwise", 64, scale="symmetric")),
    "beside": Scene(
        "lab",
        lab.setting(orientations=2, phases=1, **SMALL_KERNELS),
        _view("bank", 352, others=OTHERS, channel="1"),  # ends on the edge of the canvas
    ),
}


@dataclass(frozen=True)
class Seen:
    """A scene on a page, and the arrays of it.

    Attributes:
        pictures: the photo `(H, W, 3)` behind every map, from 0 to 1.
        stages: every stage's maps of the picture in focus, by name.
        names: what every map is called.
        maps: `(h, w)` each, as the network gives them.
        mean_of: how many units a side stand for one that is drawn.
        drawn: the maps as they are drawn, and so as they are read off.
    """

    page: Page
    scene: Scene
    pictures: list[np.ndarray]
    network: nn.Sequential
    stages: dict[str, np.ndarray]
    names: list[str]
    maps: list[np.ndarray]
    mean_of: int
    drawn: list[np.ndarray]

    def hover(self, place: Place) -> None:
        """Points at a block: at its middle, or where it is large enough at its lower right.

        Again if the page has shifted under the pointer meanwhile, as it may while it still opens.
        """
        canvas, stood = pointer(self.page), None
        while (stands := (canvas.bounding_box(), tiles(self.page))) != stood:
            hover(canvas, *self._inside(place))
            self.page.wait_for_function(EXACT)
            stood = stands

    def _inside(self, place: Place) -> tuple[float, float]:
        """Where a block is on the canvas, in device pixels from its corner."""
        at, row, column = place
        left, top, wide, tall = next(tile[1:] for tile in tiles(self.page) if tile[0] == at)
        rows, columns = self.drawn[at].shape
        inside = 0.75 if wide > 4 * columns else 0.5
        return left + (column + inside) * wide / columns, top + (row + inside) * tall / rows

    def exact(self, at: int, place: Place) -> float:
        """The value of a map at the unit that stands for a block."""
        row, column = self.unit_of(place)
        return float(self.maps[at][row, column])

    def unit_of(self, place: Place) -> list[int]:
        """Row and column of the unit that stands for a block."""
        at, *block = place
        pairs = zip(block, self.maps[at].shape, strict=True)
        return [in_the_middle(start, self.mean_of, length) for start, length in pairs]

    def drawn_anew(self) -> Seen:
        """The same after the canvas was laid out in another way."""
        return _drawn(self)

    def field(self, map_: int = 0, stage: str = "") -> ReceptiveField:
        """What a unit of a stage sees of a map's picture."""
        shape = (3, *self.pictures[map_].shape[:2])
        return receptive_field(self.upto(stage or self.scene.view.stage), shape)

    def upto(self, stage: str) -> nn.Sequential:
        """The layers up to a stage and with it."""
        stages = list(self.network.named_children())
        last = [name for name, _ in stages].index(stage)
        return nn.Sequential(OrderedDict(stages[: last + 1]))


def look(page: Page, server: str, scene: Scene) -> Seen:
    """Opens a scene and works out what it must show."""
    page.mouse.move(0, 0)
    page.goto(server + scene.address)
    page.wait_for_selector(".canvas[data-ready]")
    page.wait_for_selector(".field > canvas[data-box]")
    still(page)
    view, lesson = scene.view, scene.lesson
    found = [images.find(key) for key in (view.picture or lesson.picture, *view.other_keys)]
    sized = [images.at_working_size(one, view.working_size_px) for one in found if one]
    network = lesson.network(scene.setting, sized[0].pixels)
    stages = [_stages(network, picture.pixels) for picture in sized]
    names = scene.names(view.stage)
    maps, behind = list(stages[0][view.stage]), [sized[0]] * len(names)
    if view.others:
        maps = [each[view.stage][int(view.channel)] for each in stages]
        names, behind = [picture.name for picture in sized], sized
    photos = [picture.pixels.permute(1, 2, 0).numpy() for picture in behind]
    return _drawn(Seen(page, scene, photos, network, stages[0], names, maps, 1, maps))


@torch.inference_mode()
def _stages(network: nn.Sequential, pixels: torch.Tensor) -> dict[str, np.ndarray]:
    maps = {"picture": pixels}
    for name, layer in network.named_children():
        maps[name] = layer(next(reversed(maps.values())))
    return {name: each.numpy() for name, each in maps.items()}


def _drawn(seen: Seen) -> Seen:
    """As few units to a block as leave a block a device pixel."""
    shown = min(max(tile[3:]) for tile in tiles(seen.page))  # the edges of some are rounded up
    mean_of = -(-max(max(each.shape) for each in seen.maps) // shown)
    blocks = middle_units if seen.scene.classes else averaged
    return replace(seen, mean_of=mean_of, drawn=[blocks(each, mean_of) for each in seen.maps])
