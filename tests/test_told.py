"""What a component that is changed by hand tells Python: rows of numbers, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.ui.told import are_rows, revision

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner),
)


@pytest.mark.parametrize("said", [[], [[0, 0, 0, 1000, 1000]], [[1, 2, 3, 4, 5], [9, 9, 9, 9, 9]]])
def test_lists_of_five_whole_numbers_are_rows_of_five(said: object):
    assert are_rows(said, 5)


@pytest.mark.parametrize(
    "said",
    [None, "0.0.0.1.1", {}, [0, 0, 0, 1, 1], [[0, 0, 0, 1]], [[0, 0, 0, 1, 1.0]], [[True] * 5]],
)
def test_anything_else_is_not(said: object):
    assert not are_rows(said, 5)


@given(JSON)
def test_whatever_a_browser_sends_is_read(said: object):
    if are_rows(said, 5):
        assert all(len(box) == 5 and all(type(n) is int for n in box) for box in said)


@given(JSON)
def test_a_revision_is_a_whole_number(said: object):
    found = revision({"revision": said})
    assert type(found) is int
    assert found == (said if type(said) is int else 0)
