"""The unit that the canvas shows: the lesson's own layers, measured like the units of `cells`."""

from __future__ import annotations

from torch import nn

from viz.lessons.lesson import Scene
from viz.lessons.orientation.cells import Cell, bank_drifted, measured
from viz.lessons.orientation.polarity import FLAT, Polarity, compared
from viz.lessons.orientation.setting import Setting


def canvas_cell(scene: Scene[Setting], at: int) -> Cell:
    """What the layers after the bank answer while a grating of one orientation drifts over it."""
    drifting = bank_drifted(scene.setting.gabor, at).to(scene.pixels.device)
    named = scene.built.network.named_children()
    after = nn.Sequential(*(stage for name, stage in named if name != "bank"))
    answers = after.to(scene.pixels.device)(drifting[:, None])
    return measured(answers[_channel(scene.setting, at), 0].cpu())


def canvas_polarity(scene: Scene[Setting], at: int) -> Polarity:
    """The map on the canvas for the picture, and for its negative."""
    network = scene.built.network.to(scene.pixels.device)
    channel = _channel(scene.setting, at)
    seen = float(network.get_submodule("bank")(scene.pixels).abs().max()) > FLAT
    both = (network(each)[channel] for each in (scene.pixels, 1 - scene.pixels))
    return compared(*both, seen=seen)


def _channel(setting: Setting, at: int) -> int:
    """The map of an orientation; the only one that pools all of them."""
    return 0 if setting.pooling == "orientations" else at
