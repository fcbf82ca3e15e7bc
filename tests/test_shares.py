"""Shares of computing time, without a queue: who is next, and what is kept of whom."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.addresses import share_of
from viz.run.shares import A_TURN_S, MAX_ABSENT, Asker, Shares, Turns


@pytest.mark.parametrize(
    ("host", "share"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        *((host, "") for host in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "", None)),
        ("unix:/socket", "unix:/socket"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_which_share_an_address_has(host: str | None, share: str):
    assert share_of(host) == share


@given(st.lists(st.floats(0.001, 10), min_size=1, max_size=60), st.integers(1, 5))
def test_those_who_are_always_here_have_had_the_same_within_one_work(
    costs: Sequence[float], n: int
):
    shares = Shares()
    for who in range(n):
        shares.come(who)
    for cost in costs:
        shares.charge(min(range(n), key=shares.had), cost)
    had = [shares.had(who) for who in range(n)]
    assert max(had) - min(had) <= max(costs) + 1e-6
    shares.come("new")  # to what they have had on average
    assert shares.had("new") == pytest.approx(sum(costs) / n)


def test_rest_is_not_saved_up():
    shares = Shares()
    for who in ("rests", "stays"):
        shares.come(who)
    shares.go("rests")
    shares.charge("stays", 8)
    shares.come("rests")
    assert shares.had("rests") == shares.had("stays") - A_TURN_S == 8


def test_a_debt_is_kept_until_the_others_have_caught_up():
    shares = Shares()
    for who in ("greedy", "stays", "too"):
        shares.come(who)
    shares.charge("greedy", 9)
    shares.go("greedy")
    shares.come("greedy")
    assert shares.had("greedy") == pytest.approx(9)
    shares.go("greedy")
    for _ in range(10):
        shares.charge("stays", 1)
        shares.charge("too", 1)
    shares.come("greedy")
    assert shares.had("greedy") == pytest.approx(3 + 10)


def test_new_tokens_do_not_starve_a_visitor_who_stays():
    """A rogue in the hall sends every request with a token of its own."""
    turns, waiting = Turns(), [Asker("hall", "stays")]
    turns.come(waiting[0])
    turns.charge(waiting, 1)
    served = []
    for n in range(10):
        waiting.append(Asker("hall", n))
        turns.come(waiting[-1])
        nearest = min(waiting, key=turns.rank)
        waiting.remove(nearest)
        turns.charge([nearest], 1)
        turns.go(nearest)
        served.append(nearest.visitor)
    assert "stays" in served


def test_time_is_shared_by_address_before_it_is_shared_by_visitor():
    turns = Turns()
    hall, home = [Asker("hall", n) for n in range(3)], Asker("home", "alone")
    for asker in (*hall, home):
        turns.come(asker)
    turns.charge([hall[0]], 1)
    assert sorted([*hall, home], key=turns.rank) == [home, hall[1], hall[2], hall[0]]


def test_of_those_who_are_gone_little_is_kept():
    turns = Turns()
    turns.come(Asker("hall", "stays"))
    for n in range(10 * MAX_ABSENT):
        for passing in (Asker(f"address {n}", n), Asker("hall", n)):
            turns.come(passing)
            turns.charge([passing], 1)
            turns.go(passing)
    assert len(turns._visitors) == 1
    assert len(turns._addresses._had) <= MAX_ABSENT + 2
    assert len(turns._visitors["hall"]._had) <= MAX_ABSENT + 2


def test_when_all_are_gone_nothing_is_kept():
    turns, asker = Turns(), Asker("hall", "ada")
    turns.come(asker)
    turns.charge([asker], 5)
    turns.go(asker)
    assert not turns._visitors
    assert not turns._addresses._had


def test_who_left_while_it_was_worked_is_charged_on_top_of_a_fair_share():
    """Else whoever hangs up would have had less than those who wait."""
    shares = Shares()
    for who in ("hangs up", "stays"):
        shares.come(who)
    shares.go("hangs up")
    shares.charge("stays", 8)
    shares.charge("hangs up", 1)
    assert shares.had("hangs up") == pytest.approx(8 + 1)


def test_what_many_wait_for_is_paid_for_in_equal_parts():
    turns, hall = Turns(), [Asker("hall", n) for n in range(3)]
    for asker in hall:
        turns.come(asker)
    turns.charge(hall, 3)
    assert [turns.rank(asker) for asker in hall] == [pytest.approx((3, 1))] * 3
