"""The frequencies of one map before the stride, and after each downsampler."""

from __future__ import annotations

from torch import Tensor

from viz.layers.pointwise import mix_channels
from viz.lessons.blocks import Block, Panel, Panels, Prose
from viz.lessons.strided.downsamplers import TITLES
from viz.lessons.strided.spectra import downsampled_spectra, power_above
from viz.numbers import number
from viz.text import text


def frequencies(maps: Tensor, row: Tensor, stride: int) -> list[Block]:
    """Map 1 in the Fourier plane, and how much of it the stride cannot represent.

    Args:
        maps: `(C, H, W)`, what reaches the strided layer.
        row: `(1, C)`, its weights for map 1.
        stride: at least 1.
    """
    titles = {
        "before": text("Frequencies of map 1 at every pixel"),
        **{way: text(title, s=stride) for way, title in TITLES.items()},
    }
    planes = downsampled_spectra(maps, row, stride).items()
    panels = [Panel(titles[way], plane, scale="spectra") for way, plane in planes]
    above = float(power_above(mix_channels(maps, row), stride)[0])
    return [
        Panels("spectrum_maps", panels, height_px=180, columns=5),
        Prose(
            text(
                "Frequency 0 is in the middle, ±½ cycle per pixel at the edges. After the stride, no frequency above ±1/{n} can "
                "be represented. The scale is in powers of ten above 10⁻⁵.",
                n=2 * stride,
            ),
            "caption",
        ),
        Prose(
            text(
                "**{percent} %** of the spectral power of map 1, in the middle of the picture, lies at frequencies that stride {s} "
                "cannot represent. It does not vanish: it appears at lower frequencies, in the extreme case as a constant.",
                percent=number(100 * above),
                s=stride,
            )
        ),
    ]
