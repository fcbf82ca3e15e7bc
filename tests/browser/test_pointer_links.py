"""A kernel, the maps that it feeds and the field on the photo mark one another under the pointer."""

from __future__ import annotations

from typing import cast

import canvases
import lab_page as lab
import numpy as np
import pytest
from canvases import hover
from expected import FIELD
from playwright.sync_api import Locator
from scenes import Seen

from viz.feeds import feeding
from viz.lessons.cross_channel_pooling.setting import Setting as Pooling

OUTLINE = 2  # CSS px from the edge of a tile to the middle of its frame


def only(*scenes: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("seen", scenes, indirect=True)


def kernels(seen: Seen) -> Locator:
    return seen.page.locator(".filters .stack canvas").first


def overlay(seen: Seen) -> Locator:
    return seen.page.locator(".filters .stack canvas").last


def tiles(canvas: Locator) -> list[list[int]]:
    return canvas.evaluate("canvas => JSON.parse(canvas.dataset.tiles)")


def marked(element: Locator, name: str = "outlined") -> list[int]:
    return sorted(map(int, (element.get_attribute(f"data-{name}") or "").split()))


def point_at_kernel(seen: Seen, kernel: int) -> None:
    _, left, top, wide, tall = tiles(kernels(seen))[kernel]
    hover(overlay(seen), left + wide / 2, top + tall / 2)


def outlined(seen: Seen, canvas: Locator, on: Locator) -> list[int]:
    """The tiles with an orange frame along their edges, by the pixels of the overlay."""
    shown, off = canvases.pixels(on), OUTLINE * canvases.ratio(seen.page)
    found = []
    for at, left, top, wide, tall in tiles(canvas):
        box = (left + off, top + off, left + wide - off, top + tall - off)
        edges = np.concatenate(canvases.edges(shown, box))
        if (np.abs(edges - FIELD).max(1) <= 40).mean() > 0.9:
            found.append(at)
    return found


@only("averaged")
def test_a_kernel_and_its_map_mark_each_other(seen: Seen) -> None:
    for at in (0, 5):
        point_at_kernel(seen, at)
        assert outlined(seen, lab.maps(seen.page), lab.pointer(seen.page)) == [at]
        assert outlined(seen, kernels(seen), overlay(seen)) == [at]
        seen.hover((at, 1, 1))
        assert outlined(seen, kernels(seen), overlay(seen)) == [at]
        assert marked(lab.pointer(seen.page)) == []


@only("averaged")
def test_marks_are_gone_when_the_pointer_leaves(seen: Seen) -> None:
    point_at_kernel(seen, 3)
    seen.page.mouse.move(0, 0)
    assert outlined(seen, lab.maps(seen.page), lab.pointer(seen.page)) == []
    assert outlined(seen, kernels(seen), overlay(seen)) == []


@only("averaged")
def test_keys_step_through_the_kernels(seen: Seen) -> None:
    seen.page.mouse.move(0, 0)
    for key, at in [("ArrowRight", 0), ("ArrowRight", 1), ("ArrowLeft", 0)]:
        overlay(seen).press(key)
        assert marked(overlay(seen)) == marked(lab.pointer(seen.page)) == [at]
        assert seen.names[at] in seen.page.locator(".reading").inner_text()
    overlay(seen).press("Escape")
    assert marked(overlay(seen)) == []


@only("strided")
def test_a_map_of_a_mixture_marks_its_row_and_all_that_feeds_it(seen: Seen) -> None:
    strength = feeding(seen.upto("strided"))
    assert strength is not None
    marks = seen.page.locator(".matrix-box .marks")
    for at in (0, len(seen.maps) - 1):
        seen.hover((at, 1, 1))
        assert marked(overlay(seen)) == np.flatnonzero(strength[at]).tolist()
        assert marked(marks, "rows") == [at]
    point_at_kernel(seen, 2)
    assert marked(lab.pointer(seen.page)) == np.flatnonzero(strength[:, 2]).tolist()


@only("pooled")
def test_a_bar_marks_the_map_of_its_group(seen: Seen) -> None:
    bars, size = seen.page.locator("canvas[data-kept]"), cast(Pooling, seen.scene.setting).group
    groups = len(seen.maps)
    shown = canvases.pixels(bars)
    for group, along in [(0, 3), (groups - 1, size - 1)]:
        hover(bars, (along + 0.5) * shown.shape[1] / size, (group + 0.5) * len(shown) / groups)
        assert marked(bars, "inputs") == [group * size + along]
        assert outlined(seen, lab.maps(seen.page), lab.pointer(seen.page)) == [group]
    seen.hover((1, 1, 1))
    assert (marked(bars, "groups"), marked(bars, "inputs")) == ([1], [])


@only("averaged", "strided", "pooled")
def test_the_photo_marks_the_unit_that_looks_there(seen: Seen) -> None:
    photo, field = seen.page.locator(".field > canvas"), seen.field()
    height, width = seen.pictures[0].shape[:2]
    shown = canvases.pixels(photo)
    for row, column in [(height // 2, width // 3), (0.4 * height, 0.7 * width)]:
        hover(photo, column * shown.shape[1] / width, row * shown.shape[0] / height)
        top, left, bottom, right = lab.box(seen.page)
        near = np.array(field.stride) * (seen.mean_of + 1) / 2 + 1
        middle = np.array([top + bottom, left + right]) / 2
        assert (np.abs(middle - [row, column]) <= near).all()
        assert "row" in seen.page.locator(".reading").inner_text()
