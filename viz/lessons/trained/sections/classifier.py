"""The classifier at every place of a larger photo in one pass, and the same photo crop by crop."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from viz import images
from viz.figures.curves import curves
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.opening import Suggestion
from viz.lessons.scene import Scene
from viz.lessons.section import Blocks, Long, Section, always
from viz.lessons.trained.dense import (
    Cropped,
    Dense,
    Surrounded,
    Window,
    cropped,
    dense,
    surrounded,
    window,
)
from viz.lessons.trained.head import classifier
from viz.lessons.trained.running import followed
from viz.lessons.trained.setting import Setting
from viz.lessons.trained.subject import Subject, no_network, subject
from viz.numbers import number
from viz.progress import Progress
from viz.text import Text, text

NAMED, MAPPED = 6, 3  # classes with a colour of their own, and with a map of their own
CLEAR = 0.1  # probability that a named class reaches somewhere
BY_CROPS = 0.9  # of the progress


def show(scene: Scene[Setting]) -> Long:
    """The map of classes at once, then the crops."""
    of = subject(scene)
    if of is None:
        return no_network()
    end = classifier(of.runner)
    if end is None:
        return [Prose(_no_classifier())]
    size = window(of.trained.network, of.trained.entry.input_shape)
    photo = _photo(scene, size)
    if not photo.numel():
        return [Prose(_too_small(size))]
    x = of.seen(photo)
    found = yield from dense(of.runner, end, x)
    blocks: Blocks = _in_one_pass(of, photo, found)
    if size.crops((found.scores.shape[1], found.scores.shape[2])) == (0, 0):
        return [*blocks, Prose(_no_crop(size), "caption")]
    said = text("Crop by crop")
    crops = yield from followed(
        cropped(of.runner, end, x, size, found),
        lambda done: None if done is None else Progress(BY_CROPS * done, said, blocks),
    )
    around = yield from surrounded(of.runner, end, x, size, found)
    return [*blocks, *_raced(found, crops, size), *_why(crops, around)]


def _photo(scene: Scene[Setting], size: Window) -> Tensor:
    """The picture at the size of this section, cut to whole places around its middle."""
    picture = images.find(scene.picture)
    pixels = scene.pixels
    if picture is not None:
        pixels = images.at_working_size(picture, scene.setting.photo_px).pixels.to(pixels)
    height, width = size.whole((pixels.shape[1], pixels.shape[2]))
    top, left = (pixels.shape[1] - height) // 2, (pixels.shape[2] - width) // 2
    return pixels[:, top : top + height, left : left + width]


def _in_one_pass(of: Subject, photo: Tensor, found: Dense) -> list[Block]:
    """The most probable class at every place, over the photo, and the classes in a list."""
    probable = found.scores.softmax(0)
    _, rows, columns = probable.shape
    best = probable.argmax(0)
    named = _named(best, probable)
    names = [of.class_name(each) for each in named]
    labels = torch.full_like(best, len(named))
    for label, each in enumerate(named):
        labels[best == each] = label
    several: list[Words] = [*names, text("none above")]
    said = text(
        "One pass over {width} × {height} px gives **{n}** answers: a softmax over {classes} classes at each of {columns} × {rows} places",
        width=photo.shape[2],
        height=photo.shape[1],
        classes=len(probable),
        n=rows * columns,
        columns=columns,
        rows=rows,
    )
    map_of_classes = Panel(
        text("Most probable class at every place"),
        labels.float()[None],
        kind="class",
        classes=several,
        over=photo,
    )
    left: list[Block] = [Panels("map_of_classes", [map_of_classes], height_px=520, columns=1)]
    right: list[Block] = [_listed(named, names, best, probable, found), Prose(_averaged(found))]
    clearest = sorted(named, key=lambda each: -float(probable[each].max()))[:MAPPED]
    maps = [_probability(of.class_name(each), probable[each], photo) for each in clearest]
    return [
        Prose(said, "heading"),
        Columns([left, right], widths=(3, 2)),
        Panels("probabilities", maps, height_px=400, columns=MAPPED, narrowest_px=160),
    ]


def _named(best: Tensor, probable: Tensor) -> list[int]:
    """The classes that are most probable at most places, without those that never are probable."""
    classes, cells = best.unique(return_counts=True)
    order = classes[cells.argsort(descending=True, stable=True)]
    clear = probable[order].flatten(1).amax(1) >= CLEAR
    found: list[int] = (order[clear] if bool(clear.any()) else order)[:NAMED].tolist()
    return found


def _probability(name: str, values: Tensor, photo: Tensor) -> Panel:
    note = text("probability, at most {most} %", most=number(100 * float(values.max())))
    return Panel(name, values[None], note=note, over=photo, scale="probability")


def _listed(
    named: Sequence[int], names: Sequence[str], best: Tensor, probable: Tensor, found: Dense
) -> Table:
    whole = found.logits.softmax(0)
    rows: list[list[Words]] = [
        [
            name,
            str(int((best == each).sum())),
            f"{number(100 * float(probable[each].max()))}\u00a0%",
            f"{number(100 * float(whole[each]), 2)}\u00a0%",
        ]
        for name, each in zip(names, named, strict=True)
    ]
    head = ["Class", "Places", "Best place", "Whole photo"]
    return Table([text(name) for name in head], rows)


def _averaged(found: Dense) -> Text:
    return text(
        "**The mean of the map is the network’s own answer**: averaged over all places, the {n} numbers before the softmax "
        "differ from the network’s by at most **{apart}**.",
        n=len(found.logits),
        apart=number(found.apart, 2),
    )


def _raced(found: Dense, crops: Cropped, size: Window) -> list[Block]:
    count = len(crops.logits)
    said = text(
        "**{times} times** as fast as crop by crop: one pass takes {one} ms, {count} crops of {height} × {width} px, {stride} px apart, "
        "take {all} ms",
        times=number(crops.ms / found.ms, 2),
        one=f"{found.ms:.0f}",
        count=count,
        height=size.side_px[0],
        width=size.side_px[1],
        stride=size.stride_px[0],
        all=f"{crops.ms:.0f}",
    )
    return [Prose(said, "heading")]


def _why(crops: Cropped, around: Surrounded) -> list[Block]:
    said = text(
        "A crop alone gives **other numbers** than its window of the one pass: they differ by {apart} in the mean. The most probable class is "
        "the same for **{same} of {all}** crops.",
        apart=number(crops.apart, 2),
        same=crops.same_answer,
        all=len(crops.logits),
    )
    where = Panel(
        text("Where in a crop they differ"),
        crops.at_places[None],
        note=text("mean difference at each place of a crop, over all classes and crops"),
    )
    return [
        Prose(said),
        Columns(
            [
                [Panels("where_apart", [where], height_px=400, columns=1)],
                [_margins(around), Prose(_reason(around), "caption")],
            ],
            widths=(2, 3),
        ),
    ]


def _margins(around: Surrounded) -> Chart:
    name = text("difference")
    arguments = {
        "x": list(around.margins_px),
        "lines": {name: list(around.apart)},
        "thick": (name,),
        "x_title": text("px of the photo kept around the crop"),
        "y_title": text("mean difference"),
    }
    alt = text(
        "The difference falls from {first} to {last} as more of the photo is kept around the crop",
        first=number(around.apart[0], 2),
        last=number(around.apart[-1], 2),
    )
    return Chart("margins", curves, arguments, alt)


def _reason(around: Surrounded) -> Text:
    return text(
        "Every 3×3 and 5×5 pads its maps with zeros. A crop alone has them at its own border, where the one pass has the photo. Here the crop in the "
        "middle keeps ever more of the photo around it: the difference falls from {first} to {last}.",
        first=number(around.apart[0], 2),
        last=number(around.apart[-1], 2),
    )


def _no_classifier() -> Text:
    return text(
        "This network does not end in the mean of its maps and a linear layer, so its classifier cannot stand at every place. Choose another network."
    )


def _too_small(size: Window) -> Text:
    return text(
        "This picture is too small: one place of the map takes {height} × {width} px. Choose a larger picture.",
        height=size.stride_px[0],
        width=size.stride_px[1],
    )


def _no_crop(size: Window) -> Text:
    return text(
        "This picture is smaller than a crop of {height} × {width} px, so there is no crop to compare with. Choose a larger one.",
        height=size.side_px[0],
        width=size.side_px[1],
    )


SECTION = Section(
    show,
    always("photo_px"),
    is_cached=False,  # times are measured again
    picture="astronaut",
    views=(
        Suggestion("Cup of coffee", {"picture": "coffee"}),
        Suggestion("Photographer", {"picture": "camera"}),
        Suggestion("Rocket launch", {"picture": "rocket"}),
    ),
)
