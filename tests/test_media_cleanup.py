"""Files that were taken along do not stay with Streamlit, in the store that Streamlit itself uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import ClassVar

import pytest
from streamlit import runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from viz.ui import media_cleanup


class Kept:
    """Streamlit's store of files, and buttons of a page that nobody runs again."""

    def __init__(self) -> None:
        self.storage = MemoryMediaFileStorage("/media")
        self.manager = MediaFileManager(self.storage)

    def button(self, content: Callable[[], bytes]) -> str:
        return self.manager.add_deferred(content, "text/plain", "1.2.3", file_name="maps.npz")

    def click(self, button: str) -> str:
        return self.manager.execute_deferred(button).rpartition("/")[2]

    @property
    def files(self) -> list[bytes]:
        return [file.content for file in self.storage._files_by_id.values()]


class ByHand:
    """A timer that rings when the test says so: no test depends on how fast the machine is."""

    running: ClassVar[list[ByHand]] = []

    def __init__(self, seconds: float, function: Callable[[], None]) -> None:
        self.function = function

    def start(self) -> None:
        self.running.append(self)

    def cancel(self) -> None:
        if self in self.running:
            self.running.remove(self)


def ring() -> None:
    """The one timer that runs has come to its end."""
    (timer,) = ByHand.running
    timer.cancel()
    timer.function()


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    kept = Kept()
    instance = SimpleNamespace(media_file_mgr=kept.manager)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: instance)
    monkeypatch.setattr(media_cleanup, "threading", SimpleNamespace(Timer=ByHand))
    yield kept
    ByHand.running.clear()


def made(content: bytes) -> bytes:
    media_cleanup.soon()
    return content


def test_streamlit_itself_keeps_a_file_until_two_runs_have_ended(kept: Kept):
    """If this fails, Streamlit has learned to let go by itself."""
    kept.click(kept.button(lambda: b"maps"))
    for left in ([b"maps"], []):
        kept.manager.remove_orphaned_files()
        assert kept.files == left


def test_a_file_is_there_to_be_fetched_and_then_gone(kept: Kept):
    button = kept.button(lambda: made(b"maps"))
    name = kept.click(button)
    for _ in range(2):
        assert kept.storage.get_file(name).content == b"maps"
        ring()
    assert kept.files == ByHand.running == []
    assert kept.click(button) == name, "the button can be pressed again"


def test_every_file_has_its_time(kept: Kept):
    """While others are taken, none goes early; all go in the end."""
    buttons = [kept.button(lambda n=n: made(b"%d" % n)) for n in range(6)]
    for n, button in enumerate(buttons):
        kept.click(button)
        assert len(kept.files) == n + 1
        assert len(ByHand.running) == 1, "all wait for the last one"
    ring()
    assert len(kept.files) == 6
    ring()
    assert kept.files == []


def test_a_file_made_between_the_two_rings_has_two_of_its_own(kept: Kept):
    kept.click(kept.button(lambda: made(b"early")))
    ring()
    late = kept.click(kept.button(lambda: made(b"late")))
    ring()
    assert kept.storage.get_file(late).content == b"late"
    ring()
    assert kept.files == ByHand.running == []


def test_without_a_server_nothing_happens(kept: Kept, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runtime, "exists", lambda: False)
    monkeypatch.setattr(runtime, "get_instance", None)
    kept.click(kept.button(lambda: made(b"maps")))
    for _ in range(2):
        ring()
    assert kept.files == [b"maps"]


def test_the_timer_is_one_that_ends_with_the_process() -> None:
    media_cleanup.soon()
    assert media_cleanup._timer.daemon
    assert media_cleanup._timer.interval == media_cleanup.SECONDS
    media_cleanup._timer.cancel()
