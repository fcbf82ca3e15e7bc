"""Whether little non-spatial information is lost: values and covariances, before and after."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from viz import images
from viz.figures.histograms import covariances, histograms
from viz.layers.pointwise import mix_channels
from viz.lessons.blocks import Block, Button, Chart, Columns, Prose, Table, Words
from viz.lessons.lesson import Scene, Section
from viz.lessons.strided.nonspatial_loss import (
    KEPT_WITHIN,
    NonSpatial,
    little_is_lost,
    non_spatial,
)
from viz.lessons.strided.setting import Setting
from viz.numbers import number
from viz.text import text

STRIDES = (2, 4, 8)
MAX_SORTED = 16  # channels whose values are sorted for every photograph; more would take seconds
MAX_DRAWN = 16


def show(scene: Scene[Setting]) -> list[Block]:
    """The verdict on this picture, then on the shipped photographs, then the measurements."""
    mixed, stride = at_every_pixel(scene), scene.setting.stride
    found = {s: non_spatial(mixed, mixed[:, ::s, ::s]) for s in sorted({*STRIDES, stride})}
    sentence = (
        "On this picture, at stride {s}, the statement **holds**."
        if found[stride].kept
        else "On this picture, at stride {s}, the statement **does not hold**."
    )
    return [
        Columns(
            [[Prose(text(sentence, s=stride), "heading")], [_other_picture(scene)]], widths=(3, 1)
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
        *_on_the_photographs(scene),
        *_charts(found[stride], scene.channels("strided").names[:MAX_DRAWN]),
    ]


def at_every_pixel(scene: Scene[Setting]) -> Tensor:
    """The 1×1 without its stride."""
    return mix_channels(scene.input_of("strided"), scene.mixing("strided").matrix)


def held_by_photographs(scene: Scene[Setting]) -> tuple[int, int]:
    """The number of shipped photographs on which little is lost, and the number of all."""
    photographs = images.photographs()
    sized = (images.at_working_size(each, scene.working_size_px).pixels for each in photographs)
    stride = scene.setting.stride
    mixed = (at_every_pixel(scene.on(each.to(scene.pixels.device))) for each in sized)
    held = sum(little_is_lost(maps, maps[:, ::stride, ::stride]) for maps in mixed)
    return held, len(photographs)


def _on_the_photographs(scene: Scene[Setting]) -> list[Block]:
    if scene.channels("strided").size > MAX_SORTED:
        return []
    held, every = held_by_photographs(scene)
    sentence = text(
        "With these layers, at stride {s} and {px} px, it holds on **{n}** of the {all} photographs of this app.",
        s=scene.setting.stride,
        px=scene.working_size_px,
        n=held,
        all=every,
    )
    return [Prose(sentence)]


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
        return Button(text("Back to a photo"), {"picture": "coffee", "unit": ""})
    plain = Setting(stride=2)
    fields = ("stride", "bank", "strided_recipe", "strided_outputs", "strided_edits")
    where = {"picture": "stripes", **{name: getattr(plain, name) for name in fields}, "unit": ""}
    return Button(text("Show where it fails"), where)


def _charts(found: NonSpatial, names: tuple[str, ...]) -> list[Block]:
    words = (text("before"), text("after"))
    n = len(names)
    values = {
        "edges": found.edges[:n],
        "before": found.before[:n],
        "after": found.after[:n],
        "names": names,
        "words": words,
        "share": text("share of values"),
    }
    together = {
        "before": found.covariance_before[:n, :n],
        "after": found.covariance_after[:n, :n],
        "names": names,
        "words": words,
    }
    both = text("Histograms of {n} channels before and after the stride", n=n)
    alt = text("Covariances of {n} channels before and after the stride", n=n)
    return [
        Chart("histograms", histograms, values, both),
        Chart("covariances", covariances, together, alt),
    ]


SECTION = Section(show)
