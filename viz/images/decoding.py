"""Decodes uploaded files: a Picture, or an error in one sentence."""

from __future__ import annotations

import hashlib
import unicodedata
import warnings
from pathlib import PurePosixPath
from threading import Lock

import numpy as np
import torch
from PIL import Image, UnidentifiedImageError

from viz.images.limits import TOO_MANY_PIXELS, Reader, Refused, check_bytes, check_size
from viz.images.picture import ImageError, Picture
from viz.images.pixels import rgb_array
from viz.text import Text, counted, text

# Passed to Pillow at every call: a format that is not listed (EPS, PDF, …) never reaches
# Ghostscript or any other program.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
MAX_SIDE_PX = 1024
UNKNOWN = text(
    "cannot be read as JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF: save it again as PNG or JPEG"
)

_FOREIGN = {
    b"%PDF": text("is a PDF: save it as PNG or JPEG"),
    b"%!PS": text("is an EPS drawing: save it as PNG or JPEG"),
    b"\xc5\xd0\xd3\xc6": text("is an EPS drawing: save it as PNG or JPEG"),
    b"<svg": text("is an SVG drawing: save it as PNG or JPEG"),
    b"ftypheic": text("is a HEIC photo: save it as PNG or JPEG"),
    b"ftypheix": text("is a HEIC photo: save it as PNG or JPEG"),
}
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters and symbols to Unicode, but invisible
_ONE_AT_A_TIME = Lock()  # a picture of 64 megapixels takes up to 1.5 GB until it is reduced


def decode(data: bytes, name: str = "") -> Picture:
    """An uploaded file as a Picture: the first frame, upright, on white, at most 1024 px a side.

    Reads JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF. The size is checked before anything is
    decoded, and one file is decoded at a time: memory and time are bounded for any input.

    Args:
        data: the whole file, at most 20 MB.
        name: the file's name; any text.

    Returns:
        The picture; its `note` says what was done, "first of 12 frames; reduced from 6000×4000".

    Raises:
        ImageError: if the file cannot be used; one sentence with its name.

    >>> decode(b"%PDF-1.7", "slides.png")
    Traceback (most recent call last):
    ...
    viz.images.picture.ImageError: “slides.png” is a PDF: save it as PNG or JPEG.
    """
    name = clean_name(name)
    # Pillow warns of damage that it has repaired. `catch_warnings` would affect other threads, so
    # this filter for Pillow's own modules stays. It is set each time because others may reset it.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        check_bytes(data)
        with _ONE_AT_A_TIME, _opened(data) as image:
            check_size(image)
            width, height = image.size
            array = rgb_array(image, MAX_SIDE_PX)
            notes = [*_first_frame(image), *_new_scale(image)]
    except Exception as error:  # on hostile bytes Pillow raises almost any exception
        raise ImageError(text("“{name}” {reason}.", name=name, reason=_reason(error))) from error
    if max(width, height) > MAX_SIDE_PX:
        notes.append(text("reduced from {width}×{height}", width=width, height=height))
    pixels = torch.from_numpy(array).permute(2, 0, 1).contiguous()
    return Picture(name, pixels, hashlib.sha256(data).hexdigest(), tuple(notes))


def clean_name(name: str, longest: int = 60) -> str:
    """A file's name to show: without folders or invisible characters, shortened in the middle.

    >>> clean_name("../../etc/pass\\nwd"), clean_name(""), clean_name("n" * 99 + ".jpeg", 12)
    ('passwd', 'the picture', 'nnnnnn….jpeg')
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    # categories beginning with C: control characters, direction marks, halves of a surrogate pair
    visible = "".join(
        character
        for character in last
        if unicodedata.category(character)[0] != "C" and character not in _BLANK
    )
    words = " ".join(visible.split())
    if len(words) > longest:
        words = f"{words[: longest - 6]}…{words[-5:]}"
    return words if words.strip(".") else "the picture"


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(Reader(data), formats=FORMATS)
    except UnidentifiedImageError as unknown:
        for signature, reason in _FOREIGN.items():
            if signature in data[:1000]:
                raise Refused(reason) from unknown
        raise Refused(UNKNOWN) from unknown


def _reason(error: Exception) -> Text:
    if isinstance(error, Refused):
        return error.reason
    if isinstance(error, Image.DecompressionBombError):  # Pillow's own limit, met while opening
        return TOO_MANY_PIXELS
    if isinstance(error, MemoryError):
        return text("needs more memory than there is: export a smaller copy")
    return text("is damaged or cut off: copy or export it again")


def _first_frame(image: Image.Image) -> list[Text]:
    if image.format == "TIFF":  # counting pages is quadratic in their number
        return [text("first of several pages")] if getattr(image, "is_animated", False) else []
    try:
        frames = getattr(image, "n_frames", 1)  # of a GIF: reads on to the end
    except Exception:  # damage in later frames does not harm the first one
        return [text("first of several frames")]
    return [text("first of {n} frames", n=frames)] if frames > 1 else []


def _new_scale(image: Image.Image) -> list[Text]:
    if image.mode not in ("I", "F"):
        return []
    values = np.asarray(image)
    finite = values[np.isfinite(values)]
    notes = []
    if finite.size and (finite.min() < 0 or finite.max() > 1):
        low, high = f"{finite.min():g}", f"{finite.max():g}"
        notes.append(text("{low} to {high} scaled to 0 to 1", low=low, high=high))
    if missing := values.size - finite.size:
        notes.append(
            counted(
                "{n} pixel that is no finite number made black",
                "{n} pixels that are not finite numbers made black",
                n=f"{missing:,}",
            )
        )
    return notes
