"""The stages of the lesson: maps, the strided 1×1, more strides, and a 3×3 after them."""

from __future__ import annotations

from viz.layers.downsampling import binomial_window
from viz.layers.pointwise import Pointwise
from viz.layers.recipes import Recipe, identity_rows
from viz.lessons.mixing import Mix, MixFields
from viz.lessons.stage import Stage
from viz.lessons.stages import Bank, Switched
from viz.lessons.strided.setting import Setting
from viz.text import text


def subsampling(setting: Setting, channels: int) -> Pointwise:
    """A strided 1×1 that copies its channels."""
    recipe = Recipe(identity_rows, (("outputs", channels), ("channels", channels)))
    return Pointwise(identity_rows(channels, channels), stride=setting.stride, recipe=recipe)


STAGES: tuple[Stage[Setting], ...] = (
    Bank(lambda setting: setting.gabor if setting.bank == "gabor" else None, ("wavelength_px",)),
    Mix("strided", MixFields.of("strided"), stride="stride"),
    Switched("again", lambda setting: text("Again, stride {s}", s=setting.stride), subsampling),
    Switched("third", lambda setting: text("Once more, stride {s}", s=setting.stride), subsampling),
    Switched("window", lambda _: text("3×3"), lambda _, channels: binomial_window(channels)),
)
