""".ci/run and scripts/check, run with recorders in the place of what they call."""

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
README = (ROOT / "README.md").read_text(encoding="utf-8")
INSTALL, PYTEST = re.findall(r"^(python .*) && (python -m pytest)$", README, re.MULTILINE)[0]
CORES = len(os.sched_getaffinity(0))  # as nproc counts
# Every step, and the stage that it belongs to.
STAGE_OF = {
    INSTALL: "install",
    "lock --check": "install",
    "ruff format --check": "format",
    "ruff check": "lint",
    "mypy": "types",
    "npm ci": "javascript",
    "npm run check": "javascript",
    f"{PYTEST} -n {CORES} -m not browser and not hall": "unit tests",
    f"{PYTEST} -n {CORES} --dist loadfile -m browser": "browser tests",
    f"{PYTEST} -m hall": "hall tests",
}
STEPS, STAGES = list(STAGE_OF), list(dict.fromkeys(STAGE_OF.values()))

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
    for name in (*commands, "copy/scripts/lock"):
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
    *passed, failed = STAGES[: STAGES.index(STAGE_OF[STEPS[step]]) + 1]
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
    quick = f"{PYTEST} -q -m not browser and not hall and not slow"
    assert ci.run("scripts/check") == 0
    assert ci.calls == [*STEPS[2:7], quick]
    assert ci.run("scripts/check", fail="node --version") == 0, (
        "only who changes JavaScript needs Node"
    )
    assert ci.calls == [*STEPS[2:5], quick]
    assert ci.run("scripts/check", fail="mypy") != 0
    assert ci.calls == STEPS[2:5]


@pytest.mark.parametrize(
    ("file", "key", "script"),
    [
        (".pre-commit-config.yaml", "entry", "scripts/check"),
        (".github/workflows/ci.yml", "run", ".ci/run"),
    ],
)
def test_commits_and_pushes_run_the_scripts(file: str, key: str, script: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.findall(rf"^[ -]+{key}: (.*)$", text, re.MULTILINE) == [script]
    assert os.access(ROOT / script, os.X_OK)
