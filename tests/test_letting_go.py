"""Files that were taken along do not stay with Streamlit, in the store that Streamlit itself uses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from streamlit import runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from viz.ui import letting_go

SOON = 0.15


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


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    kept = Kept()
    instance = SimpleNamespace(media_file_mgr=kept.manager)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: instance)
    monkeypatch.setattr(letting_go, "SECONDS", SOON)
    yield kept
    letting_go._timer.cancel()


def until(true: Callable[[], bool]) -> float:
    """How long it took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() < begun + 10
        time.sleep(0.01)
    return time.monotonic() - begun


def made(content: bytes) -> bytes:
    letting_go.soon()
    return content


def test_streamlit_itself_keeps_a_file_until_two_runs_have_ended(kept: Kept):
    """If this fails, Streamlit has learned to let go by itself."""
    kept.click(kept.button(lambda: b"maps"))
    time.sleep(3 * SOON)
    assert kept.files == [b"maps"]
    for left in ([b"maps"], []):
        kept.manager.remove_orphaned_files()
        assert kept.files == left


def test_a_file_is_there_to_be_fetched_and_then_gone(kept: Kept):
    button = kept.button(lambda: made(b"maps"))
    name = kept.click(button)
    assert kept.storage.get_file(name).content == b"maps"
    assert SOON < until(lambda: not kept.files) < 8 * SOON
    assert kept.click(button) == name, "the button can be pressed again"


def test_every_file_has_its_time(kept: Kept):
    """While others are taken, none goes early; all go in the end."""
    buttons = [kept.button(lambda n=n: made(b"%d" % n)) for n in range(6)]
    for n, button in enumerate(buttons):
        kept.click(button)
        assert len(kept.files) == n + 1
        time.sleep(0.7 * SOON)
    until(lambda: not kept.files)


def test_without_a_server_nothing_happens(kept: Kept, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runtime, "exists", lambda: False)
    monkeypatch.setattr(runtime, "get_instance", None)  # in a test the error of a thread fails it
    kept.click(kept.button(lambda: made(b"maps")))
    until(lambda: not letting_go._timer.is_alive())
    assert kept.files == [b"maps"]
