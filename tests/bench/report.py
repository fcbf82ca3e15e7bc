"""Where figures go: sections of docs/performance.md between markers, docs/performance.json, tables."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MARKDOWN = ROOT / "docs" / "performance.md"
JSON = ROOT / "docs" / "performance.json"

SECTIONS = ("latency", "lessons", "visitors", "soak", "layers")  # in the order of the page
EMPTY = "_Not measured yet._"

# Ratio -> the bound it should keep, and whether it is a ceiling ("at most") or a floor ("at least").
TARGETS: dict[str, tuple[str, float]] = {
    "lab_112/floor": ("at most", 1.5),
    "lab_224/floor": ("at most", 2.5),
    "gradio_224/lab_224": ("at least", 10),
    "matplotlib_224/lab_224": ("at least", 30),
    "heatmaps_224/lab_224": ("at least", 40),
    "floor/page_without_torch": ("at most", 1.5),
    "first_paint/page_without_torch": ("at most", 1.15),
}


def put_section(name: str, text: str, file: Path = MARKDOWN) -> None:
    """Replaces one section of the page and leaves the others as they are.

    Raises:
        ValueError: if the page has no such section.
    """
    page = file.read_text(encoding="utf-8") if file.exists() else _skeleton()
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(page):
        raise ValueError(f"{file.name} has no section {name!r}")
    page = pattern.sub(lambda _: f"{begin}\n{text.strip()}\n{end}", page)
    file.write_text(page, encoding="utf-8")


def _skeleton() -> str:
    head = "# Performance\n\nEvery figure below was written here by the script that measured it, see `tests/bench/README.md`.\n"
    return head + "".join(
        f"\n<!-- {name}: begin -->\n{EMPTY}\n<!-- {name}: end -->\n" for name in SECTIONS
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first column is words, the others are figures.

    >>> print(table(["route", "ms"], [["floor", "34"]]))
    | route | ms |
    | --- | --: |
    | floor | 34 |
    """
    lines = [list(head), ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def judged(value: float | None, relation: str, bound: float) -> str:
    """Whether a figure keeps its target.

    >>> judged(1.4, "at most", 1.5), judged(9.0, "at least", 10), judged(None, "at most", 1)
    ('kept', '**missed**', 'too few clean steps')
    """
    if value is None:
        return "too few clean steps"
    kept = value <= bound if relation == "at most" else value >= bound
    return "kept" if kept else "**missed**"


def figure(value: float | None, unit: str = "") -> str:
    """A figure with three digits or, from 100 on, whole.

    >>> figure(1.2345), figure(5480.4, " ms"), figure(None)
    ('1.23', '5,480 ms', '–')
    """
    if value is None:
        return "–"
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return text + unit


def size(count: float | None) -> str:
    """Bytes as people write them.

    >>> size(812), size(45_300), size(3_210_000)
    ('812 B', '45.3 kB', '3.21 MB')
    """
    if count is None:
        return "–"
    for bound, unit in ((1e6, "MB"), (1e3, "kB")):
        if count >= bound:
            return f"{count / bound:.3g} {unit}"
    return f"{count:.0f} B"


def as_json(
    routes: Mapping[str, Mapping[str, Any]],
    ratios: Mapping[str, float | None],
    drag: Mapping[str, float | None],
) -> str:
    """The figures for whoever computes with them; a null where too few clean steps were had."""
    return json.dumps({"routes": routes, "ratios": ratios, "drag_112": drag}, indent=2) + "\n"


def machine(browser: str = "") -> list[str]:
    """What it was measured on, one line each, as the machine itself says it."""
    cpu, memory = _said("/proc/cpuinfo", r"model name\s*: (.*)"), _said("/proc/meminfo", r"(\d+)")
    flags = _said("/proc/cpuinfo", r"flags\s*: (.*)").split()
    virtual = ", a virtual machine: the host may take time away" if "hypervisor" in flags else ""
    cores = len(re.findall(r"^processor", Path("/proc/cpuinfo").read_text(), re.MULTILINE))
    packages = " · ".join(f"{name} {version(name)}" for name in ("torch", "streamlit", "numpy"))
    lines = [
        f"{cpu or platform.processor()}, {cores} CPUs, {int(memory or 0) / 2**20:.0f} GiB{virtual}",
        f"{platform.system()} {platform.release()} · Python {platform.python_version()} · {packages}",
    ]
    return [*lines, f"{browser}, headless, without a GPU"] if browser else lines


def _said(file: str, pattern: str) -> str:
    found = re.search(pattern, Path(file).read_text())
    return found[1].strip() if found else ""
