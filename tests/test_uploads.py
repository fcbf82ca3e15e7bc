"""The account of uploads against a plain list of who holds what."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from viz import uploads
from viz.images import MAX_BYTES
from viz.ui.pickers import MAX_UPLOADS
from viz.uploads import Ledger, Upload

LIMITS: dict[str, Any] = {"per_visitor": 20, "per_address": 30, "altogether": 40}
NAMES = st.sampled_from("ab")
STEPS = st.lists(
    st.tuples(NAMES, NAMES, NAMES, st.integers(0, 12), st.sampled_from(["keep", "drop", "back"])),
    max_size=40,
)


@given(STEPS)
def test_nobody_holds_more_than_the_limits(steps: list[tuple[str, str, str, int, str]]):
    """The oracle adds up everything anew at every step."""
    ledger = Ledger(**LIMITS, is_open=lambda _: True)
    held: dict[tuple[str, str], tuple[str, int]] = {}
    for visitor, address, file, size, way in steps:
        sums = [
            sum(n for (who, _), (_, n) in held.items() if who == visitor),
            sum(n for where, n in held.values() if where == address),
            sum(n for _, n in held.values()),
        ]
        fits = all(n + size <= limit for n, limit in zip(sums, LIMITS.values(), strict=True))
        upload = Upload(visitor, address)
        assert ledger.count(upload, size) == fits
        if way == "keep" and fits:
            ledger.keep(upload, file)
            held[visitor, file] = address, size
        else:
            ledger.drop(upload)
        if way == "back":
            ledger.give_back(visitor, file)
            held.pop((visitor, file), None)
        assert ledger.held(visitor) == sum(n for (who, _), (_, n) in held.items() if who == visitor)


def test_bytes_of_those_who_left_are_forgotten_after_a_while():
    now, there = [0.0], {"stays", "leaves"}
    ledger = Ledger(20, 20, 20, is_open=lambda visitor: visitor in there, clock=lambda: now[0])
    for visitor in ("stays", "leaves"):
        upload = Upload(visitor, "here")
        assert ledger.count(upload, 10)
        ledger.keep(upload, "leaf.png")
    there.remove("leaves")
    assert not ledger.count(Upload("new", "here"), 10), "Streamlit may still hold them"
    now[0] = uploads.EXPIRY_SECONDS + 1
    assert ledger.count(Upload("new", "here"), 10)
    assert (ledger.held("stays"), ledger.held("leaves")) == (10, 0)


def test_of_those_who_have_nothing_here_nothing_is_kept():
    """Else the account itself grows with every visitor there ever was."""
    ledger = Ledger(**LIMITS, is_open=lambda _: True)

    def entries() -> list[int]:
        return [len(each) for each in vars(ledger).values() if isinstance(each, dict)]

    before = entries()
    for n in range(9):
        upload, broken = (Upload(f"visitor {n}", f"address {n}") for _ in range(2))
        assert ledger.count(upload, 10)
        assert ledger.count(broken, 10)
        ledger.keep(upload, "leaf.png")
        assert entries() != before
        ledger.drop(broken)
        ledger.give_back(upload.visitor, "leaf.png")
    assert entries() == before


def filled(ledger: Ledger, address: str, size: int) -> int:
    """How many new visitors of one address have found room for so many bytes each."""
    found = 0
    while ledger.count(Upload(f"{address} {found}", address), size):
        found += 1
    return found


def test_a_hall_behind_one_address_has_room_and_leaves_others_theirs():
    """The limits as they are shipped; a visitor has room for all the pictures a page takes in."""
    whole = MAX_UPLOADS * MAX_BYTES
    ledger = Ledger(is_open=lambda _: True)
    one = Upload("one", "home")
    assert ledger.count(one, whole)
    assert not ledger.count(one, 1)
    ledger.drop(one)
    assert filled(ledger, "hall", whole) >= 3
    assert ledger.count(Upload("one", "home"), whole)
    filled(ledger, "hall", 1024 * 1024)
    assert filled(ledger, "another hall", whole) >= 2, "one address takes half at most"


def test_without_a_server_nobody_is_there():
    assert not uploads._is_open("somebody")
