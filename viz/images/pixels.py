"""From an opened file to the numbers that a layer sees: two self-contained functions.

The program that reproduces what is on screen contains their source text, so they use only PIL's
`Image` and `ImageOps`, `np`, `torch` and `F`.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageOps


def rgb_array(image: Image.Image, max_side_px: int = 1024) -> np.ndarray:
    """The pixels of an opened picture: upright, red, green and blue, at most 1024 a side.

    Values of 8 bits are divided by 255, of 16 bits by 65,535. Others have no such scale: their
    lowest becomes 0 and their highest 1, unless all lie in [0, 1] already. What is not a finite
    number becomes 0. What is transparent shows white.

    Args:
        image: as `Image.open` gives it; it is loaded, and turned, in place.
        max_side_px: a larger picture is reduced, antialiased, until its longer side is this.

    Returns:
        `(H, W, 3)` float32 in [0, 1].

    >>> rgb_array(Image.new("RGBA", (2, 1), (255, 0, 0, 51)))[0, 0]  # a fifth red, the rest white
    array([1. , 0.8, 0.8], dtype=float32)
    """
    image.draft(None, (max_side_px, max_side_px))  # a large JPEG is reduced while it is decoded
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith(("I", "F")):  # more than 8 bits, which Pillow would clip
        values = np.array(image, dtype=np.float64)
        finite = np.isfinite(values)
        known = values[finite]
        if image.mode.startswith("I;16"):
            low, high = 0.0, 65535.0
        elif known.size and (known.min() < 0 or known.max() > 1):
            low, high = float(known.min()), float(known.max())
        else:
            low, high = 0.0, 1.0
        scaled = np.where(finite, (values - low) / (high - low or 1), 0)
        image = Image.fromarray(scaled.astype(np.float32))
    else:
        image = image.convert("RGBA")
    image.thumbnail((max_side_px, max_side_px), Image.Resampling.BILINEAR)
    pixels = np.asarray(image, dtype=np.float32)
    if image.mode == "F":
        return np.stack([pixels] * 3, axis=-1)
    colour, opacity = pixels[..., :3] / 255, pixels[..., 3:] / 255
    return colour * opacity + (1 - opacity)


def resized(pixels: torch.Tensor, working_size_px: int) -> torch.Tensor:
    """The picture with its longer side at most `working_size_px`; a smaller one stays as it is.

    Antialiased bilinear: before it is read at fewer places the picture is blurred (by a triangle
    as wide as the new pixels are apart), so that no detail turns into a pattern that is not there.

    Args:
        pixels: `(3, H, W)` float32 in [0, 1].
        working_size_px: the new longer side, 1 or more.

    Returns:
        `(3, h, w)` in [0, 1], both sides scaled alike, rounded, at least 1.

    >>> resized(torch.rand(3, 300, 451), 224).shape
    torch.Size([3, 149, 224])
    """
    height, width = pixels.shape[-2:]
    scale = min(1.0, working_size_px / max(height, width))
    size = [max(1, round(side * scale)) for side in (height, width)]
    return F.interpolate(pixels[None], size=size, mode="bilinear", antialias=True)[0].clamp(0, 1)
