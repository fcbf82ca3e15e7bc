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
