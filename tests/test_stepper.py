"""The stepper before the browser: what it is given, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from torch.nn import functional as F

from viz.languages import CHINESE
from viz.lessons.blocks import Reading
from viz.ui.speaking import speaking
from viz.ui.stepper import data

RNG = np.random.default_rng(0)
INPUTS = RNG.random((3, 6, 5), np.float32)


def reading(
    outputs: int = 2,
    kernel: int = 1,
    stride: int = 1,
    padding: int = 0,
    inputs: np.ndarray = INPUTS,
) -> Reading:
    """A layer of random weights over these inputs, computed by torch."""
    weights = RNG.standard_normal((outputs, len(inputs), kernel, kernel), np.float32)
    maps = F.conv2d(
        torch.tensor(inputs)[None], torch.tensor(weights), stride=stride, padding=padding
    )
    return Reading("1×1", stride, padding, weights, maps[0].numpy(), "a note")


def given_to(
    one: Reading, inputs: np.ndarray = INPUTS, names: int = 2, colour: bool = True
) -> dict:
    channels = [f"in {n}" for n in range(len(inputs))]
    return data(inputs, [one], channels, [f"out {n}" for n in range(names)], colour, "Words")


@given(st.integers(1, 5), st.integers(1, 8), st.integers(1, 16), st.integers(1, 16), st.data())
def test_every_layer_that_torch_makes_is_taken_to_the_last_digit(
    kernel: int, stride: int, h: int, w: int, more
):
    padding = more.draw(st.integers(0, kernel - 1))
    assume(min(h, w) + 2 * padding >= kernel)
    inputs = RNG.standard_normal((more.draw(st.integers(1, 4)), h, w), np.float32)
    one = reading(more.draw(st.integers(1, 4)), kernel, stride, padding, inputs)
    sent = json.loads(json.dumps(given_to(one, inputs, len(one.outputs), colour=False)))
    assert (np.array(sent["inputs"], np.float32) == inputs).all()
    (back,) = sent["readings"]
    assert (np.array(back["weights"], np.float32) == one.weights).all()
    assert (np.array(back["outputs"], np.float32) == one.outputs).all()
    assert (back["stride"], back["padding"]) == (stride, padding)
    assert back["operation"] == "sum"


def pool(operation: Literal["max", "mean"] = "max", padding: int = 0, weight: float = 1.0) -> dict:
    """A 2×2 pool over a plane of zeros."""
    side = 2 + 2 * padding
    outputs, weights = np.zeros((1, side, side)), np.full((1, 1, 2, 2), weight)
    one = Reading("2×2", 1, padding, weights, outputs, operation=operation)
    return given_to(one, np.zeros((1, 3, 3)), names=1, colour=False)


@pytest.mark.parametrize("operation", ["max", "mean"])
def test_a_pool_says_what_becomes_of_its_numbers(operation: Literal["max", "mean"]):
    assert pool(operation)["readings"][0]["operation"] == operation


GOOD = reading()
BAD: dict[str, Callable[[], object]] = {
    "four axes": lambda: given_to(GOOD, INPUTS[None]),
    "seventeen rows": lambda: given_to(GOOD, np.zeros((3, 17, 5))),
    "five planes": lambda: given_to(GOOD, np.zeros((5, 4, 4)), colour=False),
    "colour of two planes": lambda: given_to(GOOD, INPUTS[:2]),
    "no reading": lambda: data(INPUTS, [], ["a", "b", "c"], ["d"], True, ""),
    "a name too few": lambda: data(INPUTS, [GOOD], ["a", "b"], ["c", "d"], True, ""),
    "an output name too many": lambda: given_to(GOOD, names=3),
    "weights of two axes": lambda: given_to(replace(GOOD, weights=GOOD.weights[:, :, 0, 0])),
    "weights for other planes": lambda: given_to(replace(GOOD, weights=GOOD.weights[:, :2])),
    "a kernel of 1×2": lambda: given_to(replace(GOOD, weights=np.zeros((2, 3, 1, 2)))),
    "a kernel of 6×6": lambda: given_to(replace(GOOD, weights=np.zeros((2, 3, 6, 6)), padding=2)),
    "a pool of three planes": lambda: given_to(
        replace(GOOD, operation="max", weights=np.ones_like(GOOD.weights))
    ),
    "a pool with padding": lambda: pool(padding=1),
    "a pool with weights": lambda: pool(weight=2.0),
    "padding beyond the kernel": lambda: given_to(reading(padding=1)),
    "stride 0": lambda: given_to(replace(GOOD, stride=0)),
    "stride 9": lambda: given_to(replace(GOOD, stride=9)),
    "outputs of another stride": lambda: given_to(replace(GOOD, stride=2)),
    "outputs of another layer": lambda: given_to(replace(GOOD, outputs=GOOD.outputs[:1])),
    "five outputs": lambda: given_to(reading(5), names=5),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_what_does_not_belong_together_is_refused(bad: Callable[[], object]):
    assert given_to(GOOD)
    with pytest.raises(ValueError, match=r"\d|one reading"):
        bad()


def test_the_language_is_handed_over():
    with speaking(CHINESE):
        assert given_to(GOOD)["language"] == "zh-Hans"


SCRIPT = """
import numpy as np
from viz.lessons.blocks import Reading
from viz.ui.stepper import stepper

one = Reading("1×1, stride 2", 2, 0, np.ones((1, 1, 1, 1)), np.array([[[0.0, 0.5], [1.0, 1.5]]]), "n")
inputs = np.arange(9.0).reshape(1, 3, 3) / 4
names = {"channel_names": ["in"], "output_names": ["out"]}
for key in ("here", "there"):
    stepper(inputs, [one], key=key, **names, colour=False, alt="Nine numbers", complete=key == "there")
"""


def test_two_on_a_page_each_with_its_numbers():
    page = AppTest.from_string(SCRIPT, default_timeout=60).run()
    assert not page.exception
    placed = page.get("bidi_component")
    assert [each.key for each in placed] == ["here", "there"]
    for each in placed:
        sent = json.loads(each.proto.json)
        assert sent["inputs"] == [[[0, 0.25, 0.5], [0.75, 1, 1.25], [1.5, 1.75, 2]]]
        assert sent["readings"][0]["title"] == "1×1, stride 2"
        assert sent["complete"] == (each.key == "there")
        assert (sent["channels"], sent["outputs"], sent["alt"]) == (["in"], ["out"], "Nine numbers")
