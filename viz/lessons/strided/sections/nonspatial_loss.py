"""Whether little non-spatial information is lost: values and covariances, before and after."""

from __future__ import annotations

from collections.abc import Mapping

from viz.lessons.blocks import Button, Columns, Prose, Table, Words
from viz.lessons.lesson import Long, Scene, Section
from viz.lessons.strided.nonspatial_loss import (
    KEPT_WITHIN,
    NonSpatial,
    non_spatial,
)
from viz.lessons.strided.sections.distributions import distributions
from viz.lessons.strided.sections.photographs import at_every_pixel, on_the_photographs
from viz.lessons.strided.setting import Setting
from viz.numbers import number
from viz.text import text

STRIDES = (2, 4, 8)


def show(scene: Scene[Setting]) -> Long:
    """The verdict on this picture, then on the shipped photographs, then the measurements."""
    mixed, stride = at_every_pixel(scene), scene.setting.stride
    found: dict[int, NonSpatial] = {}
    for s in sorted({*STRIDES, stride}):
        yield None
        found[s] = non_spatial(mixed, mixed[:, ::s, ::s])
    on_photographs = yield from on_the_photographs(scene)
    sentence = (
        "On this picture, at stride {s}, the statement **holds**."
        if found[stride].kept
        else "On this picture, at stride {s}, the statement **does not hold**."
    )
    return [
        Columns(
            [[Prose(text(sentence, s=stride), "heading")], [_other_picture(scene)]],
            widths=(3, 1),
            align="center",
        ),
        _table(found, stride),
        Prose(
            text(
                "Values: the Wasserstein distance of the worst channel, relative to its range. Covariance: the Frobenius norm of "
                "the change, relative to the norm before. It holds where both are at most {percent} %.",
                percent=number(100 * KEPT_WITHIN),
            ),
            "caption",
        ),
        *on_photographs,
        *distributions(found[stride], scene.channels("strided").names),
    ]


def _table(found: Mapping[int, NonSpatial], stride: int) -> Table:
    head = ["Stride", "Values moved by", "Covariance changed by", "The statement"]
    rows: list[list[Words]] = [
        [
            f"**{s}**" if s == stride else str(s),
            f"{number(100 * float(one.distances.max()))} %",
            f"{number(100 * float(one.covariance_change))} %",
            text("holds") if one.kept else text("does not hold"),
        ]
        for s, one in found.items()
    ]
    return Table([text(name) for name in head], rows, words=0)


def _other_picture(scene: Scene[Setting]) -> Button:
    """A button to a picture on which the claim fails, or back to a photo."""
    if scene.picture == "stripes":
        return Button(text("Back to a photo"), {"picture": "", "unit": ""})
    plain = Setting(stride=2)
    fields = ("stride", "bank", "strided_recipe", "strided_outputs", "strided_edits")
    where = {"picture": "stripes", **{name: getattr(plain, name) for name in fields}, "unit": ""}
    return Button(text("Show where it fails"), where)


SECTION = Section(
    show,
    opening={"strided_recipe": "identity", "strided_outputs": 0},  # every colour by itself
    picture="coffee",
)
