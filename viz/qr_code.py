"""QR codes as SVG: one path of whole modules, as large as the place that it is shown in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import segno

QUIET = 4  # modules of white around it, as ISO/IEC 18004 asks for

Rows = Sequence[Sequence[int]]  # of modules, 1 for a dark one


def modules(text: str) -> Rows:
    """The dark and light modules of a text's QR code, with as much correction as costs no size.

    Raises:
        ValueError: if the text is too long for any QR code.

    >>> len(modules("http://localhost:8501/"))
    25
    """
    return segno.make_qr(text, error="l", boost_error=True).matrix


def svg(text: str) -> bytes:
    """A text's QR code, black on white whatever the page's colours are.

    >>> svg("http://localhost:8501/")[:57]
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 33 3'
    """
    rows = modules(text)
    side = len(rows) + 2 * QUIET
    path = "".join(
        f"M{QUIET + left} {QUIET + top}h{width}v1h-{width}z"
        for top, row in enumerate(rows)
        for left, width in _runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    ).encode()


def _runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where dark modules side by side begin, and how many they are."""
    for dark, run in groupby(enumerate(row), lambda module: module[1]):
        if dark:
            places = [at for at, _ in run]
            yield places[0], len(places)
