"""The sections on digits: what they say follows from the numbers, and what is trained here is shown."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import mean, stdev
from typing import Any

import pytest
from looking import noise

from viz import lessons
from viz.bounded_cache import BoundedCache
from viz.lessons.blocks import Block, Button, Chart, Columns, Prose, Table
from viz.lessons.network_in_network.differences import STANDARD_ERRORS, difference
from viz.lessons.network_in_network.digit_errors import (
    against_kernels,
    digit_cases,
    errors,
    kernel_cases,
    largest_difference,
    over_fits_less,
)
from viz.lessons.network_in_network.sections import digits, overfit, trained
from viz.lessons.network_in_network.training_here import train_here
from viz.progress import Progress
from viz.text import text
from viz.training import digit_runs
from viz.training.classifier import Schedule
from viz.training.digit_costs import counts
from viz.training.digit_runs import EXAMPLES, SEEDS, Case, Head, Network, Outcome, compared, kernels
from viz.training.shipped_runs import shipped

LESSON = lessons.load("network_in_network")
SHIPPED = dict(shipped().outcomes)
SHORT = Schedule(steps=2, batch=10)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digit_runs, "SCHEDULE", SHORT)
    monkeypatch.setattr(digit_runs, "_OUTCOMES", BoundedCache(5000, size_of=lambda _: 1))


def inside(blocks: Iterable[Block]) -> list[Any]:
    found: list[Any] = []
    for block in blocks:
        found += (
            inside(b for column in block.columns for b in column)
            if isinstance(block, Columns)
            else [block]
        )
    return found


def shown(part: str, **fields: object) -> list[Any]:
    return inside(LESSON.section(part, LESSON.setting(part=part, **fields), noise(8, 8)))


def of_kind(blocks: list[Any], kind: type) -> list[Any]:
    return [block for block in blocks if isinstance(block, kind)]


def results(
    network: Network, examples: int, wrong_in_test: int, wrong_in_training: int = 0
) -> dict[Case, Outcome]:
    """Results of one network, nearly the same for every seed."""
    return {
        Case(network, examples, seed): Outcome(wrong_in_training, wrong_in_test + seed % 2)
        for seed in SEEDS
    }


# ── Numbers ─────────────────────────────────────────────────────────────────────────────────────


def test_a_difference_by_hand():
    found = difference([1.0, 5.0, 2.0], [2.0, 5.0, 5.0])
    assert found.mean == pytest.approx(mean([1, 0, 3]))
    assert found.error == pytest.approx(STANDARD_ERRORS * stdev([1, 0, 3]) / 3**0.5)
    assert not difference([1.0], [9.0]).is_clear, "one pair has no spread"
    with pytest.raises(ValueError, match="zip"):
        difference([1.0], [])


def test_errors_are_percentages_of_the_digits_of_each_part():
    network = compared("parameters")[0]
    rows = [SHIPPED[Case(network, 200, seed)] for seed in SEEDS]
    found = errors(SHIPPED, network, 200)
    assert found.training == tuple(row.wrong_in_training / 2 for row in rows)
    assert found.test == pytest.approx([row.wrong_in_test / 797 * 100 for row in rows])
    assert found.gaps == pytest.approx(
        [b - a for a, b in zip(found.training, found.test, strict=True)]
    )


def test_the_cases_of_a_section_are_all_that_it_draws_seed_by_seed():
    cases = digit_cases(2)
    assert len(set(cases)) == len(cases)
    networks = {*compared("parameters"), *compared("width")}
    assert set(cases) == {Case(each, 1000, seed) for each in networks for seed in (0, 1)}
    assert [case.seed for case in cases] == sorted(case.seed for case in cases)
    for head in ("connected", "averaged"):
        pair = {*kernels(head, "width"), *kernels(head, "parameters")}
        found = kernel_cases(head, 1)
        assert len(found) == len(pair) * len(EXAMPLES)
        assert set(found) == {Case(each, n, 0) for each in pair for n in EXAMPLES}
    assert digit_cases(0) == kernel_cases("connected", 0) == []


# ── Small digits ────────────────────────────────────────────────────────────────────────────────


def test_what_is_shipped_says_that_1x1_layers_are_no_magic_but_cheap():
    assert "no clear difference" in str(digits.says_mixing(SHIPPED))
    assert str(digits.says_cheap(SHIPPED)).count("fewer") == 1
    plain, other = (mean(errors(SHIPPED, each, 1000).test) for each in compared("parameters")[:3:2])
    assert f"{plain - other:.1f} points fewer" in str(digits.says_cheap(SHIPPED))


@pytest.mark.parametrize(("wrong", "says"), [(2, "fewer"), (200, "more"), (18, "no clear")])
def test_the_sentences_follow_the_numbers(wrong: int, says: str):
    nin, separable = compared("parameters")[1:3]
    assert says in str(digits.says_mixing(SHIPPED | results(nin, 1000, wrong)))
    first, *_ = str(digits.says_cheap(SHIPPED | results(separable, 1000, wrong))).split("With")
    assert says in first
    narrow = compared("width")[2]
    *_, last = str(digits.says_cheap(SHIPPED | results(narrow, 1000, wrong))).split("With")
    assert says in last


def test_the_share_of_parameters_is_counted():
    share = counts(*compared("width")[2]).parameters / counts(*compared("width")[0]).parameters
    assert f"{100 * share:.0f} % of the parameters" in str(digits.says_cheap(SHIPPED))


def test_both_comparisons_are_drawn_and_counted():
    blocks = shown("digits")
    charts, tables = of_kind(blocks, Chart), of_kind(blocks, Table)
    for equal, chart, table in zip(digits.TITLES, charts, tables, strict=True):
        for network, name, values, row in zip(
            compared(equal),
            *zip(*chart.arguments["values"].items(), strict=True),
            table.rows,
            strict=True,
        ):
            rows = [SHIPPED[Case(network, 1000, seed)].wrong_in_test for seed in SEEDS]
            assert values == pytest.approx([100 * wrong / 797 for wrong in rows])
            note = str(chart.arguments["notes"][name])
            assert note == f"{mean(values):.1f} ± {stdev(values):.1f} %"
            cost = counts(*network)
            assert row == [name, str(network.width), f"{cost.parameters:,}", f"{cost.macs:,}"]
        assert not any(chart.arguments["rings"].values())
        first = next(iter(chart.arguments["values"].values()))
        assert chart.arguments["at"][1] == pytest.approx(mean(first))


# ── Over-fitting ────────────────────────────────────────────────────────────────────────────────


def both(outcomes: dict[Case, Outcome], head: Head = "connected") -> str:
    sides = [against_kernels(outcomes, head, equal) for equal in overfit.SIDES]
    return str(overfit.verdict(sides))


def test_the_verdicts_of_what_is_shipped():
    heads: tuple[Head, ...] = ("connected", "averaged")
    for head in heads:
        assert both(SHIPPED, head).startswith("It does not hold")
    assert "more with 200, 500, 1,000 digits" in both(SHIPPED)
    assert "not even learned" in both(SHIPPED, "averaged")


def every(wrong_in_test: int, wrong_in_training: int = 0) -> dict[Case, Outcome]:
    """The 1×1 networks with the same result for every number of examples."""
    outcomes = dict(SHIPPED)
    for equal in overfit.SIDES:
        for n in EXAMPLES:
            outcomes |= results(kernels("connected", equal)[1], n, wrong_in_test, wrong_in_training)
    return outcomes


def test_the_verdict_follows_the_numbers():
    assert both(every(0)).startswith("It holds: ")
    assert both(every(700)).endswith("more with 50, 100, 200, 500, 1,000 digits.")
    assert "not even learned" in both(every(300, wrong_in_training=45))
    narrow = kernels("connected", "width")[1]
    assert both(SHIPPED | results(narrow, 50, 0)).startswith("It holds only sometimes")


def test_where_the_gaps_differ():
    narrow = kernels("connected", "width")[1]
    outcomes = SHIPPED | results(narrow, 50, 0) | results(narrow, 100, 700)
    less, same, more = over_fits_less(against_kernels(outcomes, "connected", "width"))
    assert less == [50]
    assert more == [100, 200, 500, 1000]
    assert same == []
    said = str(overfit.says(against_kernels(outcomes, "connected", "width")))
    assert "**less** with 50 digits" in said
    assert "**more** with 100, 200, 500, 1,000 digits" in said


@pytest.mark.parametrize("head", ["connected", "averaged"])
def test_the_curves_are_the_shipped_numbers(head: Any):
    charts = of_kind(shown("overfit", overfit_head=head), Chart)
    for equal, chart in zip(overfit.SIDES, charts, strict=True):
        wide, pointwise = kernels(head, equal)
        lines = {str(name): line for name, line in chart.arguments["lines"].items()}
        for network, kernel in ((wide, "3×3"), (pointwise, "1×1")):
            for place, n in enumerate(EXAMPLES):
                rows = [SHIPPED[Case(network, n, seed)] for seed in SEEDS]
                test = [100 * row.wrong_in_test / 797 for row in rows]
                training = [100 * row.wrong_in_training / n for row in rows]
                assert lines[f"{kernel} new"].values[place] == pytest.approx(test)
                assert lines[f"{kernel} learned"].values[place] == pytest.approx(training)


# ── Trained here ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("part", "field"), [("digits", "digit_seeds"), ("overfit", "overfit_seeds")]
)
def test_at_first_nothing_is_trained_and_a_button_begins(
    part: str, field: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(digit_runs, "learn", None)
    (button,) = of_kind(shown(part), Button)
    assert button.fields == {field: 1}
    assert field not in LESSON.sections[part].controls(LESSON.setting())
    assert field in LESSON.sections[part].controls(LESSON.setting(**{field: 1}))


@pytest.mark.usefixtures("short")
def test_what_was_trained_here_is_ringed_and_compared():
    blocks = shown("digits", digit_seeds=2)
    assert not of_kind(blocks, Button)
    for equal, chart in zip(digits.TITLES, of_kind(blocks, Chart), strict=True):
        for network, rings in zip(compared(equal), chart.arguments["rings"].values(), strict=True):
            here = [digit_runs.finished(Case(network, 1000, seed)).wrong_in_test for seed in (0, 1)]
            assert rings == pytest.approx([100 * wrong / 797 for wrong in here])
    (said,) = (str(each.text) for each in of_kind(blocks, Prose) if "The rings" in str(each.text))
    here_all = {case: digit_runs.finished(case) for case in digit_cases(2)}
    apart = [
        abs(found.wrong_in_test - SHIPPED[case].wrong_in_test) for case, found in here_all.items()
    ]
    assert f"{apart.count(0)} of {len(apart)} networks" in said
    assert f"at most {max(apart)} of" in said
    assert largest_difference(here_all, SHIPPED) == max(apart)


def test_where_all_agree_nothing_is_said_of_others():
    said = str(trained.how_trained(SHIPPED, "digit_seeds", text(""))[-1].text)
    assert f"All {len(SHIPPED)} networks make exactly as many" in said
    assert "others" not in said


@pytest.mark.usefixtures("short")
def test_training_reports_shows_what_is_done_and_ends_when_it_is_closed():
    drawn: list[int] = []

    def draw(found: Any) -> list[Block]:
        drawn.append(len(found))
        return []

    cases = kernel_cases("connected", 1)[:3]
    said = [each for each in train_here(cases, draw) if isinstance(each, Progress)]
    assert drawn == [0, 1, 2]
    assert [each.fraction for each in said] == sorted(each.fraction for each in said)
    assert "Network 1 of 3" in str(said[0].sentence)
    steps = train_here([cases[0]._replace(seed=5)], draw)
    next(steps)
    steps.close()
    assert list(steps) == []


@pytest.mark.usefixtures("short")
def test_another_setting_of_the_canvas_trains_nothing_again(monkeypatch: pytest.MonkeyPatch):
    shown("overfit", overfit_seeds=1)
    monkeypatch.setattr(digit_runs, "learn", None)
    shown("overfit", overfit_seeds=1, hidden=3)


@pytest.mark.usefixtures("short")
def test_training_reports_at_least_twice_a_second(monkeypatch: pytest.MonkeyPatch):
    """Of steps that take a third of a second, every second one at the latest."""
    now = iter(range(10_000))
    monkeypatch.setattr(
        "viz.lessons.network_in_network.training_here.perf_counter", lambda: next(now) / 3
    )
    steps = list(train_here(kernel_cases("connected", 1)[:2], lambda _: []))
    assert None not in steps
