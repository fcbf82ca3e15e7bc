"""The point of view: pictures by slug or digest, the unit as three numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz import images
from viz.view import View


@given(st.integers(0, 999), st.integers(0, 9999), st.integers(0, 9999))
def test_the_unit_reads_back(channel: int, row: int, column: int):
    view = View.from_query({"unit": f"{channel}.{row}.{column}"})
    assert view.unit_index == (channel, row, column)


@pytest.mark.parametrize(
    "text", ["1.2", "1.2.3.4", "-1.2.3", "1000.0.0", "1.2.3 ", "１.２.３", "a.b.c"]
)
def test_what_is_no_unit_is_none(text: str):
    assert View.from_query({"unit": text}).unit_index is None
    assert View.invalid_fields({"unit": text}) == ["unit"]


def test_every_shipped_picture_and_any_digest_has_an_address():
    keys = [*(picture.key for picture in images.samples()), "0123456789abcdef" * 4]
    for key in keys:
        assert View.from_query({"picture": key}).picture == key


@pytest.mark.parametrize("text", ["../coffee", "Coffee", "coffee.png", "a" * 65, "", "coffee\n"])
def test_what_is_no_picture_is_none_chosen(text: str):
    assert View.from_query({"picture": text}).picture == View().picture == ""


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("64", 64),
        ("512", 512),
        ("80", 80),
        ("63", 224),
        ("65", 224),
        ("528", 224),
        ("79.999999", 224),
    ],
)
def test_working_sizes_are_steps_of_16(text: str, size: int):
    assert View.from_query({"working_size_px": text}).working_size_px == size


def test_only_cards_that_exist_open():
    for card in ("", "proof", "code"):
        assert View.from_query({"card": card}).card == card
    assert View.from_query({"card": "proofs"}).card == ""
