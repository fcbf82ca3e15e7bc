"""The runs of the lesson: comparable networks, reproducible, and equal to the shipped ones."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from datetime import date

import pytest
import torch

from viz.assets import ROOT
from viz.training import digit_runs
from viz.training.classifier import Schedule
from viz.training.digit_costs import counts
from viz.training.digit_runs import (
    EXAMPLES,
    SCHEDULE,
    SEEDS,
    WIDTH,
    Case,
    Network,
    Outcome,
    compared,
    every_case,
    finished,
    kernels,
    outcome,
)
from viz.training.shipped_runs import FILE, SCRIPT, read, shipped, written

SHORT = Schedule(steps=3, batch=10)
SMALL = Case(Network("pointwise_connected", WIDTH), 50, 0)  # the quickest of all


@pytest.fixture(autouse=True)
def nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test trains anew."""
    empty = type(digit_runs._OUTCOMES)(5000, size_of=lambda _: 1)
    monkeypatch.setattr(digit_runs, "_OUTCOMES", empty)


# ── What is compared ────────────────────────────────────────────────────────────────────────────


def test_equal_parameters_are_equal_to_three_percent():
    pairs = [kernels("connected", "parameters"), kernels("averaged", "parameters")]
    for first, *others in [compared("parameters"), *pairs]:
        wanted = counts(*first).parameters
        for other in others:
            assert abs(counts(*other).parameters / wanted - 1) < 0.03, other


def test_equal_widths_are_equal():
    for networks in [
        compared("width"),
        kernels("connected", "width"),
        kernels("averaged", "width"),
    ]:
        assert {network.width for network in networks} == {WIDTH}


@pytest.mark.parametrize("head", ["connected", "averaged"])
@pytest.mark.parametrize("equal", ["width", "parameters"])
def test_only_the_kernels_of_the_two_differ(head, equal):
    wide, pointwise = kernels(head, equal)
    assert wide.design.replace("plain", "pointwise") == pointwise.design
    assert wide.design.endswith("_connected") == (head == "connected")


# ── One run ─────────────────────────────────────────────────────────────────────────────────────


def test_a_run_is_reproducible_and_depends_on_its_seed():
    case = Case(Network("plain", 4), 50, 3)
    first = finished(case, SHORT)
    digit_runs._OUTCOMES.drop((case, SHORT))
    assert finished(case, SHORT) == first
    others = {finished(case._replace(seed=seed), SHORT) for seed in range(4, 8)}
    assert others != {first}


def test_a_run_says_how_far_it_is_and_can_be_left():
    steps = outcome(SMALL, SHORT)
    assert list(itertools.islice(steps, 2)) == [1 / 3, 2 / 3]
    steps.close()
    assert digit_runs._OUTCOMES.get((SMALL, SHORT)) is None, "half a run is no result"
    assert len(list(outcome(SMALL, SHORT))) == SHORT.steps + 1, "it begins anew"


def test_a_run_is_done_once():
    first = finished(SMALL, SHORT)
    assert list(outcome(SMALL, SHORT)) == []
    assert finished(SMALL, SHORT) == first
    assert list(outcome(SMALL, SHORT._replace(steps=1))) == [1.0] * 2, (
        "another schedule is another run"
    )


def test_it_trains_inside_the_queues_inference_mode():
    with torch.inference_mode():
        inside = finished(SMALL, SHORT)
    digit_runs._OUTCOMES.drop((SMALL, SHORT))
    assert finished(SMALL, SHORT) == inside


# ── The shipped results ─────────────────────────────────────────────────────────────────────────


def test_the_file_says_what_it_is():
    found = json.loads(FILE.read_text(encoding="utf-8"))
    assert (ROOT / found["by"]).is_file()
    assert found["by"] == SCRIPT
    assert date(2026, 1, 1) <= shipped().made <= date.today()
    assert shipped().schedule == SCHEDULE
    assert shipped().torch_version


def test_it_holds_every_run_once_and_no_other():
    assert len(SEEDS) >= 5
    rows = [tuple(row[:4]) for row in json.loads(FILE.read_text(encoding="utf-8"))["runs"]]
    assert set(Counter(rows).values()) == {1}
    assert set(shipped().outcomes) == set(every_case())


def test_its_numbers_are_counts_of_digits():
    for case, found in shipped().outcomes.items():
        assert 0 <= found.wrong_in_training <= case.examples
        assert 0 <= found.wrong_in_test <= 797


def test_every_network_but_that_without_shapes_has_converged():
    for case, found in shipped().outcomes.items():
        if case.network.design != "pointwise":
            assert found.wrong_in_training <= 0.005 * case.examples, case


def test_the_file_can_be_written_again():
    assert read(json.loads(written(shipped().outcomes))).outcomes == shipped().outcomes


def test_a_file_with_other_columns_is_refused():
    found = json.loads(written({SMALL: Outcome(1, 2)}))
    with pytest.raises(ValueError, match="columns"):
        read(found | {"columns": found["columns"][::-1]})


@pytest.mark.slow
@pytest.mark.parametrize("examples", EXAMPLES[:2])
def test_a_run_here_agrees_with_the_shipped_one(examples: int):
    """Processors round differently, and training magnifies it: to a few digits in a hundred."""
    case = SMALL._replace(examples=examples)
    here, there = finished(case), shipped().outcomes[case]
    assert here.wrong_in_training == there.wrong_in_training == 0
    assert abs(here.wrong_in_test - there.wrong_in_test) <= 8
