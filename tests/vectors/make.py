"""What Python and the browser's scripts both compute, worked out in exact fractions or by brute force.

`python tests/vectors/make.py` writes the JSON files beside this one; `tests/test_vectors.py` holds
Python to them, `tests/javascript/` the scripts. Nothing of `viz` computes here.
"""

from __future__ import annotations

import cmath
import json
import random
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from math import ceil, cos, floor, pi, radians, sin
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STOPS = json.loads((HERE.parents[1] / "assets" / "colours.json").read_text(encoding="utf-8"))
BYTES = (0, 1, 63, 127, 128, 200, 254, 255)
HALF = Fraction(1, 2)

Colour = tuple[int, int, int]


def nearest(value: Fraction) -> int:
    """The nearest whole number, of two the upper."""
    return floor(value + HALF)


def cut(value: Fraction) -> Fraction:
    return min(Fraction(1), max(Fraction(0), value))


# ── Colours ─────────────────────────────────────────────────────────────────────────────────────


def table(name: str) -> list[Colour]:
    """256 colours evenly between the stops."""
    stops = [bytes.fromhex(stop[1:]) for stop in STOPS[name]]
    colours = []
    for i in range(256):
        at = Fraction(i * (len(stops) - 1), 255)
        low, high = stops[floor(at)], stops[ceil(at)]
        red, green, blue = (nearest(low[k] + (high[k] - low[k]) * (at % 1)) for k in range(3))
        colours.append((red, green, blue))
    return colours


def written(colour: Sequence[int]) -> str:
    return "#" + bytes(colour).hex()


TABLES = ("sequential", "activation", "classes", "weight", "activation_dark", "weight_dark")
RANGES: list[tuple[list[float], list[float]]] = [
    ([0.0, 0.25, 0.0], [1.0, 4.0, 0.5]),
    ([-1.0, 0.5, -0.25], [2.0, 3.0, 0.125]),
    ([-8.0], [1.0]),
    ([0.5, 2.0], [0.5, 2.0]),  # constant maps
    ([0.0], [0.0]),
    ([-3.0, -3.0], [-1.0, -3.0]),
]


def ends(low: list[float], high: list[float], scale: str) -> tuple[list[list[float]], str]:
    """From where to where the colours of each map go, and their table."""
    pairs = [list(pair) for pair in zip(low, high, strict=True)]
    furthest = [max(map(abs, pair)) for pair in pairs]
    if scale != "own":
        furthest = [max(furthest)] * len(pairs)
    if min(low) < 0 or scale == "symmetric":
        return [[-far, far] for far in furthest], "activation"
    return (pairs if scale == "own" else [[0.0, far] for far in furthest]), "sequential"


def drawn_at(byte: int, low: float, high: float, between: list[float]) -> Fraction | None:
    """Where on a colour map a byte of a map is, from 0 to 1; None where the range has no width."""
    value = Fraction(low) + Fraction(byte, 255) * (Fraction(high) - Fraction(low))
    first, last = map(Fraction, between)
    return cut((value - first) / (last - first)) if last > first else None


def coloured(low: list[float], high: list[float], scale: str) -> dict[str, Any]:
    """Ranges of some maps, and the colours of some of their bytes."""
    each, name = ends(low, high, scale)
    nothing = HALF if name == "activation" else Fraction(0)
    colours = table(name)

    def colour(byte: int, i: int) -> str:
        at = drawn_at(byte, low[i], high[i], each[i])
        return written(colours[nearest(255 * (nothing if at is None else at))])

    drawn = [[colour(byte, i) for byte in BYTES] for i in range(len(low))]
    return {"low": low, "high": high, "scale": scale, "each": each, "table": name, "drawn": drawn}


# ── What nearly all values of a map reach ───────────────────────────────────────────────────────

Run = tuple[int, int]  # a byte, and how many values have it


def nearly() -> dict[str, Any]:
    """Ranges of maps with a few peaks; a map is given by how many values have each byte."""
    scales = ("shared", "own", "symmetric")
    shapes = [(1, 1, 7), (4, 75, 112), (64, 112, 112), (64, 224, 224), (64, 223, 223)]
    shapes += [(3, 512, 512), (16, 300, 510), (512, 100, 101)]
    return {
        "cases": [_peaked(maps, scales) for maps in _with_peaks()],
        "steps": [[shape, _step(*shape)] for shape in shapes],
    }


def _with_peaks() -> Iterator[list[tuple[float, float, list[Run]]]]:
    rng = random.Random(3)

    def body(first: int, last: int, each: int) -> list[Run]:
        return [(byte, each) for byte in range(first, last + 1)]

    yield [(0.0, 20.0, [*body(0, 60, 40), (255, 12)])]  # a few peaks
    yield [(0.0, 20.0, [*body(0, 60, 40), (255, 13)])]  # one more than a two-hundredth
    yield [(0.0, 20.0, body(0, 255, 4))]  # all the way: nothing to gain
    yield [(0.0, 20.0, [(0, 4000), *body(236, 255, 1)])]  # points on nothing
    yield [(0.0, 20.0, [*body(0, 10, 400), *body(240, 255, 1)])]  # points on next to nothing
    yield [(0.0, 20.0, [(0, 4000), (90, 300), (255, 3)])]  # three values
    yield [(0.0, 20.0, body(0, 60, 3))]  # too few for one to lie beyond
    yield [(-2.0, 6.0, [*body(30, 100, 50), (0, 5), (255, 12)])]
    yield [(-6.0, 2.0, [*body(120, 220, 50), (0, 20), (255, 12)])]
    yield [(0.5, 3.0, [(0, 10), *body(80, 160, 30), (255, 10)])]  # not from 0
    yield [(0.0, 8.0, [*body(0, 60, 40), (255, 12)]), (0.0, 1.0, body(0, 255, 8))]
    yield [(-1.0, 9.0, [*body(0, 60, 40), (255, 12)]), (0.0, 0.0, [(0, 2000)])]
    for _ in range(6):
        low = rng.choice((0.0, -4.0, 0.25))
        counts = [int(rng.expovariate(1 / 40) * 2 ** (-abs(byte - 90) / 20)) for byte in range(256)]
        counts[0], counts[255] = counts[0] + 1, counts[255] + 1
        runs = [(byte, count) for byte, count in enumerate(counts) if count]
        yield [(low, low + rng.randint(1, 9), runs)]


def _peaked(maps: list[tuple[float, float, list[Run]]], scales: Sequence[str]) -> dict[str, Any]:
    low, high, runs = (list(of) for of in zip(*maps, strict=True))
    each = {scale: _each(maps, scale) for scale in scales}
    return {"low": low, "high": high, "runs": runs, "each": each}


def _each(maps: list[tuple[float, float, list[Run]]], scale: str) -> list[list[float]]:
    around, own = min(low for low, *_ in maps) < 0 or scale == "symmetric", scale == "own"
    spans = [_spans(*one, around=around, own=own) for one in maps]
    if not own:
        widest = [(Fraction(0), max(span[k][1] for span in spans)) for k in (0, 1)]
        spans = [(widest[0], widest[1])] * len(maps)
    each = [_cut_off(*span) for span in spans]
    each = [(-end, end) for _, end in each] if around else each
    return [[float(end) for end in pair] for pair in each]


Span = tuple[Fraction, Fraction]


def _spans(
    low: float, high: float, runs: list[Run], *, around: bool, own: bool
) -> tuple[Span, Span]:
    """Where nearly all values of a map are, and where all are; of distances from 0 if `around`."""
    first, last = Fraction(low), Fraction(high)
    values = [first + Fraction(byte, 255) * (last - first) for byte, n in runs for _ in range(n)]
    if around:
        values, first, last = [abs(value) for value in values], HALF - HALF, max(-first, last)
    values.sort()
    beyond = len(values) // 200
    near = values[beyond], values[-1 - beyond]
    near = (first, last) if len(runs) < 16 else near
    if around or first == 0 or not own:
        return (Fraction(0), near[1]), (Fraction(0), last)
    return near, (first, last)


def _cut_off(near: Span, full: Span) -> Span:
    """Nearly all, if that is between a twentieth and nine tenths of all."""
    whole = full[1] - full[0]
    return near if whole / 20 < near[1] - near[0] < whole * 9 / 10 else full


def _step(maps: int, rows: int, columns: int) -> int:
    """About a quarter of a million values, 2048 of a map or more, of every column."""
    step = max(1, rows * columns // max(2**11, 2**18 // maps))
    while len({place % columns for place in range(0, step * columns, step)}) < columns:
        step += 1
    return step


def class_colours(count: int) -> list[str]:
    colours = table("classes")
    return [written(colours[nearest(Fraction(255 * i, max(1, count - 1)))]) for i in range(count)]


def picture(low: list[float], high: list[float], pixels: list[list[int]]) -> dict[str, Any]:
    """Three maps as one picture: red, green and blue, cut off at 0 and 1."""

    def level(byte: int, i: int) -> int:
        value = Fraction(low[i]) + Fraction(byte, 255) * (Fraction(high[i]) - Fraction(low[i]))
        return nearest(255 * cut(value))

    colours = [written([level(byte, i) for i, byte in enumerate(pixel)]) for pixel in pixels]
    return {"low": low, "high": high, "pixels": pixels, "colours": colours}


def colours() -> dict[str, Any]:
    scales = ("shared", "own", "symmetric")
    return {
        "tables": {name: [*map(written, table(name))] for name in TABLES},
        "bytes": BYTES,
        "ranges": [coloured(low, high, scale) for low, high in RANGES for scale in scales],
        "classes": [class_colours(count) for count in range(1, 13)],
        "pictures": [
            picture([0.0] * 3, [1.0] * 3, [[0, 128, 255], [1, 2, 254]]),
            picture(
                [-1.0, 0.0, 0.25], [1.0, 0.5, 7.0], [[0, 255, 0], [128, 100, 9], [255, 1, 200]]
            ),
        ],
    }


# ── Numbers ─────────────────────────────────────────────────────────────────────────────────────


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def three_digits(value: float) -> str:
    """A number as it is written on the page; a very large or small one with a power of ten."""
    exact = Decimal(value)
    if not exact:
        return "0"
    power = exact.adjusted()
    if not -3 <= power <= 3:
        mantissa = exact.scaleb(-power).quantize(Decimal("0.1"), ROUND_HALF_UP)
        if abs(mantissa) == 10:
            mantissa, power = mantissa / 10, power + 1
        return f"{mantissa:.1f} × 10{str(power).translate(RAISED)}".replace("-", "−")
    rounded = exact.quantize(Decimal(1).scaleb(power - 2), ROUND_HALF_UP)
    text = f"{rounded:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def is_halfway(value: float) -> bool:
    """Whether a number lies in the middle of two that are written: there rules of rounding differ."""
    exact = Decimal(value)
    digits = 2 if -3 <= exact.adjusted() <= 3 else 1
    return exact.scaleb(digits - exact.adjusted()) % 1 == Decimal("0.5")


def numbers() -> dict[str, Any]:
    """Those with a power of ten too, and around the ends where it begins."""
    rng = random.Random(1)
    shown = [0.0, 1.0, -1.0, 0.1, 0.001, 999.0, 12.0, 100.0, 0.0625, 1 / 3, -2 / 3, 9.996, -0.09996]
    shown += [rng.choice((-1, 1)) * 10 ** rng.uniform(-3, 3.99) for _ in range(200)]
    shown += [rng.choice((-1, 1)) * 10 ** rng.uniform(-12, 12) for _ in range(60)]
    shown += [9.99e-4, 9.96e-4, 9.9e-4, 9994.0, 9999.0, 1e4, -9.97e5, 1e-300]
    counts = [0, 7, 999, 1000, 12_345, 40_000_000, 2**40]
    return {
        "three_digits": [[value, three_digits(value)] for value in shown if not is_halfway(value)],
        "exact": [[count, _in_threes(str(count))] for count in counts],
    }


def _in_threes(digits: str) -> str:
    return digits if len(digits) <= 3 else f"{_in_threes(digits[:-3])},{digits[-3:]}"


# ── Receptive fields ────────────────────────────────────────────────────────────────────────────

Layers = list[tuple[int, int, int]]  # kernel, stride, padding on both sides


def units(length: int, layers: Layers) -> list[set[int]]:
    """The positions that every unit reads, those of the padding too; one kernel after another."""
    reads = {place: {place} for place in range(-500, length + 500)}
    inside = range(length)
    for kernel, stride, padding in layers:
        starts = range(inside.start - padding, inside.stop + padding - kernel + 1, stride)
        # beyond the border a map goes on, as what the padding there would have seen
        around = range(-40, len(starts) + 40)
        first = inside.start - padding
        reads = {
            unit: set().union(*(reads[first + unit * stride + i] for i in range(kernel)))
            for unit in around
            if all(first + unit * stride + i in reads for i in range(kernel))
        }
        inside = range(len(starts))
    return [reads[unit] for unit in inside]


def box(length: int, layers: Layers) -> dict[str, Any]:
    seen = [[min(read), max(read)] for read in units(length, layers)]
    inside = [[a, b] for a, b in ((max(a, 0), min(b, length - 1)) for a, b in seen)]
    read = {place for a, b in inside for place in range(a, b + 1)}
    return {
        "length": length,
        "layers": layers,
        "outputs": len(seen),
        "size": seen[0][1] - seen[0][0] + 1,
        "stride": seen[1][0] - seen[0][0],
        "padding": -seen[0][0],
        "seen": seen,
        "clipped": [[a, b] if a <= b else None for a, b in inside],
        "never_read": sorted(set(range(length)) - read),
        "after_last": seen[-1][1] + 1,
    }


def boxes() -> list[dict[str, Any]]:
    """Along one axis."""
    return [
        box(9, [(1, 1, 0)]),
        box(9, [(3, 1, 1)]),
        box(10, [(1, 2, 0)]),
        box(11, [(1, 3, 0)]),
        box(16, [(3, 2, 0)]),
        box(14, [(2, 5, 0)]),  # skips positions, and leaves some over
        box(20, [(3, 1, 1), (2, 2, 0)]),
        box(33, [(5, 2, 2), (3, 2, 1), (3, 1, 1)]),
        box(12, [(3, 1, 2)]),  # its first and last units see one position
        box(31, [(1, 2, 0), (1, 2, 0), (3, 1, 0)]),
        box(8, [(2, 1, 4)]),  # the outermost units see nothing but padding
    ]


def stacks() -> list[dict[str, Any]]:
    """The field after every layer: what it adds, its size, and how far apart neighbours are."""
    one, half = ("c", 1, 1, 0, 0, 1), ("m", 2, 2, 0, 0, 1)
    return [
        _stack([one]),
        _stack([("c", 3, 1, 1, 1, 1), one, ("c", 3, 1, 1, 1, 1)]),
        _stack([("c", 3, 2, 1, 1, 1), one, half, ("d", 3, 1, 1, 1, 1), ("a", 7, 1, 0, 0, 1)]),
        _stack([("c", 3, 1, 2, 2, 2), ("c", 1, 2, 0, 0, 1), ("c", 2, 3, 0, 0, 5), half]),
    ]


def _stack(layers: list[tuple[str, int, int, int, int, int]]) -> dict[str, Any]:
    """By the positions that two neighbouring units read, followed back to the picture."""
    fields, before = [], 1
    for last in range(len(layers)):
        reads = [{0}, {1}]
        for _, kernel, stride, _, _, dilation in layers[last::-1]:
            taps = range(0, kernel * dilation, dilation)
            reads = [{at * stride + tap for at in unit for tap in taps} for unit in reads]
        size = max(reads[0]) - min(reads[0]) + 1
        fields.append(
            {"size": size, "adds": size - before, "stride": min(reads[1]) - min(reads[0])}
        )
        before = size
    return {"layers": layers, "fields": fields}


# ── Sizes of what is sent ───────────────────────────────────────────────────────────────────────


def sizes() -> list[list[int]]:
    """Side of a map, pixels it is shown with, units a side that are averaged, side as it is sent."""
    shown = (1, 7, 8, 16, 100, 112, 128, 223, 224, 512)
    sides = (1, 2, 9, 75, 112, 113, 224, 225, 448, 512)
    return [[side, px, *_averaged(side, px)] for side in sides for px in shown]


def _averaged(side: int, shown_px: int) -> tuple[int, int]:
    """As few units to a block as leave no more blocks than there are pixels."""
    blocks = ((n, len(range(0, side, n))) for n in range(1, side + 1))
    return next((n, count) for n, count in blocks if count <= shown_px)


# ── Arrangement of maps ─────────────────────────────────────────────────────────────────────────

WHOLE_ROWS_WORTH = Fraction(6, 10)
CANVAS = {"gap": 10, "crowded_gap": 3, "crowded": 40, "name": 20, "smallest_named": 56}
PAPER = {"gap": 36, "crowded_gap": 36, "crowded": 40, "name": Fraction(99, 2), "smallest_named": 0}
WITHOUT_NAMES_WORTH = Fraction(13, 10)  # on the canvas; paper always has them


def scales(
    rules: dict[str, Any], count: int, rows: int, columns: int, width: int, height: int
) -> Iterator[tuple[int, Fraction]]:
    """How large maps are in so many columns."""
    gap = rules["crowded_gap"] if count > rules["crowded"] else rules["gap"]
    for across in range(1, count + 1):
        down = ceil(Fraction(count, across))
        wide = Fraction(width - gap * (across - 1), across)
        tall = Fraction(height - gap * (down - 1), down)
        name = rules["name"] if wide >= rules["smallest_named"] else 0
        scale = min(wide / columns, (tall - name) / rows)
        if scale > 0:
            yield across, scale


def columns_of(plans: list[tuple[int, Fraction]], row_length: int) -> int | None:
    """As many columns as make maps largest, whole rows if that costs little; None if it is close."""
    largest = max(scale for _, scale in plans)
    best = [across for across, scale in plans if scale == largest]
    whole = [(across, scale) for across, scale in plans if across % row_length == 0]
    most = max((scale for _, scale in whole), default=Fraction(0))
    candidates = {largest, most, WHOLE_ROWS_WORTH * largest}
    near = [
        scale
        for _, scale in plans
        for other in candidates
        if 0 < abs(scale - other) < other / 10**6
    ]
    if near or (most and 0 <= abs(most - WHOLE_ROWS_WORTH * largest) < largest / 10**6):
        return None  # floating point may take either
    if most >= WHOLE_ROWS_WORTH * largest:
        return next(across for across, scale in whole if scale == most)
    return best[0]


def scale_of(plans: list[tuple[int, Fraction]], across: int | None) -> Fraction:
    """How large maps are in the columns that were chosen, or in the best if it is close."""
    return dict(plans).get(across or 0, max(scale for _, scale in plans))


def arrangements() -> list[dict[str, Any]]:
    rng = random.Random(2)
    found = []
    for _ in range(120):
        shape = {"count": rng.choice((1, 2, 3, 4, 8, 12, 16, 48, 64)), "rows": rng.randint(5, 224)}
        shape |= {"columns": rng.randint(5, 224), "row_length": rng.choice((1, 2, 3, 4))}
        found += [
            _arranged("canvas", CANVAS, shape, rng.randint(250, 1100), rng.randint(300, 800)),
            _arranged("paper", PAPER, shape, 2400, 1600),
        ]
    many = {"count": 200, "rows": 56, "columns": 56, "row_length": 1}
    found.append(_arranged("canvas", CANVAS, many, 700, 600))
    return [each for each in found if each["across"] is not None]


def _arranged(on: str, rules: dict[str, Any], shape: dict[str, int], *room: int) -> dict[str, Any]:
    sizes = {name: shape[name] for name in ("count", "rows", "columns")}
    plans = [*scales(rules, *sizes.values(), *room)]
    bare = [*scales({**rules, "smallest_named": 10**9}, *sizes.values(), *room)]
    across = columns_of(plans, shape["row_length"]) if plans else None
    if plans and bare and rules is CANVAS:
        row = shape["row_length"]
        limit = WITHOUT_NAMES_WORTH * scale_of(plans, columns_of(plans, row))
        largest = scale_of(bare, columns_of(bare, row))
        if abs(largest - limit) < limit / 10**6:
            across = None  # floating point may take either
        elif largest > limit:
            across = columns_of(bare, row)
    return {"on": on, **shape, "width": room[0], "height": room[1], "across": across}


# ── Surfaces ────────────────────────────────────────────────────────────────────────────────────

SEEN_FROM_DEGREES, RISE, FLOOR = 35, 0.7, -0.9
Matrix = list[list[float]]


def surfaces() -> list[dict[str, Any]]:
    """Where points of grids are seen by two rotations in space, and which faces may hide which."""
    turns = (0, 30, 90, 137.5, 180, 211, 270, 359)
    return [_seen(rows, columns, turn) for rows, columns in ((5, 5), (4, 7)) for turn in turns]


def _seen(rows: int, columns: int, turn: float) -> dict[str, Any]:
    heights = (FLOOR, 0.0, -0.25, RISE)
    at = [(row, column) for row in (0, 1, rows - 1) for column in (0, 2, columns - 1)]
    points = [(*place, height) for place in at for height in heights]
    return {
        "rows": rows,
        "columns": columns,
        "turn": turn,
        "rise": RISE,
        "floor": FLOOR,
        "places": [[list(point), _rotated(rows, columns, turn, *point)] for point in points],
        "hidden": _hidden(rows - 1, columns - 1, turn),
    }


def _rotated(
    rows: int, columns: int, turn: float, row: float, column: float, height: float
) -> list[float]:
    """To the right and upwards: turned about the upright axis, then tipped towards the viewer."""
    half = (max(rows, columns) - 1) / 2
    point = [(column - (columns - 1) / 2) / half, ((rows - 1) / 2 - row) / half, height]
    (c, s), (d, t) = (
        (cos(radians(angle)), sin(radians(angle))) for angle in (turn, SEEN_FROM_DEGREES)
    )
    upright: Matrix = [[c, -s, 0], [s, c, 0], [0, 0, 1]]
    tipped: Matrix = [[1, 0, 0], [0, d, -t], [0, t, d]]
    right, _, up = _times(tipped, _times(upright, point))
    return [right, up]


def _times(matrix: Matrix, point: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, point, strict=True)) for row in matrix]


def _hidden(rows: int, columns: int, turn: float) -> list[list[list[int]]]:
    """Pairs of faces, farther and nearer: a walk away from the viewer over the second meets the first."""
    away = (sin(radians(turn)), -cos(radians(turn)))  # in columns and rows
    pairs = set()
    for row, column in product(range(rows), range(columns)):
        for down, along in product((0.01, 0.3, 0.5, 0.7, 0.99), repeat=2):
            for far in range(1, 200):
                y, x = row + down + far / 20 * away[1], column + along + far / 20 * away[0]
                if not (0 < y < rows and 0 < x < columns):
                    break
                if min(y % 1, x % 1) > 1e-6 and (floor(y), floor(x)) != (row, column):
                    pairs.add(((floor(y), floor(x)), (row, column)))
    return [[list(far), list(near)] for far, near in sorted(pairs)]


# ── Preferred orientations ──────────────────────────────────────────────────────────────────────


def preferences() -> list[dict[str, Any]]:
    """The vector sum of responses to bars, by complex numbers at twice their angle."""
    rng = random.Random(5)
    by_hand = [
        [1.0, 0.0, 0.0, 0.0],
        [1.0, 1.0, 0.0, 0.0],
        [1.0, 0.0, 0.0, 1.0],
        [0.0, 2.0, 1.0, 0.0],
    ]
    drawn = [[rng.expovariate(1) for _ in range(n)] for n in (2, 3, 4, 5, 8, 12, 16) for _ in "abc"]
    return [_preference(responses) for responses in (*by_hand, *drawn)]


def _preference(responses: list[float]) -> dict[str, Any]:
    degrees = [180 * n / len(responses) for n in range(len(responses))]
    summed = sum(
        response * cmath.exp(2j * radians(angle))
        for response, angle in zip(responses, degrees, strict=True)
    )
    preferred = (cmath.phase(summed) * 90 / pi) % 180
    share = abs(summed) / sum(responses)
    return {
        "degrees": degrees,
        "responses": responses,
        "preferred": preferred,
        "strength": abs(summed),
        "selectivity": share,
    }


# ── The shell in an address ─────────────────────────────────────────────────────────────────────

SHELL = {
    "lang": (["en", "zh-Hans"], ["zh", "de", "EN", "zh-hans", "en\n"]),
    "present": (["1"], ["0", "2", "11", "true", "\u0661"]),
    "room": (
        ["K7QM2FXA", "k7qm-2fxa", "0000-OIL1"],
        ["K7QM", "K7QM-2FXAB", "K7QM--2FX", "K7QM_2FX"],
    ),
    "tour": (["1", "7", "12"], ["0", "01", "-1", "100", "1.5"]),
}


def shells() -> list[list[Any]]:
    """Queries, and the values in them that are allowed, by name and in this order."""
    alone = [
        [{name: value}, {name: value} if value in allowed else {}]
        for name, (allowed, refused) in SHELL.items()
        for value in [*allowed, *refused, ""]
    ]
    every = {name: allowed[0] for name, (allowed, _) in SHELL.items()}
    mixed = {"stride": "3", **dict(reversed(every.items())), "embed": "true"}
    return [*alone, [mixed, every], [{"stride": "3"}, {}], [{}, {}]]


MADE = {
    "colours": colours,
    "nearly": nearly,
    "numbers": numbers,
    "boxes": boxes,
    "stacks": stacks,
    "sizes": sizes,
    "arrangements": arrangements,
    "surfaces": surfaces,
    "preferences": preferences,
    "shells": shells,
}


def text(name: str) -> str:
    """What a file says, first of all what made it."""
    about = f"Made by tests/vectors/make.py. {(MADE[name].__doc__ or '').strip()}".strip()
    return _in_lines({"about": about, name: MADE[name]()}, breaks=3) + "\n"


def _in_lines(value: Any, breaks: int) -> str:
    """JSON, the outermost lists and objects with a line for each entry."""
    if not breaks or not isinstance(value, (list, dict)) or not value:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        entries = [json.dumps(each, ensure_ascii=False) for each in value]
        return "[\n{}\n]".format(",\n".join(entries))
    pairs = [f"{json.dumps(key)}: {_in_lines(each, breaks - 1)}" for key, each in value.items()]
    return "{{\n{}\n}}".format(",\n".join(pairs))


if __name__ == "__main__":
    for name in MADE:
        (HERE / f"{name}.json").write_text(text(name), encoding="utf-8")
