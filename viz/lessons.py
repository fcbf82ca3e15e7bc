"""The table of contents: which lessons there are, in menu order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Lesson:
    """One page: `slug` names page, address, experiment, prose and tests alike."""

    slug: str
    title: str
    claim: str
    icon: str


LESSONS = (
    Lesson(
        slug="lab",
        title="Lab",
        claim="Move a layer's slider and watch what it does to your own picture.",
        icon="🔬",
    ),
    Lesson(
        slug="pointwise",
        title="Pointwise convolution",
        claim="A 1×1 convolution is one matrix, applied at every pixel.",
        icon="🎨",
    ),
    Lesson(
        slug="cross_channel_pooling",
        title="Cross-channel pooling",
        claim="Cross-channel pooling takes the max over groups of maps; maxout first learns them.",
        icon="🏆",
    ),
    Lesson(
        slug="strided",
        title="Strided 1×1",
        claim="A strided 1×1 keeps 1/s² of the pixels and never looks at the others.",
        icon="🕳️",
    ),
)


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
