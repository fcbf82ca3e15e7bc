"""The documents keep their word: commands run, files exist, pins have reasons, .ci/run does it all."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "NOTICE")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
RUN = "python -m pip install -r requirements.txt && python -m streamlit run app.py"
TEST = "python -m pip install -r requirements.txt -r tests/requirements.txt && python -m pytest"
PINS = {
    "torch": "==2.13.0",
    "streamlit[performance]": "==1.67.*",
    "plotly": "==7.*",
    "pillow": "==13.*",
    "numpy": ">=2.2,<3",
}
INSTALL, PYTEST = TEST.split(" && ")
STEPS = [
    INSTALL,
    "lock --check",
    "ruff format --check",
    "ruff check",
    "mypy",
    "javascript",
    f"{PYTEST} -m not browser",
    f"{PYTEST} -m browser",
]
STAGES = ["install", "format", "lint", "types", "javascript", "unit tests", "browser tests"]


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


# ── .ci/run and scripts/check, with recorders in the place of what they call ────────────────────

RECORDER = """\
#!/bin/sh
echo "${0##*/} $*" | sed 's/ $//' >> "$LOG"
case "${0##*/} $*" in "$FAIL"*) exit 3 ;; esac
case "$*" in "-m venv "*)
  mkdir -p "$3/bin"
  for name in python ruff mypy; do cp "$0" "$3/bin/$name"; done ;;
esac
"""


@dataclass
class Ci:
    """Runs a script of a copy; `calls` is what it called, without what it looked at beforehand."""

    folder: Path
    said: str = ""

    def run(
        self, script: str = ".ci/run", *, fail: str = "nothing", chromium: str = "/bin/sh"
    ) -> int:
        self.log.unlink(missing_ok=True)
        environment = {
            "PATH": f"{self.folder}:{os.environ['PATH']}",
            "TMPDIR": str(self.folder),
            "LOG": str(self.log),
            "FAIL": fail,
            "CHROMIUM": chromium,
        }
        done = subprocess.run(
            [self.folder / "copy" / script],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.said = done.stdout
        return done.returncode

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def calls(self) -> list[str]:
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if not re.match(r"python3 |(node|npm) --version", line)]

    @property
    def table(self) -> list[tuple[str, str]]:
        """`(stage, how it ended)` of the rows that are printed last."""
        _, rows = self.said.split("Stages, in the order they ran:\n")
        return [
            (name.strip(), ending)
            for name, ending in re.findall(r"^(.{16}) +\d+ s  (.*)$", rows, re.M)
        ]


@pytest.fixture
def ci(tmp_path: Path) -> Iterator[Ci]:
    copy = tmp_path / "copy"
    for folder in (".ci", "scripts"):
        shutil.copytree(ROOT / folder, copy / folder)
    shutil.copy(ROOT / "README.md", copy)
    commands = ["python3", "python", "ruff", "mypy", "node", "npm", "apt-get"]
    for name in (*commands, "copy/scripts/lock", "copy/scripts/javascript"):
        (tmp_path / name).write_text(RECORDER, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    yield Ci(tmp_path)
    assert not list(tmp_path.glob("tmp.*")), "the environment is thrown away in the end"


def test_ci_runs_the_very_test_command_in_two_parts_after_the_fast_checks(ci: Ci) -> None:
    assert ci.run() == 0
    assert ci.calls == STEPS
    assert ci.table == [(stage, "passed") for stage in STAGES]


@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
def test_ci_ends_where_a_step_fails_and_tells_the_times_so_far(ci: Ci, step: int) -> None:
    assert ci.run(fail=STEPS[step]) != 0
    assert ci.calls == STEPS[: step + 1]
    *passed, failed = STAGES[: max(1, step)]  # the first two steps are of one stage
    assert ci.table == [*((stage, "passed") for stage in passed), (failed, "FAILED")]


@pytest.mark.parametrize(
    ("fail", "chromium", "packages"),
    [
        ("nothing", "/nowhere/chromium", "chromium"),
        ("python3 -c", "/bin/sh", "python3 python3-venv"),
        ("node --version", "/bin/sh", "nodejs"),
        ("npm --version", "/nowhere/chromium", "chromium npm"),
    ],
)
def test_ci_installs_what_the_machine_lacks(
    ci: Ci, fail: str, chromium: str, packages: str
) -> None:
    assert ci.run(fail=fail, chromium=chromium) == 0
    install = f"apt-get install -y --no-install-recommends {packages}"
    assert ci.calls == ["apt-get update", install, *STEPS]
    assert ci.table == [(stage, "passed") for stage in ("packages", *STAGES)]


def test_ci_ends_where_packages_cannot_be_installed(ci: Ci) -> None:
    assert ci.run(fail="apt-get install", chromium="/nowhere/chromium") != 0
    assert ci.table == [("packages", "FAILED")]


def test_check_is_the_fast_checks_and_the_quick_tests(ci: Ci) -> None:
    quick = f"{PYTEST} -q -m not browser and not slow"
    assert ci.run("scripts/check") == 0
    assert ci.calls == [*STEPS[2:6], quick]
    assert ci.run("scripts/check", fail="node --version") == 0, (
        "only who changes JavaScript needs Node"
    )
    assert ci.calls == [*STEPS[2:5], quick]
    assert ci.run("scripts/check", fail="mypy") != 0
    assert ci.calls == STEPS[2:5]


def test_commits_are_checked_by_the_script() -> None:
    entry = re.search(r"^ +entry: (.*)$", read(".pre-commit-config.yaml"), re.M)
    assert entry is not None
    assert os.access(ROOT / entry[1], os.X_OK)


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
