"""Long work on a page: its bar, what is drawn meanwhile, cancelling it, and finding it again."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
import torch
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx
from streamlit.testing.v1 import AppTest

from viz import run
from viz.progress import Progress, Steps
from viz.run import long_jobs
from viz.run.budget import TooLarge
from viz.text import Text
from viz.ui import progress
from viz.ui.visitor import Visitor

SECONDS = 20  # never waited for unless something hangs


GRACE_S = 3600


@pytest.fixture
def late() -> list[float]:
    """By how many seconds the queue's clock is put forward."""
    return [0.0]


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch, late: list[float]) -> Iterator[run.WorkQueue]:
    """A queue and results of the test's own; the page looks as often as it can."""

    def clock() -> float:
        return time.perf_counter() + late[0]

    queue = run.WorkQueue(4, slice_s=0, grace_s=GRACE_S, clock=clock)
    monkeypatch.setattr(run, "QUEUE", queue)
    monkeypatch.setattr(progress, "SHOWN_AFTER_S", 0)
    monkeypatch.setattr(progress, "LOOK_S", 0)
    monkeypatch.setattr(progress, "LOOKS_A_DRAWING", 1)
    yield queue
    late[0] = 2 * GRACE_S  # what a test has left behind is closed
    long_jobs._RESULTS.clear()


class Learning:
    """Work that the test holds: it reports a tenth after the other, up to `upto`, and ends after the last."""

    def __init__(self) -> None:
        self.upto = 10
        self.begun = 0
        self.closed = threading.Event()

    def __call__(self) -> Steps[str]:
        self.begun += 1
        try:
            yield from self._steps()
        except GeneratorExit:
            self.closed.set()
            raise
        return "learned"

    def _steps(self) -> Iterator[Progress[str]]:
        done = 0
        while done < 10:
            if done == self.upto:
                time.sleep(0.001)
            done = min(done + 1, self.upto)
            yield Progress(done / 10, Text("Step {n} of 10", {"n": done}), f"newest {done}")


def page(work, key, draw):  # a script of its own, which knows none of these imports
    import streamlit as st

    from viz.ui.progress import followed

    result = followed("learning", key, work, draw)
    st.markdown(f"result {result}")


def opened(
    work: Any, key: str = "a key", draw: Any = None, visitor: Visitor | None = None
) -> AppTest:
    kwargs = {"work": work, "key": key, "draw": draw}
    test = AppTest.from_function(page, kwargs=kwargs, default_timeout=SECONDS)
    if visitor is not None:
        test.session_state["visitor"] = visitor
    return test.run()


def texts(test: AppTest) -> list[str]:
    assert not test.exception
    return [each.value for each in test.markdown]


def bars(test: AppTest) -> list[tuple[int, str]]:
    return [(each.proto.value, each.proto.text) for each in test.get("progress")]


def held_at(learning: Learning, tenths: int, **given: Any) -> AppTest:
    """The page as it stands when so much is done and the work held there.

    Its run was stopped, as a click or a closed tab does.
    """

    def draw(newest: str, _: str) -> None:
        if newest == f"newest {tenths}" and learning.upto == tenths:
            st.stop()

    learning.upto = tenths
    return opened(learning, draw=draw, **given)


def test_the_result_comes_without_a_trace_of_the_bar():
    test = opened(Learning())
    assert texts(test) == ["result learned"]
    assert not bars(test)
    assert not test.button


def test_what_is_done_at_once_shows_no_bar(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(progress, "SHOWN_AFTER_S", SECONDS)
    monkeypatch.setattr(progress, "_follow", pytest.fail)
    assert texts(opened(Learning())) == ["result learned"]


def test_an_equal_request_is_answered_from_the_cache():
    learning = Learning()
    for _ in range(2):
        assert texts(opened(learning)) == ["result learned"]
    assert learning.begun == 1


def test_the_bar_says_how_far_it_is_and_how_to_cancel():
    test = held_at(Learning(), 4)
    ((percent, text),) = bars(test)
    assert percent == 40
    assert text.startswith("Step 4 of 10 – a")
    assert text.endswith("left")
    assert [button.label for button in test.button] == ["Cancel"]


def test_what_waits_for_its_turn_says_so(queue: run.WorkQueue, monkeypatch: pytest.MonkeyPatch):
    gate, looks = threading.Event(), iter([False, True])

    def wait(*_: Any) -> Any:
        return st.stop() if next(looks) else SimpleNamespace(done=False)

    monkeypatch.setattr(progress, "wait", wait)
    queue.ask("other", "other", lambda: gate.wait(SECONDS))
    test = opened(Learning())
    gate.set()
    assert bars(test) == [(0, "Waiting for other work …")]


def test_the_newest_is_drawn_each_time_under_another_key():
    """Streamlit refuses two elements of one key in a run."""
    drawn: list[str] = []
    learning = Learning()
    learning.upto = 1

    def draw(_: str, key: str) -> None:
        drawn.append(key)
        st.button("an element", key=key)
        learning.upto += 1

    assert texts(opened(learning, draw=draw)) == ["result learned"]
    assert len(drawn) > 2
    assert len(set(drawn)) == len(drawn)


def test_what_has_been_drawn_is_not_drawn_again():
    drawn: list[str] = []
    newest = "the same"

    def learn() -> Steps[str]:
        for _ in range(100_000):
            yield Progress(0.5, Text("Learning", {}), newest)
            if drawn:
                break
        yield from itertools.repeat(Progress(0.6, Text("Learning on", {}), newest), 1000)
        return "learned"

    opened(learn, draw=lambda newest, _: drawn.append(newest))
    assert drawn == [newest]


def test_arrays_may_be_drawn_meanwhile():
    """They have no single answer to ==."""
    drawn: list[torch.Tensor] = []

    def learn() -> Steps[torch.Tensor]:
        for n in range(100_000):
            yield Progress(n / 100_000, Text("Step {n}", {"n": n}), torch.full((2,), n))
            if len(drawn) > 2:
                break
        return torch.ones(2)

    test = opened(learn, draw=lambda newest, _: drawn.append(newest))
    assert texts(test) == [f"result {torch.ones(2)}"]
    assert len(drawn) > 2


def test_the_page_can_be_interrupted_while_nothing_changes(
    queue: run.WorkQueue, monkeypatch: pytest.MonkeyPatch
):
    """Streamlit asks a run to stop and waits for it to call one of its functions."""
    gate, looks = threading.Event(), itertools.count()

    def wait(*_: Any) -> Any:
        look = next(looks)
        if look == 2:
            context = get_script_run_ctx()
            assert context is not None
            assert context.script_requests is not None
            context.script_requests.request_stop()
        return SimpleNamespace(done=look == 3)

    monkeypatch.setattr(progress, "wait", wait)
    queue.ask("other", "other", lambda: gate.wait(SECONDS))
    test = opened(Learning())
    gate.set()
    assert bars(test) == [(0, "Waiting for other work …")]
    assert next(looks) == 3


# ── Away and back ───────────────────────────────────────────────────────────────────────────────


def test_the_next_run_of_the_page_finds_it_again():
    learning = Learning()
    test = held_at(learning, 4)
    learning.upto = 10
    assert texts(test.run()) == ["result learned"]
    assert learning.begun == 1


def test_a_reloaded_page_finds_it_again():
    """It is another visitor: nothing is known of it but what it asks for."""
    learning = Learning()
    held_at(learning, 4)
    found = held_at(learning, 4)
    assert bars(found)[0][0] == 40
    learning.upto = 10
    assert texts(found.run()) == ["result learned"]
    assert learning.begun == 1


def test_a_page_that_does_not_come_back_is_not_waited_for(late: list[float]):
    learning = Learning()
    held_at(learning, 4)
    assert not learning.closed.wait(0)
    late[0] = 2 * GRACE_S
    assert learning.closed.wait(SECONDS)


def test_a_newer_key_supersedes_it():
    older = Learning()
    visitor = Visitor()
    held_at(older, 4, key="older", visitor=visitor)
    assert not older.closed.is_set()
    newer = Learning()
    assert texts(opened(newer, key="newer", visitor=visitor)) == ["result learned"]
    assert older.closed.wait(SECONDS)


# ── Cancelled ───────────────────────────────────────────────────────────────────────────────────


def test_cancel_ends_it_and_says_so():
    learning = Learning()
    test = held_at(learning, 4)
    test.button[0].click().run()
    assert learning.closed.wait(SECONDS)
    assert [info.value for info in test.info] == ["Cancelled."]
    assert texts(test) == ["result None"]
    assert not bars(test)
    assert learning.begun == 1


def test_it_stays_cancelled_until_it_is_started_again():
    learning = Learning()
    test = held_at(learning, 4)
    test.button[0].click().run()
    test.run()
    assert [button.label for button in test.button] == ["Start again"]
    learning.upto = 10
    test.button[0].click().run()
    assert texts(test) == ["result learned"]
    assert not test.info
    assert learning.begun == 2


def test_another_key_is_not_cancelled_and_the_first_begins_anew_afterwards():
    visitor = Visitor(cancelled={"learning": "older"})
    learning = Learning()
    assert texts(opened(learning, key="newer", visitor=visitor)) == ["result learned"]
    assert texts(opened(learning, key="older", visitor=visitor)) == ["result learned"]
    assert learning.begun == 2


def test_what_another_has_computed_meanwhile_is_shown():
    opened(Learning())
    assert texts(opened(Learning(), visitor=Visitor(cancelled={"learning": "a key"}))) == [
        "result learned"
    ]


def test_while_another_waits_cancelling_takes_nothing_from_them(queue: run.WorkQueue):
    learning = Learning()
    test = held_at(learning, 4)
    other = queue.ask("other", "a key", learning)
    test.button[0].click().run()
    learning.upto = 10
    assert other.result(SECONDS) == "learned"
    assert learning.begun == 1


# ── Refused ─────────────────────────────────────────────────────────────────────────────────────


def test_a_full_queue_is_said(queue: run.WorkQueue):
    gate, begun = threading.Event(), threading.Event()
    queue.ask("running", "running", lambda: (begun.set(), gate.wait(SECONDS)))
    assert begun.wait(SECONDS)
    for n in range(4):
        queue.ask(n, n, lambda: None, address=n)  # nobody is greedy: the newcomer is refused
    test = opened(Learning())
    gate.set()
    assert ["busy" in info.value for info in test.info] == [True]
    assert texts(test) == ["result None"]


def test_what_is_too_large_is_said_and_leaves_no_bar():
    def refuse() -> Steps[str]:
        yield Progress(0.1, Text("Looking", {}))
        raise TooLarge("Please move the working size down.")

    test = opened(refuse)
    assert [info.value for info in test.info] == ["Please move the working size down."]
    assert not bars(test)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a few seconds left"),
        (5, "a few seconds left"),
        (5.1, "about 10 seconds left"),
        (54, "about 55 seconds left"),
        (56, "about a minute left"),
        (89, "about a minute left"),
        (91, "about 2 minutes left"),
        (3600, "about 60 minutes left"),
    ],
)
def test_an_estimate_is_no_more_exact_than_it_can_be(seconds: float, words: str):
    assert progress.in_words(seconds) == words
