"""The kernels of the bank as pictures, and one of them as a surface."""

from __future__ import annotations

from functools import partial

from torch import Tensor

from viz.figures.surface import surface_gif
from viz.layers.gabor import gabor_bank
from viz.lessons.blocks import Block, Columns, Download, Panel, Panels, Prose, Surface
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.orientation.sections.looked_at import shown_orientation
from viz.lessons.orientation.setting import Setting
from viz.numbers import number
from viz.text import Text, text


def show(scene: Scene[Setting]) -> list[Block]:
    """All kernels beside one of them, and that one as a file."""
    kernels = gabor_bank(**scene.setting.gabor._asdict())
    channels, at = scene.channels("bank"), _shown(scene)
    name = channels.names[at]
    bank = Panel(
        text("The bank: {n} kernels", n=len(kernels)),
        kernels,
        channels.names,
        kind="weight",
        marks=channels.marks,
    )
    surface = Surface(
        "surface",
        text("{name} as a surface", name=name),
        kernels[at],
        alt=text(
            "The kernel {name} as a surface: ridges where it adds, valleys between", name=name
        ),
    )
    gif = Download(
        text("Save as an animation (.gif)"),
        f"gabor-{name.replace('° ', '-').replace('φ', 'phase-').rstrip('°')}.gif",
        "image/gif",
        partial(surface_gif, kernels[at].tolist(), name),
    )
    pictures = Panels("kernels", [bank], height_px=430, columns=1)
    beside = Columns([[pictures], [surface, gif]], widths=(4, 5))
    return [Prose(_in_words(kernels[at]), "heading"), beside]


def _shown(scene: Scene[Setting]) -> int:
    """The kernel of the map that was clicked; else the first phase of the orientation in view."""
    unit, phases = scene.unit, scene.setting.phases
    if unit is not None and unit.stage in ("bank", "rectifier"):
        return min(unit.channel, scene.channels("bank").size - 1)  # an address may say more
    return phases * shown_orientation(scene)


def _in_words(kernel: Tensor) -> Text:
    above, below = kernel.clamp(min=0).sum(), kernel.clamp(max=0).sum()
    return text(
        "The ridges add up to **{above}**, the valleys to **{below}**: plain grey gives 0.",
        above=number(float(above)),
        below=number(float(below)),
    )


SECTION = Section(
    show,
    views=(
        Suggestion("An edge", {"first_phase_degrees": 90}),
        Suggestion("Long and narrow", {"aspect": 2.5, "sigma_px": 3.0}),
        Suggestion("Many bars", {"sigma_px": 8.0, "size_px": 41}),
    ),
)
