"""The names of the perceptron's units, made of the bars that they compare."""

from __future__ import annotations

from viz.lessons.stage import Channels
from viz.text import Message

_BARS = {0.0: "―", 45.0: "╱", 90.0: "|", 135.0: "╲"}
_PHASES: tuple[Message, ...] = (
    "bright",
    "edge A",
    "dark",
    "edge B",
)  # what is in the middle: a bar, or an edge
_PLUS: Message = "plus"
_MINUS: Message = "minus"
_OR: Message = "or"
_AND: Message = "and"
_NOT: Message = "not"


def bar(degrees: float) -> str:
    """A bar of an orientation as one sign, or its angle if there is no sign.

    >>> bar(0), bar(90), bar(22.5)
    ('―', '|', '22.5°')
    """
    return _BARS.get(degrees, f"{degrees:g}°")


def filter_names(orientations: int) -> Channels:
    """The filters: those of an orientation in a row.

    >>> filter_names(2).names[:4]
    ('― bright', '― edge A', '― dark', '― edge B')
    """
    bars = [bar(180 * n / orientations) for n in range(orientations)]
    return Channels(tuple(f"{each} {phase}" for each in bars for phase in _PHASES), len(_PHASES))


def crossed(orientations: int) -> tuple[tuple[str, str], ...]:
    """The names of all orientations in pairs at a right angle.

    >>> crossed(4)
    (('―', '|'), ('╱', '╲'))
    """
    bars = [bar(180 * n / orientations) for n in range(orientations)]
    half = orientations // 2
    return tuple(zip(bars[:half], bars[half:], strict=True))


def compared_channels(orientations: int) -> Channels:
    """The hidden units: a sum and two differences of each pair, in a row.

    In words, for a minus sign is one more bar among bars.

    >>> compared_channels(2).names
    ('― plus |', '― minus |', '| minus ―')
    """
    names = (
        name
        for a, b in crossed(orientations)
        for name in (f"{a} {_PLUS} {b}", f"{a} {_MINUS} {b}", f"{b} {_MINUS} {a}")
    )
    return Channels(tuple(names), 3)


def logic_channels(orientations: int) -> Channels:
    """The outputs: four comparisons of each pair, two in a row.

    >>> logic_channels(2).names
    ('― or |', '― and |', '― not |', '| not ―')
    """
    names = (
        name
        for a, b in crossed(orientations)
        for name in (f"{a} {_OR} {b}", f"{a} {_AND} {b}", f"{a} {_NOT} {b}", f"{b} {_NOT} {a}")
    )
    return Channels(tuple(names), 2)
