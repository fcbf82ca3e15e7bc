"""Files that do not work: one calm sentence each, no crash, no warning, no long wait."""

from __future__ import annotations

import re
import struct
import subprocess
import time
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from viz.images import MAX_BYTES, ImageError, Picture, decode, limits

PHOTO = Image.fromarray(np.random.default_rng(36).integers(0, 256, (40, 60, 3), dtype=np.uint8))


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def refusal(data: bytes, name: str) -> str:
    """The message, which is one sentence beginning with the file's name, or the test fails."""
    with pytest.raises(ImageError) as caught:
        decode(data, name)
    message = str(caught.value)
    assert re.fullmatch(rf"“{re.escape(name)}” [^.!?\n]{{10,150}}\.", message), message
    return message


def outcome(data: bytes) -> Picture | str:
    try:
        return decode(data, "any.img")
    except ImageError as error:
        return str(error)


def png_chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large, black and white."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    body = png_chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + head + body + png_chunk(b"IEND", b"")


def tiff(tags: list[tuple[int, int, int]], data: bytes = b"", order: str = "<") -> bytes:
    """A TIFF by hand: tags as (tag, count, value), all of them LONG; `data` begins at byte 8."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entries = b"".join(struct.pack(order + "HHII", tag, 4, *rest) for tag, *rest in tags)
    directory = struct.pack(order + "H", len(tags)) + entries + bytes(4)
    return mark + struct.pack(order + "I", 8 + len(data)) + data + directory


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The formats whose pixels were decoded."""
    seen: list[str] = []
    load = ImageFile.ImageFile.load

    def spy(image: ImageFile.ImageFile) -> Any:
        seen.append(str(image.format))
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", spy)
    return seen


# --- one by one -----------------------------------------------------------------------------------


def test_an_empty_file() -> None:
    assert "is empty" in refusal(b"", "nothing.png")


def test_text_named_png() -> None:
    assert "cannot be read as JPEG, PNG" in refusal(b"Dear all,\nno picture today.\n", "notes.png")


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("GIF", {}),
        ("BMP", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("AVIF", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ],
)
def test_a_file_that_is_cut_off(kind: str, options: dict[str, Any], kept: float) -> None:
    data = saved(PHOTO, kind, **options)
    assert decode(data).pixels.shape == (3, 40, 60)
    message = refusal(data[: int(len(data) * kept)], "half.img")
    assert "damaged or cut off" in message or "cannot be read as" in message


def test_a_png_of_30000_by_30000_in_a_few_bytes(loads: list[str]) -> None:
    data = png_claiming(30_000, 30_000)
    assert len(data) < 4000
    began = time.perf_counter()
    assert "has more than 64 megapixels" in refusal(data, "bomb.png")
    assert time.perf_counter() - began < 1
    assert loads == []


@pytest.mark.parametrize(("width", "height"), [(9000, 7200), (12_000, 8000)])
def test_what_pillow_lets_pass_is_refused_unread(width: int, height: int, loads: list[str]) -> None:
    assert "has more than 64 megapixels" in refusal(png_claiming(width, height), "large.png")
    assert loads == []


@pytest.mark.parametrize(
    ("bits", "kind", "mode"),
    [(16, 1, "I;16"), (32, 2, "I"), (32, 3, "F")],
    ids=["16", "32", "float"],
)
def test_too_many_pixels_of_more_than_8_bits(
    bits: int, kind: int, mode: str, loads: list[str]
) -> None:
    """`kind` is TIFF's SampleFormat: whole numbers without and with a sign, and floats."""
    head = [(256, 1, 4100), (257, 1, 4100), (258, 1, bits), (262, 1, 1), (273, 1, 8)]
    data = tiff([*head, (278, 1, 4100), (339, 1, kind)], bytes(64))
    with Image.open(BytesIO(data)) as image:
        assert image.mode == mode
    assert "16 megapixels of more than 8 bits" in refusal(data, "stars.tif")
    assert loads == []


def test_a_line_is_no_picture(loads: list[str]) -> None:
    message = refusal(png_claiming(65_535, 1), "line.png")
    assert "is 65,535 × 1 pixels" in message
    assert "is 3 × 4,000 pixels" in refusal(png_claiming(3, 4000), "line.png")
    assert loads == []


def test_no_line_yet() -> None:
    assert decode(saved(Image.new("L", (300, 3)), "PNG")).pixels.shape == (3, 3, 300)


@pytest.mark.parametrize(("width", "height"), [(0, 0), (0, 5), (5, 0)])
def test_no_pixels(width: int, height: int) -> None:
    refusal(png_claiming(width, height), "void.png")
    refusal(b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + b";", "void.gif")
    refusal(tiff([(256, 1, width), (257, 1, height), (262, 1, 1), (273, 1, 8)]), "void.tif")


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"
FOREIGN = {
    "a.eps": (EPS, "is an EPS drawing"),
    "b.eps": (b"\xc5\xd0\xd3\xc6" + struct.pack("<IIIIII", 32, len(EPS), 0, 0, 0, 0) + EPS, "EPS"),
    "c.svg": (
        b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
        "an SVG drawing",
    ),
    "d.pdf": (b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF", "is a PDF"),
    "e.heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "is a HEIC photo"),
    "f.ppm": (saved(PHOTO, "PPM"), "cannot be read as"),
    "g.ico": (saved(PHOTO, "ICO"), "cannot be read as"),
    "h.tga": (saved(PHOTO, "TGA"), "cannot be read as"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_other_kinds_start_no_program(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *command, **_: started.append(command))
    monkeypatch.setattr("os.system", started.append)
    data, reason = FOREIGN[name]
    assert reason in refusal(data, name)
    assert reason in refusal(data, "photo.jpg")
    assert started == []


def test_over_20_megabytes() -> None:
    data = saved(PHOTO, "PNG")
    assert decode(data.ljust(MAX_BYTES, b"\0"), "at the limit.png").pixels.shape == (3, 40, 60)
    assert "is larger than 20 MB" in refusal(data.ljust(MAX_BYTES + 1, b"\0"), "over.png")


def test_more_memory_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(image: Image.Image, side: int) -> None:
        raise MemoryError

    monkeypatch.setattr("viz.images.decoding.rgb_array", fail)
    assert "needs more memory than there is" in refusal(saved(PHOTO, "PNG"), "full.png")


# --- files made to keep the machine busy ----------------------------------------------------------


def test_a_jpeg_of_very_many_scans(loads: list[str]) -> None:
    data = saved(PHOTO.resize((600, 400)), "JPEG", progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    assert decode(data[:-2] + scan * 10 + data[-2:]).pixels.shape == (3, 400, 600)
    loads.clear()
    assert "too many pieces" in refusal(data[:-2] + scan * 501 + data[-2:], "scans.jpg")
    assert loads == []


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"\xff\xd8", b"\xff\xe5\0\x02"),
        (png_claiming(8, 8)[:33], png_chunk(b"abCd", b"")),
        (b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0, 0, 0), b"!\xfe\x01a\0"),
    ],
    ids=["JPEG", "PNG", "GIF"],
)
def test_a_header_in_very_many_pieces(
    start: bytes, piece: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.Reader, "reads_left", 10_000)
    assert "too many pieces" in refusal(start + piece * 11_000, "pieces")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("tag", [273, 324])
def test_a_tiff_in_very_many_strips_or_tiles(tag: int, order: str, loads: list[str]) -> None:
    count = 100_001
    tags = [(256, 1, 1), (257, 1, count), (258, 1, 8), (262, 1, 1), (tag, count, 8), (278, 1, 1)]
    began = time.perf_counter()
    assert "too many pieces" in refusal(tiff(tags, bytes(4 * count), order), "strips.tif")
    assert time.perf_counter() - began < 0.5
    assert loads == []


def test_a_big_tiff_in_very_many_strips() -> None:
    entry = struct.pack("<HHQQ", 273, 4, 100_001, 16)
    data = b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 1) + entry + bytes(8)
    assert "too many pieces" in refusal(data, "strips.tif")


def test_a_tiff_whose_directory_ends_early_still_shows() -> None:
    data = tiff([(256, 1, 4), (257, 1, 2), (258, 1, 8), (262, 1, 1), (273, 1, 8)], b"\x33" * 8)
    more = data[:16] + b"\x09" + data[17:]  # nine entries instead of five, of which none follow
    assert decode(more).pixels.unique().tolist() == pytest.approx([0.2])


def test_a_tiff_whose_one_tile_is_far_larger_than_itself() -> None:
    tags = [(256, 1, 9), (257, 1, 9), (258, 1, 8), (259, 1, 8), (262, 1, 1), (277, 1, 1)]
    tags += [(322, 1, 60_000), (323, 1, 60_000), (324, 1, 8), (325, 1, 64)]
    assert "has more than 64 megapixels" in refusal(tiff(tags, bytes(64)), "tile.tif")


def test_a_png_whose_text_unpacks_to_a_gigabyte() -> None:
    pack = zlib.compressobj(9)
    packed = b"".join(pack.compress(bytes(1_000_000)) for _ in range(200)) + pack.flush()
    data = saved(PHOTO, "PNG")
    text = png_chunk(b"zTXt", b"Comment\0\0" + packed)
    refusal(data[:33] + text + data[33:], "text.png")


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\cat.png", "cat.png"),
        ("two\nlines\t\x1b[31m.png", "twolines[31m.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("half \ud800 of a pair.png", "half of a pair.png"),
        ("x" * 5000 + ".jpeg", "x" * 54 + "….jpeg"),
        ("Ελένη 日本 é.png", "Ελένη 日本 é.png"),
        ("", "the picture"),
        ("///", "the picture"),
        ("\0", "the picture"),
    ],
)
def test_a_hostile_name_is_made_fit_to_show(name: str, shown: str) -> None:
    with pytest.raises(ImageError) as caught:
        decode(b"", name)
    assert str(caught.value) == f"“{shown}” is empty: choose the file again."
    assert decode(saved(PHOTO, "PNG"), name).name == shown


# --- warnings and threads -------------------------------------------------------------------------


def photo_with_broken_exif() -> bytes:
    """EXIF that says six entries and holds one, orientation 6: Pillow warns, and reads the one."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x06" + struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    return saved(PHOTO, "JPEG", exif=exif)


def test_damage_that_was_mended_gives_no_warning() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert decode(photo_with_broken_exif()).pixels.shape == (3, 60, 40)
    assert caught == []
    assert decode(photo_with_broken_exif()).pixels.shape == (3, 60, 40)  # where they are errors


def test_many_threads_at_once() -> None:
    files = [saved(PHOTO, kind) for kind in ("PNG", "JPEG", "WEBP", "TIFF")]
    files += [photo_with_broken_exif(), b"", b"text", files[0][:90]]

    def total(data: bytes) -> float | str:
        picture = outcome(data)
        return picture if isinstance(picture, str) else picture.pixels.sum().item()

    alone = [total(data) for data in files]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(total, files * 6)) == alone * 6


def test_one_large_picture_in_memory_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most = 0, 0

    def slow(image: Image.Image, side: int) -> np.ndarray:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.02)
        inside -= 1
        return np.zeros((1, 1, 3), np.float32)

    monkeypatch.setattr("viz.images.decoding.rgb_array", slow)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(decode, [saved(PHOTO, "PNG")] * 4))
    assert most == 1


# --- any bytes at all -----------------------------------------------------------------------------


def check_any(data: bytes) -> None:
    """A good picture or a calm refusal; nothing else may come out, not even a warning."""
    picture = outcome(data)
    if not isinstance(picture, Picture):
        assert re.fullmatch(r"“any\.img” [^.!?\n]{10,150}\.", picture)
        return
    channels, height, width = picture.pixels.shape
    assert channels == 3
    assert 1 <= max(height, width) <= 1024
    assert 0 <= picture.pixels.min() <= picture.pixels.max() <= 1  # false for NaN


HEADS = [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8 ", b"GIF89a", b"BM"]
HEADS += [b"II*\0\x08\0\0\0", b"MM\0+\0\x08\0\0", b"\0\0\0\x1cftypavif", b""]


@given(st.sampled_from(HEADS), st.binary(max_size=300))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_random_bytes(head: bytes, tail: bytes) -> None:
    check_any(head + tail)


EXIF = Image.Exif()
EXIF[0x0112] = 6
EXIF[0x010E] = "a description"
SMALL = PHOTO.resize((12, 9))


def two_frames(kind: str, **options: Any) -> bytes:
    other = PHOTO.resize((12, 9), box=(9, 9, 30, 30))
    return saved(SMALL.copy(), kind, save_all=True, append_images=[other], **options)


VALID = {
    "jpeg": saved(SMALL, "JPEG", exif=EXIF),
    "jpeg progressive": saved(SMALL, "JPEG", progressive=True),
    "jpeg cmyk": saved(SMALL.convert("CMYK"), "JPEG"),
    "mpo": two_frames("MPO"),
    "png": saved(SMALL.convert("RGBA"), "PNG", exif=EXIF),
    "png palette": saved(SMALL.quantize(9), "PNG", transparency=b"\0\x50\xff"),
    "apng": two_frames("PNG"),
    "webp": saved(SMALL, "WEBP", exif=EXIF),
    "webp lossless": saved(SMALL.convert("RGBA"), "WEBP", lossless=True),
    "webp animated": two_frames("WEBP"),
    "gif": two_frames("GIF", transparency=3),
    "bmp": saved(SMALL, "BMP"),
    "bmp palette": saved(SMALL.quantize(16), "BMP"),
    "tiff": saved(SMALL, "TIFF", exif=EXIF),
    "tiff lzw": saved(SMALL.convert("LA"), "TIFF", compression="tiff_lzw"),
    "tiff jpeg": saved(SMALL, "TIFF", compression="jpeg"),
    "tiff float": saved(SMALL.convert("F"), "TIFF"),
    "tiff pages": two_frames("TIFF"),
    "avif": saved(SMALL, "AVIF", exif=EXIF),
}


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """A valid file with some bytes changed, mostly in its first half, and perhaps cut off."""
    data = bytearray(VALID[draw(st.sampled_from(sorted(VALID)))])
    place = st.integers(0, len(data) - 1) | st.integers(0, min(len(data), 120) - 1)
    for at in draw(st.lists(place, min_size=1, max_size=5)):
        data[at] = draw(st.integers(0, 255) | st.sampled_from([0, 1, 0x7F, 0xFF]))
    return bytes(data[: draw(st.just(len(data)) | st.integers(0, len(data)))])


@pytest.mark.slow
@given(mutations())
@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_mutated_files(data: bytes) -> None:
    check_any(data)


@pytest.mark.parametrize("kind", VALID)
def test_the_files_that_are_mutated_are_good_ones(kind: str) -> None:
    assert sorted(decode(VALID[kind]).pixels.shape) == [3, 9, 12]
