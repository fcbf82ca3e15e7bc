"""The stack builder's own words to Python: layers, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.ui.stack_builder import are_layers

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner),
)


@pytest.mark.parametrize("said", [[], [["c", 3, 1, 1, 1, 1]], [["?", -1, 0, 99, 1, 1]] * 2])
def test_lists_of_a_kind_and_five_whole_numbers_are_layers(said: object):
    """Whether such layers can be had is for the control to say."""
    assert are_layers(said)


@pytest.mark.parametrize(
    "said",
    [
        *(None, "c.3.1.1.1.1", {}, ["c", 3, 1, 1, 1, 1], [["c", 3, 1, 1, 1]], ["c31111"]),
        *([["c", 3, 1, 1, 1, 1.0]], [["c", True, 1, 1, 1, 1]], [[3, 3, 1, 1, 1, 1]]),
    ],
)
def test_anything_else_is_not(said: object):
    assert not are_layers(said)


@given(JSON)
def test_whatever_a_browser_sends_is_read(said: object):
    if are_layers(said):
        assert all(isinstance(kind, str) and len(rest) == 5 for kind, *rest in said)
