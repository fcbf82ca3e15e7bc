"""The work queue, step by step: nothing here sleeps, a worker is held by an event instead.

By the queue's clock no time passes: how time is shared is tested in `test_fair_queue.py`.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future, wait
from threading import Barrier, Event, Lock, Thread, current_thread

import pytest
import torch

from viz.run.queue import Busy, Superseded, WorkQueue

SECONDS = 20  # never waited for unless something hangs


class Held:
    """A queue whose workers are busy until `release`, and a record of what was worked on."""

    def __init__(self, limit: int = 10, workers: int = 1) -> None:
        self.queue = WorkQueue(limit, workers, clock=lambda: 0)
        self.done: list[Hashable] = []
        self.asked: list[Future] = []
        self._gate = Event()
        held = [self._hold(n) for n in range(workers)]
        for begun in held:
            assert begun.wait(SECONDS)

    def _hold(self, n: int) -> Event:
        begun = Event()

        def work() -> None:
            begun.set()
            assert self._gate.wait(SECONDS)

        self.queue.ask(("held", n), ("held", n), work)
        return begun

    def ask(self, owner: Hashable, key: Hashable) -> Future:
        return self._noted(self.queue.ask(owner, key, lambda: self.done.append(key) or key))

    def _noted(self, future: Future) -> Future:
        self.asked.append(future)
        return future

    def release(self) -> None:
        """Lets the workers go on, and waits until everything is done, and closed what was given up."""
        self._gate.set()
        while waiting := [future for future in self.asked if not future.done()]:
            assert not wait(waiting, SECONDS).not_done
        result(self.queue.ask("last", "last", lambda: None))


@pytest.fixture
def held() -> Held:
    return Held()


def result(future: Future) -> object:
    return future.result(SECONDS)


def test_the_newest_of_a_visitor_wins_and_the_older_are_never_worked_on(held):
    older = [held.ask("ada", n) for n in range(5)]
    newest = held.ask("ada", 5)
    for future in older:
        with pytest.raises(Superseded):
            result(future)
    held.release()
    assert result(newest) == 5
    assert held.done == [5]


def test_visitors_do_not_take_each_others_place(held):
    futures = [held.ask(owner, owner) for owner in ("ada", "bob", "cyd")]
    held.release()
    assert [result(future) for future in futures] == ["ada", "bob", "cyd"]


def test_equal_requests_are_worked_on_once(held):
    futures = [held.ask(owner, "same") for owner in ("ada", "bob", "cyd", "ada")]
    held.release()
    assert [result(future) for future in futures] == ["same"] * 4
    assert held.done == ["same"]


def test_one_who_comes_while_it_is_worked_on_gets_it_too():
    queue, begun, gate, calls = WorkQueue(1), Event(), Event(), []

    def work() -> int:
        calls.append(begun.set())
        assert gate.wait(SECONDS)
        return 7

    first = queue.ask("ada", "seven", work)
    assert begun.wait(SECONDS)
    second = queue.ask("bob", "seven", work)
    gate.set()
    assert (result(first), result(second), len(calls)) == (7, 7, 1)
    third = queue.ask("bob", "seven", lambda: 8)  # it was not kept: keeping is for caches
    assert result(third) == 8


def test_what_one_gives_up_another_still_gets(held):
    one, other = held.ask("ada", "same"), held.ask("bob", "same")
    held.ask("ada", "newer")
    with pytest.raises(Superseded):
        result(one)
    held.release()
    assert result(other) == "same"
    assert sorted(held.done) == ["newer", "same"]


def test_what_everybody_took_back_is_not_worked_on(held):
    cancelled = [held.ask("ada", "gone"), held.ask("bob", "gone")]
    kept = held.ask("cyd", "kept")
    assert all(future.cancel() for future in cancelled)
    held.release()
    assert result(kept) == "kept"
    assert held.done == ["kept"]


def test_asking_again_for_the_same_does_not_share_the_fate_of_the_first(held):
    """A page is reloaded: its old request is taken back, the new one for the same is not."""
    first, second = held.ask("ada", "same"), held.ask("ada", "same")
    assert first.cancel()
    held.release()
    assert result(second) == "same"
    with pytest.raises(CancelledError):
        result(first)


def test_whoever_waits_for_what_was_taken_back_is_told(held):
    """`Future.result` knows at once; `wait` must be told."""
    gone = held.ask("ada", "gone")
    gone.cancel()
    held.release()
    assert wait([gone], SECONDS).not_done == set()


def test_asking_again_after_taking_back_is_worked_on(held):
    held.ask("ada", "same").cancel()
    again = held.ask("ada", "same")
    held.release()
    assert result(again) == "same"


def test_what_is_worked_on_already_can_be_given_up_and_harms_nobody():
    queue, begun, gate = WorkQueue(4), Event(), Event()

    def work() -> int:
        begun.set()
        assert gate.wait(SECONDS)
        return 7

    one, other = queue.ask("ada", "seven", work), queue.ask("bob", "seven", work)
    assert begun.wait(SECONDS)
    assert one.cancel()
    gate.set()
    assert result(other) == 7
    assert result(queue.ask("ada", "eight", lambda: 8)) == 8


def test_a_full_queue_says_so_at_once():
    held = Held(limit=2)
    kept = [held.ask("ada", 1), held.ask("bob", 2)]
    with pytest.raises(Busy):
        held.ask("cyd", 3)
    assert result_later(held, kept) == [1, 2]
    assert held.done == [1, 2]


def result_later(held: Held, futures: list[Future]) -> list[object]:
    held.release()
    return [result(future) for future in futures]


def test_a_full_queue_takes_what_replaces_or_repeats_something():
    held = Held(limit=2)
    held.ask("ada", 1)
    repeated = [held.ask("bob", 2), held.ask("cyd", 2)]
    newer = held.ask("ada", 3)
    assert result_later(held, [newer, *repeated]) == [3, 2, 2]


def test_what_was_taken_back_makes_room():
    held = Held(limit=1)
    held.ask("ada", 1).cancel()
    kept = held.ask("bob", 2)
    assert result_later(held, [kept]) == [2]


def test_a_newer_request_keeps_the_visitors_turn(held):
    """Whoever drags a slider is not sent to the end of the line with every step."""
    held.ask("ada", "a1")
    held.ask("bob", "b1")
    held.ask("ada", "a2")
    held.ask("cyd", "c1")
    held.ask("ada", "a3")
    held.release()
    assert held.done == ["a3", "b1", "c1"]


def test_whoever_joins_anothers_request_brings_the_better_turn(held):
    """Bob, who came first, now wants what Cyd waits for: both get it at Bob's turn."""
    held.ask("bob", "b1")
    held.ask("ada", "a1")
    held.ask("cyd", "c1")
    joined = held.ask("bob", "c1")
    held.release()
    assert result(joined) == "c1"
    assert held.done == ["c1", "a1"]


def test_once_served_a_visitor_stands_at_the_end(held):
    held.ask("ada", "a1")
    held.ask("bob", "b1")
    served: list[Future] = []
    held.asked.append(
        held.queue.ask(
            "eve", "e1", lambda: served.append(held.ask("eve", "e2")) or held.ask("ada", "a2")
        )
    )
    held.ask("cyd", "c1")
    held.release()
    result(served[0])
    assert held.done == ["a1", "b1", "c1", "e2", "a2"]


def test_an_error_reaches_everyone_who_waits_and_the_worker_lives_on(held):
    def work() -> None:
        raise ZeroDivisionError("by hand")

    futures = [held.queue.ask(owner, "fails", work) for owner in ("ada", "bob")]
    held.release()
    for future in futures:
        with pytest.raises(ZeroDivisionError, match="by hand"):
            result(future)
    assert result(held.ask("ada", "fine")) == "fine"


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, MemoryError])
def test_not_even_an_exit_ends_the_worker(error):
    queue = WorkQueue(4)

    def work() -> None:
        raise error

    with pytest.raises(error):
        result(queue.ask("ada", "fails", work))
    assert result(queue.ask("ada", "fine", lambda: 7)) == 7


def test_taking_back_at_the_last_moment_is_no_error(held, monkeypatch):
    """The visitor hangs up between a look at the request and its end."""
    monkeypatch.setattr(Future, "done", lambda self: bool(self.cancel()) and False)
    older = held.ask("ada", 1)
    newer = held.ask("ada", 2)
    monkeypatch.undo()
    assert older.done()
    held.release()
    assert result(newer) == 2


def test_every_worker_is_prepared_once_before_its_first_work():
    prepared: list[str] = []
    queue = WorkQueue(4, workers=2, prepare=lambda: prepared.append(current_thread().name))
    together = Barrier(2)
    futures = [queue.ask(n, n, lambda: together.wait(SECONDS)) for n in range(2)]
    assert {result(future) for future in futures} == {0, 1}  # both at once, else they never meet
    assert len(prepared) == 2


def test_nothing_runs_before_somebody_asks():
    prepared = Event()
    queue = WorkQueue(4, prepare=prepared.set)
    assert not prepared.is_set()
    assert result(queue.ask("ada", 1, prepared.is_set)) is True


def test_inference_mode_does_not_leak_into_the_next_work():
    queue = WorkQueue(4)

    @torch.inference_mode()
    def inside() -> bool:
        return torch.is_inference_mode_enabled()

    def failing() -> None:
        with torch.inference_mode():
            raise ZeroDivisionError

    assert result(queue.ask("ada", 1, inside)) is True
    with pytest.raises(ZeroDivisionError):
        result(queue.ask("ada", 2, failing))
    assert result(queue.ask("ada", 3, torch.is_inference_mode_enabled)) is False
    assert result(queue.ask("ada", 4, torch.is_grad_enabled)) is True
    assert not torch.is_inference_mode_enabled()


@pytest.mark.parametrize("workers", [1, 2])
def test_many_visitors_hammering_all_get_an_answer(workers):
    """Every request ends in one of four ways, and every result is that of its own key."""
    queue, together = WorkQueue(limit=6, workers=workers), Barrier(8)
    ends: dict[str, int] = dict.fromkeys(("done", "superseded", "busy", "cancelled"), 0)
    counting = Lock()

    def count(end: str) -> None:
        with counting:
            ends[end] += 1

    def visit(owner: int) -> None:
        together.wait(SECONDS)
        asked: list[tuple[int, Future]] = []
        for n in range(150):
            key = (n * 7 + owner) % 11
            try:
                asked.append((key, queue.ask(owner % 6, key, _squared(key))))
            except Busy:
                count("busy")
                continue
            if n % 13 == 0:
                asked[-1][1].cancel()
            if n % 20 == 0:
                wait([asked[-1][1]], SECONDS)
        for key, future in asked:
            try:
                assert future.result(SECONDS) == key * key
                count("done")
            except Superseded:
                count("superseded")
            except CancelledError:
                count("cancelled")

    threads = [Thread(target=visit, args=(owner,)) for owner in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert not any(thread.is_alive() for thread in threads)
    assert sum(ends.values()) == 8 * 150
    assert ends["done"] > 0
    assert not queue.waiting
    assert not queue._line.running


def _squared(key: int) -> Callable[[], int]:
    return lambda: key * key


def test_what_was_computed_is_not_kept_by_the_idle_queue():
    """The last result may be some hundred megabytes of maps."""

    class Maps:
        pass

    future = WorkQueue(limit=2).ask("visitor", "maps", Maps)
    gone = Event()
    weakref.finalize(future.result(), gone.set)
    del future
    assert gone.wait(SECONDS)
