"""The shipped pictures: free photographs, and drawings about which something is known exactly."""

from __future__ import annotations

import hashlib
import inspect
import math
import re
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from viz.images import (
    at_working_size,
    dead_leaves,
    decode,
    find,
    grating,
    mosaic,
    samples,
    siemens_star,
    stripes,
    thumbnail,
    zone_plate,
)
from viz.images.shipped import FOLDER

DRAWN = [zone_plate, grating, siemens_star, dead_leaves, stripes, mosaic]
FILES = sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".md")
SOURCES = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")


# --- the collection -------------------------------------------------------------------------------


def test_photographs_come_first_then_drawings() -> None:
    drawn = [picture.draw is not None for picture in samples()]
    assert drawn == sorted(drawn)
    assert drawn.count(False) >= 6
    assert drawn.count(True) >= 5
    assert samples() == samples()  # the same objects: a Picture is equal only to itself


def test_every_picture_is_ready_for_the_layers() -> None:
    for picture in samples():
        assert picture.pixels.dtype == torch.float32
        assert picture.pixels.is_contiguous()
        assert picture.pixels.shape[0] == 3
        assert 0 <= picture.pixels.min() < picture.pixels.max() <= 1
        assert max(picture.pixels.shape) <= 1024


def test_slugs_fit_into_an_address_and_find_their_picture() -> None:
    slugs = [picture.slug for picture in samples()]
    assert len(set(slugs)) == len(slugs)
    for picture in samples():
        assert re.fullmatch("[a-z_]+", picture.slug)
        assert picture.key == picture.slug
        assert find(picture.key) is picture


def test_the_first_picture_is_a_colour_photograph_with_strong_edges() -> None:
    first = samples()[0]
    red, green, blue = first.pixels
    assert first.draw is None
    assert (red - blue).abs().mean() > 0.1
    assert (green[:, 1:] - green[:, :-1]).abs().max() > 0.5


def test_photographs_are_their_files() -> None:
    for picture, path in [(p, FOLDER / f) for p in samples() for f in FILES if p.slug in f]:
        data = path.read_bytes()
        assert picture.digest == hashlib.sha256(data).hexdigest()
        assert torch.equal(picture.pixels, decode(data).pixels)
        assert picture.name != picture.slug


def test_drawings_are_drawn_anew_at_every_working_size() -> None:
    for picture, draw in zip(samples()[-len(DRAWN) :], DRAWN, strict=True):
        assert picture.slug == draw.__name__
        assert picture.digest == hashlib.sha256(picture.slug.encode()).hexdigest()
        for size_px in (40, 200):
            small = at_working_size(picture, size_px)
            assert torch.equal(small.pixels, draw(size_px))
            assert small.key == picture.key
            assert at_working_size(picture, size_px).pixels is small.pixels  # kept, not drawn twice


def test_every_picture_has_a_small_thumbnail() -> None:
    for picture in samples():
        least = 60 if picture.slug == "stripes" else 500  # every row of them is the same
        assert least < len(thumbnail(picture, 96)) < 40_000


def test_every_file_has_its_source_and_every_source_its_file() -> None:
    assert sorted(re.findall(r"^\| `(.+?)`", SOURCES, re.MULTILINE)) == FILES
    for row in re.findall(r"^\| `.*$", SOURCES, re.MULTILINE):
        what, source, author, licence, changed = re.split(r" *\| *", row)[2:-1]
        assert what
        assert "skimage.data" in source
        assert author
        assert licence in {"CC0", "public domain"}
        assert changed.startswith("no") or "re-encoded" in changed


def test_sizes_in_sources_are_those_of_the_files() -> None:
    for file, size in re.findall(r"^\| `(.+?)` \|.*?(\d+×\d+)", SOURCES, re.MULTILINE):
        with Image.open(FOLDER / file) as image:
            assert size == f"{image.width}×{image.height}"


def test_the_collection_stays_small() -> None:
    assert sum((FOLDER / file).stat().st_size for file in FILES) < 2_000_000


# --- every drawing --------------------------------------------------------------------------------


@pytest.mark.parametrize("draw", DRAWN)
@pytest.mark.parametrize("size_px", [1, 2, 64, 65])
def test_shape_and_range(draw: Any, size_px: int) -> None:
    pixels = draw(size_px)
    assert pixels.shape == (3, size_px, size_px)
    assert pixels.dtype == torch.float32
    assert pixels.is_contiguous()
    assert 0 <= pixels.min() <= pixels.max() <= 1


@pytest.mark.parametrize("draw", DRAWN)
def test_its_text_stands_alone(draw: Any) -> None:
    names = {"torch": torch, "math": math}
    exec(inspect.getsource(draw), names)
    assert torch.equal(names[draw.__name__](48), draw(48))


@pytest.mark.parametrize("draw", [zone_plate, grating, siemens_star, stripes])
def test_grey_has_three_equal_channels(draw: Any) -> None:
    red, green, blue = draw(48)
    assert torch.equal(red, green)
    assert torch.equal(red, blue)


def local_frequency(grey: np.ndarray, row: int, column: int) -> tuple[float, float]:
    """Cycles/px along columns and rows around a pixel: the peak of a windowed spectrum."""
    reach = np.arange(-20, 21)
    window = np.exp(-(reach**2) / 128)
    patch = grey[row - 20 : row + 21, column - 20 : column + 21] - 0.5
    spectrum = np.abs(np.fft.rfft2(patch * window * window[:, None], (512, 512)).T)  # columns first
    along, down = np.unravel_index(spectrum.argmax(), spectrum.shape)
    return along / 512, (down if down < 256 else down - 512) / 512


# --- zone plate -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("x", "y"), [(60, 0), (0.5, 90), (120, 120), (200, -150), (90, 180)])
def test_zone_plate_has_the_frequency_it_promises(x: float, y: float) -> None:
    size_px = 512
    row, column = round(255.5 + y), round(255.5 + x)
    grey = zone_plate(size_px)[0].numpy()
    expected = ((column - 255.5) / size_px, (row - 255.5) / size_px)
    assert local_frequency(grey, row, column) == pytest.approx(expected, abs=0.004)


def test_zone_plate_reaches_the_finest_frequency_at_the_edge() -> None:
    # half a pixel before the edge of 400 px the frequency is 0.499: it alternates, nearly
    line = zone_plate(400)[0, 200, -6:].numpy() - 0.5
    assert (line[1:] * line[:-1] < 0).all()


@pytest.mark.parametrize("size_px", [64, 65])
def test_zone_plate_is_centred(size_px: int) -> None:
    rings = zone_plate(size_px)
    assert torch.equal(rings, rings.flip(1))
    assert torch.equal(rings, rings.transpose(1, 2))


def test_zone_plate_by_hand() -> None:
    # size 3: distances −1, 0, 1, so cos(π/3) = 1/2 beside the centre and cos(2π/3) = −1/2 across
    expected = [[0.25, 0.75, 0.25], [0.75, 1, 0.75], [0.25, 0.75, 0.25]]
    assert zone_plate(3)[1].tolist() == [pytest.approx(row) for row in expected]


# --- grating --------------------------------------------------------------------------------------


def test_grating_has_its_wavelength_and_orientation() -> None:
    across = 1 / 8 / math.sqrt(2)  # both ways alike: it grows to the right and downwards
    assert local_frequency(grating(128)[0].numpy(), 64, 64) == pytest.approx(
        (across, across), abs=0.002
    )


def test_grating_is_constant_along_bars_that_rise_to_the_right() -> None:
    grey = grating(64)[0]
    assert (grey[1:, :-1] - grey[:-1, 1:]).abs().max() < 1e-6  # one right, one up: 45° on screen
    assert (grey[1:, 1:] - grey[:-1, :-1]).abs().max() > 0.3


def test_grating_has_mean_one_half_and_amplitude_0_4() -> None:
    grey = grating(128, phase_degrees=30)[0].double().numpy()
    rows, columns = np.mgrid[:128, :128] - 64
    angle = 2 * np.pi * (columns + rows) / (8 * np.sqrt(2))
    basis = np.stack([np.ones(grey.size), np.cos(angle).ravel(), np.sin(angle).ravel()], axis=1)
    mean, even, odd = np.linalg.lstsq(basis, grey.ravel(), rcond=None)[0]
    assert mean == pytest.approx(0.5, abs=1e-6)
    assert math.hypot(even, odd) == pytest.approx(0.4, abs=1e-6)
    assert math.degrees(math.atan2(odd, even)) == pytest.approx(30, abs=1e-3)


def test_grating_drifts_to_the_lower_right() -> None:
    # along a row one wavelength is 8·√2 px, and a quarter of it 2.8: the bright bar at 32 moves to 35
    assert int(grating(64, phase_degrees=90)[0, 32, 28:40].argmax()) + 28 == 35
    assert torch.equal(grating(64), grating(64, phase_degrees=0))


# --- Siemens star ---------------------------------------------------------------------------------


def around(grey: np.ndarray, radius: float, degrees: np.ndarray) -> np.ndarray:
    """The values of the nearest pixels around a circle."""
    middle, angle = (len(grey) - 1) / 2, np.radians(degrees)
    rows = np.rint(middle - radius * np.sin(angle)).astype(int)
    return grey[rows, np.rint(middle + radius * np.cos(angle)).astype(int)]


@pytest.mark.parametrize("radius", [80, 150, 240])
def test_siemens_star_has_36_spokes(radius: float) -> None:
    values = around(siemens_star(501)[0].numpy(), radius, np.arange(2.5, 360, 5))
    assert np.array_equal(values, [1, 0] * 36)  # the middle of every bright and every dark one


def test_siemens_star_has_an_edge_every_5_degrees() -> None:
    grey = siemens_star(501)[0].numpy()
    for edge in range(0, 360, 5):
        before, after = around(grey, 240, np.array([edge - 1, edge + 1]))
        assert (before, after) == ((0, 1) if edge % 10 == 0 else (1, 0))


def test_siemens_star_edges_pass_through_grey() -> None:
    grey = siemens_star(501)[0]
    assert (grey[250, 270:] - 0.5).abs().max() < 1e-6  # the edge to the right lies on this row
    for column in range(440, 450):  # the amount of white says where within a pixel the edge lies
        white_px = grey[220:250, column].sum() + 0.5  # and half a pixel below them
        assert white_px == pytest.approx((column - 250) * math.tan(math.radians(5)), abs=0.1)


def test_siemens_star_is_grey_where_it_would_be_too_fine() -> None:
    grey = siemens_star(101)[0]
    rows, columns = torch.meshgrid(torch.arange(101) - 50, torch.arange(101) - 50, indexing="ij")
    radius = torch.hypot(rows.double(), columns.double())
    assert (grey[radius < 11.4] == 0.5).all()
    assert (grey[(radius > 11.5) & (radius < 13)] - 0.5).abs().max() > 0.3


# --- dead leaves ----------------------------------------------------------------------------------


def test_dead_leaves_are_the_same_every_time_and_leave_chance_alone() -> None:
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = dead_leaves(40)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    assert torch.equal(dead_leaves(40), first)


def test_dead_leaves_are_coloured() -> None:
    red, green, blue = dead_leaves(64)
    assert (red - green).abs().mean() > 0.2
    assert (green - blue).abs().mean() > 0.2


def test_dead_leaves_lie_as_another_way_to_paint_them_finds() -> None:
    """For some pixels, looks from above for the first disc that covers them."""
    discs = torch.rand(1200, 6, generator=torch.Generator().manual_seed(36)).double().numpy()
    grid = np.geomspace(0.02, 0.3, 200_001)  # P(radius < r) by adding up r⁻³, then turned round
    steps = np.diff(grid) * (grid[1:] ** -3 + grid[:-1] ** -3) / 2
    share = np.concatenate([[0], np.cumsum(steps)])
    radii = np.interp(discs[:, 0], share / share[-1], grid) * 256
    picture, compared = dead_leaves(256).numpy(), 0
    for row, column in np.random.default_rng(1).integers(0, 256, (400, 2)):
        centres = discs[:, 1:3] * 256
        inside = radii - np.hypot(column + 0.5 - centres[:, 0], row + 0.5 - centres[:, 1])
        if (np.abs(inside) < 0.6).any():
            continue  # on somebody's edge
        top = np.flatnonzero(inside > 0)[-1] if (inside > 0).any() else None
        colour = [0.5] * 3 if top is None else discs[top, 3:]
        assert picture[:, row, column] == pytest.approx(colour, abs=1e-5)
        compared += 1
    assert compared > 100


def test_dead_leaves_are_the_same_discs_at_every_size() -> None:
    small = torch.nn.functional.avg_pool2d(dead_leaves(256), 4)
    assert (small - dead_leaves(64)).abs().mean() < 0.01


# --- mosaic ---------------------------------------------------------------------------------------


def by_hand(size_px: int, row: int, column: int) -> tuple[np.ndarray, float, bool]:
    """A pixel of the mosaic, looked for among all tiles: its colour over the light on it, how far
    the second nearest tile is beyond the nearest, and whether the tile is coloured."""
    chance = torch.rand(5, 34, 34, generator=torch.Generator().manual_seed(8)).double().numpy()
    squares = np.arange(34) - 0.5
    y = (squares[:, None] + 0.6 * (chance[0] - 0.5)) / 32
    x = (squares + 0.6 * (chance[1] - 0.5)) / 32
    away = np.hypot((row + 0.5) / size_px - y, (column + 0.5) / size_px - x).ravel()
    first, second = np.argsort(away)[:2]
    y, x = y.ravel()[first] - 0.5, x.ravel()[first] - 0.5
    middles = [(a, b) for a in (-0.41, 0.41) for b in (-0.41, 0.41)]
    near = [(y - a, x - b) for a, b in middles if math.hypot(y - a, x - b) < 0.07]
    coloured = bool(near) or 0.2 < math.hypot(y, x) < 0.38
    up, right = (-near[0][0], near[0][1]) if near else (-y, x)
    turn, more, light = chance[2:].reshape(3, -1)[:, first]
    hue = math.atan2(up, right) + 0.5 * (turn - 0.5) if coloured else 2 * math.pi * turn
    chroma = 0.32 + 0.1 * more if coloured else 0.08 * more
    grey, reds, yellows = np.ones(3), np.array([1, -1, 0]), np.array([1, 1, -2])
    axes = math.cos(hue) * reds / math.sqrt(2) + math.sin(hue) * yellows / math.sqrt(6)
    return (0.46 + 0.12 * light) * grey + chroma * axes, away[second] - away[first], coloured


def test_mosaic_has_the_tiles_that_a_search_among_all_of_them_finds() -> None:
    picture, kinds = mosaic(224).double().numpy(), []
    for row, column in np.random.default_rng(4).integers(0, 224, (400, 2)):
        colour, apart, coloured = by_hand(224, row, column)
        if apart < 1e-5:
            continue  # as near to two tiles
        shown = picture[:, row, column]
        assert shown / shown.sum() == pytest.approx(colour / colour.sum(), abs=1e-5)
        assert 0.2 < shown.sum() / colour.sum() < 1.09
        kinds.append(coloured)
    assert 0.2 < np.mean(kinds) < 0.6


def test_mosaic_is_told_apart_by_the_distance_from_grey_and_not_by_lightness() -> None:
    pixels = mosaic(224).double()
    lightness = pixels.mean(0)
    share = (pixels - lightness).norm(dim=0) / lightness
    coloured = share > 0.35
    assert share[coloured].min() > 0.32 / 0.58 - 1e-3
    assert share[~coloured].max() < 0.08 / 0.46 + 1e-3
    assert lightness[coloured].mean() == pytest.approx(float(lightness[~coloured].mean()), rel=0.03)


def test_mosaic_is_the_same_every_time_and_at_every_size() -> None:
    torch.manual_seed(1)
    before = torch.get_rng_state()
    fine, coarse = mosaic(384), mosaic(128)
    assert torch.equal(torch.get_rng_state(), before)
    assert (fine[:, 1::3, 1::3] - coarse).abs().median() < 1e-4  # the middles of the same squares


# --- stripes --------------------------------------------------------------------------------------


def test_stripes_by_hand() -> None:
    assert stripes(3)[1].tolist() == [pytest.approx([0.9, 0.1, 0.9])] * 3


@pytest.mark.parametrize("size_px", [64, 256])
def test_stripes_hold_the_finest_frequency_and_no_other(size_px: int) -> None:
    spectrum = np.abs(np.fft.fft2(stripes(size_px)[0].double().numpy())) / size_px**2
    expected = np.zeros((size_px, size_px))
    expected[0, 0], expected[0, size_px // 2] = 0.5, 0.4  # the mean; half a cycle a pixel, across
    np.testing.assert_allclose(spectrum, expected, atol=1e-6)


@pytest.mark.parametrize("stride", range(2, 9))
def test_stripes_vanish_under_an_even_stride_and_stay_under_an_odd_one(stride: int) -> None:
    grey = stripes(96)
    read = grey[:, ::stride, ::stride]
    if stride % 2:
        assert torch.equal(read, stripes(read.shape[-1]))
    else:
        assert read.unique().tolist() == pytest.approx([0.9])
