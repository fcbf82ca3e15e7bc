"""Fields that the Settings of most lessons have, declared once."""

from __future__ import annotations

from collections.abc import Mapping

from viz.settings import Choice, Slider, field


def part_field(sections: Mapping[str, str]) -> str:
    """The field `part`: the open section, by name; the first one at the start.

    Args:
        sections: the title of each, by name, in the order of the page.
    """
    return field(
        Choice,
        next(iter(sections)),
        sections,
        label="Section",
        help="What is shown below the maps.",
        affects_canvas=False,
    )


def seed_field(what: str) -> int:
    """A seed: which draw of random numbers; `what` is its help text, which says what is drawn."""
    return field(Slider, 0, 0, 99, label="Seed", help=what)


def orientations_field() -> int:
    """How many orientations a bank of Gabor filters has."""
    return field(
        Slider,
        4,
        2,
        16,
        label="Orientations",
        help="How many orientations of bars, evenly spaced over 180°.",
    )


def wavelength_field() -> float:
    """The period of the bars of Gabor filters."""
    return field(
        Slider,
        8.0,
        3,
        32,
        step=0.5,
        unit="px",
        label="Wavelength",
        help="Width of one bright and one dark bar together.",
    )


def envelope_field(default: float) -> float:
    """The standard deviation of the window across the bars."""
    return field(
        Slider,
        default,
        1,
        12,
        step=0.5,
        unit="px",
        label="Envelope",
        help="How far a filter reaches across its bars. Wider: more selective.",
    )


def aspect_field(default: float) -> float:
    """The length of the window along the bars, as a multiple of its width."""
    return field(
        Slider,
        default,
        0.5,
        3,
        step=0.1,
        label="Aspect",
        help="Length of the envelope along the bars divided by its width across them. Longer: more selective.",
    )


def kernel_size_field() -> int:
    """The side of Gabor filters."""
    return field(
        Slider,
        25,
        3,
        63,
        step=2,
        unit="px",
        label="Kernel size",
        help="A kernel that is too small cuts the envelope off.",
    )
