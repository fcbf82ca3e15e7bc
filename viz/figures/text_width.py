"""How wide a text will be in a chart, which the browser draws."""

from __future__ import annotations

from unicodedata import east_asian_width

NARROW_EM, WIDE_EM = 0.58, 1.0  # of a letter, on average; of a Chinese character


def width_em(text: str) -> float:
    """The width of a text in multiples of the size of its letters, rather more than less.

    >>> width_em("max"), width_em("最大")
    (1.74, 2.0)
    """
    wide = sum(east_asian_width(letter) in "WF" for letter in text)
    return round(wide * WIDE_EM + (len(text) - wide) * NARROW_EM, 2)
