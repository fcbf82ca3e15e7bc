"""Work that reports its progress: who can read it, what becomes of it when its page goes away, what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError
from itertools import count
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from viz.progress import Progress, Reported, Steps
from viz.run import long_jobs
from viz.run.long_jobs import bytes_of, long_job
from viz.run.queue import Busy, Superseded, Ticket, WorkQueue
from viz.run.shares import LONG_WEIGHT, MAX_LEAD_S, Asker
from viz.text import Text

SECONDS = 20  # never waited for unless something hangs
GRACE_S = 10.0


class Stepped:
    """A queue without threads, by a clock of its own: `step` does what its worker would do next."""

    def __init__(self, limit: int = 20, reporting: int = 4, from_one: int | None = None) -> None:
        self.now = 0.0
        self.log: list[str] = []
        self.queue = WorkQueue(
            limit,
            workers=0,
            from_one_address=from_one,
            begun=1,
            reporting=reporting,
            grace_s=GRACE_S,
            clock=lambda: self.now,
        )

    def ask(
        self,
        who: str,
        key: str,
        *,
        at: str = "",
        steps: int = 4,
        silent: bool = False,
        seconds: float = 1,
    ) -> Ticket:
        """Work of so many steps, each so long; after each it reports, unless it is silent."""

        def work() -> Steps[Any]:
            try:
                for n in range(1, steps + 1):
                    self.now += seconds
                    self.log.append(f"{key} {n}")
                    yield None if silent else Progress(n / steps, Text("Step {n}", {"n": n}), n)
            except GeneratorExit:
                self.log.append(f"{key} closed")
                raise
            return key

        return self.queue.ask(who, key, work, visitor=who, address=at)

    def drag(self, who: str, key: str, seconds: float = 0.1) -> Ticket:
        """Quick work, of the same visitor but of another name."""

        def work() -> None:
            self.now += seconds
            self.log.append(key)

        return self.queue.ask((who, "canvas"), key, work, visitor=who)

    def step(self, times: int = 1) -> None:
        for _ in range(times):
            self.queue._run(self.queue._next())

    def step_until(self, line: str) -> None:
        while line not in self.log:
            self.step()

    def drain(self) -> list[str]:
        while self.queue.waiting or self.queue._line.closing:
            self.step()
        return self.log


@pytest.fixture
def stepped() -> Stepped:
    return Stepped()


def fraction(ticket: Ticket) -> float | None:
    return ticket.reported and ticket.reported.progress.fraction


# ── Progress ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fraction", [-0.01, 1.01, float("nan")])
def test_a_fraction_is_from_0_to_1(fraction: float):
    with pytest.raises(ValueError, match="from 0 to 1"):
        Progress(fraction, Text("", {}))


def test_progress_with_arrays_can_be_compared():
    """Arrays have no single answer to ==."""
    assert Progress(0, Text("", {}), torch.zeros(2)) == Progress(0, Text("", {}), torch.ones(2))


def test_the_time_left_is_that_of_the_same_pace():
    assert Reported(Progress(0.2, Text("", {})), elapsed_s=3).remaining_s == pytest.approx(12)
    assert Reported(Progress(1, Text("", {})), elapsed_s=3).remaining_s == 0
    assert Reported(Progress(0, Text("", {})), elapsed_s=3).remaining_s is None


def test_whoever_waits_can_read_the_newest_progress(stepped: Stepped):
    ticket = stepped.ask("ada", "a")
    assert ticket.reported is None
    stepped.step(2)
    assert ticket.reported == (Progress(0.5, Text("Step {n}", {"n": 2}), 2), 2)
    assert not ticket.done()
    stepped.drain()
    assert ticket.result(0) == "a"


def test_the_time_counts_from_the_first_slice_and_others_turns_count_too(stepped: Stepped):
    stepped.now = 100
    ticket = stepped.ask("ada", "a")
    stepped.now = 200
    stepped.step()
    stepped.now += 7
    stepped.step()
    assert ticket.reported is not None
    assert ticket.reported.elapsed_s == 2 + 7


def test_a_pause_without_progress_takes_none_back(stepped: Stepped):
    def work() -> Iterator[Progress[None] | None]:
        yield Progress(0.5, Text("Half", {}))
        stepped.now += 1
        yield
        stepped.now += 1

    ticket = stepped.queue.ask("ada", "a", work)
    stepped.step()
    assert fraction(ticket) == 0.5


def test_equal_requests_share_progress_and_result(stepped: Stepped):
    tickets = [stepped.ask("ada", "a")]
    stepped.step(2)
    tickets.append(stepped.ask("bob", "a", at="elsewhere"))
    assert [fraction(ticket) for ticket in tickets] == [0.5, 0.5]
    assert stepped.drain() == ["a 1", "a 2", "a 3", "a 4"]
    assert [ticket.result(0) for ticket in tickets] == ["a", "a"]


# ── Its page goes away ──────────────────────────────────────────────────────────────────────────


def test_work_whose_page_went_away_is_found_again_by_anybody(stepped: Stepped):
    gone = stepped.ask("ada", "a")
    stepped.step(2)
    assert gone.detach()
    stepped.step()
    found = stepped.ask("reloaded", "a")
    assert fraction(found) == 0.75
    assert stepped.drain() == ["a 1", "a 2", "a 3", "a 4"]
    assert (gone.cancelled(), found.result(0)) == (True, "a")


def test_it_goes_on_for_the_grace_period_and_no_longer(stepped: Stepped):
    ticket = stepped.ask("ada", "a", steps=100)
    stepped.step(2)
    ticket.detach()
    assert stepped.drain() == [*(f"a {n}" for n in range(1, 2 + int(GRACE_S) + 1)), "a closed"]
    assert stepped.queue._line.long_turns._visitors == {}


def test_once_found_again_it_stays(stepped: Stepped):
    gone = stepped.ask("ada", "a", steps=30)
    stepped.step()
    gone.detach()
    found = stepped.ask("ada", "a", steps=30)
    stepped.drain()
    assert found.result(0) == "a"
    assert stepped.log[-1] == "a 30"


def test_it_may_even_be_done_meanwhile(stepped: Stepped):
    ticket = stepped.ask("ada", "a")
    stepped.step()
    ticket.detach()
    assert stepped.drain() == ["a 1", "a 2", "a 3", "a 4"]


@pytest.mark.parametrize("steps", [0, 1], ids=["not begun", "silent"])
def test_what_has_reported_nothing_is_not_kept(stepped: Stepped, steps: int):
    ticket = stepped.ask("ada", "a", silent=True)
    stepped.step(steps)
    ticket.detach()
    assert stepped.drain() == ["a 1", "a closed"][: 2 * steps]


def test_while_another_waits_whoever_leaves_just_leaves(stepped: Stepped):
    """Else it would go on when the other cancels."""
    gone, stays = stepped.ask("ada", "a"), stepped.ask("bob", "a")
    stepped.step()
    gone.detach()
    stays.cancel()
    assert stepped.drain() == ["a 1", "a closed"]


def test_whoever_finds_it_can_cancel_it_at_once(stepped: Stepped):
    gone = stepped.ask("ada", "a")
    stepped.step()
    gone.detach()
    stepped.ask("reloaded", "a").cancel()
    assert stepped.drain() == ["a 1", "a closed"]


def test_within_a_slice_too_it_is_kept(stepped: Stepped):
    tickets: list[Ticket] = []

    def work() -> Steps[Any]:
        for n in range(3):
            yield Progress(n / 3, Text("", {}))
            if not n:
                tickets[0].detach()
            stepped.now += 1
        return 7

    tickets.append(stepped.queue.ask("ada", "a", work))
    stepped.step()
    tickets.append(stepped.queue.ask("ada", "a", work))
    stepped.drain()
    assert tickets[1].result(0) == 7


@pytest.mark.parametrize("detached", [False, True])
def test_a_newer_request_of_the_same_owner_closes_it(stepped: Stepped, detached: bool):
    older = stepped.ask("ada", "old")
    stepped.step()
    if detached:
        older.detach()
    stepped.ask("ada", "new", steps=1)
    assert stepped.drain() == ["old 1", "old closed", "new 1"]
    assert older.cancelled() if detached else isinstance(older.exception(0), Superseded)


def test_a_page_that_asked_for_something_newer_does_not_keep_the_older(stepped: Stepped):
    """The older run of a page looks on for a moment after the newer one has asked."""
    tickets: list[Ticket] = []

    def work() -> Steps[Any]:
        try:
            yield Progress(0, Text("", {}))
            stepped.ask("ada", "new", steps=1)
            tickets[0].detach()
            stepped.now += 1
            yield Progress(0.5, Text("", {}))
        except GeneratorExit:
            stepped.log.append("old closed")
            raise
        return 0

    tickets.append(stepped.queue.ask("ada", "old", work))
    assert stepped.drain() == ["old closed", "new 1"]


# ── Cancelled by the owner ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("detached", [False, True])
def test_the_owner_cancels_without_the_ticket(stepped: Stepped, detached: bool):
    tickets = [stepped.ask("ada", "a"), stepped.ask("ada", "a")]
    stepped.step()
    for ticket in tickets if detached else []:
        ticket.detach()
    stepped.queue.cancel("ada", "a")
    assert stepped.drain() == ["a 1", "a closed"]
    for ticket in tickets:
        with pytest.raises(CancelledError):
            ticket.result(0)


def test_cancelling_is_for_oneself_alone(stepped: Stepped):
    stepped.ask("ada", "a")
    other = stepped.ask("bob", "a")
    stepped.step()
    stepped.queue.cancel("ada", "a")
    stepped.queue.cancel("cyd", "a")
    stepped.queue.cancel("bob", "another key")
    stepped.drain()
    assert other.result(0) == "a"


# ── Fair to all, and bounded ────────────────────────────────────────────────────────────────────


def test_between_its_slices_others_are_served(stepped: Stepped):
    stepped.ask("ada", "long")
    stepped.step(2)
    stepped.ask("bob", "quick", steps=1, silent=True)
    assert stepped.drain() == ["long 1", "long 2", "quick 1", "long 3", "long 4"]


@pytest.mark.parametrize(("arrives", "last"), [(11, 12), (13, 13), (19, 19)])
def test_within_a_slice_it_makes_room_for_a_slider(stepped: Stepped, arrives: int, last: int):
    """Alone it has ten steps of 11 ms at once; as soon as a slider waits, no more than two."""

    def learning() -> Steps[None]:
        for n in range(1, 41):
            stepped.now += 0.011
            stepped.log.append(f"{n}")
            if n == arrives:
                stepped.drag("two", "maps")
            yield Progress(n / 40, Text("Learning"))

    stepped.queue.ask("one", "learning", learning)
    stepped.step(3)
    assert stepped.log == [*(f"{n}" for n in range(1, last + 1)), "maps"]


def test_a_slider_goes_first_however_many_wait_for_a_long_job(stepped: Stepped):
    """Each of them pays so little of it that by what they have had it would go first for seconds."""
    for n in range(200):
        stepped.ask(f"follower {n}", "long", steps=300, seconds=0.1)
    stepped.step(3)
    for n in range(3):
        stepped.drag("ada", f"drag {n}")
        stepped.step(1 if n == 0 else 2)
    assert stepped.log[3:] == ["drag 0", "long 4", "drag 1", "drag 2", "long 5"]


def test_while_sliders_never_rest_long_work_has_a_third_of_the_time(stepped: Stepped):
    stepped.ask("ada", "long", steps=300, seconds=0.1)
    stepped.step()
    for n in range(60):
        stepped.drag("bob", f"bob {n}", seconds=0.05)
        stepped.drag("cyd", f"cyd {n}", seconds=0.05)
        stepped.step()
    long = 0.1 * sum("long" in line for line in stepped.log)
    quick = 0.05 * sum("long" not in line for line in stepped.log)
    assert long == pytest.approx(quick / LONG_WEIGHT, abs=0.2)


def test_whoever_learns_has_their_sliders_like_everybody(stepped: Stepped):
    """Else they would wait until all others have had as much as the learning took."""
    stepped.ask("ada", "long", steps=300, seconds=0.1)
    stepped.step(50)

    def drag(who: str, n: int = 0) -> None:
        if n < 3:
            stepped.drag(who, f"{who} {n}").add_done_callback(lambda _: drag(who, n + 1))

    for who in ("bob", "ada"):
        drag(who)
    stepped.step(10)
    drags = [line for line in stepped.log if "long" not in line]
    assert drags == [f"{who} {n}" for n in range(3) for who in ("bob", "ada")]


def test_after_slow_maps_long_work_does_not_hold_up_the_next(stepped: Stepped):
    """What they have had is given back only in part."""
    stepped.ask("ada", "long", steps=300, seconds=0.1)
    stepped.step()
    stepped.drag("bob", "slow", seconds=60)
    stepped.step()
    stepped.drag("cyd", "quick")
    while stepped.log[-1] != "quick":
        stepped.step()
    slices_between = stepped.log.index("quick") - stepped.log.index("slow") - 1
    assert 0 < slices_between <= MAX_LEAD_S / 0.1 / LONG_WEIGHT + 1


def test_once_either_sort_has_rested_sliders_go_first_again(stepped: Stepped):
    stepped.ask("ada", "long", steps=300, seconds=0.1)
    stepped.step()
    stepped.drag("bob", "slow", seconds=60)
    stepped.step(2)
    stepped.drag("cyd", "quick")
    assert stepped.log[-2:] == ["slow", "long 2"]  # long work is due for some slices more
    stepped.queue.cancel(("cyd", "canvas"), "quick")
    stepped.step()
    stepped.drag("cyd", "quick")
    stepped.step()
    assert stepped.log[-2:] == ["long 3", "quick"]


def test_it_is_paid_for_while_nobody_waits(stepped: Stepped):
    ticket, turns = stepped.ask("ada", "a"), stepped.queue._line.long_turns
    stepped.step()
    ticket.detach()
    address, visitor = turns.rank(Asker("", "ada"))
    stepped.step(2)
    assert turns.rank(Asker("", "ada")) == pytest.approx((address + 2, visitor + 2))


def test_maps_need_not_wait_for_long_jobs():
    """Slow maps have the one place of `begun`, whatever else is half done."""
    stepped = Stepped(reporting=3)
    for n in range(4):
        stepped.ask(f"learner {n}", f"long {n}", steps=50)
        stepped.step()
    maps = stepped.ask("ada", "maps", steps=3, silent=True)
    while not maps.done():
        stepped.step()
    assert "maps closed" not in stepped.log
    assert not any("50" in line for line in stepped.log)


def test_only_so_many_are_half_done_and_the_next_begins_when_one_is():
    stepped = Stepped(reporting=3)
    asked = [stepped.ask(f"v{n}", f"k{n}", at=f"address {n}", steps=9) for n in range(4)]
    stepped.step_until("k3 closed")
    assert [ticket.reported is not None for ticket in asked] == [True, True, True, False]
    stepped.drain()
    assert [ticket.result(0) for ticket in asked] == ["k0", "k1", "k2", "k3"]
    assert stepped.log.count("k3 1") == 2


def test_no_address_has_all_the_room():
    stepped = Stepped(reporting=3)
    hall = [stepped.ask(f"h{n}", f"h{n}", at="hall", steps=90) for n in range(3)]
    stepped.step_until("h2 closed")
    assert [ticket.reported is not None for ticket in hall] == [True, True, False]
    home = stepped.ask("home", "home", at="home", steps=3)
    while not home.done():
        stepped.step()
    assert "home closed" not in stepped.log


def test_what_reports_only_later_needs_room_too():
    stepped = Stepped(reporting=1)
    stepped.ask("ada", "a", steps=50)
    stepped.step()

    def late() -> Steps[int]:
        for n in range(3):
            stepped.now += 1
            yield Progress(n / 3, Text("", {})) if n == 2 else None
        return 7

    ticket = stepped.queue.ask("bob", "b", late, visitor="bob")
    while not (job := stepped.queue._line.waiting["b"]).reports:
        stepped.step()
    assert job.slices is None
    stepped.drain()
    assert ticket.result(0) == 7


def test_where_there_is_no_room_for_it_it_is_not_kept():
    stepped = Stepped(reporting=1)
    stepped.ask("ada", "a", steps=2)
    stepped.step()
    gone: list[Ticket] = []

    def work() -> Steps[Any]:
        yield Progress(0, Text("", {}))
        gone[0].detach()
        stepped.now += 1
        yield Progress(0.5, Text("", {}))
        return 7

    gone.append(stepped.queue.ask("bob", "b", work, visitor="bob"))
    stepped.step()
    assert gone[0].cancelled()
    assert set(stepped.queue._line.waiting) == {"a"}
    assert len(stepped.queue._line.closing) == 1


class Crowd(RuleBasedStateMachine):
    """Pages that come, go away, come back, cancel, and ask for something else."""

    LIMIT, FROM_ONE, REPORTING = 6, 4, 2

    def __init__(self) -> None:
        super().__init__()
        self.stepped = Stepped(self.LIMIT, self.REPORTING, self.FROM_ONE)
        self.asked: list[tuple[str, str, Ticket]] = []

    @rule(
        who=st.sampled_from(["ada", "bob", "cyd"]),
        key=st.sampled_from(["k", "l", "m", "n"]),
        at=st.sampled_from(["hall", "home"]),
        steps=st.integers(1, 6),
        silent=st.booleans(),
    )
    def ask(self, who: str, key: str, at: str, steps: int, silent: bool) -> None:
        owner = f"{who} {at}"
        try:
            ticket = self.stepped.ask(owner, key, at=at, steps=steps, silent=silent)
        except Busy:
            return
        self.asked.append((owner, key, ticket))

    @rule(n=st.integers(0, 9), detached=st.booleans())
    def leave(self, n: int, detached: bool) -> None:
        if self.asked:
            ticket = self.asked[-1 - n % len(self.asked)][2]
            ticket.detach() if detached else ticket.cancel()

    @rule(n=st.integers(0, 9))
    def cancel(self, n: int) -> None:
        if self.asked:
            self.stepped.queue.cancel(*self.asked[-1 - n % len(self.asked)][:2])

    @rule(seconds=st.sampled_from([1, GRACE_S]))
    def pass_time(self, seconds: float) -> None:
        self.stepped.now += seconds

    @rule()
    def step(self) -> None:
        if self.stepped.queue.waiting or self.stepped.queue._line.closing:
            self.stepped.step()

    @invariant()
    def all_limits_hold(self) -> None:
        waiting = self.stepped.queue._line.waiting.values()
        assert len(waiting) <= self.LIMIT
        for reports, most in ((False, 1), (True, self.REPORTING)):
            begun = [job for job in waiting if job.slices and job.reports == reports]
            assert len(begun) <= most

    @invariant()
    def a_job_is_waited_for_or_kept_by_one_place(self) -> None:
        for job in self.stepped.queue._line.waiting.values():
            waited_for = [bool(place.futures) for place in job.places.values()]
            if job.kept_until is None:
                assert waited_for
                assert all(waited_for)
            else:
                assert waited_for == [False]
                assert job.slices is not None

    @invariant()
    def nobody_is_forgotten(self) -> None:
        waits = {
            id(ticket)
            for job in self.stepped.queue._line.waiting.values()
            for place in job.places.values()
            for ticket in place.futures
        }
        assert {id(ticket) for *_, ticket in self.asked if not ticket.done()} == waits

    def teardown(self) -> None:
        self.stepped.drain()
        for _, key, ticket in self.asked:
            assert ticket.done()
            if not ticket.cancelled() and ticket.exception(0) is None:
                assert ticket.result(0) == key
        line = self.stepped.queue._line
        assert (line._wanted, line.running) == ({}, {})
        assert (line.turns._visitors, line.long_turns._visitors) == ({}, {})


TestCrowd = Crowd.TestCase
TestCrowd.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


# ── Results ─────────────────────────────────────────────────────────────────────────────────────

KEYS = count()


def learning(key: object, begun: list[object]) -> Steps[list[int]]:
    def work() -> Steps[list[int]]:
        begun.append(key)
        yield Progress(0.5, Text("Learning", {}))
        return [7]

    return long_job(key, work)


def test_a_result_is_computed_once_and_cached():
    key, begun, queue = ("test", next(KEYS)), [], WorkQueue(4)
    assert long_jobs.ready(key) is None
    first = queue.ask("ada", key, lambda: learning(key, begun)).result(SECONDS)
    second = queue.ask("bob", key, lambda: learning(key, begun)).result(SECONDS)
    assert first is second is long_jobs.ready(key)
    assert begun == [key]


def test_what_is_closed_is_not_cached():
    key = ("test", next(KEYS))
    steps = learning(key, [])
    next(steps)
    steps.close()
    assert long_jobs.ready(key) is None


def test_results_are_bounded():
    assert long_jobs._RESULTS.max_size == long_jobs.MAX_BYTES
    assert long_jobs._RESULTS._size_of is bytes_of


class Holder:
    def __init__(self, held: object) -> None:
        self.held, self.itself = held, self


NUMBERS = 10_000


@pytest.mark.parametrize(
    "value",
    [
        torch.zeros(NUMBERS // 4),
        torch.zeros(NUMBERS // 4)[:1],
        np.zeros(NUMBERS, np.uint8),
        np.zeros(NUMBERS, np.uint8)[:1],
        bytes(NUMBERS),
        {"a": (bytes(NUMBERS),)},
        {bytes(NUMBERS): 1},
        [frozenset({bytes(NUMBERS)})],
        Holder([Holder(bytes(NUMBERS))]),
        Progress(0, Text("", {}), bytes(NUMBERS)),
    ],
    ids=["tensor", "view", "array", "slice", "bytes", "dict", "key", "list", "cycle", "progress"],
)
def test_the_size_of_a_result_is_that_of_all_it_holds(value: object):
    assert NUMBERS <= bytes_of(value) < NUMBERS + 3000
    assert bytes_of([value, value]) < NUMBERS + 3000  # counted once


def test_a_job_may_learn_in_the_queue():
    """Gradients are on in its steps, and in nobody else's."""
    grads = []

    @torch.inference_mode(False)
    @torch.enable_grad()
    def learn() -> Steps[float]:
        weight = torch.ones(3, requires_grad=True)
        for n in range(3):
            (weight.square().sum()).backward()
            grads.append(torch.is_grad_enabled())
            yield Progress(n / 3, Text("Learning", {}))
        assert weight.grad is not None
        return float(weight.grad.sum())

    queue = WorkQueue(4, slice_s=0, around_slices=torch.inference_mode)
    key = ("test", next(KEYS))
    learned = queue.ask("ada", key, lambda: long_job(key, learn))
    assert learned.result(SECONDS) == 3 * 3 * 2
    assert grads == [True] * 3
    assert queue.ask("ada", "after", torch.is_inference_mode_enabled).result(SECONDS) is False
