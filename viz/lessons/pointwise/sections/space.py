"""The picture's pixels as points, before and after the matrix."""

from __future__ import annotations

from torch import Tensor

from viz.figures.space import cloud, spans
from viz.layers.pointwise import mix_channels
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose
from viz.lessons.covariance import covariance
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.pointwise.correlation import strongest_correlation
from viz.lessons.pointwise.fold import offered_fold, share_folded
from viz.lessons.pointwise.setting import Setting
from viz.lessons.pointwise.space import Axes, Space, axis_names, space
from viz.numbers import number
from viz.text import Text, text


def show(scene: Scene[Setting]) -> list[Block]:
    """The photo, and its pixels as two clouds."""
    maps, matrix = scene.input_of("pointwise"), scene.mixing("pointwise").matrix
    mixed = mix_channels(maps, matrix)
    moved = share_folded(maps, matrix, mixed)
    found = space(maps, mixed, scene.pixels, scene.setting.rectangle)
    before, after = _clouds(scene, found)
    words = _in_numbers(found.lit, covariance(maps), covariance(mixed), moved)
    columns: list[list[Block]] = [
        [_photo(scene), Prose(words)],
        [before],
        [after, *offered_fold(moved, scene.pixels)],
    ]
    return [Columns(columns, widths=(1, 1.4, 1.4))]


def _photo(scene: Scene[Setting]) -> Panels:
    top, left, bottom, right = (round(1000 * part) for part in scene.setting.rectangle)
    panel = Panel(text("Draw a rectangle"), scene.pixels, kind="colour")
    region = ("region", (top, left, bottom, right))
    return Panels("photo", [panel], height_px=240, columns=1, region=region)


def _in_numbers(lit: Tensor, before: Tensor, after: Tensor, moved: float) -> Text:
    return text(
        "**{lit}** of {n} points are lit. Strongest correlation of two channels: **{before}** before, "
        "**{after}** after. A ReLU changes **{moved} %** of all pixels.",
        lit=int(lit.sum()),
        n=len(lit),
        before=_hundredths(strongest_correlation(before)),
        after=_hundredths(strongest_correlation(after)),
        moved=number(100 * moved),
    )


def _hundredths(correlation: float | None) -> str:
    if correlation is None:
        return "–"
    return f"{correlation:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _clouds(scene: Scene[Setting], found: Space) -> tuple[Chart, Chart]:
    """The clouds; both after the matrix have one box, so that switching the ReLU moves no wall."""
    before, after = (axis_names(scene.channels(stage).names) for stage in ("bank", "pointwise"))
    first = _cloud("before", found, text("Before the matrix"), before, [found.before])
    if not scene.setting.relu:
        clouds = [found.after, found.folded]
        return first, _cloud("after", found, text("After it"), after, clouds)
    title = text("After the matrix and the ReLU")
    return first, _cloud("after", found, title, after, [found.folded, found.after])


def _cloud(key: str, found: Space, title: Text, axes: Axes, clouds: list[Tensor]) -> Chart:
    """The first of the clouds, in a box for all of them."""
    points = {"points": clouds[0], "colours": found.colours, "lit": found.lit, "names": axes}
    box = {"ranges": spans(*(each.numpy(force=True) for each in clouds)), "height": 420}
    where = text(
        "{n} pixels as points in the space of {names}", n=len(found.lit), names=", ".join(axes)
    )
    return Chart(key, cloud, {**points, **box, "title": title}, where)


SAUCER = "600.120.930.420"  # of the opening picture: one colour, so one part of the cloud
SECTION = Section(show, always("relu"), opening={"region": SAUCER, "pointwise_recipe": "opponent"})
