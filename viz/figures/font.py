"""The font of printed pictures: a common one if it is installed, else the one in Pillow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_COMMON = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "Helvetica.ttc")
# Of the fonts that systems bring along for Chinese, by their files.
_CHINESE = (
    *("NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "SourceHanSansSC-Regular.otf"),
    *("wqy-microhei.ttc", "wqy-zenhei.ttc", "msyh.ttc", "PingFang.ttc", "STHeiti Light.ttc"),
    *("Hiragino Sans GB.ttc", "simhei.ttf", "simsun.ttc"),
)
_OF_LANGUAGE = {"zh-Hans": _CHINESE}
_PREFERRED: ContextVar[tuple[str, ...]] = ContextVar("preferred", default=())
_INSTEAD = {"−": "-", "×": "x"}
_IN_NO_FONT = "\uffff"


def font(size_px: int, names: tuple[str, ...] = _COMMON) -> Font:
    """The first font of these names that is installed; before them one that `letters_of` prefers.

    >>> font(20, names=()).getbbox("a") == ImageFont.load_default(20).getbbox("a")
    True
    """
    return _first(size_px, (*_PREFERRED.get(), *names)) or ImageFont.load_default(size_px)


@contextmanager
def letters_of(tag: str) -> Iterator[bool]:
    """Within it fonts have the signs of a language; says whether there is such a font.

    Args:
        tag: of the language; every font has the letters of English.

    >>> with letters_of("en") as there:
    ...     there
    True
    """
    names = _OF_LANGUAGE.get(tag, ())
    there = not names or _first(20, names) is not None
    before = _PREFERRED.set(names if there else ())
    try:
        yield there
    finally:
        _PREFERRED.reset(before)


@cache
def _first(size_px: int, names: tuple[str, ...]) -> Font | None:
    for name in names:
        try:
            return ImageFont.truetype(name, size_px, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue
    return None


def drawable(text: str, letters: Font) -> str:
    """The text, with characters that the font lacks replaced by others or by a question mark.

    Control characters, such as a new line or a change of direction, become spaces.

    >>> drawable("−1 × 图", font(20, names=()))
    '-1 x ?'
    """
    text = "".join(character if character.isprintable() else " " for character in text)
    nothing = bytes(letters.getmask(_IN_NO_FONT))

    def known(character: str) -> bool:
        return bytes(letters.getmask(character)) != nothing

    return "".join(
        character if known(character) else _INSTEAD.get(character, "?") for character in text
    )


def fitting(text: str, letters: Font, width_px: float) -> str:
    """The text, shortened at its end if it is wider than `width_px`.

    >>> fitting("a" * 9, font(20), 1e3), fitting("a" * 999, font(20), 1e3)[-2:]
    ('aaaaaaaaa', 'a…')
    """
    if letters.getlength(drawable(text, letters)) <= width_px:
        return text

    def width(kept: int) -> float:
        return letters.getlength(drawable(f"{text[:kept]}…", letters))

    fit = bisect_right(range(len(text)), width_px, key=width)  # how many prefixes fit
    return f"{text[: max(0, fit - 1)]}…"
