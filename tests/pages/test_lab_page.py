"""Every page alone and through the frame: what it shows for every address, and what it takes in."""

from __future__ import annotations

import ast
import base64
import json
import math
import re
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from looking import stage_names
from PIL import Image
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest
from visiting import ALONE, FRAME, GONE, HOSTILE, data, ends, opened, proof, run_again, texts

from viz import devices, images, lessons, memory, run, source, warmup
from viz.assets import ROOT
from viz.lessons import LESSONS, load, page_path
from viz.lessons.lab import LESSON as lab
from viz.lessons.lab.setting import Setting as Lab
from viz.numbers import number
from viz.run import drawing
from viz.settings import as_text
from viz.view import View


@pytest.mark.parametrize("through_frame", [False, True], ids=["alone", "frame"])
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_a_lesson_opens(lesson: Any, through_frame: bool):
    if not through_frame:
        page = opened(script=page_path(lesson.slug))
    else:
        page = opened()
        if lesson is not LESSONS[0]:
            page.switch_page(f"../../pages/{lesson.slug}.py")
            run_again(page)
    shown = data(page)
    assert (shown["slug"], shown["title"]) == (lesson.slug, lesson.title)
    opening = load(lesson.slug).opening()
    assert shown["values"] == opening.texts
    assert shown["picture_name"] == images.find(opening.picture).name
    assert not page.warning
    assert not page.query_params
    assert bool(page.sidebar.slider) == through_frame


CONTROLS = {**View.controls(), **lab.setting.controls()}
ENDS = {name: ends(name, control) for name, control in CONTROLS.items()}


@pytest.mark.parametrize(("script", "shift"), [(ALONE, 0), (FRAME, 1)], ids=["alone", "frame"])
def test_every_end_of_every_field_opens(script: Path, shift: int):
    """In opening n every field has its n-th value; through the frame each is shifted by its place."""
    for n in range(max(len(values) for values in ENDS.values())):
        said = {
            name: as_text(values[(n + shift * place) % len(values)])
            for place, (name, values) in enumerate(ENDS.items())
        }
        assert data(opened(said, script))["values"] == said


@pytest.mark.parametrize("script", [ALONE, FRAME], ids=["alone", "frame"])
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:8]))
def test_a_bad_address_is_the_default_and_says_nothing(text: str, script: Path):
    page = opened(dict.fromkeys([*CONTROLS, "junk"], text), script)
    assert data(page)["values"] == lab.opening().texts
    assert not page.warning


def test_sliders_of_the_sidebar_change_the_address():
    page = opened({"stride": "3", "unit": "0.0.0"})
    for end in ("64", "512"):
        page.slider(key="working_size_px").set_value(int(end))
        run_again(page)
        assert dict(page.query_params) == {"stride": "3", "working_size_px": end}
        assert data(page)["values"]["working_size_px"] == end
    page.slider(key="working_size_px").set_value(224)
    assert dict(run_again(page).query_params) == {"stride": "3"}


def test_the_sidebar_follows_the_address():
    page = opened({"working_size_px": "96"})
    assert page.slider(key="working_size_px").value == 96
    page.query_params["working_size_px"] = "128"
    assert run_again(page).slider(key="working_size_px").value == 128


def test_only_devices_that_are_there_are_offered():
    page = opened({"device": "abacus"})
    picker = page.selectbox(key="device")
    assert picker.options == [name.upper() for name in devices.available()]
    assert picker.value == devices.available()[0]
    assert picker.disabled == (len(devices.available()) == 1)


def test_a_picture_that_is_gone_is_said_kindly():
    page = opened({"picture": "ab" * 32, "stride": "3"})
    assert [each.value for each in page.warning] == [GONE]
    own = images.find(lab.opening().picture).name
    assert data(page)["values"]["picture"] == "", "that of the lesson"
    assert data(page)["picture_name"] == own
    assert page.sidebar.caption[0].value.startswith(own)
    assert data(opened({"picture": "ab" * 32}, ALONE))["picture_name"] == own


def of_kernel(row: int, column: int) -> int:
    """The pixels of a 96 px picture that a kernel in this place reads, beyond the frame none."""
    half = lab.setting().size_px // 2
    return math.prod(min(95, at + half) - max(0, at - half) + 1 for at in (row, column))


@pytest.mark.parametrize("script", [ALONE, FRAME], ids=["alone", "frame"])
@pytest.mark.parametrize("stage", ["bank", "rectifier", "pooling", "pointwise", "strided"])
def test_a_unit_opens_its_arithmetic(stage: str, script: Path):
    page = opened({"stage": stage, "unit": "2.10.7", "working_size_px": "96"}, script)
    picture = images.at_working_size(images.find(lab.picture), 96)
    network = lab.network(lab.setting(), picture.pixels)
    value = float(run.maps(network, picture, torch.device("cpu"))[stage][2, 10, 7])
    name = lab.outline(lab.setting())[stage].channels.names[2]
    assert [each.value for each in page.subheader] == [
        f"Map {name}, row 10, column 7: {number(value)}"
    ]
    bars = json.loads(page.get("plotly_chart")[0].proto.spec)["data"][0]
    assert len(bars["x"]) == {"bank": of_kernel(10, 7), "rectifier": 1, "strided": 4}.get(stage, 4)
    assert "bars of input times weight" in page.get("plotly_chart")[0].proto.alt


@pytest.mark.parametrize(
    "query",
    [
        {"unit": "4.0.0"},
        {"unit": "0.112.0", "stage": "strided"},
        {"unit": "0.0.112", "stage": "strided"},
        {"unit": "999.9999.9999"},
        {"unit": "0.0.0", "stage": "picture"},
    ],
)
def test_a_unit_that_is_not_there_opens_nothing(query: dict[str, str]):
    page = opened(query, ALONE)
    assert not page.subheader
    assert not page.get("plotly_chart")
    assert not page.warning


@given(st.from_type(lab.setting), st.sampled_from(stage_names(lab)), st.integers(0, 3))
@settings(max_examples=30, phases=[Phase.reuse, Phase.generate])  # shrinking would open hundreds
def test_any_unit_can_be_taken_apart(setting: Lab, stage: str, place: int):
    query = {**setting.to_query(), "stage": stage, "unit": f"0.{place}.{place}"}
    page = opened({**query, "working_size_px": "64"}, ALONE)
    bars = json.loads(page.get("plotly_chart")[0].proto.spec)["data"][0]
    assert len(set(bars["x"])) == len(bars["x"])  # bars of one name would hide one another


@pytest.mark.parametrize("script", [ALONE, FRAME], ids=["alone", "frame"])
def test_the_proof_holds(script: Path):
    lines = proof(opened({"card": "proof"}, script))
    assert len(lines) == len(lab.claims(lab.setting(), images.samples()[0].pixels)) == 4
    assert all(line[0] == "✓ equal" for line in lines)
    assert all(line[4].endswith(" ms") and line[5].endswith(" ms") for line in lines)
    assert [line[4].rpartition(" ")[0].rpartition(" ")[0] for line in lines][:2] == [
        *("conv2d 1×1", "matrix product")
    ]


def test_a_3x3_in_its_place_breaks_the_first_line():
    page = opened({"card": "proof", "stride": "3"})
    page.toggle(key="swapped").set_value(True)
    verdicts = [line[0] for line in proof(run_again(page))]
    assert verdicts == ["✓ differs, as claimed", *["✓ equal"] * 3]
    assert dict(page.query_params) == {"card": "proof", "stride": "3", "swapped": "1"}
    page.toggle(key="swapped").set_value(False)
    assert {line[0] for line in proof(run_again(page))} == {"✓ equal"}
    assert dict(page.query_params) == {"card": "proof", "stride": "3"}


def test_the_toggle_follows_the_address():
    assert opened({"card": "proof", "swapped": "1"}).toggle(key="swapped").value is True


def test_with_nothing_switched_on_the_proof_says_what_to_do():
    off = {"pooling": "none", "pointwise": "0", "strided": "0", "card": "proof"}
    page = opened(off, ALONE)
    assert "Switch a stage on" in texts(page)
    assert not proof(page)


@pytest.mark.parametrize(
    "query", [{}, {"stage": "bank", "picture": "grating", "working_size_px": "96"}]
)
def test_the_program_on_the_code_card_is_that_of_the_maps(query: dict[str, str]):
    page = opened({**query, "card": "code", "device": "cpu"}, ALONE)
    size = int(query.get("working_size_px", 224))
    picture = images.find(query.get("picture", lab.picture))
    assert picture is not None
    picture = images.at_working_size(picture, size)
    network = lab.network(lab.setting(), picture.pixels)
    stage = query.get("stage", lab.stage)
    assert page.code[0].language == "python"
    assert page.code[0].value == source.program(network, picture, size, stage=stage).strip()
    ast.parse(page.code[0].value)


def test_without_our_route_the_maps_come_with_the_page():
    page = opened({"stride": "3"}, ALONE)
    assert "buffer" not in data(page)
    page.session_state["visitor"].blocked_px = 64
    shown = data(run_again(page))
    view, setting = lab.read({"stride": "3"})
    focus = images.at_working_size(images.find(view.picture), 224)
    expected = drawing.draw(lab, setting, view, focus, 64)
    assert base64.b64decode(shown["buffer"]) == expected
    kind, photo = shown["photo"].split(",")
    assert kind == "data:image/png;base64"
    with Image.open(BytesIO(base64.b64decode(photo))) as image:
        assert image.size == focus.pixels.shape[:0:-1]


def png(seed: int, side: int = 24) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    file = BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    return file.getvalue()


def upload(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    page.file_uploader[0].set_value([(name, content, "image/png") for name, content in files])
    return run_again(page)


def shown(markdown: str) -> str:
    """What a visitor reads of it, where every sign was escaped."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


def said(page: AppTest) -> list[str]:
    """The messages, each of which must be one sentence."""
    messages = [shown(each.value) for each in page.warning]
    assert all(re.fullmatch(r"[^.!?\n]*(\.\w+”)?[^.!?\n]*\.", message) for message in messages)
    return messages


def test_an_upload_comes_into_focus_and_is_let_go():
    page = upload(opened({"stride": "3", "unit": "0.0.0"}), ("leaf.png", png(1)))
    picture = images.decode(png(1), "leaf.png")
    assert dict(page.query_params) == {"stride": "3", "picture": picture.digest}
    assert data(page)["values"]["picture"] == picture.digest
    assert page.sidebar.caption[0].value == "leaf\\.png"
    kept = images.find(picture.digest)
    assert kept is not None
    assert torch.equal(kept.pixels, picture.pixels)
    assert data(page, "gallery")["pictures"][0] == {
        "key": picture.digest,
        "name": "leaf.png",
        "removable": True,
    }
    assert not any(each["removable"] for each in data(page, "gallery")["pictures"][1:])
    assert page.file_uploader[0].key == "upload_1"
    assert page.file_uploader[0].value == []
    assert "upload_0" not in run_again(page).session_state


def test_one_bad_file_among_eight_does_not_lose_the_others():
    files = [(f"{n}.png", png(n)) for n in range(10, 18)]
    files[2] = ("words.png", b"no picture at all")
    page = upload(opened(), *files)
    assert len(said(page)) == 1
    assert said(page)[0].startswith("“words.png” ")
    there = [each["name"] for each in data(page, "gallery")["pictures"]]
    assert there[:7] == [name for name, _ in files if name != "words.png"]
    assert len(there) == 7 + len(images.samples())


def test_of_nine_files_eight_are_taken():
    page = upload(opened(), *((f"{n}.png", png(n)) for n in range(20, 29)))
    assert said(page) == ["Only the first 8 pictures were taken."]
    assert [each["name"] for each in data(page, "gallery")["pictures"]][7:9] == [
        "27.png",
        images.samples()[0].name,
    ]


@pytest.mark.parametrize("content", [b"", b"words", png(1)[:40], b"%!PS-Adobe", b"<svg/>"])
def test_a_bad_file_leaves_the_last_picture(content: bytes):
    page = upload(opened({"picture": "brick"}), ("mine.png", content))
    assert len(said(page)) == 1
    assert "“mine.png”" in said(page)[0]
    assert dict(page.query_params) == {"picture": "brick"}
    assert data(page)["values"]["picture"] == "brick"
    page = upload(page, ("leaf.png", png(1)))
    assert not said(page)


def test_the_same_file_twice_is_one_picture():
    files = [(f"{n}.png", png(n)) for n in range(30, 38)]
    page = upload(upload(opened(), *files), files[3])
    there = [each["name"] for each in data(page, "gallery")["pictures"]]
    assert there[:8] == [name for name, _ in (files[3], *files[:3], *files[4:])]
    assert len(there) == 8 + len(images.samples())


def test_uploads_of_others_are_not_listed():
    upload(opened(), ("a.png", png(3)))
    assert len(data(opened(), "gallery")["pictures"]) == len(images.samples())


def room_made(name: str) -> str:
    return f"“{name}” was removed to make room; please upload it again."


def test_an_upload_that_has_gone_leaves_the_gallery(monkeypatch: pytest.MonkeyPatch):
    page = upload(opened(), ("a.png", png(4)), ("b.png", png(5)))
    address = page.query_params["picture"]
    shelf = images.PictureStore()
    for module in (images, images.finding):
        monkeypatch.setattr(module, "STORE", shelf)
    page = run_again(page)
    assert len(data(page, "gallery")["pictures"]) == len(images.samples())
    assert said(page) == [room_made("a.png"), room_made("b.png")]

    page = upload(page, ("c.png", png(6)))
    assert not said(page)
    page.query_params["picture"] = address
    assert said(run_again(page)) == [room_made("a.png")], "the address asks for it by name"
    page = upload(page, ("a.png", png(4)))
    assert not said(page)


def test_the_ninth_upload_makes_room_for_itself():
    page = upload(opened(), *((f"{n}.png", png(n)) for n in range(40, 48)))
    page = upload(page, ("48.png", png(48)), ("49.png", png(49)))
    assert said(page) == [room_made("46.png"), room_made("47.png")]
    there = [each["name"] for each in data(page, "gallery")["pictures"]]
    assert there[:9] == [f"{n}.png" for n in (48, 49, *range(40, 46))] + [images.samples()[0].name]
    kept = [images.find(images.decode(png(n)).digest) for n in range(40, 50)]
    assert [n for n, picture in enumerate(kept, 40) if picture is None] == [46, 47]


def test_what_another_visitor_brought_too_stays():
    upload(opened(), ("mine.png", png(50)))
    page = upload(opened(), ("ours.png", png(50)))
    upload(page, *((f"{n}.png", png(n)) for n in range(51, 59)))
    assert images.find(images.decode(png(50)).digest) is not None


def test_streamlit_holds_no_upload_that_was_taken_in(monkeypatch: pytest.MonkeyPatch):
    """Else every file would stay as it came until the tab closes."""
    removed: list[str] = []
    monkeypatch.setattr(
        MemoryUploadedFileManager, "remove_file", lambda _, session, file: removed.append(file)
    )
    upload(opened(), ("leaf.png", png(1)), ("words.png", b"no picture"))
    assert len(set(removed)) == 2


@pytest.mark.parametrize("content", [png(1), b"no picture"])
def test_what_an_upload_took_goes_back_to_the_system(
    content: bytes, monkeypatch: pytest.MonkeyPatch
):
    """Once for all files together, after Streamlit has let them go."""
    done: list[str] = []
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", lambda *_: done.append("let go"))
    monkeypatch.setattr(memory, "give_back", lambda: done.append("given back"))
    page = opened()
    assert "given back" not in done
    upload(page, ("one.png", content), ("two.png", content))
    assert done[-1] == "given back"
    assert done.count("given back") == 1
    assert done.index("given back") >= 2


def test_the_camera_is_asked_for_only_when_its_box_is_open():
    page = opened()
    assert not page.camera_input
    page.session_state["camera_open"] = True
    page = run_again(page)
    assert "https or localhost" in page.sidebar.caption[1].value
    photo = BytesIO()
    Image.new("RGB", (32, 24), "red").save(photo, "JPEG")
    page.camera_input[0].set_value(("photo.jpg", photo.getvalue(), "image/jpeg"))
    page = run_again(page)
    assert page.query_params["picture"] == images.decode(photo.getvalue()).digest
    assert page.camera_input[0].value is None


@pytest.fixture
def full_queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if everybody had asked for something at once."""
    warmup.wait()  # it needs a queue that works
    free = threading.Event()
    queue = run.WorkQueue(limit=1, prepare=free.wait)
    queue.ask("somebody", "something", int)
    monkeypatch.setattr(run, "QUEUE", queue)
    yield
    free.set()


@pytest.mark.usefixtures("full_queue")
@pytest.mark.parametrize("query", [{"card": "proof"}, {"card": "code"}, {"unit": "0.0.0"}])
def test_a_busy_server_says_so_kindly(query: dict[str, str]):
    page = opened(query, ALONE)
    assert data(page)
    assert ["busy" in each.value for each in (*page.info, *page.warning)] == [True]


@pytest.mark.usefixtures("full_queue")
def test_a_busy_server_keeps_the_canvas():
    page = opened({}, ALONE)
    page.session_state["visitor"].blocked_px = 64
    assert data(run_again(page))["slug"] == "lab"


def test_every_lesson_has_all_that_its_entry_promises():
    for lesson in LESSONS:
        assert page_path(lesson.slug).is_file()
        assert lessons.load(lesson.slug).setting()
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == {each.slug for each in LESSONS}


@pytest.mark.parametrize("there", [("cpu",), ("cpu", "cuda")])
def test_only_beside_an_accelerator_is_there_more_to_measure_at_rest(
    monkeypatch: pytest.MonkeyPatch, there: tuple[str, ...]
):
    """Elsewhere the canvas asks for the same while the hand moves and when it rests."""
    monkeypatch.setattr(devices, "available", lambda: there)
    assert data(opened({}, ALONE))["settles"] == (len(there) > 1)
