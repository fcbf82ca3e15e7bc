"""Files that work: what `decode` makes of every kind of pixel, and what is done to a Picture."""

from __future__ import annotations

import hashlib
import inspect
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, JpegImagePlugin

from viz import images
from viz.images import Picture, at_working_size, decode, png, resized, rgb_array, thumbnail
from viz.text import text

RANDOM = np.random.default_rng(36)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def levels(*shape: int) -> np.ndarray:
    return RANDOM.integers(0, 256, shape, dtype=np.uint8)


def rows(picture: Picture) -> np.ndarray:
    """The pixels as numpy has them: (H, W, 3)."""
    return picture.pixels.permute(1, 2, 0).numpy()


def on_white(colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    opacity = alpha[..., None] / 255.0
    return colour / 255.0 * opacity + 1 - opacity


def a_picture(height: int, width: int) -> Picture:
    return Picture("a.png", torch.rand(3, height, width), digest="5f" * 32)


# --- decode: pixels -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_lossless_formats_give_the_very_pixels(kind: str, options: dict[str, Any]) -> None:
    array = levels(5, 7, 3)
    picture = decode(saved(Image.fromarray(array), kind, **options), "a.x")
    assert np.array_equal(rows(picture), array.astype(np.float32) / np.float32(255))
    assert picture.pixels.dtype == torch.float32
    assert picture.pixels.is_contiguous()
    assert picture.note == ""


@pytest.mark.parametrize("kind", ["JPEG", "AVIF"])
def test_lossy_formats_come_close(kind: str) -> None:
    ramp = np.tile(np.linspace(40, 200, 64, dtype=np.uint8)[:, None], (1, 48))
    array = np.stack([ramp, ramp // 2, 255 - ramp], axis=-1)
    picture = decode(saved(Image.fromarray(array), kind, quality=95), "a.jpg")
    assert np.abs(rows(picture) * 255 - array).max() < 6


def test_name_and_digest() -> None:
    data = saved(Image.new("RGB", (2, 2)), "PNG")
    picture = decode(data, "C:\\holiday\\beach.png")
    assert picture.name == "beach.png"
    assert picture.digest == picture.key == hashlib.sha256(data).hexdigest()
    assert picture.slug == ""


def test_one_pixel_works() -> None:
    picture = decode(saved(Image.new("RGB", (1, 1), (255, 0, 51)), "PNG"))
    assert picture.pixels.flatten().tolist() == pytest.approx([1, 0, 0.2])


def test_alpha_shows_white() -> None:
    array = levels(6, 5, 4)
    expected = on_white(array[..., :3], array[..., 3])
    for kind, options in (("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True, "exact": True})):
        picture = decode(saved(Image.fromarray(array), kind, **options))
        assert rows(picture) == pytest.approx(expected, abs=1e-6)


def test_grey_with_alpha() -> None:
    array = levels(6, 5, 2)
    picture = decode(saved(Image.fromarray(array, "LA"), "PNG"))
    grey = np.repeat(array[..., :1], 3, axis=-1)
    assert rows(picture) == pytest.approx(on_white(grey, array[..., 1]), abs=1e-6)


def test_palette_with_an_opacity_for_every_colour() -> None:
    palette, alpha, index = levels(4, 3), np.array([0, 60, 200, 255]), levels(5, 6) % 4
    image = Image.fromarray(index.astype(np.uint8), "P")
    image.putpalette(palette.tobytes())
    picture = decode(saved(image, "PNG", transparency=bytes(alpha.tolist())))
    assert rows(picture) == pytest.approx(on_white(palette[index], alpha[index]), abs=1e-6)


def test_palette_with_one_transparent_colour() -> None:
    palette, index = np.array([[255, 0, 0], [0, 0, 255]]), np.array([[0, 1], [1, 0]])
    image = Image.fromarray(index.astype(np.uint8), "P")
    image.putpalette(palette.astype(np.uint8).tobytes())
    picture = decode(saved(image, "GIF", transparency=1))
    alpha = np.where(index == 1, 0, 255)
    assert np.array_equal(rows(picture), on_white(palette[index], alpha))


@pytest.mark.parametrize(("mode", "transparent"), [("L", 7), ("RGB", (7, 7, 7))])
def test_one_transparent_value_without_palette(mode: str, transparent: Any) -> None:
    image = Image.new(mode, (2, 1), transparent)
    image.putpixel((1, 0), 90 if mode == "L" else (90, 90, 90))
    picture = decode(saved(image, "PNG", transparency=transparent))
    assert picture.pixels[:, 0].tolist() == [pytest.approx([1, 90 / 255])] * 3


def test_black_and_white() -> None:
    picture = decode(saved(Image.fromarray(np.eye(9) > 0), "PNG"))
    assert np.array_equal(rows(picture), np.repeat(np.eye(9)[..., None], 3, axis=-1))


def test_cmyk_jpeg() -> None:
    ink = (200, 100, 30, 60)
    picture = decode(saved(Image.new("CMYK", (16, 16), ink), "JPEG", quality=100), "print.jpg")
    expected = [(255 - each) / 255 * (255 - ink[3]) / 255 for each in ink[:3]]
    assert picture.pixels.mean(dim=(1, 2)).tolist() == pytest.approx(expected, abs=0.012)


@pytest.mark.parametrize(("kind", "dtype"), [("PNG", "<u2"), ("TIFF", "<u2"), ("TIFF", ">u2")])
def test_16_bit_grey_is_scaled_by_its_full_range(kind: str, dtype: str) -> None:
    array = np.array([[0, 1, 255, 256], [1000, 30_000, 65_534, 65_535]])
    mode = "I;16B" if dtype == ">u2" else "I;16"
    image = Image.frombytes(mode, (4, 2), array.astype(dtype).tobytes())
    picture = decode(saved(image, kind), "deep.tif")
    assert rows(picture) == pytest.approx(np.repeat(array[..., None] / 65_535, 3, axis=-1))
    assert picture.note == ""


def test_float_tiff_with_nan_and_infinity() -> None:
    array = np.array([[-3, np.nan, 5], [1, np.inf, -np.inf]], dtype=np.float32)
    picture = decode(saved(Image.fromarray(array), "TIFF"), "map.tif")
    expected = [[0, 0, 1], [0.5, 0, 0]]  # (v + 3) / 8, and 0 where there is no number
    assert picture.pixels.tolist() == [expected] * 3
    assert (
        picture.note == "-3 to 5 scaled to 0 to 1; 3 pixels that are not finite numbers made black"
    )


def test_float_tiff_within_the_unit_range_stays() -> None:
    array = np.array([[0.2, 0.25, 0.6]], dtype=np.float32)
    picture = decode(saved(Image.fromarray(array), "TIFF"))
    assert np.array_equal(picture.pixels[0], array)
    assert picture.note == ""


def test_a_large_float_tiff_is_reduced_and_stays_within_the_range() -> None:
    array = np.tile(np.linspace(1, 0, 90, dtype=np.float32) < 0.5, (1300, 13)) * np.float32(9)
    picture = decode(saved(Image.fromarray(array), "TIFF"))
    assert picture.pixels.shape == (3, 1024, 922)
    assert (picture.pixels.min(), picture.pixels.max()) == (0, 1)


def test_float_tiff_with_negative_numbers() -> None:
    array = np.array([[-0.25, 0, 0.75]], dtype=np.float32)
    picture = decode(saved(Image.fromarray(array), "TIFF"))
    assert picture.pixels[2].tolist() == [[0, 0.25, 1]]
    assert picture.note == "-0.25 to 0.75 scaled to 0 to 1"


@pytest.mark.parametrize("value", [np.nan, 7.0, -7.0, 3e38])
def test_float_tiff_of_one_value(value: float) -> None:
    picture = decode(saved(Image.fromarray(np.full((2, 3), value, np.float32)), "TIFF"))
    assert picture.pixels.tolist() == torch.zeros(3, 2, 3).tolist()


def test_whole_numbers_of_32_bits_over_their_whole_range() -> None:
    array = np.array([[-(2**31), 0, 2**31 - 1]], dtype=np.int32)
    picture = decode(saved(Image.fromarray(array), "TIFF"))
    assert picture.pixels[1].tolist() == [[0, pytest.approx(0.5), 1]]
    assert picture.note == "-2.14748e+09 to 2.14748e+09 scaled to 0 to 1"


UPRIGHT = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: np.rot90(a),
}


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", UPRIGHT)
def test_exif_is_turned_once(kind: str, orientation: int) -> None:
    array = levels(3, 5, 3)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if kind == "WEBP" else {}
    picture = decode(saved(Image.fromarray(array), kind, exif=exif, **options))
    assert np.array_equal(np.rint(rows(picture) * 255), UPRIGHT[orientation](array))


def test_a_phone_photo_is_turned() -> None:
    array = np.zeros((32, 64, 3), np.uint8)
    array[:16, :32] = 255  # the upper left corner, upper right once it stands
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decode(saved(Image.fromarray(array), "JPEG", exif=exif, quality=95), "phone.jpg")
    assert picture.pixels.shape == (3, 64, 32)
    assert picture.pixels[:, :30, 18:].mean() > 0.98
    assert picture.pixels[:, :30, :14].mean() < 0.02


# --- decode: what is done, and said ---------------------------------------------------------------


def test_a_24_megapixel_photo_is_reduced_while_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []
    prepare = JpegImagePlugin.JpegImageFile.load_prepare

    def spy(image: JpegImagePlugin.JpegImageFile) -> None:
        decoded.append(image.size)
        prepare(image)

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load_prepare", spy)
    ramp = Image.linear_gradient("L").resize((6000, 4000), Image.Resampling.BILINEAR)
    picture = decode(saved(ramp, "JPEG", quality=50), "big.jpg")
    assert decoded == [(3000, 2000)]
    assert picture.pixels.shape == (3, 683, 1024)
    assert picture.note == "reduced from 6000×4000"
    assert picture.pixels[0].mean(dim=1).numpy() == pytest.approx(np.linspace(0, 1, 683), abs=0.01)


def test_a_large_png_is_reduced_without_aliasing() -> None:
    stripes = np.tile(np.array([0, 255], np.uint8), (8, 3000))  # finer than any reduced pixel
    picture = decode(saved(Image.fromarray(stripes[:, :4000]).resize((4000, 800)), "PNG"))
    assert picture.pixels.shape == (3, 205, 1024)
    assert (picture.pixels - 0.5).abs().max() < 0.06


def test_transparent_pixels_do_not_bleed_when_reduced() -> None:
    array = np.zeros((2048, 2048, 4), np.uint8)  # transparent black, which must leave no dark rim
    array[:, :1024] = 255
    picture = decode(saved(Image.fromarray(array), "PNG"))
    assert picture.pixels.min() > 0.99


@pytest.mark.parametrize(
    ("kind", "options"),
    [("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {}), ("AVIF", {"quality": 100})],
)
def test_the_first_frame_and_said_so(kind: str, options: dict[str, Any]) -> None:
    frames = [Image.new("RGB", (8, 6), colour) for colour in ("red", "lime", "blue")]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=50, **options)
    picture = decode(data, "dance")
    assert picture.note == "first of 3 frames"
    assert picture.pixels[:, 2, 2].tolist() == pytest.approx([1, 0, 0], abs=0.02)


def test_the_first_page_of_a_tiff_and_said_so() -> None:
    pages = [Image.new("L", (8, 6), grey) for grey in (51, 102, 153)]
    picture = decode(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert picture.note == "first of several pages"
    assert picture.pixels.unique().tolist() == pytest.approx([0.2])


def test_a_photo_with_a_second_one_behind_it() -> None:
    pair = [Image.new("RGB", (16, 16), colour) for colour in ("white", "black")]
    picture = decode(saved(pair[0], "MPO", save_all=True, append_images=pair[1:]), "phone.jpg")
    assert picture.note == "first of 2 frames"
    assert picture.pixels.min() > 0.98


def test_damage_behind_the_first_frame_does_no_harm() -> None:
    array = levels(20, 20)
    whole = saved(Image.fromarray(array), "GIF")
    picture = decode(whole[:-1] + b",\0\0")  # instead of the end: half the head of another frame
    assert picture.note == "first of several frames"
    assert np.array_equal(np.rint(rows(picture)[..., 0] * 255), array)


# --- the program that students paste --------------------------------------------------------------


def by_its_text(path: Path, working_size_px: int) -> torch.Tensor:
    """What the printed program computes: the two functions' text, and only what it imports."""
    names: dict[str, Any] = {"Image": Image, "ImageOps": ImageOps, "np": np, "torch": torch, "F": F}
    exec(inspect.getsource(rgb_array) + inspect.getsource(resized), names)
    with Image.open(path) as image:
        array = names["rgb_array"](image)
    return names["resized"](torch.from_numpy(array).permute(2, 0, 1), working_size_px)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF"])
def test_the_text_of_two_functions_gives_the_same_bits(kind: str, tmp_path: Path) -> None:
    noise = Image.fromarray(levels(90, 130, 3)).resize((1300, 900), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / f"photo.{kind.lower()}"
    path.write_bytes(saved(noise, kind, exif=exif))
    for working_size_px in (64, 224, 1024):
        ours = at_working_size(decode(path.read_bytes(), path.name), working_size_px).pixels
        assert torch.equal(by_its_text(path, working_size_px), ours)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "I;16", "F"])
def test_the_same_bits_for_every_kind_of_pixel(mode: str, tmp_path: Path) -> None:
    grey = Image.fromarray(levels(120, 90))
    image = Image.fromarray(levels(120, 90).astype(np.uint16) * 200) if mode == "I;16" else grey
    path = tmp_path / "photo.tiff"
    path.write_bytes(saved(image if mode == "I;16" else grey.convert(mode), "TIFF"))
    ours = at_working_size(decode(path.read_bytes()), 64).pixels
    assert torch.equal(by_its_text(path, 64), ours)


def test_the_text_reduces_to_the_same_side() -> None:
    assert inspect.signature(rgb_array).parameters["max_side_px"].default == images.MAX_SIDE_PX


# --- a Picture ------------------------------------------------------------------------------------


def test_resized_by_hand() -> None:
    # out pixel 0 lies at 1.0 and weighs 0.5, 1.5, 2.5 by a triangle of half width 2: 3/4, 3/4, 1/4
    line = torch.tensor([0.0, 0, 1, 1]).expand(3, 1, 4)
    assert resized(line, 2)[0, 0].tolist() == pytest.approx([1 / 7, 6 / 7])


def test_resized_as_pillow_does() -> None:
    pixels = torch.rand(3, 75, 100)
    bilinear = Image.Resampling.BILINEAR
    for ours, channel in zip(resized(pixels, 32), pixels, strict=True):
        pillow = Image.fromarray(channel.numpy()).resize((32, 24), bilinear)
        assert ours.numpy() == pytest.approx(np.asarray(pillow), abs=1e-5)


@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 120))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_resized_keeps_shape_and_range(height: int, width: int, working_size_px: int) -> None:
    after = resized(torch.ones(3, height, width), working_size_px)
    longer = min(working_size_px, max(height, width))
    assert max(after.shape[1:]) == longer
    assert min(after.shape[1:]) == max(1, round(min(height, width) * longer / max(height, width)))
    assert after.max() <= 1
    assert after.min() == pytest.approx(1)


def test_resized_does_not_depend_on_the_memory_layout() -> None:
    pixels = torch.rand(3, 300, 451)
    turned = pixels.permute(1, 2, 0).contiguous().permute(2, 0, 1)
    assert torch.equal(resized(turned, 100), resized(pixels, 100))
    assert resized(turned, 100).is_contiguous()


def test_at_working_size_changes_nothing_but_the_pixels() -> None:
    picture = Picture(
        "a.png", torch.rand(3, 40, 80), "5f" * 32, notes=(text("first of 2 frames"),), slug="a"
    )
    small = at_working_size(picture, 20)
    assert torch.equal(small.pixels, resized(picture.pixels, 20))
    assert (small.name, small.key, small.note) == (picture.name, picture.key, picture.note)
    assert torch.equal(at_working_size(picture, 512).pixels, picture.pixels)


@pytest.mark.parametrize("size_px", [0, -1])
def test_a_size_below_one_is_refused(size_px: int) -> None:
    with pytest.raises(ValueError, match=f"is {size_px}; it must be at least 1"):
        at_working_size(a_picture(4, 4), size_px)
    with pytest.raises(ValueError, match=f"is {size_px}; it must be at least 1"):
        thumbnail(a_picture(4, 4), size_px)


def test_png_rounds_to_the_nearest_level() -> None:
    pixels = torch.rand(3, 9, 11)
    pixels[0, 0, :3] = torch.tensor([-0.5, 1.5, 0.999])
    array = np.asarray(Image.open(BytesIO(png(pixels))))
    expected = np.rint(pixels.numpy().clip(0, 1) * np.float32(255)).transpose(1, 2, 0)
    assert array.dtype == np.uint8
    assert np.array_equal(array, expected)
    assert array[0, 2, 0] == 255


@pytest.mark.parametrize("shape", [(4, 5), (1, 4, 5), (1, 3, 4, 5)])
def test_png_names_a_wrong_shape(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected pixels of shape \(3, H, W\), got \("):
        png(torch.zeros(shape))


@pytest.mark.parametrize(("height", "width"), [(30, 90), (90, 30)])
def test_thumbnail_is_the_middle(height: int, width: int) -> None:
    picture = a_picture(height, width)
    picture.pixels.zero_()
    long_axis = 1 if height > width else 2
    picture.pixels.narrow(long_axis, 30, 30)[1] = 1  # the middle third is green
    shown = Image.open(BytesIO(thumbnail(picture, 20)))
    assert shown.size == (20, 20)
    assert shown.getcolors() == [(400, (0, 255, 0))]


def test_a_tiny_picture_has_a_thumbnail_too() -> None:
    assert Image.open(BytesIO(thumbnail(a_picture(1, 1), 96))).size == (96, 96)


# --- what an address means ---------------------------------------------------------------------------


def test_an_upload_is_found_by_its_digest() -> None:
    picture = decode(saved(Image.fromarray(levels(4, 4, 3)), "PNG"), "mine.png")
    assert images.find(picture.key) is None
    images.STORE.put(picture)
    found = images.find(picture.key)
    assert found is not None
    assert found.pixels is picture.pixels


@pytest.mark.parametrize(
    "key",
    ["", " ", "..", "../coffee.png", "coffee.png", "Coffee", "\0", "\ud800", "x" * 1_000_000],
)
def test_a_key_that_means_nothing_finds_nothing(key: str) -> None:
    assert images.find(key) is None


@pytest.mark.parametrize("key", ["5f" * 32, "5F" * 32, "5f" * 31, "5f" * 32 + "\n", "０" * 64])
def test_a_digest_that_is_unknown_or_none_finds_nothing(key: str) -> None:
    assert images.find(key) is None
