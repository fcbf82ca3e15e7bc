"""The lock, what an installation takes along, and the version that several files say."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def lines(name: str) -> list[str]:
    """Every line without its comment; those that say nothing are left out."""
    said = [line.split("#")[0].strip() for line in read(name).splitlines()]
    return [line for line in said if line]


PROJECT: dict[str, Any] = tomllib.loads(read("pyproject.toml"))
REQUIRED = [*lines("requirements.txt"), *lines("tests/requirements.txt")]


@pytest.fixture(scope="module")
def locked() -> dict[str, Version]:
    pairs = [line.split("==") for line in lines("requirements-lock.txt")]
    return {canonicalize_name(name): Version(version) for name, version in pairs}


@pytest.mark.parametrize("line", REQUIRED)
def test_the_lock_satisfies_what_is_required(line: str, locked: dict[str, Version]) -> None:
    required = Requirement(line)
    assert required.specifier.contains(locked[canonicalize_name(required.name)])


def test_the_lock_fits_every_build_of_torch(locked: dict[str, Version]) -> None:
    """`2.13.0+cpu` would be found on one index only."""
    assert [name for name, version in locked.items() if version.local] == []


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ("", ""),
        ("nvidia-cublas==13.1\ntriton==3.7", ""),  # the build with CUDA
        ("torch==1.0", "torch==1.0"),
        ("left-pad==1.0", "left-pad==1.0"),
    ],
)
def test_what_is_installed_beside_the_lock_is_named(more: str, named: str, tmp_path: Path) -> None:
    installed = "\n".join([*lines("requirements-lock.txt"), more]).strip()
    build = re.sub(r"(?m)^(torch==2.*)$", r"\1+cpu", installed)
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\ncat <<END\n{build}\nEND\n", encoding="utf-8")
    python.chmod(0o755)
    command = [str(ROOT / "scripts" / "lock"), "--check"]
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(command, env=path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[1:]) == (int(bool(named)), named.split())


def test_dependencies_stand_in_the_requirements_alone() -> None:
    assert "dependencies" not in PROJECT["project"]
    dynamic = PROJECT["tool"]["setuptools"]["dynamic"]
    assert dynamic["dependencies"] == {"file": ["requirements.txt"]}
    assert dynamic["optional-dependencies"] == {"tests": {"file": ["tests/requirements.txt"]}}


def test_an_installation_takes_along_what_lies_beside_the_code() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    beside = [
        path.name
        for path in (ROOT / "viz").rglob("*.*")
        if path.suffix not in (".py", ".pyc") and path.is_file()
    ]
    assert beside
    assert [name for name in beside if not any(fnmatch(name, each) for each in patterns)] == []


def test_the_version_is_the_same_wherever_it_is_said() -> None:
    citation = re.findall(r"^version: (.*)$", read("CITATION.cff"), re.MULTILINE)
    changelog = re.findall(r"^## \[(.*?)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert citation == changelog[:1] == [PROJECT["project"]["version"]]
