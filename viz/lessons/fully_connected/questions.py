"""Predictions about fully connected layers as convolutions."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from viz.lessons.answers import choice, worth_asking, yes_or_no
from viz.lessons.fully_connected.published import convolutional as vgg_16
from viz.lessons.fully_connected.published import grid, rows
from viz.lessons.fully_connected.setting import CROP_PX, STRIDE_PX, Setting
from viz.lessons.fully_connected.stages import CHANNELS, MAP
from viz.lessons.fully_connected.twin import Twin, twin, windows
from viz.lessons.question import Number, Question
from viz.lessons.scene import Scene
from viz.numbers import exact, number
from viz.text import text
from viz.trace import cost, layer_rows

SIZES_PX = (480, 320)  # to ask about
TWO_BY_TWO_PX = CROP_PX + STRIDE_PX
REST_PX = CROP_PX + STRIDE_PX - 1  # the largest input with a single score
DOUBLE = 1e-9  # of the largest number: rounding in double precision


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """The questions of a Setting."""
    about = (_scores, _padding, _four, _weights, _rest)
    return worth_asking(scene, (each(scene) for each in about))


def _scores(scene: Scene[Setting]) -> Question:
    px = next(each for each in SIZES_PX if each != scene.setting.input_px)
    network = scene.changed(input_px=px).built.network
    _, down, across = layer_rows(network, tuple(scene.pixels.shape))[-1].output_shape
    sizes = {"px": px, "crop": CROP_PX, "step": STRIDE_PX, "side": down}
    return Question(
        "scores",
        text(
            "The square input becomes {px} px a side. How many scores does each class get then?",
            **sizes,
        ),
        Number(
            down * across,
            "",
            text(
                "{crop} px give one. Every {step} px more give one more row, and one more column.",
                **sizes,
            ),
        ),
        text(
            "({px} − {crop}) / {step} + 1 = {side} rows and as many columns: {right} scores.",
            right=down * across,
            **sizes,
        ),
        {"input_px": px},
    )


def _padding(scene: Scene[Setting]) -> Question | None:
    setting = scene.setting
    alike, places = agreeing(scene, zero_padding=not setting.zero_padding)
    if places == 1 or not scene.input_of("head").any():
        return None
    asks = {
        False: text(
            "A 3×3 with zero padding joins the trunk. Where does one pass give what each crop alone would give?"
        ),
        True: text(
            "The zero padding is taken out of the trunk. Where does one pass give what each crop alone would give?"
        ),
    }
    right = {0: "nowhere", places: "everywhere"}.get(alike, "somewhere")
    counts = {"alike": alike, "places": places}
    reasons = {
        False: (
            text("The border of a crop lies inside the photo."),
            text(
                "At its border a crop alone reads zeros, and one pass what lies beyond. Both agree at {alike} of {places} places.",
                **counts,
            ),
        ),
        True: (
            text("Without padding nothing depends on where a crop ends."),
            text(
                "The maps of a crop depend on its own pixels only. Both agree at {alike} of {places} places.",
                **counts,
            ),
        ),
    }
    instead, why = reasons[setting.zero_padding]
    return Question(
        "padding",
        asks[setting.zero_padding],
        choice(
            right,
            {
                "everywhere": (text("at every place"), instead),
                "somewhere": (text("at some places only"), instead),
                "nowhere": (text("at no place"), instead),
            },
        ),
        why,
        {"zero_padding": not setting.zero_padding},
    )


def agreeing(scene: Scene[Setting], *, zero_padding: bool) -> tuple[int, int]:
    """At how many places the maps of a crop alone are those of one pass, and of how many."""
    both = _precise(scene.changed(zero_padding=zero_padding))
    square = _square(both, scene)
    whole, alone = windows(both.trunk(square)), both.trunk_on_crops(square)
    alike = (whole - alone).abs().amax((0, 1, 2)) <= DOUBLE * whole.abs().max()
    return int(alike.sum()), alike.numel()


def _precise(scene: Scene[Setting]) -> Twin:
    return twin(scene.built).double()


def _square(both: Twin, scene: Scene[Setting]) -> Tensor:
    square: Tensor = both.square(scene.pixels.cpu().double())
    return square


def _four(scene: Scene[Setting]) -> Question:
    both = _precise(scene.changed(input_px=TWO_BY_TWO_PX))
    square = _square(both, scene)
    once, crops = (
        scores.mean((1, 2)) for scores in (both.in_one_pass(square), both.on_crops(square))
    )
    apart = float((once - crops).abs().max())
    right = apart <= DOUBLE * float(crops.abs().max())
    instead = (
        text("The 2 × 2 places of one pass are these crops.")
        if right
        else text("A crop alone has zeros where the larger input has pixels.")
    )
    return Question(
        "four",
        text(
            "The four corner crops of {crop} px of an input of {px} px are averaged. Is that the mean of its map of scores?",
            crop=CROP_PX,
            px=TWO_BY_TWO_PX,
        ),
        yes_or_no(right=right, instead=instead),
        text(
            "{px} px give 2 × 2 scores, one for each crop. Both means differ by {apart}.",
            px=TWO_BY_TWO_PX,
            apart=number(apart),
        ),
        {"input_px": TWO_BY_TWO_PX},
    )


def _weights(scene: Scene[Setting]) -> Question:
    both, maps = twin(scene.built), (CHANNELS, MAP, MAP)
    dense, folded = (cost(each[:2], maps).parameters for each in (both.connected, both.convolved))
    right = "fewer" if folded < dense else "more" if folded > dense else "same"
    return Question(
        "weights",
        text(
            "The fully connected layer on {c} maps of {n}×{n} becomes a {n}×{n} convolution. How many weights has it then?",
            c=CHANNELS,
            n=MAP,
        ),
        choice(
            right,
            {
                "fewer": (
                    text("fewer: a convolution shares them"),
                    text("It shares them between places, but these maps have one place only."),
                ),
                "same": (text("as many as before"), ""),
                "more": (
                    text("more: a kernel for each channel"),
                    text("Every weight of a row already belongs to one channel and one pixel."),
                ),
            },
        ),
        text(
            "{folded}, the same numbers as before. They are only looked at as a block.",
            folded=exact(folded),
        ),
        {"part": "surgery"},
    )


def _rest(scene: Scene[Setting]) -> Question:
    found = rows(vgg_16(), REST_PX)["pool5"].output_shape[1]
    right = grid(REST_PX).output ** 2
    return Question(
        "rest",
        text(
            "VGG-16 was made for {crop} px and reads {px} px now. How many scores does each class get?",
            crop=CROP_PX,
            px=REST_PX,
        ),
        Number(right, "", text("The next score begins with {px} px.", px=TWO_BY_TWO_PX)),
        text(
            "The trunk halves the map five times and rounds down: {px} / 32 is {side}. The 7×7 kernel fits once, and what is left over is not read.",
            px=REST_PX,
            side=found,
        ),
        {"part": "grid", "grid_px": REST_PX},
    )
