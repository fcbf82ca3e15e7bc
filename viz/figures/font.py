"""Letters to print: a font of the machine if it has a common one, else the one inside Pillow."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_COMMON = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "Helvetica.ttc")
_INSTEAD = {"−": "-", "×": "x"}
_IN_NO_FONT = "\uffff"


@cache
def font(size_px: int, names: tuple[str, ...] = _COMMON) -> Font:
    """The first font of these names that is installed.

    >>> font(20, names=()).getbbox("a") == ImageFont.load_default(20).getbbox("a")
    True
    """
    for name in names:
        try:
            return ImageFont.truetype(name, size_px, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue
    return ImageFont.load_default(size_px)


def drawable(text: str, letters: Font) -> str:
    """The text with what the font has no sign for put otherwise, or as a question mark.

    Signs that only steer others, as a new line or a change of direction does, become spaces.

    >>> drawable("−1 × 图", font(20, names=()))
    '-1 x ?'
    """
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    nothing = bytes(letters.getmask(_IN_NO_FONT))

    def known(sign: str) -> bool:
        return bytes(letters.getmask(sign)) != nothing

    return "".join(sign if known(sign) else _INSTEAD.get(sign, "?") for sign in text)


def fitting(text: str, letters: Font, width_px: float) -> str:
    """The text, its end left out where it is wider than this.

    >>> fitting("a" * 9, font(20), 1e3), fitting("a" * 999, font(20), 1e3)[-2:]
    ('aaaaaaaaa', 'a…')
    """
    if letters.getlength(drawable(text, letters)) <= width_px:
        return text

    def width(kept: int) -> float:
        return letters.getlength(drawable(f"{text[:kept]}…", letters))

    fit = bisect_right(range(len(text)), width_px, key=width)  # how many beginnings do
    return f"{text[: max(0, fit - 1)]}…"
