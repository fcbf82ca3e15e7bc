"""The Picture type, and its conversion to a working size, to PNG and to a thumbnail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from io import BytesIO

import torch
import torch.nn.functional as F
from PIL import Image

from viz.images.pixels import resized
from viz.text import Text


class ImageError(ValueError):
    """The only error a visitor can cause: one sentence with the file's name and the reason."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture, ready for the layers.

    Attributes:
        name: a file's name, cleaned, or a title.
        pixels: `(3, H, W)` float32 in [0, 1] on the CPU, contiguous: red, green, blue.
        digest: sha-256 in hexadecimal of the file's bytes; of the slug for a picture made by code.
        notes: how it was changed, such as "reduced from 6000×4000".
        slug: the slug of a shipped picture; empty for an upload.
        draw: for a picture made by code, size in px -> `(3, size, size)`. It is drawn again at
            every working size, because resampling would change what is known about it.

    >>> dot = Picture("dot.png", torch.ones(3, 1, 1), digest="5f" * 32)
    >>> dot.key == dot.digest, replace(dot, slug="dot").key
    (True, 'dot')
    """

    name: str
    pixels: torch.Tensor = field(repr=False)
    digest: str
    notes: tuple[Text, ...] = ()
    slug: str = ""
    draw: Callable[[int], torch.Tensor] | None = None

    @property
    def note(self) -> str:
        """The notes in English; empty if it was not changed."""
        return "; ".join(map(str, self.notes))

    @property
    def key(self) -> str:
        """The key in the address: the slug of a shipped picture, the digest of an upload."""
        return self.slug or self.digest


def at_working_size(picture: Picture, working_size_px: int) -> Picture:
    """The picture at the size that the layers see: drawn again if made by code, else resized.

    Args:
        picture: any picture.
        working_size_px: the longer side; a photograph smaller than this keeps its size.

    Raises:
        ValueError: if `working_size_px` is less than 1.

    >>> leaf = Picture("leaf.png", torch.rand(3, 40, 80), digest="5f" * 32)
    >>> at_working_size(leaf, 64).pixels.shape
    torch.Size([3, 32, 64])
    """
    if working_size_px < 1:
        raise ValueError(f"working_size_px is {working_size_px}; it must be at least 1")
    pixels = (
        picture.draw(working_size_px) if picture.draw else resized(picture.pixels, working_size_px)
    )
    return replace(picture, pixels=pixels)


def png(pixels: torch.Tensor) -> bytes:
    """The pixels as a lossless PNG of 8 bits a channel, rounded to the nearest of 256 steps.

    Args:
        pixels: `(3, H, W)` float, clamped to [0, 1].

    Raises:
        ValueError: if `pixels` is not `(3, H, W)`.

    >>> png(torch.rand(3, 4, 5))[:8]
    b'\\x89PNG\\r\\n\\x1a\\n'
    """
    if pixels.ndim != 3 or len(pixels) != 3:
        raise ValueError(f"expected pixels of shape (3, H, W), got {tuple(pixels.shape)}")
    levels = (pixels.clamp(0, 1) * 255).round().to(torch.uint8)
    file = BytesIO()
    # level 1: a tenth larger than the default and several times faster
    Image.fromarray(levels.permute(1, 2, 0).numpy()).save(file, "PNG", compress_level=1)
    return file.getvalue()


def thumbnail(picture: Picture, side_px: int) -> bytes:
    """A square PNG for the picker: the middle of a photograph, or a drawing at that size.

    Args:
        picture: any picture.
        side_px: side of the square, 1 or more; a picture smaller than this is enlarged.

    Raises:
        ValueError: if `side_px` is less than 1.

    >>> leaf = Picture("leaf.png", torch.rand(3, 40, 80), digest="5f" * 32)
    >>> Image.open(BytesIO(thumbnail(leaf, 32))).size
    (32, 32)
    """
    if side_px < 1:
        raise ValueError(f"side_px is {side_px}; it must be at least 1")
    if picture.draw:
        return png(picture.draw(side_px))
    height, width = picture.pixels.shape[-2:]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    middle = picture.pixels[None, :, top : top + side, left : left + side]
    return png(F.interpolate(middle, size=(side_px, side_px), mode="bilinear", antialias=True)[0])
