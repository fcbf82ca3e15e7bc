"""From what an address says to the buffer a canvas draws; page and route both come here."""

from __future__ import annotations

from collections.abc import Hashable
from types import ModuleType
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from viz import devices, images, packing
from viz.bounded_cache import BoundedCache
from viz.images import Picture
from viz.kernels import NotLinear, bank_kernels, effective_kernels
from viz.layers.downsampling import window_of
from viz.layers.pointwise import Pointwise, mixing_layer
from viz.run import canvas_buffer, forward
from viz.run.buffer import Buffer
from viz.run.facts import estimate, stage_facts
from viz.run.stages import Slices, forward_slices, unsliced
from viz.settings import Setting, as_text
from viz.view import View

_DRAWN: BoundedCache[Hashable, Buffer] = BoundedCache(64 * 2**20, size_of=len)

_SIZED: BoundedCache[Hashable, Picture] = BoundedCache(
    64 * 2**20, size_of=lambda each: each.pixels.nbytes
)

_PNGS: BoundedCache[Hashable, Buffer] = BoundedCache(32 * 2**20, size_of=len)
THUMBNAIL_PX = 144  # twice what the gallery shows, for fine screens

Words = tuple[str, dict[str, Any]]


def draw_slices(
    experiment: ModuleType,
    setting: Setting,
    view: View,
    picture: Picture,
    shown_px: int,
    *,
    compare_cpu: bool = False,
) -> Slices[Buffer]:
    """The buffer for one setting, one picture and one point of view; cached for the next who asks.

    There are pauses between the stages; `draw` makes none.

    Args:
        experiment: a module of `viz.experiments`.
        picture: as it lies on the PictureStore; the view's working size is applied here.
        shown_px: longer side a map is drawn with, in device pixels.
        compare_cpu: also measure on the CPU, where the view's device is another one.

    Raises:
        Mismatch: if the view asks for the difference of maps of different shapes.
        TooLarge: if the maps would take more than one request may.
    """
    scene, minus, others = looked_at(experiment, setting, view, picture)
    key = key_of(experiment, setting, view, picture, shown_px, compare_cpu)
    drawn = _DRAWN.get(key)
    if drawn is None:
        drawn = Buffer((yield from _drawn(experiment, scene, minus, others, shown_px, compare_cpu)))
        _DRAWN.put(key, drawn)
    return drawn


draw = unsliced(draw_slices)


def looked_at(
    experiment: ModuleType, setting: Setting, view: View, picture: Picture
) -> tuple[Scene, Scene | None, tuple[Picture, ...]]:
    """What is drawn, what is subtracted from it, and the pictures beside it."""
    now = Scene(setting, view, picture)
    scene = pinned(experiment, now) if view.showing == "pinned" else now
    minus = pinned(experiment, now) if view.showing == "difference" else None
    return scene, minus, beside(view)


def key_of(
    experiment: ModuleType,
    setting: Setting,
    view: View,
    picture: Picture,
    shown_px: int,
    compare_cpu: bool = False,
) -> Hashable:
    """Equal for equal buffers: what `draw` keeps them under, and what the queue shares work by."""
    scene, minus, others = looked_at(experiment, setting, view, picture)
    return (
        experiment.__name__,
        scene.key,
        minus and minus.key,
        (view.channel, *(each.key for each in others)) if others else None,
        shown_px,
        compare_cpu,
    )


def ready(key: Hashable) -> Buffer | None:
    """What `draw` has kept under a key of `key_of`; nothing is computed."""
    return _DRAWN.get(key)


def beside(view: View) -> tuple[Picture, ...]:
    """The other pictures in view; those that are gone are left out. A and B − A are shown alone."""
    if view.showing != "now":
        return ()
    found = (images.find(key) for key in view.other_keys)
    return tuple(picture for picture in found if picture is not None)


class Mismatch(ValueError):
    """Maps of different shapes have no difference."""


class Scene(NamedTuple):
    """One thing to look at: a Setting, a point of view, and a picture as it lies on the PictureStore."""

    setting: Any
    view: View
    picture: Picture

    @property
    def key(self) -> Hashable:
        """Equal for scenes whose maps are the same."""
        view = self.view
        looked_at = (self.picture.key, view.working_size_px, view.device, view.stage)
        return (self.setting, *looked_at)


def pinned(experiment: ModuleType, now: Scene) -> Scene:
    """The scene that was pinned as A; without a pin, or where its picture is gone, the present's."""
    if not now.view.pinned:
        return now
    query = now.view.pinned_query
    view = View.from_query(query)
    return Scene(
        experiment.Setting.from_query(query), view, images.find(view.picture) or now.picture
    )


@torch.inference_mode()
def _drawn(
    experiment: ModuleType,
    scene: Scene,
    minus: Scene | None,
    others: tuple[Picture, ...],
    shown_px: int,
    compare_cpu: bool,
) -> Slices[bytes]:
    setting, view, _ = scene
    picture, device, network = _network(experiment, scene)
    stage = chosen_stage(network, view)
    stacks, note = filters(network, stage)
    names = experiment.channel_names(setting)
    header = {
        "titles": experiment.titles(setting),
        "controls": experiment.shown_controls(setting),
        "limits": experiment.limits(setting),
        "values": _changed(setting, experiment.resolved(setting)),
        "names": names[stage],
        "input_names": names[_before(network, stage)],
        **_kernel_names(note, names["bank"]),
        "family": experiment.families(setting).get(stage, 1),
        "filters_note": note,
        "as_picture": _is_picture(network, stage, len(names[stage])),
        **_extras(experiment, setting, stage),
    }
    yield
    wanted = {stage, header["groups"]["stage"]} if "groups" in header else {stage}
    done = yield from forward_slices(network, picture, device, upto=stage, wanted=wanted)
    block = None
    if minus is not None:
        block = packing.pack(_difference(experiment, scene, minus), shown_px)
    elif others:
        sizes = [sized(each, view.working_size_px) for each in others]
        several = yield from _several(network, [picture, *sizes], device, stage, int(view.channel))
        block = packing.pack_ragged(several, shown_px, classes="classes" in header)
        header["side_by_side"] = {
            "names": [picture.name, *(each.name for each in others)],
            "keys": [picture.key, *(each.key for each in others)],
            "shapes": [list(each.shape) for each in several],
            "channel": min(int(view.channel), len(names[stage]) - 1),
            "reads": [_holes(network, each, stage) for each in (picture, *sizes)],
        }
    return canvas_buffer(
        network,
        picture,
        device,
        shown_px,
        stage=stage,
        filters=stacks,
        maps=block,
        header=header,
        compare_cpu=compare_cpu,
        done=done,
    )


def _kernel_names(note: Words | None, bank: list[str]) -> dict[str, list[str]]:
    """What kernels are called that do not stand each for a map of the stage."""
    words = note[1] if note else {}
    if words.get("bank"):
        return {"kernel_names": bank}
    return {"kernel_names": ["{n}×{n}".format(**words)]} if "n" in words else {}


def _before(network: nn.Sequential, stage: str) -> str:
    """The stage whose maps reach this one; the picture itself has none before it."""
    stages = ["picture", *dict(network.named_children())]
    return stages[max(0, stages.index(stage) - 1)]


def _extras(experiment: ModuleType, setting: Setting, stage: str) -> dict[str, Any]:
    """What a lesson's canvas shows beside the maps of a stage, where the lesson has anything."""
    of_stage = getattr(experiment, "extras", None)
    return of_stage(setting, stage) if of_stage else {}


def _is_picture(network: nn.Sequential, stage: str, channels: int) -> bool:
    """Whether a stage's maps can be seen as red, green and blue: three, and mixed from colours."""
    return stage != "picture" and channels == 3 and bank_kernels(network) is None


def _several(
    network: nn.Sequential,
    pictures: list[Picture],
    device: torch.device,
    stage: str,
    channel: int,
) -> Slices[list[Tensor]]:
    """The same map of every picture, `(H, W)` each; beyond the last channel, the last.

    Pictures go through one after the other, each once, and of each only that map is held.
    """
    of_picture: dict[str, Tensor] = {}
    for picture in pictures:
        if picture.key not in of_picture:
            done = yield from forward_slices(network, picture, device, upto=stage, wanted={stage})
            maps = done[stage].maps
            of_picture[picture.key] = maps[min(channel, len(maps) - 1)].clone()
    return [of_picture[picture.key] for picture in pictures]


def _holes(network: nn.Sequential, picture: Picture, stage: str) -> dict[str, str]:
    """What is read of a picture where the fact of the stage says more than a box."""
    fact = stage_facts(network, tuple(picture.pixels.shape))[stage]
    return {axis: fact[axis] for axis in ("read_rows", "read_columns") if axis in fact}


def _difference(experiment: ModuleType, scene: Scene, minus: Scene) -> Tensor:
    maps, less = _maps(experiment, scene), _maps(experiment, minus)
    if maps.shape != less.shape:
        raise Mismatch(f"maps of {tuple(maps.shape)} less maps of {tuple(less.shape)}")
    with torch.inference_mode():
        return maps - less.to(maps.device)


def _network(experiment: ModuleType, scene: Scene) -> tuple[Picture, torch.device, nn.Sequential]:
    picture = sized(scene.picture, scene.view.working_size_px)
    device = devices.chosen(scene.view.device)
    shown = scene.view.stage
    return picture, device, built(experiment, scene.setting, picture, device, shown=shown)


def _maps(experiment: ModuleType, scene: Scene) -> Tensor:
    """The maps of the stage in view."""
    picture, device, network = _network(experiment, scene)
    with torch.inference_mode():
        stage = chosen_stage(network, scene.view)
        return forward(network, picture, device, upto=stage)[stage].maps


def sized(picture: Picture, working_size_px: int) -> Picture:
    """The picture at a working size, remembered: a slider asks for it at every step."""
    key = (picture.key, tuple(picture.pixels.shape), working_size_px)
    at_size = _SIZED.get(key)
    if at_size is None:
        at_size = images.at_working_size(picture, working_size_px)
        _SIZED.put(key, at_size)
    return at_size


def built(
    experiment: ModuleType,
    setting: Setting,
    picture: Picture,
    device: torch.device,
    *,
    shown: str = "",
) -> nn.Sequential:
    """The network a Setting means; where its recipes look at maps, cached ones serve.

    Args:
        shown: a stage whose maps are all that is wanted: recipes of stages after it look at
            zeros, which give a matrix of the same shape at once.

    Raises:
        TooLarge: if its maps would take more than one request may.
    """

    def through(chain: nn.Sequential, _: Tensor) -> Tensor:
        names = set(dict(chain.named_children()))
        beyond = shown == "picture" or shown in names
        if beyond and names <= set(experiment.STAGES):  # else it ends with what is measured
            facts = stage_facts(chain, tuple(picture.pixels.shape))
            return torch.zeros(list(facts.values())[-1]["shape"][0], 1, 1)
        stages = forward(chain, picture, device)
        return stages[next(reversed(stages))].maps

    with torch.inference_mode():
        network = experiment.network(setting, picture.pixels, through)
    estimate(network, tuple(picture.pixels.shape)).check()
    return network


def chosen_stage(network: nn.Sequential, view: View) -> str:
    """The stage in view if it is switched on, else the last one.

    >>> chosen_stage(nn.Sequential(), View(stage="picture"))
    'picture'
    """
    stages = ["picture", *dict(network.named_children())]
    return view.stage if view.stage in stages else stages[-1]


def filters(network: nn.Sequential, stage: str) -> tuple[dict[str, Tensor], Words | None]:
    """What the filters panel shows for a stage: kernels, a mixing matrix, and a word about them.

    Returns:
        Stacks `(N, h, w)`, `kernels` and `matrix` where there are any, and a note or None. A note
        with `bank` says that the kernels are the bank's, not the stage's own; one with `n`, that
        a single kernel of so many pixels a side serves every map.
    """
    names = list(dict(network.named_children()))
    if stage == "picture":
        return {}, ("The picture itself: nothing has filtered it yet.", {})
    upto = [network.get_submodule(name) for name in names[: names.index(stage) + 1]]
    mixes = stage != "bank" and any(isinstance(m, Pointwise) for m in upto[-1].modules())
    if mixes:  # what rectifies the mixture comes after it: the kernel stands for the mixture
        upto[-1] = mixing_layer(upto[-1])
    window = None if mixes else window_of(upto[-1])
    if window is not None:
        words = "The same {n}×{n} kernel for every map."
        return {"kernels": window[None]}, (words, {"n": len(window)})
    stacks, note = _kernels(network, upto, mixes)
    if mixes:
        stacks["matrix"] = mixing_layer(upto[-1]).matrix[None]
    return stacks, note


def _kernels(
    network: nn.Module, upto: list[nn.Module], mixes: bool
) -> tuple[dict[str, Tensor], Words | None]:
    try:
        kernels = effective_kernels(upto)
    except NotLinear as barrier:
        note = "No kernel stands for these maps: {layer} before the mixing is not linear."
        bank = bank_kernels(network)
        if mixes or bank is None:
            return {}, (note, {"layer": barrier.kind})
        note = "The bank's kernels. {layer} is not linear: behind it no kernel stands for a map."
        return {"kernels": bank}, (note, {"layer": barrier.kind, "bank": True})
    if kernels is None:
        return {}, None if mixes else ("Red, green and blue pass on unchanged.", {})
    return {"kernels": kernels}, None


def _changed(setting: Setting, resolved: Setting) -> dict[str, str]:
    """What of a Setting could not be built as asked, as the address says what was built."""
    return {
        name: as_text(getattr(resolved, name))
        for name in setting.controls()
        if getattr(resolved, name) != getattr(setting, name)
    }


def png_key(picture: Picture, size_px: int, *, thumbnail: bool = False) -> Hashable:
    """Equal for equal PNGs."""
    return picture.key, size_px, thumbnail


def ready_png(key: Hashable) -> Buffer | None:
    """A PNG that is kept under a key of `png_key`; nothing is computed."""
    return _PNGS.get(key)


def png(picture: Picture, size_px: int, *, thumbnail: bool = False) -> Buffer:
    """A picture as PNG, kept: every visitor's gallery and canvas ask for the same ones.

    Args:
        size_px: the working size, or the side of a thumbnail.
        thumbnail: a small square of the middle.
    """
    key = png_key(picture, size_px, thumbnail=thumbnail)
    kept = _PNGS.get(key)
    if kept is None:
        small = images.thumbnail if thumbnail else _at_working_size
        kept = Buffer(small(picture, size_px))
        _PNGS.put(key, kept)
    return kept


def _at_working_size(picture: Picture, size_px: int) -> bytes:
    return images.png(sized(picture, size_px).pixels)


def warm(experiment: ModuleType) -> None:
    """Draws the opening view once: a visitor's first step is not the slow one."""
    opening = images.find(View().picture)
    if opening is not None:
        draw(experiment, experiment.Setting(), View(), opening, 224)
