"""Where figures go: sections of docs/performance.md between markers, docs/performance.json, tables."""

from __future__ import annotations

import argparse
import json
import platform
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from cpus import NATIVE, Cpu

ROOT = Path(__file__).resolve().parents[2]
MARKDOWN = ROOT / "docs" / "performance.md"
JSON = ROOT / "docs" / "performance.json"

SECTIONS = (  # in the order of the page
    "latency",
    "lessons",
    "visitors",
    "visitors_50",
    "watchers",
    "hall",
    "followers",
    "slowest",
    "soak",
    "layers",
    "gpu",
)
EMPTY = "_Not measured yet._"

# Ratio -> the bound it should keep, and whether it is a ceiling ("at most") or a floor ("at least").
TARGETS: dict[str, tuple[str, float]] = {
    "lab_112/floor": ("at most", 1.5),
    "lab_224/floor": ("at most", 2.0),
    "gradio_224/lab_224": ("at least", 10),
    "matplotlib_224/lab_224": ("at least", 30),
    "heatmaps_224/lab_224": ("at least", 40),
    "floor/page_without_torch": ("at most", 1.5),
    "first_paint/page_without_torch": ("at most", 1.15),
}

# What a processor says of its vectors, where it says it at all.
VECTORS = {
    "avx": "AVX",
    "avx2": "AVX2",
    "avx512f": "AVX-512",
    "avx512_vnni": "AVX-512 VNNI",
    "avx512_bf16": "AVX-512 BF16",
    "amx_bf16": "AMX BF16",
    "asimd": "NEON",
    "sve": "SVE",
}


def add_option(options: argparse.ArgumentParser) -> None:
    """Adds `--out`: the folder that gets the documents."""
    options.add_argument("--out", type=Path, default=MARKDOWN.parent, help="where the documents go")


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
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")


def _skeleton() -> str:
    head = "# Performance\n\nEach figure below was written by the script that measured it; see `tests/bench/README.md`.\n"
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


class Row(NamedTuple):
    """One figure of every way to measure, beside its target.

    Attributes:
        words: what was measured.
        values: the figures, one for each way; None where there is none.
        unit: behind each of them.
        relation, bound: the target, see `judged`; without a relation there is none.
        absent: why there is none.
    """

    words: str
    values: Sequence[float | None]
    unit: str = ""
    relation: str = ""
    bound: float = 0
    absent: str = "not measured"


def judged_table(cpus: Sequence[Cpu], rows: Sequence[Row]) -> str:
    """A table with a column for every way to measure, and whether each figure keeps its target.

    >>> from cpus import AVX2
    >>> print(judged_table([AVX2], [Row("wait", [250], " ms", "at most", 200), Row("pens", [3])]))
    |  | target | AVX2, one thread |  |
    | --- | --: | --: | --: |
    | wait | at most 200 ms | 250 ms | **missed** |
    | pens |  | 3 |  |
    """
    head = ["", "target", *(cell for cpu in cpus for cell in (cpu.words, ""))]
    return table(head, [_judged_row(row) for row in rows])


def _judged_row(row: Row) -> list[str]:
    cells = [row.words, ""]
    if row.relation:
        cells[1] = "none" if row.bound == 0 else f"{row.relation} {figure(row.bound, row.unit)}"
    for value in row.values:
        verdict = judged(value, row.relation, row.bound, row.absent) if row.relation else ""
        cells += [figure(value, row.unit), verdict]
    return cells


def judged(
    value: float | None, relation: str, bound: float, absent: str = "too few clean steps"
) -> str:
    """Whether a figure keeps its target.

    >>> judged(1.4, "at most", 1.5), judged(9.0, "at least", 10), judged(None, "at most", 1)
    ('kept', '**missed**', 'too few clean steps')
    """
    if value is None:
        return absent
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


def put_figures(found: Mapping[str, Mapping[str, Any]], file: Path = JSON) -> None:
    """Replaces figures of some ways to measure, and leaves the others as they are.

    Args:
        found: by the name of a `Cpu`, figures by what they are of; a null where there is none.
        file: the JSON for whoever computes with them, see `with_figures`.
    """
    said = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for cpu, figures in found.items():
        said = with_figures(said, cpu, figures)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def with_figures(said: Mapping[str, Any], cpu: str, figures: Mapping[str, Any]) -> dict[str, Any]:
    """All figures with some of them replaced: those of the machine as it is stand at the top.

    >>> with_figures({"routes": 1, "avx2": {"hall": 2}}, "avx2", {"routes": 3})
    {'routes': 1, 'avx2': {'hall': 2, 'routes': 3}}
    >>> with_figures({"routes": 1}, "native", {"routes": 4})
    {'routes': 4}
    """
    if cpu == NATIVE.name:
        return {**said, **figures}
    return {**said, cpu: {**said.get(cpu, {}), **figures}}


def machine(browser: str = "") -> list[str]:
    """What it was measured on, one line each, as the machine itself says it."""
    cpu, memory = _said("/proc/cpuinfo", r"model name\s*: (.*)"), _said("/proc/meminfo", r"(\d+)")
    text = Path("/proc/cpuinfo").read_text()
    flags = _flags(text)
    virtual = ", a virtual machine: the host may take time away" if "hypervisor" in flags else ""
    cores = len(re.findall(r"^processor", text, re.MULTILINE))
    packages = " · ".join(f"{name} {version(name)}" for name in ("torch", "streamlit", "numpy"))
    vectors = f" with {found}" if (found := vector_features(text)) else ""
    lines = [
        f"{cpu or platform.processor()}{vectors}, {cores} CPUs, {int(memory or 0) / 2**20:.0f} GiB{virtual}",
        f"{platform.system()} {platform.release()} · Python {platform.python_version()} · {packages}",
    ]
    return [*lines, f"{browser}, headless, without a GPU"] if browser else lines


def vector_features(cpuinfo: str) -> str:
    """The vector instructions that Linux lists for a processor.

    >>> vector_features("flags : fpu avx sse2 avx2"), vector_features("Features : fp asimd")
    ('AVX, AVX2', 'NEON')
    """
    flags = _flags(cpuinfo)
    return ", ".join(words for flag, words in VECTORS.items() if flag in flags)


def _flags(cpuinfo: str) -> set[str]:
    found = re.search(r"^(?:flags|Features)\s*: (.*)", cpuinfo, re.MULTILINE)
    return set(found[1].split()) if found else set()


def _said(file: str, pattern: str) -> str:
    found = re.search(pattern, Path(file).read_text())
    return found[1].strip() if found else ""
