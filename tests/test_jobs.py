"""Work that a page asks the queue for: in whose turn, and what becomes of it when nobody waits."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from viz import run
from viz.run.budget import TooLarge
from viz.ui import jobs
from viz.ui.visitor import Visitor

SECONDS = 20  # never waited for unless something hangs
WHO = jobs.Waiting("a-token", "192.0.2.7")


class Noted(run.WorkQueue):
    """A queue that stands still until `free` is set, and notes who asked."""

    def __init__(self) -> None:
        self.free, self.asked = threading.Event(), []
        super().__init__(limit=4, prepare=self.free.wait)

    def ask(self, owner: Any, key: Any, work: Any, **who: Any) -> run.Ticket:
        self.asked.append((owner, who))
        return super().ask(owner, key, work, **who)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Noted]:
    queue = Noted()
    monkeypatch.setattr(run, "QUEUE", queue)
    yield queue
    queue.free.set()


def test_a_page_asks_in_its_visitors_turn(queue: Noted):
    queue.free.set()
    assert jobs.answer(WHO, "proof", "key", lambda: 7) == 7
    assert queue.asked == [
        (("a-token", "proof"), {"visitor": "a-token", "address": "192.0.2.7"}),
    ]


@pytest.mark.parametrize(("address", "share"), [(None, ""), ("192.0.2.7", "192.0.2.7")])
def test_who_waits_is_the_visitor_at_their_address(
    monkeypatch: pytest.MonkeyPatch, address: str | None, share: str
):
    """Streamlit knows no address where the browser is on the server's own machine."""
    monkeypatch.setattr(jobs, "visitor", lambda: Visitor(token="a-token"))
    monkeypatch.setattr(type(st.context), "ip_address", address)
    assert jobs.waiting() == ("a-token", share)


def test_slices_are_worked_off(queue: Noted):
    def slices() -> Generator[None, None, int]:
        yield
        yield
        return 7

    queue.free.set()
    assert jobs.answer(WHO, "proof", "key", slices) == 7


def test_what_is_too_large_is_said_on_the_page():
    def refuse() -> None:
        raise TooLarge("Please move the working size down.")

    def page(refuse):  # a script of its own, which knows none of these imports
        from viz.ui import jobs

        jobs.asked("proof", "key", refuse)

    opened = AppTest.from_function(page, kwargs={"refuse": refuse}, default_timeout=SECONDS).run()
    assert [each.value for each in opened.info] == ["Please move the working size down."]


def test_what_takes_too_long_is_dropped(queue: Noted):
    begun: list[int] = []
    with pytest.raises(TimeoutError):
        jobs.answer(WHO, "proof", "key", lambda: begun.append(1), seconds=0)
    assert queue.waiting == 0
    queue.free.set()
    queue.ask("last", "last", lambda: None).result(SECONDS)
    assert not begun
