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
