"""What a file is called is between its visitor and the server: nobody else is shown it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.uploaded_file_manager import DeletedFile
from streamlit.testing.v1 import AppTest
from test_lab_page import png, said, upload
from visiting import data, opened, run_again

from viz import export, images, run
from viz.export.panel import _labels, _maps
from viz.images import finding, picture_store
from viz.ui import downloads, lesson, pickers
from viz.ui.visitor import Visitor

MINE, THEIRS = "Klausur_Meier.png", "cat.png"


def digest(seed: int) -> str:
    return images.decode(png(seed)).digest


def everything(page: AppTest) -> str:
    """All that the browser is sent for this page; components as data, buffers opened."""
    sent = [str(node.proto) for node in page if hasattr(node, "proto")]
    buffer = data(page).get("buffer", "")
    return "\n".join([*sent, base64.b64decode(buffer).decode("latin-1")])


def two_visitors(seed: int, **query: str) -> tuple[AppTest, AppTest]:
    """Two tabs that brought the same bytes under names of their own; maps come with the page."""
    pages = []
    for name in (MINE, THEIRS):
        page = opened({"working_size_px": "64", **query})
        page.session_state["visitor"].blocked_px = 64
        pages.append(upload(page, (name, png(seed))))
    return pages[0], run_again(pages[1])


@pytest.mark.parametrize(
    "query",
    [{}, {"card": "code"}, {"card": "proof"}, {"card": "take"}, {"others": "brick"}],
    ids=lambda query: next(iter(query), "plain"),
)
def test_each_sees_the_own_name_and_nobody_the_others(query: dict[str, str]):
    mine, theirs = two_visitors(60, **query)
    for page, own, other in ((mine, MINE, THEIRS), (theirs, THEIRS, MINE)):
        page = run_again(page)
        assert page.sidebar.caption[0].value == own.replace(".", "\\.").replace("_", "\\_")
        assert data(page)["picture_name"] == own
        assert data(page)["own_names"] == {digest(60): own}
        assert data(page, "gallery")["pictures"][0]["name"] == own
        assert data(page)["buffer"]
        assert other not in everything(page)
        if query.get("card") == "code":
            assert f'path = "{own}"' in page.code[0].value


@pytest.mark.parametrize("query", [{}, {"card": "code"}, {"others": "brick"}])
def test_whoever_has_only_the_address_sees_a_neutral_name(query: dict[str, str]):
    upload(opened(), (MINE, png(61)))
    page = opened({**query, "picture": digest(61)})
    assert not page.warning
    assert page.sidebar.caption[0].value == picture_store.UPLOADED
    assert data(page)["values"]["picture"] == digest(61)
    assert (data(page)["picture_name"], data(page)["own_names"]) == (picture_store.UPLOADED, {})
    assert MINE not in everything(page)


def test_a_buffer_is_shared_and_names_nobodys_file():
    mine, theirs = two_visitors(62, others="brick")
    buffers = [base64.b64decode(data(run_again(page))["buffer"]) for page in (mine, theirs)]
    length = int.from_bytes(buffers[0][:4], "little")
    beside = json.loads(buffers[0][4 : 4 + length])["side_by_side"]
    assert beside["keys"] == [digest(62), "brick"]
    assert beside["names"] == [picture_store.UPLOADED, "Brick wall"]
    assert buffers[0] == buffers[1]


class Keys(run.WorkQueue):
    """Writes down what is asked for."""

    def __init__(self) -> None:
        super().__init__(limit=9)
        self.asked: list[Any] = []

    def ask(self, owner: Any, key: Any, work: Any, **who: Any) -> Any:
        self.asked.append(key)
        return super().ask(owner, key, work, **who)


def test_two_names_are_two_programs_also_at_the_same_time(monkeypatch: pytest.MonkeyPatch):
    """The queue computes equal requests once, and hands the answer to both."""
    mine, theirs = two_visitors(63, card="code")
    queue = Keys()
    monkeypatch.setattr(run, "QUEUE", queue)
    for page in (mine, theirs, mine):
        page.session_state["visitor"].blocked_px = None
        run_again(page)
    first, second, again = queue.asked
    assert first == again != second


def test_a_name_outlives_its_picture(monkeypatch: pytest.MonkeyPatch):
    page = upload(opened(), (MINE, png(64)))
    monkeypatch.setattr(images, "STORE", empty := images.PictureStore())
    monkeypatch.setattr(finding, "STORE", empty)
    run_again(page)
    upload(opened(), (THEIRS, png(64)))  # somebody else brings it back
    assert data(run_again(page))["picture_name"] == MINE


def test_the_own_names_are_what_is_here_and_what_has_gone():
    one = Visitor(uploads={"a": "new", "b": "b"}, gone={"a": "old", "c": "c"})
    assert one.names == {"a": "new", "b": "b", "c": "c"}


# ── Files to take along ─────────────────────────────────────────────────────────────────────────


def files_of(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """By how its name ends, what each file holds; made in a thread that knows no visitor."""
    makes: dict[str, Callable[[], Any]] = {}

    def record(label: str, make: Callable[[], Any], *, file_name: str, **_: Any) -> None:
        makes[file_name.partition(".")[2]] = make

    monkeypatch.setattr(st, "download_button", record)
    run_again(page)
    with ThreadPoolExecutor(1) as thread:
        return {ending: thread.submit(make).result() for ending, make in makes.items()}


def test_files_have_the_own_name_or_none(monkeypatch: pytest.MonkeyPatch):
    mine, theirs = two_visitors(68, card="take", others="brick")
    for page, own, other in ((mine, MINE, THEIRS), (theirs, THEIRS, MINE)):
        files = files_of(page, monkeypatch)
        assert len(files) == len(downloads.FILES)
        for content in files.values():
            data = content.encode() if isinstance(content, str) else content
            assert other.encode() not in data
        for ending in ("py", "ipynb"):
            assert own in files[ending]
    stranger = opened({"picture": digest(68), "card": "take"})
    assert picture_store.UPLOADED in files_of(stranger, monkeypatch)["py"]


def test_two_names_are_two_files_also_at_the_same_time(monkeypatch: pytest.MonkeyPatch):
    mine, theirs = two_visitors(71, card="take")
    queue = Keys()
    monkeypatch.setattr(run, "QUEUE", queue)
    programs = []
    for page in (mine, theirs, mine):
        page.session_state["visitor"].blocked_px = None
        files_of(page, monkeypatch)
        programs.append([key for key in queue.asked if key[0] == "take py"])
        queue.asked.clear()
    first, second, again = programs
    assert len(first) == 1
    assert first == again != second


def test_a_panel_has_the_own_names(monkeypatch: pytest.MonkeyPatch):
    """What is drawn into the picture, and the words above it."""
    told: list[tuple[Any, Any]] = []

    def panel(buffer: bytes, title: str, lines: list[str], **more: Any) -> bytes:
        told.append((lines[0], _labels(_maps(buffer), more["own_names"])))
        return b""

    monkeypatch.setattr(export, "panel", panel)
    for page in two_visitors(69, card="take", others="brick"):
        files_of(page, monkeypatch)
    for (line, labels), own in zip(told, (MINE, THEIRS), strict=True):
        assert line == f"{own}, Brick wall, 24 px"
        assert [label.partition(",")[0] for label in labels] == [own, "Brick wall"]


# ── Hostile names and files that never came ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("le\0af.png", "leaf.png"),
        ("\0", "the picture"),
        ("\u202egnp\u2066.png", "gnp.png"),
        ("le\r\naf.png", "leaf.png"),
        ("🍁.png", "🍁.png"),
        ("../../leaf.png", "leaf.png"),
        ("..\\..\\leaf.png", "leaf.png"),
        ("..", "the picture"),
        ("", "the picture"),
        (" \u3000\u00a0", "the picture"),
        ("\u2800\u3164", "the picture"),
        ("leaf.exe", "leaf.exe"),
        ("n" * 5000 + ".png", "n" * 54 + "…n.png"),
        ("{n} {0} %s.png", "{n} {0} %s.png"),
    ],
)
def test_any_name_is_cleaned(name: str, expected: str):
    page = run_again(upload(opened(), (name, png(65))))
    assert not page.warning
    assert data(page)["values"]["picture"] == digest(65)
    assert data(page)["picture_name"] == expected
    page = upload(page, (name, b"no picture"))
    assert [expected in message for message in said(page)] == [True]


def test_the_camera_takes_any_name_too():
    page = opened()
    page.session_state["camera_open"] = True
    page = run_again(page)
    page.camera_input[0].set_value(("pho\0to.jpg", png(66), "image/jpeg"))
    assert data(run_again(page))["picture_name"] == "photo.jpg"


def test_a_file_that_never_came_is_asked_for(monkeypatch: pytest.MonkeyPatch):
    """A browser may name a file that went with the server that it was sent to."""
    one = Visitor(uploads={"a": "leaf.png"})
    monkeypatch.setattr(pickers, "visitor", lambda: one)
    pickers._take_in(lambda **_: pytest.fail("nothing came"), [DeletedFile("17")])
    assert one.messages == ["A picture did not arrive; please upload it again."]
    assert (one.uploads, one.round) == ({"a": "leaf.png"}, 1)


# ── Whose they are ──────────────────────────────────────────────────────────────────────────────


def test_a_picture_counts_for_its_visitor_and_the_address(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(type(st.context), "ip_address", property(lambda _: "10.0.0.7"))
    tabs = [upload(opened(), (name, png(67))) for name in (MINE, THEIRS)]
    owners = {tab.session_state["visitor"].token: "10.0.0.7" for tab in tabs}
    assert isinstance(images.STORE, images.PictureStore)
    assert images.STORE._places[digest(67)].owners == owners


def test_seven_throwaway_tabs_evict_nobodys_picture(monkeypatch: pytest.MonkeyPatch):
    small = images.decode(png(0)).pixels.nbytes
    store = images.PictureStore(max_bytes=20 * small, min_bytes=small)
    for module in (images, finding):
        monkeypatch.setattr(module, "STORE", store)
    page = upload(opened(), (MINE, png(70)))
    for tab in range(7):
        upload(opened(), *((f"{n}.png", png(100 + 8 * tab + n)) for n in range(8)))
    page = run_again(page)
    assert not page.warning
    assert data(page)["picture_name"] == MINE


def test_a_lesson_knows_a_picture_by_the_visitors_name_or_by_everybodys():
    inputs = lesson.Inputs(None, None, None, images.samples()[0], False, {"a": MINE})
    upload_ = images.Picture(picture_store.UPLOADED, images.samples()[0].pixels, "a")
    assert inputs.called(upload_) == MINE
    assert inputs.called(images.samples()[0]) == inputs.named.name == "Cup of coffee"
