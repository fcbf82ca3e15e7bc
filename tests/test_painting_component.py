"""The painting's own words to Python: rectangles, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.ui.painting import are_boxes

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner),
)


@pytest.mark.parametrize("said", [[], [[0, 0, 0, 1000, 1000]], [[1, 2, 3, 4, 5], [9, 9, 9, 9, 9]]])
def test_lists_of_five_whole_numbers_are_boxes(said: object):
    assert are_boxes(said)


@pytest.mark.parametrize(
    "said",
    [None, "0.0.0.1.1", {}, [0, 0, 0, 1, 1], [[0, 0, 0, 1]], [[0, 0, 0, 1, 1.0]], [[True] * 5]],
)
def test_anything_else_is_not(said: object):
    assert not are_boxes(said)


@given(JSON)
def test_whatever_a_browser_sends_is_read(said: object):
    if are_boxes(said):
        assert all(len(box) == 5 and all(type(n) is int for n in box) for box in said)
