"""The pictures at hand, and the places in them, that drive one channel most."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from viz import images
from viz.images import Picture
from viz.lessons.blocks import Block, Panel, Panels, Prose, Words
from viz.lessons.framing import FIELD, SECOND, Box, cut, framed
from viz.lessons.opening import Suggestion
from viz.lessons.scene import Scene
from viz.lessons.section import Long, Section
from viz.lessons.trained.driving import Driven, Driver, at_size, driven
from viz.lessons.trained.effective import Seen, box_of, seen
from viz.lessons.trained.running import Slices, followed
from viz.lessons.trained.setting import Setting
from viz.lessons.trained.subject import Subject, no_network, subject
from viz.numbers import number
from viz.progress import Progress
from viz.text import Text, text
from viz.trace import receptive_field

SIZE_PX = 224
PLACES, OF_EACH = 8, 2  # that are shown, in all and of one picture
LEAST_PX = 9  # of a patch
EVERY_PICTURE = 0.9  # of the progress


def show(scene: Scene[Setting]) -> Long:
    """The strongest place, then the patches at the next ones."""
    of = subject(scene)
    if of is None:
        return no_network()
    pictures = at_hand(scene)
    pixels = at_size(pictures, SIZE_PX)
    said = text("The channel on {n} pictures", n=len(pictures))
    inputs = [of.seen(each.to(scene.pixels.device)) for each in pixels]
    found = yield from followed(
        driven(of.runner, of.leaves, of.channel, inputs, PLACES, OF_EACH),
        lambda done: None if done is None else Progress(EVERY_PICTURE * done, said),
    )
    first = found.drivers[0]
    before_relu = of.upto(of.trained.nodes[of.piece.main])
    sees = yield from _counted(of, before_relu, inputs[first.picture], first)
    return _blocks(of, pictures, pixels, found, sees)


def at_hand(scene: Scene[Setting]) -> list[Picture]:
    """The shipped pictures, and the visitor's own if one is in focus."""
    shipped = list(images.samples())
    own = images.find(scene.picture)
    return shipped if own is None or own.slug else [*shipped, own]


def _counted(of: Subject, part: nn.Module, x: Tensor, at: Driver) -> Slices[Seen | None]:
    """How much each pixel counts for the strongest place; None if the layer has a single place."""
    if of.piece.steps[-1].maps.flat:
        return None
    return (yield from followed(seen(part, x, (at.row, at.column), 1, of.channel), lambda _: None))


def _blocks(
    of: Subject,
    pictures: Sequence[Picture],
    pixels: Sequence[Tensor],
    found: Driven,
    sees: Seen | None,
) -> list[Block]:
    first = found.drivers[0]
    name = _called(pictures[first.picture])
    heading = text(
        "Of {n} pictures, “{picture}” drives channel {channel} of {layer} most: **{value}**",
        n=len(pictures),
        picture=name,
        channel=of.channel + 1,
        layer=of.layer_name,
        value=number(first.value),
    )
    if sees is None:
        return [
            Prose(heading, "heading"),
            Prose(_of_all(), "caption"),
            _wholes(pictures, pixels, found),
        ]
    side = max(LEAST_PX, sees.side_px)
    return [
        Prose(heading, "heading"),
        _strongest(pixels[first.picture], found, sees, name),
        Prose(_patches_in_words(side, sees)),
        _patches(of, pictures, pixels, found, side),
    ]


def _strongest(pixels: Tensor, found: Driven, sees: Seen, name: Words) -> Panels:
    first = found.drivers[0]
    outlines = [(sees.box, FIELD), (sees.box.inner(sees.side_px), SECOND)]
    _, height, width = pixels.shape
    photo = Panel(
        text("{picture}: what the strongest unit sees", picture=name),
        framed(pixels, outlines, [sees.box], Box(0, 0, height, width)),
        kind="colour",
        note=text("orange: its field, {px} px; blue: 95 % of what counts", px=len(sees.energy)),
    )
    values = found.maps[first.picture]
    channel = Panel(
        text("The channel on this picture"),
        values[None],
        note=text("strongest in row {row}, column {column}", row=first.row, column=first.column),
        over=pixels,
    )
    return Panels("strongest", [photo, channel], height_px=400, columns=2)


def _patches_in_words(side: int, sees: Seen) -> Text:
    return text(
        "The strongest places of all pictures, cut to **{side} × {side} px**: the square that holds 95 % of the squared gradient of the strongest unit. "
        "Striped: beyond the picture. What do they have in common? Click another map above for another channel.",
        side=side,
    )


def _patches(
    of: Subject,
    pictures: Sequence[Picture],
    pixels: Sequence[Tensor],
    found: Driven,
    side: int,
) -> Panels:
    part = of.upto(of.leaves)
    panels = []
    for each in found.drivers:
        shown = pixels[each.picture]
        shape = of.seen(shown).shape
        field = receptive_field(part, (shape[0], shape[1], shape[2]))
        patch = cut(shown, box_of(field, (each.row, each.column)).inner(side))
        note = number(each.value)
        panels.append(Panel(_called(pictures[each.picture]), patch, kind="colour", note=note))
    return Panels("patches", panels, height_px=280, columns=4, narrowest_px=130)


def _called(picture: Picture) -> Words:
    """The title of a shipped picture, which is translated, or the name of a file."""
    return Text(picture.name) if picture.slug else picture.name


def _of_all() -> Text:
    return text("A unit of this layer sees the whole picture, so there are no places to cut out.")


def _wholes(pictures: Sequence[Picture], pixels: Sequence[Tensor], found: Driven) -> Panels:
    panels = [
        Panel(
            _called(pictures[each.picture]),
            pixels[each.picture],
            kind="colour",
            note=number(each.value),
        )
        for each in found.drivers
    ]
    return Panels("patches", panels, height_px=280, columns=4, narrowest_px=130)


SECTION = Section(
    show,
    opening={"layer": 40, "first": 47},
    views=(
        Suggestion("Block 10", {"layer": 34, "first": 77}),
        Suggestion("Block 5", {"layer": 19, "first": 35}),
        Suggestion("The first 1×1", {"layer": 4, "first": 1}),
    ),
)
