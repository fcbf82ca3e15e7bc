"""The table of contents: all lessons in menu order. Importing it needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viz.assets import ROOT

if TYPE_CHECKING:
    from viz.lessons.lesson import Lesson


@dataclass(frozen=True)
class Entry:
    """One line of the menu; `slug` is the name of page, address, folder, prose and tests."""

    slug: str
    title: str
    claim: str
    icon: str


LESSONS = (
    Entry(
        slug="lab",
        title="Lab",
        claim="Move a layer's slider and watch what it does to your own picture.",
        icon="🔬",
    ),
    Entry(
        slug="pointwise",
        title="Pointwise convolution",
        claim="A 1×1 convolution is one matrix, applied at every pixel.",
        icon="🎨",
    ),
    Entry(
        slug="cross_channel_pooling",
        title="Cross-channel pooling",
        claim="Cross-channel pooling takes the max over groups of maps; maxout learns the maps it compares.",
        icon="🏆",
    ),
    Entry(
        slug="strided",
        title="Strided 1×1",
        claim="A strided 1×1 keeps 1/s² of the pixels and never looks at the others.",
        icon="🕳️",
    ),
    Entry(
        slug="pooling_order",
        title="Order of pooling and 1×1",
        claim="Max pooling and a 1×1 do not commute; average pooling and a 1×1 do.",
        icon="🔀",
    ),
    Entry(
        slug="reduction",
        title="Reducing channels",
        claim="Is a 1×1 the best way to reduce channels? For linear decoding PCA is, and a trained 1×1 finds it.",
        icon="🗜️",
    ),
    Entry(
        slug="network_in_network",
        title="Network in Network",
        claim="An mlpconv layer is a small multilayer perceptron at every pixel.",
        icon="🧠",
    ),
    Entry(
        slug="inception",
        title="Inception",
        claim="In an Inception module, 1×1 layers pay for the 3×3 and the 5×5.",
        icon="🔱",
    ),
    Entry(
        slug="fully_connected",
        title="Fully connected layers",
        claim="There is no such thing as a fully connected layer: it is a convolution as large as its input.",
        icon="🪟",
    ),
    Entry(
        slug="receptive_field",
        title="Receptive fields",
        claim="A 1×1 sees one pixel; where it stands decides what that pixel has seen.",
        icon="🔭",
    ),
    Entry(
        slug="orientation",
        title="Orientation tuning",
        claim="A 1×1 layer cannot look sideways, and still it builds complex cells.",
        icon="🧭",
    ),
    Entry(
        slug="emergence",
        title="Where filters come from",
        claim="Filters that respond to oriented edges are what pictures with edges teach.",
        icon="🌱",
    ),
    Entry(
        slug="trained",
        title="In a trained network",
        claim="In a network for phones, two of three convolutions are 1×1, and they do most of the work.",
        icon="📱",
    ),
)


def entry(slug: str) -> Entry:
    """The entry of a lesson.

    Raises:
        KeyError: if there is no lesson of that name.

    >>> entry("lab").title
    'Lab'
    """
    for each in LESSONS:
        if each.slug == slug:
            return each
    raise KeyError(slug)


def load(slug: str) -> Lesson[Any]:
    """The lesson of a slug; importing it imports torch.

    Raises:
        KeyError: if there is no lesson of that name; nothing is imported then.

    >>> load("lab").setting.__name__
    'Setting'
    """
    lesson: Lesson[Any] = import_module(f"viz.lessons.{entry(slug).slug}").LESSON
    return lesson


def page_path(slug: str) -> Path:
    """The page's script as an absolute path.

    >>> page_path("lab").relative_to(ROOT).as_posix()
    'pages/lab.py'
    """
    return ROOT / "pages" / f"{slug}.py"


def prose_path(slug: str, language: str = "en") -> Path:
    """The lesson's prose, one heading a passage.

    >>> prose_path("lab").relative_to(ROOT).as_posix()
    'assets/lessons/en/lab.md'
    """
    return ROOT / "assets" / "lessons" / language / f"{slug}.md"
