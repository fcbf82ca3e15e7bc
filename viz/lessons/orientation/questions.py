"""Predictions about oriented filters and what pools them."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from viz.layers.gabor import GaborParameters
from viz.lessons.agreement import correlation
from viz.lessons.answers import choice, inside_and_outside, where_largest, worth_asking
from viz.lessons.orientation.cells import cell, drifted
from viz.lessons.orientation.polarity import FLAT
from viz.lessons.orientation.predicted import ROUNDING, compared, half_width, halfway, rhythm
from viz.lessons.orientation.setting import Setting
from viz.lessons.question import Number, Question
from viz.lessons.scene import Scene
from viz.numbers import number
from viz.text import text
from viz.trace import receptive_field

LARGE_PX, SMALL_PX = 31, 21  # kernels to ask about
MOST_ORIENTATIONS, WIDEST_PX = 16, 12.0  # of the sliders
CLEAR_DEGREES = 1.0
PAIR = {"phases": 2, "rectifier": "square", "pooling": "phases"}


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """The questions of a Setting."""
    drifting = drifted(scene.setting.gabor, at=0)
    made = [
        _steadiest(drifting, scene.setting),
        _squared(drifting),
        _envelope(scene.setting.gabor),
        _field(scene),
    ]
    maps = scene.output_of("bank")
    if float(maps.abs().max()) > FLAT:
        made += [_negative(scene, maps), _linear(scene), _between(scene)]
    return worth_asking(scene, made)


def _negative(scene: Scene[Setting], maps: Tensor) -> Question | None:
    setting = scene.setting
    rectifier = "relu" if setting.rectifier == "square" else "square"
    then = scene.changed(rectifier=rectifier)
    if not then.built.network[1:].to(maps.device)(maps).any():
        return None
    after = then.built.network[1:].to(maps.device)
    of_photo, of_negative = after(maps), after(-maps)  # every filter changes its sign
    r = correlation(of_photo, of_negative)
    asks = {
        "relu": text(
            "A ReLU takes the place of the square, and the photo becomes its negative. What becomes of the last maps?"
        ),
        "square": text(
            "The filters’ answers are squared, and the photo becomes its negative. What becomes of the last maps?"
        ),
    }
    reasons = {
        "relu": (
            text("To see both signs, each phase needs its opposite, as four phases have."),
            text(
                "Every answer changes its sign, and a ReLU keeps one sign only: the maps have a correlation of {r}.",
                r=number(r, 2),
            ),
        ),
        "square": (
            text("The filters’ answers change nothing but their sign."),
            text(
                "A square does not see the sign: the maps have a correlation of {r}.",
                r=number(r, 2),
            ),
        ),
    }
    instead, why = reasons[rectifier]
    return Question(
        "negative",
        asks[rectifier],
        choice(
            compared(of_photo, of_negative),
            {
                "same": (text("the same maps"), instead),
                "sign": (text("the same with the other sign"), instead),
                "other": (text("other maps"), instead),
            },
        ),
        why,
        {"rectifier": rectifier},
    )


def _steadiest(drifting: Tensor, setting: Setting) -> Question | None:
    depths = {name: cell(name, drifting).modulation_depth for name in ("two", "four", "energy")}
    if not depths["energy"] < min(depths["two"], depths["four"]):
        return None
    swings = {name: round(100 * depth) for name, depth in depths.items()}

    return Question(
        "steadiest",
        text("Bars drift past one orientation’s filters. Which unit answers most steadily?"),
        choice(
            "energy",
            {
                "two": (
                    text("the max of two phases, after a ReLU"),
                    text("Where both are negative, nothing is left."),
                ),
                "energy": (text("the mean of the squares of two phases"), ""),
                "four": (
                    text("the max of four phases, after a ReLU"),
                    text("Half way between two phases even the largest is smaller."),
                ),
            },
        ),
        text(
            "cos² + sin² is constant: it swings by {energy} %. The max of four: {four} %, of two: {two} %.",
            **swings,
        ),
        PAIR if any(getattr(setting, name) != value for name, value in PAIR.items()) else {},
    )


def _squared(drifting: Tensor) -> Question | None:
    found = cell("squared", drifting)
    if rhythm(found) != "twice":
        return None
    return Question(
        "squared",
        text(
            "Bars drift past one single filter whose answer is squared. How often does it rise while they move by one wavelength?"
        ),
        choice(
            "twice",
            {
                "steady": (
                    text("never: it is steady"),
                    text("That needs the second filter of the pair: sin² fills the gaps of cos²."),
                ),
                "once": (
                    text("once"),
                    text("Once is what a ReLU does. A square also answers to the dark bar."),
                ),
                "twice": (text("twice"), ""),
            },
        ),
        text(
            "cos² rises twice and falls to nothing between, so it swings by {n} %. F1/F0 is {f} all the same: it only sees what rises once.",
            n=round(100 * found.modulation_depth),
            f=number(round(found.f1_f0, 2)),
        ),
        {**PAIR, "phases": 1},
    )


def _linear(scene: Scene[Setting]) -> Question | None:
    setting = scene.setting
    if setting.rectifier == "none" or setting.pooling == "max" or setting.pooling_edits:
        return None
    then = scene.changed(rectifier="none")
    size = float(then.output_of("pooling").abs().max())
    right = (
        "nothing" if size <= ROUNDING * float(then.input_of("pooling").abs().max()) else "filters"
    )
    return Question(
        "linear",
        text("The rectifier is taken away. What do the filters and the 1×1 after them become?"),
        choice(
            right,
            {
                "complex": (
                    text("complex cells all the same"),
                    text(
                        "A complex cell answers to bright and dark bars alike. Nothing linear does."
                    ),
                ),
                "filters": (
                    text("other linear filters"),
                    text("Each phase has its opposite here, and their sum is zero."),
                ),
                "nothing": (
                    text("nothing: the maps are zero"),
                    text("That needs the opposite of every filter, and here not all are there."),
                ),
            },
        ),
        text(
            "Sums of sums are sums: both are one layer, whose largest answer here is {n}.",
            n=number(size),
        ),
        {"rectifier": "none"},
    )


def _between(scene: Scene[Setting]) -> Question | None:
    """Where an orientation half way between two of the bank is strongest."""
    setting = scene.setting
    twice = 2 * setting.orientations
    if twice > MOST_ORIENTATIONS:
        return None
    strength = halfway(scene.pixels, setting.gabor)
    answer = where_largest(strength, text("There bars of this orientation are weaker."))
    if answer is None:
        return None
    there, elsewhere = inside_and_outside(strength, answer)
    return Question(
        "between",
        text(
            "A filter for bars at {angle}° joins (from horizontal, counter-clockwise). Where does it answer most?",
            angle=f"{180 / twice:g}",
        ),
        answer,
        text(
            "In the marked places its squares are {there} on average, elsewhere {elsewhere}.",
            there=number(there, 2),
            elsewhere=number(elsewhere, 2),
        ),
        {"orientations": twice, "rectifier": "square", "pooling": "phases"},
    )


def _envelope(gabor: GaborParameters) -> Question | None:
    before_px = gabor.sigma_px
    after_px = 2 * before_px if 2 * before_px <= WIDEST_PX else round(before_px) / 2
    then = gabor._replace(sigma_px=after_px)
    before, after = (half_width(each) for each in (gabor, then))
    if not abs(after - before) >= CLEAR_DEGREES:
        return None
    instead = text(
        "The wider the envelope, the more bars it compares, and the better it knows their direction."
    )
    return Question(
        "envelope",
        text(
            "The envelope of the filters changes from {before} to {after} px. What becomes of their tuning to orientation?",
            before=number(before_px),
            after=number(after_px),
        ),
        choice(
            "narrower" if after < before else "broader",
            {
                "broader": (text("it is broader"), instead),
                "same": (text("it stays"), instead),
                "narrower": (text("it is narrower"), instead),
            },
        ),
        text(
            "The half-width goes from {before}° to {after}°. What knows the direction better knows the place worse.",
            before=number(before),
            after=number(after),
        ),
        {"sigma_px": after_px},
    )


def _field(scene: Scene[Setting]) -> Question:
    px = LARGE_PX if scene.setting.size_px != LARGE_PX else SMALL_PX
    right = receptive_field(
        scene.changed(size_px=px).built.network, tuple(scene.pixels.shape)
    ).size[1]
    return Question(
        "field",
        text(
            "The kernels become {px} × {px}; rectifier and pooling follow. How wide is the receptive field of a complex cell then?",
            px=px,
        ),
        Number(right, "px", text("Neither a rectifier nor a 1×1 looks sideways.")),
        text("The filters are {px} px wide, and what follows reads one place of each map.", px=px),
        {"size_px": px},
    )
