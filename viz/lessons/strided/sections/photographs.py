"""On how many of the shipped photographs little non-spatial information is lost."""

from __future__ import annotations

from collections.abc import Generator

from torch import Tensor

from viz import images
from viz.layers.pointwise import mix_channels
from viz.lessons.blocks import Prose
from viz.lessons.lesson import Long, Scene
from viz.lessons.strided.nonspatial_loss import little_is_lost
from viz.lessons.strided.setting import Setting
from viz.text import text

MAX_SORTED = 16  # channels whose values are sorted for every photograph; more would take seconds


def at_every_pixel(scene: Scene[Setting]) -> Tensor:
    """The 1×1 without its stride."""
    return mix_channels(scene.input_of("strided"), scene.mixing("strided").matrix)


def held_by_photographs(scene: Scene[Setting]) -> Generator[None, None, tuple[int, int]]:
    """The number of shipped photographs on which little is lost, and the number of all."""
    photographs = images.photographs()
    held, stride = 0, scene.setting.stride
    for each in photographs:
        pixels = images.at_working_size(each, scene.working_size_px).pixels
        maps = at_every_pixel(scene.on(pixels.to(scene.pixels.device)))
        held += little_is_lost(maps, maps[:, ::stride, ::stride])
        yield None
    return held, len(photographs)


def on_the_photographs(scene: Scene[Setting]) -> Long:
    """A sentence with both numbers; nothing where it would take seconds."""
    if scene.channels("strided").size > MAX_SORTED:
        return []
    held, every = yield from held_by_photographs(scene)
    sentence = text(
        "With these layers, at stride {s} and {px} px, it holds on **{n}** of the {all} photographs of this app.",
        s=scene.setting.stride,
        px=scene.working_size_px,
        n=held,
        all=every,
    )
    return [Prose(sentence)]
