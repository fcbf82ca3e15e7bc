"""The panels' own words to Python: a rectangle, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.ui.panels import is_region

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner),
)


@pytest.mark.parametrize("said", [[0, 0, 1000, 1000], [500, 500, 500, 500]])
def test_a_rectangle_in_thousandths_is_one(said: list[int]):
    assert is_region(said)


@pytest.mark.parametrize(
    "said",
    [None, "0.0.1.1", [0, 0, 1], [0, 0, 1, 1001], [-1, 0, 1, 1], [0.5, 0, 1, 1], [True, 0, 1, 1]],
)
def test_anything_else_is_not(said: object):
    assert not is_region(said)


@pytest.mark.slow
@given(JSON)
def test_whatever_a_browser_sends_is_read(said: object):
    if is_region(said):
        assert isinstance(said, list)
        assert all(type(n) is int and 0 <= n <= 1000 for n in said)
        assert len(said) == 4
