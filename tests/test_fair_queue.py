"""How the queue shares time, and work in slices: a worker that goes on step by step, by a clock of our own."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from viz.run.queue import MIN_S, Busy, Superseded, WorkQueue

Act = Callable[[], object]


class Stepped:
    """A queue without threads: `step` does what its worker would do next."""

    def __init__(self, limit: int = 10, from_one_address: int | None = None, begun: int = 2):
        self.now = 0.0
        self.done: list[str] = []
        self.queue = WorkQueue(
            limit,
            workers=0,
            from_one_address=from_one_address,
            begun=begun,
            clock=lambda: self.now,
        )

    def ask(
        self,
        who: str,
        key: str,
        *,
        at: str = "",
        seconds: float = 1,
        slices: int = 0,
        act: Act = lambda: None,
        what: str = "",
        urgent: bool = False,
    ) -> Future:
        """Work of so many slices, or whole; each takes so long and acts once before it ends.

        The record gets the key, for slices `key 1`, `key 2` …, `key closed` for what is given up.
        `what` tells apart what one visitor wants at the same time.
        """

        def done(what: str) -> str:
            self.now += seconds
            self.done.append(what)
            act()
            return key

        def in_slices() -> Generator[None, None, str]:
            try:
                for n in range(1, slices):
                    done(f"{key} {n}")
                    yield
            except GeneratorExit:
                self.done.append(f"{key} closed")
                raise
            return done(f"{key} {slices}")

        work = in_slices if slices else lambda: done(key)
        owner = (who, what) if what else who
        return self.queue.ask(owner, key, work, visitor=who, address=at, urgent=urgent)

    def step(self) -> None:
        self.queue._run(self.queue._next())

    def drain(self) -> list[str]:
        while self.queue.waiting or self.queue._line.closing:
            self.step()
        return self.done


@pytest.fixture
def stepped() -> Stepped:
    return Stepped()


def ends_as(future: Future, error: type[BaseException]) -> bool:
    return future.done() and isinstance(future.exception(0), error)


# ── Fair turns ──────────────────────────────────────────────────────────────────────────────────


def test_who_has_had_the_least_time_is_next(stepped: Stepped):
    """Whoever asks for slow things waits until the others have had as much."""
    again = {"slow": 1, "quick": 4}

    def ask(who: str) -> None:
        if again[who]:
            again[who] -= 1
            seconds = 10 if who == "slow" else 1
            stepped.ask(who, who, seconds=seconds).add_done_callback(lambda _: ask(who))

    ask("slow")
    ask("quick")
    again["slow"] = 1
    assert stepped.drain() == ["slow", *["quick"] * 4, "slow"]


def test_who_asks_for_quick_things_has_a_turn_like_everybody(stepped: Stepped):
    """A picture twice the size is no reason to wait twice as long."""
    seconds = {"small": MIN_S / 8, "large": MIN_S / 2}

    def ask(who: str, n: int = 0) -> None:
        if n < 3:
            stepped.ask(who, f"{who} {n}", seconds=seconds[who], act=lambda: ask(who, n + 1))

    for who in ("large", "small"):
        ask(who)
    assert stepped.drain() == [f"{who} {n}" for n in range(3) for who in ("large", "small")]


def test_a_newcomer_goes_before_those_who_have_had_more(stepped: Stepped):
    stepped.ask("slow", "s1", seconds=10, act=lambda: stepped.ask("slow", "s2", seconds=10))
    stepped.step()
    stepped.ask("new", "n1")
    assert stepped.drain() == ["s1", "n1", "s2"]


def test_a_thousand_tokens_get_what_one_address_gets():
    stepped = Stepped(limit=2000)
    for n in range(1000):
        stepped.ask(f"token {n}", f"r{n}", at="rogue")
    pupil = iter(range(3))

    def ask() -> None:
        n = next(pupil, None)
        if n is not None:
            stepped.ask("pupil", f"p{n}", at="elsewhere").add_done_callback(lambda _: ask())

    ask()
    for _ in range(7):
        stepped.step()
    assert stepped.done == ["r0", "p0", "r1", "p1", "r2", "p2", "r3"]


def test_behind_one_address_every_visitor_has_a_share(stepped: Stepped):
    for n in range(3):
        stepped.ask("greedy", f"g{n}", at="hall")
        stepped.step()
        stepped.ask("ada", f"a{n}", at="hall")
    stepped.ask("greedy", "g3", at="hall")
    assert stepped.drain()[-2:] == ["a2", "g3"]


def test_what_many_wait_for_is_paid_for_by_all_of_them(stepped: Stepped):
    """A lecturer and those who follow: each has had a share of the one picture."""
    for who in ("lecturer", "ada", "bob"):
        stepped.ask(who, "same", seconds=3)
    stepped.ask("cyd", "slow", seconds=2)
    stepped.step()
    stepped.ask("ada", "a", seconds=1)
    stepped.ask("cyd", "slow", seconds=2)
    assert stepped.drain() == ["same", "slow", "a"]
    stepped.ask("lecturer", "l")
    assert stepped.drain()[-1] == "l"


def test_who_hangs_up_has_had_the_time_all_the_same(stepped: Stepped):
    """Else a rogue would ask for slow things for nothing."""
    asked = [stepped.ask("rogue", "r1", seconds=9, act=lambda: asked[0].cancel())]
    stepped.ask("ada", "a1")
    stepped.ask("bob", "b1")
    stepped.step()
    stepped.ask("rogue", "r2")
    assert stepped.drain() == ["r1", "a1", "b1", "r2"]
    with pytest.raises(CancelledError):
        asked[0].result(0)


# ── A full line ─────────────────────────────────────────────────────────────────────────────────


def test_one_address_cannot_fill_the_line():
    stepped = Stepped(limit=10, from_one_address=2)
    kept = [stepped.ask(f"token {n}", f"r{n}", at="rogue") for n in range(2)]
    with pytest.raises(Busy):
        stepped.ask("token 2", "r2", at="rogue")
    stepped.ask("pupil", "p", at="elsewhere")
    assert stepped.drain() == ["r0", "p", "r1"]
    assert [future.result(0) for future in kept] == ["r0", "r1"]


def test_when_full_the_newest_of_the_greediest_makes_room():
    stepped = Stepped(limit=4)
    rogues = [stepped.ask(f"token {n}", f"r{n}", at="rogue") for n in range(4)]
    stepped.ask("pupil", "p", at="elsewhere")
    assert ends_as(rogues[3], Busy)
    with pytest.raises(Busy):
        stepped.ask("token 5", "r5", at="rogue")
    assert sorted(stepped.drain()) == ["p", "r0", "r1", "r2"]


def test_one_more_than_the_newcomer_has_is_not_greed():
    stepped = Stepped(limit=3)
    for n, at in enumerate(("one", "one", "two")):
        stepped.ask(f"{at} {n}", f"{at} {n}", at=at)
    with pytest.raises(Busy):
        stepped.ask("two 3", "two 3", at="two")
    stepped.ask("three", "three", at="three")
    assert sorted(stepped.drain()) == ["one 0", "three", "two 2"]


def test_what_is_half_done_does_not_make_room():
    stepped = Stepped(limit=2)
    asked = [stepped.ask(f"token {n}", f"r{n}", at="rogue", slices=2) for n in range(2)]
    stepped.step()
    stepped.step()
    with pytest.raises(Busy):
        stepped.ask("pupil", "p", at="elsewhere")
    stepped.drain()
    assert [future.result(0) for future in asked] == ["r0", "r1"]


def test_between_addresses_with_equally_much_the_newcomer_is_refused():
    stepped = Stepped(limit=2)
    for at in ("one", "two"):
        stepped.ask(at, at, at=at)
    with pytest.raises(Busy):
        stepped.ask("three", "three", at="three")
    assert stepped.drain() == ["one", "two"]


def test_what_others_wait_for_too_does_not_make_room():
    stepped = Stepped(limit=3)
    shared = stepped.ask("token 0", "shared", at="rogue")
    alone = stepped.ask("token 1", "alone", at="rogue")
    last = stepped.ask("token 2", "last", at="rogue")
    for key in ("shared", "last"):
        stepped.ask(f"pupil {key}", key, at="elsewhere")
    stepped.ask("another", "new", at="a third place")
    assert ends_as(alone, Busy)
    stepped.drain()
    assert [future.result(0) for future in (shared, last)] == ["shared", "last"]


# ── Slices ──────────────────────────────────────────────────────────────────────────────────────


def test_what_the_generator_returns_is_the_result(stepped: Stepped):
    future = stepped.ask("ada", "a", slices=3)
    assert stepped.drain() == ["a 1", "a 2", "a 3"]
    assert future.result(0) == "a"


def test_between_slices_others_have_their_turn(stepped: Stepped):
    long = stepped.ask("ada", "long", slices=3)
    stepped.step()
    stepped.ask("bob", "b")
    assert stepped.drain() == ["long 1", "b", "long 2", "long 3"]
    assert long.result(0) == "long"


def test_slices_are_paid_for_one_by_one(stepped: Stepped):
    stepped.ask("ada", "long", slices=4)
    stepped.ask("bob", "b1", seconds=2.5, act=lambda: stepped.ask("bob", "b2"))
    assert stepped.drain() == ["long 1", "b1", "long 2", "long 3", "b2", "long 4"]


def test_steps_that_are_quick_are_one_slice(stepped: Stepped):
    """Else everybody's small maps would stand half done."""
    stepped.ask("ada", "a", slices=5, seconds=0.03)
    stepped.ask("bob", "b")
    assert stepped.drain() == ["a 1", "a 2", "a 3", "a 4", "b", "a 5"]


def test_within_a_slice_what_nobody_waits_for_is_not_gone_on_with(stepped: Stepped):
    asked = [
        stepped.ask("ada", "a", slices=5, seconds=0.01, act=lambda: asked[0].cancel()),
    ]
    assert stepped.drain() == ["a 1", "a closed"]


def test_one_who_comes_between_slices_gets_it_too(stepped: Stepped):
    stepped.ask("ada", "a", slices=2)
    stepped.step()
    later = stepped.ask("bob", "a", slices=2)
    assert stepped.drain() == ["a 1", "a 2"]
    assert later.result(0) == "a"


@pytest.mark.parametrize("within", [False, True], ids=["between slices", "within one"])
def test_what_everybody_took_back_is_closed(stepped: Stepped, within: bool):
    asked: list[Future] = []

    def hang_up() -> None:
        for future in asked:
            future.cancel()

    asked += [
        stepped.ask(who, "a", slices=3, act=hang_up if within else lambda: None)
        for who in ("ada", "bob")
    ]
    stepped.step()
    hang_up()
    assert stepped.drain() == ["a 1", "a closed"]
    assert all(future.cancelled() for future in asked)


@pytest.mark.parametrize("slices", [0, 2])
def test_what_is_taken_back_at_the_last_moment_is_not_begun(stepped: Stepped, slices: int):
    future = stepped.ask("ada", "a", slices=slices)
    job = stepped.queue._next()
    future.cancel()
    stepped.queue._run(job)
    assert stepped.drain() == []


def test_while_one_still_waits_the_work_goes_on(stepped: Stepped):
    gone, stays = stepped.ask("ada", "a", slices=2), stepped.ask("bob", "a", slices=2)
    stepped.step()
    gone.cancel()
    assert stepped.drain() == ["a 1", "a 2"]
    assert stays.result(0) == "a"


# ── Maps under a hand ───────────────────────────────────────────────────────────────────────────


def test_a_visitors_maps_go_before_what_is_below_them(stepped: Stepped):
    """Also before what was asked for earlier, and is half done."""
    for key in ("section", "card"):
        stepped.ask("ada", key, what=key, slices=2 if key == "section" else 0)
    stepped.step()
    for n in range(2):
        stepped.ask("ada", f"maps {n}", what="maps", urgent=True)
        stepped.step()
    assert stepped.drain() == ["section 1", "maps 0", "maps 1", "section 2", "card"]


def test_maps_go_before_no_other_visitor_who_has_had_less(stepped: Stepped):
    stepped.ask("ada", "maps 1", urgent=True)
    stepped.ask("bob", "section")
    stepped.step()
    stepped.ask("ada", "maps 2", urgent=True)
    assert stepped.drain() == ["maps 1", "section", "maps 2"]


@pytest.mark.parametrize("urgent", [False, True])
def test_while_maps_wait_other_slices_are_short(stepped: Stepped, urgent: bool):
    def ask() -> None:
        if len(stepped.done) == 1:
            stepped.ask("bob", "maps", urgent=urgent)

    stepped.ask("ada", "section", slices=5, seconds=0.03, act=ask)
    steps = [f"section {n}" for n in range(1, 6)]
    first = 1 if urgent else 4
    assert stepped.drain() == [*steps[:first], "maps", *steps[first:]]


def test_maps_that_wait_for_maps_leave_none_half_done(stepped: Stepped):
    for who in ("ada", "bob"):
        stepped.ask(who, who, slices=3, seconds=0.03, urgent=True)
    assert stepped.drain() == [f"{who} {n}" for who in ("ada", "bob") for n in (1, 2, 3)]


def test_slow_maps_are_kept_beside_all_other_work_that_is_half_done():
    stepped = Stepped(begun=1)
    stepped.ask("ada", "section", slices=2)
    stepped.step()
    stepped.ask("bob", "maps", slices=2, urgent=True)
    assert stepped.drain() == ["section 1", "maps 1", "section 2", "maps 2"]


def test_what_maps_come_to_need_is_urgent_from_then_on(stepped: Stepped):
    for what, key in (("card", "card"), ("section", "same")):
        stepped.ask("ada", key, what=what)
    stepped.ask("ada", "same", what="maps", urgent=True)
    assert stepped.drain() == ["same", "card"]


@pytest.mark.parametrize("within", [False, True], ids=["between slices", "within one"])
def test_a_newer_request_takes_the_place_of_what_is_half_done(stepped: Stepped, within: bool):
    newer: list[Future] = []

    def ask_anew() -> None:
        if not newer:
            newer.append(stepped.ask("ada", "new"))

    older = stepped.ask("ada", "old", slices=3, act=ask_anew if within else lambda: None)
    stepped.step()
    ask_anew()
    assert stepped.drain() == ["old 1", "old closed", "new"]
    assert ends_as(older, Superseded)
    assert newer[0].result(0) == "new"


def test_what_is_replaced_ends_with_its_step_and_not_with_its_slice(stepped: Stepped):
    def ask_anew() -> None:
        if len(stepped.done) == 1:
            stepped.ask("ada", "new", seconds=0.01)

    stepped.ask("ada", "old", slices=5, seconds=0.01, act=ask_anew)
    assert stepped.drain() == ["old 1", "old closed", "new"]


def test_what_another_still_waits_for_is_not_replaced(stepped: Stepped):
    def ask_anew() -> None:
        if len(stepped.done) == 1:
            stepped.ask("ada", "new", seconds=0.01)

    for who in ("ada", "bob"):
        stepped.ask(who, "old", slices=3, seconds=0.01, act=ask_anew)
    stepped.ask("cyd", "other", seconds=0.01)
    assert stepped.drain() == ["old 1", "old 2", "old 3", "other", "new"]


def test_only_so_much_is_kept_half_done():
    """The third begins again when one of the two is done; what is quick passes all of them."""
    stepped = Stepped(begun=2)
    asked = [stepped.ask(who, who, slices=2) for who in ("ada", "bob", "cyd")]
    for _ in asked:
        stepped.step()
    stepped.ask("eve", "quick")
    stepped.drain()
    assert stepped.done == [
        *("ada 1", "bob 1", "cyd 1", "cyd closed"),
        *("quick", "ada 2", "bob 2", "cyd 1", "cyd 2"),
    ]
    assert [future.result(0) for future in asked] == ["ada", "bob", "cyd"]


def test_an_error_in_a_slice_reaches_everyone_who_waits(stepped: Stepped):
    def fail() -> None:
        if len(stepped.done) == 2:
            raise ZeroDivisionError("by hand")

    asked = [stepped.ask(who, "a", slices=3, act=fail) for who in ("ada", "bob")]
    stepped.drain()
    assert [ends_as(future, ZeroDivisionError) for future in asked] == [True, True]
    stepped.ask("ada", "b")
    assert stepped.drain()[-1] == "b"


def test_what_fails_as_it_is_closed_harms_nobody(caplog: pytest.LogCaptureFixture):
    stepped = Stepped()

    def stubborn() -> Iterator[None]:
        try:
            stepped.now += 1
            yield
        finally:
            raise ZeroDivisionError("by hand")

    stepped.queue.ask("ada", "a", stubborn).add_done_callback(lambda _: None)
    stepped.step()
    after = stepped.ask("ada", "b")
    stepped.drain()
    assert after.result(0) == "b"
    assert "by hand" in caplog.text


def test_every_slice_is_in_the_context_and_nothing_else():
    inside: list[bool] = []
    depth = 0

    @contextmanager
    def around() -> Iterator[None]:
        nonlocal depth
        depth += 1
        yield
        depth -= 1

    def steps() -> Iterator[None]:
        for _ in range(2):
            inside.append(depth == 1)
            yield

    queue = WorkQueue(4, workers=0, around_slices=around)
    queue.ask("ada", "slices", steps)
    queue.ask("bob", "whole", lambda: inside.append(depth == 0))
    while queue.waiting:
        queue._run(queue._next())
        assert depth == 0
    assert inside == [True, True, True]


# ── Everything at once ──────────────────────────────────────────────────────────────────────────

WHO = st.sampled_from(["ada", "bob", "cyd", "eve"])
KEYS = st.sampled_from(["k", "l", "m", "n", "o"])
PLACES = st.sampled_from(["hall", "home", ""])


class Crowd(RuleBasedStateMachine):
    """Askers who come, hang up and come again, from several places, for long and for short work."""

    LIMIT, FROM_ONE, BEGUN = 4, 3, 1

    def __init__(self) -> None:
        super().__init__()
        self.stepped = Stepped(self.LIMIT, self.FROM_ONE, self.BEGUN)
        self.asked: list[tuple[str, Future]] = []

    @rule(
        who=WHO, key=KEYS, at=PLACES, seconds=st.sampled_from([0, 0.1, 3]), slices=st.integers(0, 3)
    )
    def ask(self, who: str, key: str, at: str, seconds: float, slices: int) -> None:
        try:
            future = self.stepped.ask(f"{who} {at}", key, at=at, seconds=seconds, slices=slices)
        except Busy:
            assert self.stepped.queue.waiting >= self.FROM_ONE
            return
        self.asked.append((key, future))

    @rule(n=st.integers(0, 9))
    def hang_up(self, n: int) -> None:
        if self.asked:
            self.asked[-1 - n % len(self.asked)][1].cancel()

    @rule()
    def step(self) -> None:
        if self.stepped.queue.waiting or self.stepped.queue._line.closing:
            self.stepped.step()

    @invariant()
    def all_limits_hold(self) -> None:
        queue = self.stepped.queue
        assert queue.waiting <= self.LIMIT
        begun = [job for job in queue._line.waiting.values() if job.slices is not None]
        assert len(begun) <= self.BEGUN
        assert all(job.places for job in queue._line.waiting.values())

    @invariant()
    def nobody_is_forgotten(self) -> None:
        waits = {
            id(future)
            for job in self.stepped.queue._line.waiting.values()
            for place in job.places.values()
            for future in place.futures
        }
        assert {id(future) for _, future in self.asked if not future.done()} == waits

    def teardown(self) -> None:
        self.stepped.drain()
        for key, future in self.asked:
            assert future.done()
            if not future.cancelled() and future.exception(0) is None:
                assert future.result(0) == key
            elif not future.cancelled():
                assert isinstance(future.exception(0), Superseded | Busy)
        queue = self.stepped.queue
        line = queue._line
        assert (line._wanted, line.turns._visitors, line.running) == ({}, {}, {})


TestCrowd = Crowd.TestCase
TestCrowd.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
