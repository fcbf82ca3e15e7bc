"""Numbers as people read them."""

from __future__ import annotations

import math


def number(value: float, digits: int = 3) -> str:
    """A number as people write it, with three significant digits unless told otherwise.

    >>> number(0.0), number(1234.0), number(-3.1e-7), number(math.inf)
    ('0', '1230', '−3.1 × 10⁻⁷', '∞')
    """
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return "∞" if value > 0 else "–"
    if 1e-3 <= abs(value) < 1e4:
        return f"{float(f'{value:.{digits}g}'):g}".replace("-", "−")
    mantissa, exponent = f"{value:.1e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa.replace('-', '−')} × 10{raised}"


_UNITS = ((10**9, "G"), (10**6, "M"), (10**3, "k"))


def magnitude(count: int, digits: int = 4) -> str:
    """A count with four digits, unless told otherwise, and a unit; exact below ten thousand.

    >>> magnitude(120_422_400), magnitude(9_999)
    ('120.4 M', '9,999')
    """
    for unit, name in _UNITS:
        if count >= max(unit, 10**4):
            return f"{float(f'{count / unit:.{digits}g}'):g} {name}"
    return exact(count)


def exact(count: int) -> str:
    """A whole number with separators between thousands.

    >>> exact(40_000_000)
    '40,000,000'
    """
    return f"{count:,}"
