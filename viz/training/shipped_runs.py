"""The results of `scripts/run_digits.py`, which come with the app."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import torch

from viz.assets import ROOT
from viz.training.classifier import Schedule
from viz.training.digit_runs import SCHEDULE, Case, Network, Outcome

FILE = ROOT / "assets" / "experiments" / "digits.json"
SCRIPT = "scripts/run_digits.py"
COLUMNS = [*Network._fields, "examples", "seed", *Outcome._fields]


@dataclass(frozen=True)
class Shipped:
    """Results that were computed before.

    Attributes:
        made: the day.
        torch_version: what they were computed with.
        schedule: how every network was trained.
        outcomes: the result of every case.
    """

    made: date
    torch_version: str
    schedule: Schedule
    outcomes: Mapping[Case, Outcome]


@cache
def shipped() -> Shipped:
    """What the file holds.

    >>> shipped().schedule == SCHEDULE
    True
    """
    return read(json.loads(FILE.read_text(encoding="utf-8")))


def read(found: Mapping[str, Any]) -> Shipped:
    """The results in a file.

    Raises:
        ValueError: if its columns are not those that `written` writes.
    """
    if found["columns"] != COLUMNS:
        raise ValueError(f"the columns are {found['columns']}, not {COLUMNS}")
    outcomes = {
        Case(Network(design, width), examples, seed): Outcome(*wrongs)
        for design, width, examples, seed, *wrongs in found["runs"]
    }
    schedule = Schedule(**found["schedule"])
    return Shipped(date.fromisoformat(found["made"]), found["torch"], schedule, outcomes)


def written(outcomes: Mapping[Case, Outcome]) -> str:
    """The file's text, with one line a run.

    >>> made = written({Case(Network("plain", 3), 50, 0): Outcome(1, 2)})
    >>> read(json.loads(made)).outcomes
    {Case(network=Network(design='plain', width=3), examples=50, seed=0): Outcome(wrong_in_training=1, wrong_in_test=2)}
    """
    head = {
        "made": date.today().isoformat(),
        "by": SCRIPT,
        "torch": torch.__version__,
        "schedule": SCHEDULE._asdict(),
        "columns": COLUMNS,
    }
    rows = [json.dumps([*case.network, *case[1:], *found]) for case, found in outcomes.items()]
    lines = ",\n".join(rows)
    return f'{json.dumps(head, indent=1)[:-2]},\n "runs": [\n{lines}\n ]\n}}\n'
