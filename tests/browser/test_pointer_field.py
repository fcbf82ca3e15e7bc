"""The box on the photo: the receptive field of the very unit under the pointer, by `viz.trace`."""

from __future__ import annotations

import canvases
import lab_page as lab
import numpy as np
from expected import FIELD, box_of, faded, telling_places
from playwright.sync_api import Locator
from scenes import Seen

SMALL_FIELD_PX = 16  # beside a smaller box less is faded


def field_canvas(seen: Seen) -> Locator:
    return seen.page.locator(".field > canvas")


def test_the_box_is_the_receptive_field_of_that_very_unit(seen: Seen) -> None:
    for place in telling_places(seen.drawn):
        seen.hover(place)
        at = place[0]
        photo = seen.pictures[at]
        field, unit = seen.field(at), seen.unit_of(place)
        box = box_of(field, unit[0], unit[1], photo.shape[:2])
        wait_for_photo(seen, photo.shape[:2])
        assert lab.box(seen.page) == box
        seen_by = [field.rows.seen(unit[0]), field.columns.seen(unit[1])]
        whole = [edge for pair in zip(*seen_by, strict=True) for edge in pair] == box
        centre = [f"{(first + last) / 2:g}" for first, last in seen_by]
        assert seen.page.locator(".field > .facts").inner_text() == (
            f"{field.size[0]} × {field.size[1]} px, stride {field.stride[0]} · "
            f"centre row {centre[0]}, column {centre[1]}"
            f"{'' if whole else ' · clipped at the border'}"
        )
        assert_box_on_photo(field_canvas(seen), photo, box)


def wait_for_photo(seen: Seen, size: tuple[int, int]) -> None:
    """Until the photo has this shape: maps side by side have each a photo of its own, which comes late."""
    canvas = field_canvas(seen)

    def drawn() -> bool:
        wide, tall = canvas.evaluate("canvas => [canvas.width, canvas.height]")
        return abs(wide / tall - size[1] / size[0]) < 0.01

    lab.wait_until(seen.page, drawn)


def assert_box_on_photo(canvas: Locator, photo: np.ndarray, box: list[int]) -> None:
    """The photo as it is inside the box, paler outside it, and an orange line between."""
    # a photo of the same shape may still stand in its place
    lab.wait_until(canvas.page, lambda: shows(canvas, photo, box))
    shown, by = canvases.pixels(canvas), canvases.ratio(canvas.page)
    scale = shown.shape[1] / photo.shape[1]
    top, left, bottom, right = box[0], box[1], box[2] + 1, box[3] + 1
    frame = np.array([left, top, right, bottom]) * scale
    short = np.maximum(0, 6 * by - (frame[2:] - frame[:2])) / 2
    frame = np.concatenate([frame[:2] - short, frame[2:] + short])
    for edge in canvases.edges(shown, tuple(frame)):
        assert np.abs(edge - FIELD).max() <= 3
    for edge in canvases.edges(shown, tuple(frame), out=4 * by):
        assert (np.abs(edge - FIELD).max(-1) <= 3).mean() < 0.1


def shows(canvas: Locator, photo: np.ndarray, box: list[int]) -> bool:
    """Whether every pixel of the photo is seen, inside the box as it is; those under its line aside."""
    shown, by = canvases.pixels(canvas), canvases.ratio(canvas.page)
    scale = shown.shape[1] / photo.shape[1]
    top, left, bottom, right = box[0], box[1], box[2] + 1, box[3] + 1
    small = max(right - left, bottom - top) * scale / by < SMALL_FIELD_PX
    expected = faded(photo, small=small)
    expected[top:bottom, left:right] = photo[top:bottom, left:right]
    clear = outside_of_line(box, int(np.ceil(5 * by / scale)), photo.shape[:2])
    return bool((off_photo(shown, expected) <= 4)[clear[places_of(shown, photo)]].all())


def places_of(shown: np.ndarray, photo: np.ndarray) -> tuple[np.ndarray, ...]:
    """The pixels of the photo that a canvas is compared at, to index with."""
    pairs = zip(shown.shape[:2], photo.shape[:2], strict=True)
    return np.ix_(*(sampled(*lengths)[1] for lengths in pairs))


def off_photo(shown: np.ndarray, photo: np.ndarray) -> np.ndarray:
    """How far colours are from the photo's; where pixels are hardly drawn, from one beside."""
    pairs = zip(shown.shape[:2], photo.shape[:2], strict=True)
    colour = shown[np.ix_(*(sampled(*lengths)[0] for lengths in pairs))][..., :3].astype(int)
    there = places_of(shown, photo)
    steps = range(-1, 2) if shown.shape[1] < 1.5 * photo.shape[1] else range(1)
    near = (np.roll(photo, (down, along), (0, 1))[there] for down in steps for along in steps)
    off = [np.abs(colour - 255 * each).max(-1) for each in near]
    return np.min(off, axis=0)


def sampled(drawn: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Places on a canvas, and the pixels that are drawn there; the last place may be a blend."""
    if drawn < length:
        at = np.arange(drawn)
        pixels = ((at + 0.5) * length / drawn).astype(int)
    else:
        pixels = np.arange(length)
        at = ((pixels + 0.5) * drawn / length).astype(int)
    inside = at < drawn - 1
    return at[inside], pixels[inside]


def outside_of_line(box: list[int], line: int, size: tuple[int, int]) -> np.ndarray:
    """Which pixels of the picture do not lie under the four sides of a frame so thick."""
    top, left, bottom, right = box
    clear = np.ones(size, bool)
    clear[max(0, top - line) : bottom + line + 1, max(0, left - line) : right + line + 1] = False
    clear[top + line : max(0, bottom - line + 1), left + line : max(0, right - line + 1)] = True
    return clear
