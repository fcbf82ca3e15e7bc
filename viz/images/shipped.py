"""The shipped pictures: free photographs, and drawings with known properties."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

import torch

from viz.images.decoding import decode
from viz.images.drawn import dead_leaves, grating, mosaic, siemens_star, stripes, zone_plate
from viz.images.picture import Picture

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "samples"

# In menu order; slug -> file and name. A visitor without uploads sees the first one.
PHOTOGRAPHS = {
    "coffee": ("coffee.png", "Cup of coffee"),
    "chelsea": ("chelsea.png", "Chelsea the cat"),
    "astronaut": ("astronaut.jpg", "Astronaut"),
    "camera": ("camera.png", "Photographer"),
    "rocket": ("rocket.jpg", "Rocket launch"),
    "retina": ("retina.jpg", "Retina"),
    "brick": ("brick.png", "Brick wall"),
    "grass": ("grass.png", "Grass"),
}
DRAWINGS: dict[str, tuple[Callable[[int], torch.Tensor], str]] = {
    "zone_plate": (zone_plate, "Zone plate"),
    "grating": (grating, "Drifting grating"),
    "siemens_star": (siemens_star, "Siemens star"),
    "dead_leaves": (dead_leaves, "Dead leaves"),
    "stripes": (stripes, "Finest stripes"),
    "mosaic": (mosaic, "Mosaic"),
}
DRAWN_PX = 512


def titles() -> dict[str, str]:
    """The titles of the shipped pictures, by slug in menu order; nothing is decoded.

    >>> list(titles().items())[0]
    ('coffee', 'Cup of coffee')
    """
    return {slug: name for slug, (_, name) in (*PHOTOGRAPHS.items(), *DRAWINGS.items())}


def samples() -> tuple[Picture, ...]:
    """The shipped pictures in menu order: photographs, then drawings. Always the same objects.

    >>> [picture.name for picture in samples()][:2]
    ['Cup of coffee', 'Chelsea the cat']
    """
    return tuple(shipped(slug) for slug in (*PHOTOGRAPHS, *DRAWINGS))


def photographs() -> tuple[Picture, ...]:
    """The shipped photographs alone, in menu order.

    >>> len(photographs())
    8
    """
    return tuple(shipped(slug) for slug in PHOTOGRAPHS)


@cache
def shipped(slug: str) -> Picture:
    """One shipped picture; no other is decoded or drawn.

    Args:
        slug: a key of `PHOTOGRAPHS` or `DRAWINGS`.

    Raises:
        KeyError: if there is none of this slug.

    >>> shipped("chelsea").pixels.shape
    torch.Size([3, 300, 451])
    """
    if slug in PHOTOGRAPHS:
        file, name = PHOTOGRAPHS[slug]
        return replace(decode((FOLDER / file).read_bytes(), file), name=name, slug=slug)
    draw, name = DRAWINGS[slug]
    kept = lru_cache(maxsize=8)(draw)  # the leaves take 0.1 s, and a slider requests them often
    digest = hashlib.sha256(slug.encode()).hexdigest()
    return Picture(name, kept(DRAWN_PX), digest, slug=slug, draw=kept)
