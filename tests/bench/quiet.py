"""Was the machine ours? CPU time of other processes, and time the host took away (Linux)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rounds import is_disturbed

_TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Seconds of CPU at one moment: of every process by its id, and what was stolen from all."""

    at: float
    processes: Mapping[int, float]
    ours: frozenset[int]
    stolen: float


def usage() -> Usage:
    """What every process has used up to now; ours are this one and all that descend from it."""
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for process, parent, used in _processes():
        parents[process], seconds[process] = parent, used
    stolen = int(Path("/proc/stat").read_text().split("\n", 1)[0].split()[8]) * _TICK
    ours = frozenset(process for process in parents if _descends(process, os.getpid(), parents))
    return Usage(time.monotonic(), seconds, ours, stolen)


def disturbed(before: Usage, after: Usage) -> bool:
    """Whether anything but our own processes was at work between two moments."""
    return is_disturbed(others(before, after), after.stolen - before.stolen, after.at - before.at)


def others(before: Usage, after: Usage) -> float:
    """Seconds of CPU that processes other than ours used between two moments."""
    foreign = [process for process in after.processes if process not in after.ours]
    return sum(after.processes[p] - before.processes.get(p, 0.0) for p in foreign)


def sentence(before: Usage, after: Usage) -> str:
    """How much the machine was ours between two moments, as a person would say it."""
    window = after.at - before.at
    foreign, stolen = others(before, after) / window, (after.stolen - before.stolen) / window
    return f"meanwhile other processes used {foreign:.0%} of a CPU, and the host took {stolen:.0%} of one"


def used_by(process: int) -> float:
    """Seconds of CPU that a process and all that descend from it have used up to now."""
    found = [(each, parent, used) for each, parent, used in _processes()]
    parents = {each: parent for each, parent, _ in found}
    return sum(used for each, _, used in found if _descends(each, process, parents))


def _processes() -> Iterator[tuple[int, int, float]]:
    """Id, parent and seconds of every process; children that ended are counted with the parent."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        yield int(folder.name), int(fields[1]), sum(map(int, fields[11:15])) * _TICK


def _descends(process: int, ancestor: int, parents: Mapping[int, int]) -> bool:
    while process in parents:
        if process == ancestor:
            return True
        process = parents[process]
    return False
