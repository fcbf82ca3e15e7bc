"""What stands below the canvas, word for word: numbers, the sum in words, the table of the proof."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from proof_lines import proof_lines

from viz.arithmetic import Arithmetic
from viz.numbers import number
from viz.run import ProofRow
from viz.ui import show
from viz.ui.proof_table import proof_table

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def read(text: str) -> float:
    """A number as it is written, read back."""
    mantissa, _, exponent = text.replace("−", "-").partition(" × 10")
    assert re.fullmatch(r"-?\d+(\.\d+)?", mantissa), text
    return float(mantissa) * 10.0 ** int(exponent.translate(RAISED) or 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (0.126, "0.126"),
        (-0.5, "−0.5"),
        (12.345, "12.3"),
        (0.001, "0.001"),
        (0.0012345, "0.00123"),
        (-0.000999, "−1.0 × 10⁻³"),
        (3.14159e-7, "3.1 × 10⁻⁷"),
        (25_000.0, "2.5 × 10⁴"),
        (-1.5e12, "−1.5 × 10¹²"),
    ],
)
def test_numbers_by_hand(value: float, text: str):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.126, 2, "0.13"),
        (0.05, 2, "0.05"),
        (12.345, 2, "12"),
        (99.6, 2, "100"),
        (1234, 3, "1230"),
    ],
)
def test_fewer_digits_by_hand(value: float, digits: int, text: str):
    assert number(value, digits) == text


@pytest.mark.parametrize(
    ("low", "high", "error"),
    [
        (-30, -3, 0.051),
        (-3, 2.999, 0.0051),
        (3, 4, 0.0051),
        (4, 30, 0.051),
    ],
)
@given(st.floats(0, 1), st.sampled_from([-1, 1]))
def test_any_number_reads_back_as_itself(
    low: float, high: float, error: float, share: float, sign: int
):
    value = sign * 10 ** (low + share * (high - low))
    assert read(number(value)) == pytest.approx(value, rel=error)


def taken(operation: Any, inputs: list[float], weights: list[float], **more: float) -> Arithmetic:
    terms = [x * w for x, w in zip(inputs, weights, strict=True)]
    bias = more.get("bias", 0.0)
    value = (max(terms) if operation == "max" else sum(terms)) + bias
    output = more.get("output", value)
    rectifier = "ReLU" if "output" in more else ""
    places = [(n, 0, 0) for n in range(len(inputs))]
    return Arithmetic(operation, places, inputs, weights, bias, value, rectifier, output)


@pytest.mark.parametrize(
    ("arithmetic", "in_map", "words"),
    [
        (
            taken("sum", [1.0, 2.0], [0.5, 0.25]),
            1.0,
            "The sum of **2** products of input and weight: **1**, the map says 1 (difference 0).",
        ),
        (
            taken("sum", [1.0], [-0.5], bias=0.25, output=0.0),
            0.0,
            "The sum of **1** products of input and weight: **−0.5**, plus the bias 0.25, "
            "after ReLU: **0**, the map says 0 (difference 0).",
        ),
        (
            taken("max", [0.1, 0.7, 0.3], [1.0] * 3),
            0.70000005,
            "The largest of **3** inputs: **0.7**, the map says 0.7 (difference 5.0 × 10⁻⁸).",
        ),
        (
            taken("mean", [0.2, 0.4], [0.5, 0.5]),
            0.3,
            "The mean of **2** inputs: **0.3**, the map says 0.3 (difference 5.6 × 10⁻¹⁷).",
        ),
        (
            taken("copy", [-0.2], [1.0], output=0.0),
            0.0,
            "One input: **−0.2**, after ReLU: **0**, the map says 0 (difference 0).",
        ),
    ],
    ids=["sum", "bias and rectifier", "max", "mean", "copy"],
)
def test_a_number_in_words(arithmetic: Arithmetic, in_map: float, words: str):
    assert show._sum_in_words(arithmetic, in_map) == words


def proof_row(sentence: str, difference: float, bound: float, **more: Any) -> ProofRow:
    usual = {"equal": True, "within": True, "left_ms": 1.0, "right_ms": 2.0}
    return ProofRow(sentence, difference=difference, bound=bound, **{**usual, **more})


def test_the_table_says_of_every_line_whether_it_is_as_claimed():
    rows = [
        proof_row("They are <equal>.", 4.8e-7, 1.1e-6, left_ms=0.0531, right_ms=12.3),
        proof_row("They are not.", 0.872, 1.1e-6, equal=False, within=False),
        proof_row("They should be.", 0.5, 0.0, within=False),
        proof_row("They should not.", 0.0, 0.0, equal=False, methods=("loop", "a & b")),
    ]
    lines = proof_lines(proof_table(rows))
    assert [line[0] for line in lines] == [
        *("✓ equal", "✓ differs, as claimed"),
        *("✗ differs, but should be equal", "✗ equal, but should differ"),
    ]
    assert lines[0][1:4] == ["They are <equal>.", "4.8 × 10⁻⁷", "1.1 × 10⁻⁶"]
    assert [line[4:] for line in lines[::3]] == [
        ["first method 0.053 ms", "second method 12 ms"],
        ["loop 1 ms", "a & b 2 ms"],
    ]
    assert [row.holds for row in rows] == [True, True, False, False]
    assert proof_table(rows).count('class="fails"') == 2
